/** A service over real HTTP, and a portal that signs what it asks. */
import { createHash, randomUUID } from 'node:crypto';
import { sign, type SignOptions } from 'jsonwebtoken';
import pino from 'pino';
import { findForm } from '../../portal/history/visitor';
import { readConfig, type Config } from '../../server/config';
import { createService, type Service } from '../../server/service';
import { settableClock, type SettableClock } from '../support/clock';
import { PORTAL, SECRET, STAFF } from '../support/given';
import { paidInvoice, type PaidInvoice } from '../support/payloads';

export const HOST_SECRET = 'a secret that the portal and we share';
/** A browser that people use: its clicks count. */
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
export const OTHER_SECRET = 'another one, which the portal had before';

const PLACE = { base: '/affiliates', assets: '/assets', csrf: { field: 'token', token: 'x' } };
/** Client 5 asks for the first page. */
export const CLIENT = {
  ...PLACE,
  who: { client: { id: '5' } },
  locale: 'en',
  method: 'GET',
  query: {},
  body: {},
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Record<string, unknown>;
}

/** What a test changes of a request that would be right. */
export interface Signing {
  readonly secret?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly algorithm?: SignOptions['algorithm'];
  /** The bytes that are signed, where others are sent. */
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole header, in place of a token made here. */
  readonly authorization?: string | null;
}

/** @returns a token for one request, as a portal makes it */
export function tokenFor(
  clock: Pick<SettableClock, 'now'>,
  request: string,
  body: string,
  { secret = HOST_SECRET, claims = {}, algorithm = 'HS256', signed = body }: Signing = {},
): string {
  const iat = Math.floor(clock.now().getTime() / 1000);
  const sha256 = createHash('sha256').update(signed).digest('hex');
  const own = {
    iss: 'portal',
    aud: 'affiliates',
    iat,
    exp: iat + 60,
    jti: randomUUID(),
    req: request,
    sha256,
  };
  return sign({ ...own, ...claims }, secret, { algorithm });
}

export interface TestService {
  readonly service: Service;
  readonly address: string;
  readonly clock: SettableClock;
  /** Lines of the log. */
  readonly log: string[];
  ask(method: string, path: string, body?: unknown, signing?: Signing): Promise<Answered>;
  close(): Promise<void>;
}

const open = new Set<TestService>();
afterEach(async () => {
  for (const one of [...open]) await one.close();
});

/** @param written what differs from a configuration that is right */
export async function startService(
  database: string,
  written: Partial<Record<keyof Config, unknown>> = {},
  clock = settableClock('2026-03-01T12:00:00Z'),
): Promise<TestService> {
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  const environment = {
    AFFILIATES_DATABASE: database,
    AFFILIATES_SECRETS: SECRET,
    AFFILIATES_HOST_SECRETS: HOST_SECRET,
    AFFILIATES_LISTEN: '127.0.0.1:0',
    AFFILIATES_SETTINGS_PORTAL_URL: PORTAL,
    AFFILIATES_SETTINGS_APPROVAL_ABOVE: '',
  };
  const config = { ...readConfig(undefined, environment), ...written } as Config;
  const service = await createService({ config, logger, clock: clock.now });
  const address = await service.listen();
  const test: TestService = {
    service,
    address,
    clock,
    log,
    ask: (method, path, body, signing) => ask(address, clock, { method, path, body, signing }),
    async close() {
      if (open.delete(test)) await service.close();
    },
  };
  open.add(test);
  return test;
}

/** Asks as a portal does: text is sent as it is, anything else as JSON. */
async function ask(
  address: string,
  clock: Pick<SettableClock, 'now'>,
  asked: { method: string; path: string; body?: unknown; signing?: Signing | undefined },
): Promise<Answered> {
  const { method, path, body, signing = {} } = asked;
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const { authorization = `Bearer ${tokenFor(clock, `${method} ${path}`, sent ?? '', signing)}` } = signing;
  const response = await fetch(address + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(authorization !== null && { authorization }),
      ...signing.headers,
    },
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

let events = 0;
/** A fact as it goes over the wire: with an id of its own, at the present. */
export function fact(clock: Pick<SettableClock, 'now'>, hook: string, payload: object) {
  const identity = { eventId: `event-${++events}`, at: clock.now().toISOString() };
  return { hook, payload: { ...identity, ...payload } };
}

type Who = { readonly client: { readonly id: string } } | { readonly staff: typeof STAFF };

/** Asks for a page as that person's portal does. @returns its HTML */
export async function pageOf({ ask }: TestService, who: Who, query = {}): Promise<string> {
  const { json } = await ask('POST', `/pages/${areaOf(who)}`, { ...CLIENT, who, query });
  return String(json['html']);
}

/** Fills in the form of `html` that goes to `page`, and sends it. */
export async function sendForm(
  { ask }: TestService,
  who: Who,
  html: string,
  page: string,
  typed: object,
): Promise<void> {
  const { query, fields } = findForm(html, page);
  const form = { ...CLIENT, who, method: 'POST', query, body: { ...fields, ...typed } };
  const { json } = await ask('POST', `/pages/${areaOf(who)}`, form);
  expect(json).toMatchObject({ status: 303 });
}

const areaOf = (who: Who) => ('client' in who ? 'client' : 'staff');

/** A client is switched on by staff, on the ticket where there is one, through the panel and the page of its form. */
export async function switchOn(test: TestService, userid = '5', ticketid?: string): Promise<void> {
  const point = ticketid === undefined ? 'AdminAreaClientSummaryPage' : 'AdminAreaViewTicketPage';
  const page = { ...PLACE, locale: 'en', staff: STAFF };
  const { json } = await test.ask('POST', `/pages/panels/${point}`, { userid, ticketid, page });
  await sendForm(test, { staff: STAFF }, String(json['shown']), 'switch', { on: '1' });
}

/** @returns the code of a client's referral link */
export async function codeOf(test: TestService, userid = '5'): Promise<string> {
  const html = await pageOf(test, { client: { id: userid } });
  return /\/r\/([A-Za-z0-9]+)/.exec(html)?.[1] ?? '';
}

/** A client is switched on, and another signs up through its link and pays. */
export async function referAndPay(test: TestService, userid: string, invoice: PaidInvoice): Promise<void> {
  const { address, clock, ask } = test;
  await switchOn(test, userid);
  const link = `${address}/r/${await codeOf(test, userid)}`;
  const visit = await fetch(link, { redirect: 'manual', headers: { 'user-agent': FIREFOX } });
  const cookie = visit.headers.getSetCookie()[0]?.split(';')[0];
  const paid = paidInvoice({ userid: '77', ...invoice });
  const events = [
    fact(clock, 'ClientAdd', { client_id: paid.invoice.userid, firstname: 'Jane', lastname: 'Doe', cookie }),
    fact(clock, 'InvoicePaid', paid),
  ];
  const processed = { accepted: true, status: 'processed', retry: false };
  expect((await ask('POST', '/events', { events })).json).toEqual({ answers: [processed, processed] });
}
