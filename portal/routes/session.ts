/**
 * Who is signed in. Clients and staff have a signed cookie each, so that one browser can show both sides; it names
 * the account and when it ends, and the account itself is read again on each request.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import type { Client, StaffMember } from '../office/rows';
import { staffById } from '../office/staff';
import { languageOf, type Language } from './languages';

export interface Session {
  readonly client: Client | undefined;
  readonly staff: StaffMember | undefined;
  readonly language: Language;
}

declare module 'fastify' {
  interface FastifyRequest {
    session: Session;
  }
}

export const NOBODY: Session = { client: undefined, staff: undefined, language: languageOf(undefined) };

type Side = 'client' | 'staff';

const COOKIES: Readonly<Record<Side, string>> = { client: 'portal_client', staff: 'portal_staff' };
const LANGUAGE_COOKIE = 'portal_language';
const NOTICE_COOKIE = 'portal_notice';
const SESSION_MS = 7 * 24 * 60 * 60 * 1000;

/** Cookies end by the wall clock, whatever clock the portal's business runs on. */
export async function readSession(request: FastifyRequest, db: Knex): Promise<Session> {
  const clientId = signedIn(request, 'client');
  const staffId = signedIn(request, 'staff');
  const client = clientId
    ? await db('portal_clients').where({ id: clientId }).whereNot('status', 'Closed').first()
    : undefined;
  return {
    client,
    staff: staffId ? await staffById(db, staffId) : undefined,
    language: languageOf(client?.language ?? request.cookies[LANGUAGE_COOKIE]),
  };
}

function signedIn(request: FastifyRequest, side: Side): number {
  const { valid, value } = request.unsignCookie(request.cookies[COOKIES[side]] ?? '');
  const [id, end] = valid && value ? value.split('.').map(Number) : [];
  return id && end && end > Date.now() ? id : 0;
}

const cookie = (request: FastifyRequest) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: request.protocol === 'https',
});

export function signIn(reply: FastifyReply, side: Side, id: number): void {
  const options = { ...cookie(reply.request), signed: true, maxAge: SESSION_MS / 1000 };
  void reply.setCookie(COOKIES[side], `${id}.${Date.now() + SESSION_MS}`, options);
}

export function signOut(reply: FastifyReply, side: Side): void {
  void reply.clearCookie(COOKIES[side], { path: '/' });
}

export function rememberLanguage(reply: FastifyReply, name: string): void {
  void reply.setCookie(LANGUAGE_COOKIE, name, { ...cookie(reply.request), maxAge: 365 * 24 * 60 * 60 });
}

/** Leaves a sentence for the next page. */
export function leaveNotice(reply: FastifyReply, sentence: string): void {
  void reply.setCookie(NOTICE_COOKIE, sentence, { ...cookie(reply.request), signed: true, maxAge: 60 });
}

/** @returns the sentence the page before left, once; '' for none */
export function takeNotice(request: FastifyRequest, reply: FastifyReply): string {
  const left = request.cookies[NOTICE_COOKIE];
  if (!left) return '';
  void reply.clearCookie(NOTICE_COOKIE, { path: '/' });
  return request.unsignCookie(left).value ?? '';
}
