/** A program on a database of its own with a host that remembers what it was asked, and people who use its pages. */
import {
  affiliates,
  type AffiliateProgram,
  type Host,
  type Page,
  type SettingsInput,
  type WebhookInput,
} from '../../index';
import type { PageRequest } from '../../pages/page';
import { settableClock, type SettableClock } from '../support/clock';
import { collectingLogger, type CollectingLogger } from '../support/logger';

export const PORTAL = 'https://my.example.com';
export const CSRF = { field: '_csrf', token: 'the-token' };
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
export const STAFF = { staff: { id: '1', name: 'Sam Support' } };
/** What every form carries. */
export const A_FORM = { [CSRF.field]: CSRF.token, requestId: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
const START = '2026-01-10T10:00:00Z';

export const aClient = (id: string) => ({ client: { id } });

/** What a page was asked with; `base` has a query of its own, as at WHMCS. */
export function asked(who: PageRequest['who'], query: Record<string, string> = {}): PageRequest {
  return {
    who,
    locale: 'en',
    method: 'GET',
    query,
    body: {},
    base: 'staff' in who ? '/admin?module=affiliates' : '/index.php?m=affiliates',
    assets: '/static/affiliates',
    csrf: CSRF,
    links: { ticket: '/tickets/{id}', client: '/admin/clients/{id}' },
  };
}

export interface GivenProgram {
  readonly program: AffiliateProgram;
  readonly clock: SettableClock;
  readonly logger: CollectingLogger;
  readonly mails: { clientId: string; subject: string; html: string; text: string }[];
  readonly tickets: { clientId: string; subject: string; message: string }[];
  read(who: PageRequest['who'], query?: Record<string, string>, change?: Partial<PageRequest>): Promise<Page>;
  /** Sends a form of the page that is read with `from`, filled in with `typed`. */
  send(
    who: PageRequest['who'],
    to: Record<string, string>,
    typed?: Record<string, string>,
    from?: Record<string, string>,
  ): Promise<Page>;
  /** Switches the program on for a client, through the panel on its summary. */
  enrol(clientId: string): Promise<void>;
  suspend(clientId: string, reason: string): Promise<void>;
  switchPanel(clientId: string): Promise<string>;
  /** A client who signs up through the affiliate's link and pays. */
  referral(affiliate: string, referral: Partial<Referral>): Promise<void>;
}

interface Referral {
  readonly id: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly product: string;
  /** What is paid, without tax; '' pays nothing. */
  readonly pays: string;
  readonly currency: string;
}

const opened: AffiliateProgram[] = [];
/** Call it after each test. */
export async function closePrograms(): Promise<void> {
  await Promise.all(opened.splice(0).map((program) => program.close()));
}

export async function givenProgram(
  settings: Partial<SettingsInput> = {},
  host: Partial<Host> = {},
  webhooks: readonly WebhookInput[] = [],
): Promise<GivenProgram> {
  const clock = settableClock(START);
  const logger = collectingLogger();
  const mails: GivenProgram['mails'] = [];
  const tickets: GivenProgram['tickets'] = [];
  const program = affiliates({
    database: 'sqlite::memory:',
    host: { ...rememberingHost(mails, tickets), ...host },
    settings: { portalUrl: PORTAL, ...settings },
    secrets: ['a secret of the tests that is long enough'],
    clock: clock.now,
    logger,
    webhooks,
  });
  opened.push(program);
  await program.install();
  const read: GivenProgram['read'] = (who, query = {}, change = {}) => {
    const request = { ...asked(who, query), ...change };
    return 'staff' in who ? program.pages.staff(request) : program.pages.client(request);
  };
  const post = (who: PageRequest['who'], query: Record<string, string>, body: Record<string, string>) =>
    read(who, query, { method: 'POST', body });
  const switchPanel = (clientId: string) => {
    const { locale, base, assets, csrf, links } = asked(STAFF);
    const page = { locale, base, assets, csrf, links, staff: STAFF.staff };
    const client = { email: `client${clientId}@example.com`, language: 'english' };
    return program.hooks.AdminAreaClientSummaryPage({ userid: clientId, client, page });
  };
  const flip = async (clientId: string, typed: Record<string, string>) => {
    const fields = fieldsOf(await switchPanel(clientId));
    const answer = await post(STAFF, { page: 'switch' }, { ...fields, ...typed });
    if (answer.status !== 303) throw new Error(`not switched: ${answer.html}`);
  };
  return {
    program,
    clock,
    logger,
    mails,
    tickets,
    read,
    send: async (who, to, typed = {}, from = to) => {
      const { html } = await read(who, from);
      return post(who, to, { ...fieldsOf(html), ...typed });
    },
    switchPanel,
    enrol: (clientId) => flip(clientId, { on: '1' }),
    suspend: (clientId, reason) => flip(clientId, { on: '0', reason }),
    referral: async (affiliate, referral) => {
      const { html } = await read(aClient(affiliate));
      await signUpAndPay(program, codeIn(html), { ...A_REFERRAL, ...referral });
    },
  };
}

const A_REFERRAL: Referral = {
  id: '500',
  firstname: 'Jane',
  lastname: 'Doe',
  product: 'Web Hosting',
  pays: '100.00',
  currency: 'USD',
};

async function signUpAndPay(program: AffiliateProgram, code: string, referral: Referral): Promise<void> {
  const { id, firstname, lastname, product, pays, currency } = referral;
  const { setCookie } = await program.clicks.visit({
    code,
    landing: '/',
    campaign: '',
    cookie: undefined,
    ip: `203.0.113.${id}`,
    headers: { 'user-agent': BROWSER },
    secure: true,
  });
  const cookie = setCookie?.split(';')[0] ?? '';
  const email = `client${id}@example.org`;
  await program.hooks.ClientAdd({ client_id: id, firstname, lastname, email, language: 'english', cookie });
  if (!pays) return;
  const line = {
    id: `line-${id}`,
    type: 'service',
    relid: id,
    amount: pays,
    productid: '1',
    productname: product,
  };
  const invoice = { userid: id, currency, total: pays, items: [line] };
  await program.hooks.InvoicePaid({ invoiceid: `invoice-${id}`, invoice });
}

function rememberingHost(mails: GivenProgram['mails'], tickets: GivenProgram['tickets']): Host {
  return {
    openTicket: async ({ clientId, subject, message }) => {
      tickets.push({ clientId, subject, message });
      return { ticketId: String(tickets.length) };
    },
    replyTicket: async () => ({}),
    sendMail: async (mail) => {
      mails.push(mail);
      return {};
    },
    addCredit: async () => ({ reference: 'credit-1' }),
  };
}

/** @returns the hidden fields of the first form that is posted, as the browser would send them */
export function fieldsOf(html: string): Record<string, string> {
  const form = /<form[^>]*method="post".*?<\/form>/s.exec(html)?.[0] ?? '';
  const inputs = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries(
    [...inputs].map(([, name = '', value = '']) => [unescaped(name), unescaped(value)]),
  );
}

/** @returns the code in the referral link that the affiliate page shows */
export function codeIn(html: string): string {
  return /\/r\/([a-z0-9]+)/.exec(html)?.[1] ?? '';
}

/** Undoes what Handlebars escapes, for reading texts and addresses out of HTML. */
export function unescaped(html: string): string {
  return html
    .replaceAll('&#x3D;', '=')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** @returns what a page says, without its markup */
export function textOf(html: string): string {
  return unescaped(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
