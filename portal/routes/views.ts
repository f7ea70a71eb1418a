/** The portal's own pages: Handlebars views in one layout. */
import path from 'node:path';
import view from '@fastify/view';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Handlebars from 'handlebars';
import type { HookPoint, HookVars, NavItem, PageContext, StaffPageContext } from '../hooks';
import { CURRENCY } from '../money';
import type { StaffMember } from '../office/rows';
import type { Office } from '../office/office';
import { LANGUAGES } from './languages';
import { takeNotice } from './session';
import { fieldsOf } from './forms';

const BRAND = 'Nimbus Hosting';
const CSRF_FIELD = '_csrf';
/** Where the affiliate module's own files are served. */
export const MODULE_ASSETS = '/affiliates-assets';

const PARTIALS = [
  'field',
  'badge',
  'pager',
  'conversation',
  'invoice',
  'csrf',
  'invoice-rows',
  'ticket-rows',
];

const money = new Intl.NumberFormat('en', { style: 'currency', currency: CURRENCY });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

const helpers = {
  money: (cents: number) => money.format(cents / 100),
  date: (at: number | null) => (at === null ? '' : date.format(at)),
  dateTime: (at: number) => dateTime.format(at),
  iso: (at: number) => new Date(at).toISOString(),
  is: (one: unknown, other: unknown) => one === other,
  sum: (one: number, other: number) => one + other,
  less: (one: number, other: number) => one - other,
};

export async function registerViews(app: FastifyInstance): Promise<void> {
  const handlebars = Handlebars.create();
  handlebars.registerHelper(helpers);
  await app.register(view, {
    engine: { handlebars },
    root: path.join(__dirname, '..', 'views'),
    viewExt: 'hbs',
    layout: 'layout',
    production: true,
    options: { partials: Object.fromEntries(PARTIALS.map((name) => [name, `partials/${name}.hbs`])) },
  });
}

/** @returns the token every form of this page carries; a posted one, which has been checked by now, serves again */
function csrfToken(request: FastifyRequest, reply: FastifyReply): string {
  if (request.method === 'POST') return fieldsOf(request.body)[CSRF_FIELD] ?? '';
  return reply.generateCsrf({ userInfo: csrfOwner(request) });
}

/** Ties a token to the accounts it was made for. */
export function csrfOwner({ session }: FastifyRequest): string {
  return `staff-${session.staff?.id ?? ''}-client-${session.client?.id ?? ''}`;
}

export function clientContext(request: FastifyRequest, reply: FastifyReply): PageContext {
  return {
    locale: request.session.language.tag,
    base: '/m/affiliates',
    assets: MODULE_ASSETS,
    csrf: { field: CSRF_FIELD, token: csrfToken(request, reply) },
    links: { ticket: '/tickets/{id}' },
  };
}

export function staffContext(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, name }: StaffMember,
): StaffPageContext {
  return {
    ...clientContext(request, reply),
    base: '/staff/m/affiliates',
    links: { client: '/staff/clients/{id}', ticket: '/staff/tickets/{id}' },
    staff: { id: String(id), name },
  };
}

/** HTML that modules return for a point of one of our staff pages. */
export async function moduleHtml<P extends 'AdminAreaViewTicketPage' | 'AdminAreaClientSummaryPage'>(
  office: Office,
  point: P,
  vars: HookVars[P & HookPoint],
): Promise<string> {
  const pieces: unknown[] = await office.hooks.runHook(point, vars);
  return pieces.join('');
}

export type Show = (reply: FastifyReply, name: string, title: string, model?: object) => Promise<string>;

/** @returns the function by which routes answer with a view in the layout. */
export function createShow(office: Office): Show {
  return async (reply, name, title, model = {}) => {
    const { request } = reply;
    const { session } = request;
    const staffSide = request.url.startsWith('/staff');
    const csrf = csrfToken(request, reply);
    const nav = staffSide ? staffNav(session.staff) : await clientNav(office, request, reply);
    return reply.viewAsync(name, {
      ...model,
      title,
      brand: BRAND,
      csrf,
      csrfField: CSRF_FIELD,
      client: session.client,
      staff: session.staff,
      staffSide,
      nav: nav.map((item) => ({ ...item, current: isCurrent(request.url, item.uri) })),
      language: session.language,
      languages: LANGUAGES,
      path: request.url,
      notice: takeNotice(request, reply),
    });
  };
}

function isCurrent(url: string, uri: string): boolean {
  const [here] = url.split('?');
  const [there] = uri.split('?');
  return here === there || (there !== '/staff' && here?.startsWith(`${there}/`) === true);
}

type Nav = Pick<NavItem, 'label' | 'uri' | 'order'>[];

function staffNav(staff: StaffMember | undefined): Nav {
  if (!staff) return [];
  return [
    { label: 'Overview', uri: '/staff', order: 0 },
    { label: 'Clients', uri: '/staff/clients', order: 10 },
    { label: 'Tickets', uri: '/staff/tickets', order: 20 },
    { label: 'Invoices', uri: '/staff/invoices', order: 30 },
    { label: 'Mails', uri: '/staff/mails', order: 40 },
    { label: 'Affiliates', uri: '/staff/m/affiliates', order: 50 },
  ];
}

async function clientNav(office: Office, request: FastifyRequest, reply: FastifyReply): Promise<Nav> {
  const { client } = request.session;
  const plans = { label: 'Plans', uri: '/', order: 10 };
  if (!client) return [plans, { label: 'Affiliate program', uri: '/kb/affiliates', order: 90 }];
  const page = clientContext(request, reply);
  const fromModules = await office.hooks.runHook('ClientAreaPrimaryNavbar', { userid: client.id, page });
  return [
    { label: 'Home', uri: '/client', order: 0 },
    plans,
    { label: 'Invoices', uri: '/invoices', order: 20 },
    { label: 'Tickets', uri: '/tickets', order: 30 },
    ...fromModules.flat(),
    { label: 'My details', uri: '/details', order: 95 },
  ].sort((a, b) => a.order - b.order);
}
