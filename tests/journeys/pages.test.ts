/**
 * Every page of the portal and of the program, on a portal with two years behind it: photographed for people to look
 * at, and looked at by axe, at a desk and on a phone.
 */
import type { Page } from 'playwright-core';
import { makeHistory } from '../../portal/history';
import { ACCOUNTS, AFFILIATES, ASKING, NAMED } from '../../portal/history/plan';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from '../support/browser';
import { describeJourneysOnSqlite, type Stage } from './stage';
import type { Person } from './person';

const DEMO = 'nimbus-demo';
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 375, height: 812 };
const HISTORY_LIMIT_MS = 120_000;

/** Paths by the names of their pictures. */
type Pages = Readonly<Record<string, string>>;

/** @returns what is wrong with the pages, each sentence with the name of its page */
async function look(person: Person, pages: Pages): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, path] of Object.entries(pages)) {
    await person.open(path);
    faults.push(...(await faultsOf(person.page, name)));
  }
  return faults;
}

async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  const attempt = async (check: (page: Page) => Promise<void>) => {
    try {
      await check(page);
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await screenshot(page, name);
  await attempt(expectAccessible);
  await page.setViewportSize(PHONE);
  await attempt(expectNoSidewaysScroll);
  await attempt(expectAccessible);
  await page.setViewportSize(DESK);
  return faults;
}

async function signedInAs(stage: Stage, email: string): Promise<Person> {
  const person = await stage.stranger();
  const password = ACCOUNTS.find((account) => account.email === email)?.password ?? DEMO;
  await person.signIn('/login', email, password);
  return person;
}

describeJourneysOnSqlite('Every page', {}, (stage) => {
  const idOf = async (table: string, where: object) => {
    const row: { id: number } | undefined = await stage.office
      .db(table)
      .where(where)
      .orderBy('id')
      .first('id');
    return row?.id ?? 0;
  };
  const clientOf = (email = '') => idOf('portal_clients', { email });

  beforeAll(async () => {
    const { clock } = stage;
    await makeHistory(stage.portal, {
      now: clock.now,
      set: (at) => clock.set(new Date(at ?? Date.now()).toISOString()),
    });
  }, HISTORY_LIMIT_MS);

  it('of a visitor', async () => {
    const visitor = await stage.stranger();
    const pages = {
      home: '/',
      signup: '/signup',
      login: '/login',
      article: '/kb/affiliates',
      missing: '/nowhere',
    };
    expect(await look(visitor, named('visitor', pages))).toEqual([]);
    await visitor.open('/signup');
    await visitor.press('Create my account');
    await screenshot(visitor.page, 'visitor-signup-refused');
    await expectAccessible(visitor.page);
  }, 120_000);

  it('of a client', async () => {
    const client_id = await clientOf(ACCOUNTS[0].email);
    const client = await signedInAs(stage, ACCOUNTS[0].email);
    const pages = {
      home: '/client',
      order: '/order/4',
      invoices: '/invoices',
      invoice: `/invoices/${await idOf('portal_invoices', { client_id })}`,
      tickets: '/tickets',
      ticket: `/tickets/${await idOf('portal_tickets', { client_id })}`,
      'ticket-new': '/tickets/new',
      details: '/details',
      invitation: '/m/affiliates',
      forbidden: '/m/affiliates?page=withdraw',
    };
    expect(await look(client, named('client', pages))).toEqual([]);
    const asking = await signedInAs(stage, ASKING.email ?? '');
    expect(await look(asking, { 'client-request-sent': '/m/affiliates' })).toEqual([]);
  }, 120_000);

  it('of affiliates', async () => {
    const star = await signedInAs(stage, NAMED.star.email);
    const pages = {
      home: '/client',
      page: '/m/affiliates',
      'page-filtered': '/m/affiliates?status=active&min=1.00&sort=earned',
      'page-nothing-found': '/m/affiliates?q=nobody',
      'page-wrong-filter': '/m/affiliates?from=yesterday&min=lots',
      'page-link-built': '/m/affiliates?landing=/kb/affiliates&campaign=spring',
      withdraw: '/m/affiliates?page=withdraw',
      entries: '/m/affiliates?page=entries',
      statement: '/m/affiliates?page=statement',
    };
    expect(await look(star, named('affiliate', pages))).toEqual([]);
  }, 120_000);

  it.each(AFFILIATES.slice(1).map((affiliate) => [affiliate.firstname ?? '', affiliate.email]))(
    'of the affiliate %s',
    async (firstname, email) => {
      const person = await signedInAs(stage, email);
      const pages = { home: '/client', page: '/m/affiliates' };
      expect(await look(person, named(`affiliate-${firstname.toLowerCase()}`, pages))).toEqual([]);
    },
    120_000,
  );

  it('of staff in the portal', async () => {
    const visitor = await stage.stranger();
    expect(await look(visitor, { 'staff-login': '/staff/login' })).toEqual([]);
    const asking = await clientOf(ASKING.email);
    const max = await clientOf(NAMED.suspended.email);
    const refunded = await idOf('portal_payments', { kind: 'refund' });
    const refund = await stage.office.db('portal_payments').where({ id: refunded }).first();
    const pages = {
      home: '/staff',
      clients: '/staff/clients',
      'client-asking': `/staff/clients/${asking}`,
      'client-affiliate': `/staff/clients/${await clientOf(NAMED.star.email)}`,
      'client-suspended': `/staff/clients/${max}`,
      tickets: '/staff/tickets',
      'ticket-request': `/staff/tickets/${await idOf('portal_tickets', { client_id: asking })}`,
      'ticket-suspended': `/staff/tickets/${await idOf('portal_tickets', { client_id: max })}`,
      invoices: '/staff/invoices',
      invoice: `/staff/invoices/${refund?.invoice_id}`,
      mails: '/staff/mails',
    };
    expect(await look(await stage.staff('admin'), named('staff', pages))).toEqual([]);
  }, 120_000);

  it('of staff in the program', async () => {
    const { hooks } = stage.portal.program;
    await hooks.InvoiceRefunded({ invoiceid: 999_999, refundid: 1, amount: '1.00', currency: 'USD' });
    const staff = await stage.staff('admin');
    const at = (query: string) => `/staff/m/affiliates?page=${query}`;
    const hrefs = async (page: string) => {
      await staff.open(at(page));
      return staff.page
        .locator('.aff-table tbody a')
        .evaluateAll((links: LinkLike[]) => links.map(({ href }) => href));
    };
    const path = (hrefList: string[], page: string) => {
      const found = new URL(hrefList.find((href) => href.includes(`page=${page}&`)) ?? stage.url);
      return found.pathname + found.search;
    };
    const affiliates = await hrefs('affiliates');
    const waiting = await hrefs('withdrawals');
    const paid = await hrefs('withdrawals&status=paid');
    const pages = {
      overview: '/staff/m/affiliates',
      affiliates: at('affiliates'),
      affiliate: path(affiliates, 'affiliate'),
      withdrawals: at('withdrawals'),
      withdrawal: path(waiting, 'withdrawal'),
      'withdrawal-paid': path(paid, 'withdrawal'),
      liability: at('liability'),
      terms: at('terms'),
      events: at('events'),
      audit: at('audit'),
      settings: at('settings'),
      missing: at('nowhere'),
    };
    expect(await look(staff, named('program', pages))).toEqual([]);
  }, 90_000);

  it.each(['german', 'arabic'])(
    'of staff who read %s',
    async (language) => {
      const staff = await stage.staff();
      await staff.open('/staff');
      await staff.page.getByLabel('Language').selectOption(language);
      await staff.press('Change');
      const asking = await clientOf(ASKING.email);
      const pages = {
        overview: '/staff/m/affiliates',
        affiliates: '/staff/m/affiliates?page=affiliates',
        terms: '/staff/m/affiliates?page=terms',
        ticket: `/staff/tickets/${await idOf('portal_tickets', { client_id: asking })}`,
      };
      expect(await look(staff, named(`program-${language}`, pages))).toEqual([]);
    },
    120_000,
  );

  it('of the mails, each kind once', async () => {
    const mails = await stage.office.db('portal_mails').whereNot({ html: '' }).orderBy('id');
    const kinds = new Map(mails.map((mail) => [mail.subject.replace(/[\d.,$]+/g, '#'), mail]));
    expect(kinds.size).toBeGreaterThan(4);
    const [first] = kinds.values();
    expect(await look(await stage.staff(), { 'staff-mail': `/staff/mails/${first!.id}` })).toEqual([]);
    // The portal shows them where no script may run, axe's neither.
    const { page } = await stage.stranger();
    for (const [at, { html }] of [...kinds.values()].entries()) {
      await page.setContent(html);
      expect(await faultsOf(page, `mail-${at + 1}`)).toEqual([]);
    }
  }, 120_000);

  it('of the star affiliate agrees with itself', async () => {
    const star = await signedInAs(stage, NAMED.star.email);
    const { figures, statement } = await star.readsFigures();
    expect(figures).toMatchObject({ Signups: String(NAMED.star.refers.length) });
    expect(Number(figures['Clicks'])).toBeGreaterThan(NAMED.star.refers.length);
    const { rows, total } = await star.readsReferrals();
    expect(rows).toHaveLength(NAMED.star.refers.length);
    expect(rows.filter((row) => row['Status'] === 'Closed').length).toBe(
      NAMED.star.refers.filter(({ payments }) => payments).length,
    );
    const sum = (amounts: (string | undefined)[]) => amounts.reduce((all, amount) => all + cents(amount), 0);
    expect(sum(rows.map((row) => row['Paid']))).toBe(cents(total[1]));
    expect(sum(rows.map((row) => row['Earned']))).toBe(cents(total[2]));
    expect(sum(Object.values(statement))).toBe(cents(total[2]));
    // Ten percent of each line, of which a fraction of a cent is left out.
    expect(Math.abs(cents(total[1]) / 10 - cents(total[2]))).toBeLessThan(5);
    const payout = star.page.locator('tr', { hasText: 'PP-7H2K-0381' });
    expect(cents(await payout.locator('.aff-amount').innerText())).toBe(cents(statement['Withdrawn']));
    expect(cents(statement['Withdrawn'])).toBeGreaterThanOrEqual(5000);
  });
});

const named = (prefix: string, pages: Pages): Pages =>
  Object.fromEntries(Object.entries(pages).map(([name, path]) => [`${prefix}-${name}`, path]));

/** '-$1,234.50' → -123450 */
function cents(amount = ''): number {
  const digits = Number(amount.replace(/\D/g, ''));
  return /^[-−]/.test(amount) ? -digits : digits;
}

/** The little of the DOM that is read; the tests are compiled without the library of its types. */
interface LinkLike {
  readonly href: string;
}
