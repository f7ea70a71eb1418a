/** The portal itself: what any billing portal owes its clients, its staff, and the modules that hook into it. */
import pino from 'pino';
import { createPortal, type Portal } from '../portal/app';
import type { HookPoint } from '../portal/hooks';
import { findForm } from '../portal/history/visitor';
import { createHost } from '../portal/host';
import { settableClock } from './support/clock';
import { describeOnEachDatabase, describeOnSqlite, type TestDatabase } from './support/databases';

const SECRETS = { program: ['p'.repeat(32)], session: 's'.repeat(32) };
const PASSWORD = 'a good password';

/** Somebody with a browser: keeps cookies, reads pages, sends the forms that stand on them. */
class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly portalUrl: string) {}

  get(path: string): Promise<Answer> {
    return this.ask(path, {});
  }

  /** Sends a form with the token of the page it stands on. */
  async send(page: string, action: string, fields: Record<string, string>): Promise<Answer> {
    return this.post(action, { _csrf: tokenOn(await this.get(page)), ...fields });
  }

  /** Sends the form on a page that goes to a page of the program, as it is but for what is typed. */
  submit(from: Answer, page: string, typed: Record<string, string>): Promise<Answer> {
    const { action, fields } = findForm(from.body, page);
    return this.post(action, { ...fields, ...typed });
  }

  post(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.portalUrl + path, { ...init, redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const { status, headers } = response;
    return { status, headers, location: headers.get('location'), body: await response.text() };
  }
}

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly body: string;
}

function tokenOn({ body }: Answer): string {
  return (/name="_csrf" value="([^"]*)"/.exec(body)?.[1] ?? '').replaceAll('&#x3D;', '=');
}

async function signUp(visitor: Visitor, name: string, country = 'US') {
  const person = { firstname: name, lastname: 'Doe', companyname: '', country, language: 'english' };
  const account = { email: `${name.toLowerCase()}@example.com`, password: PASSWORD };
  return visitor.send('/signup', '/signup', { ...person, ...account });
}

async function signInStaff(visitor: Visitor, role: 'support' | 'admin') {
  const form = { email: `${role}@nimbus.example`, password: `nimbus-${role}` };
  return visitor.send('/staff/login', '/staff/login', form);
}

/** A new portal for each test, on a database of its own. */
function portalOn(database: TestDatabase) {
  const clock = settableClock('2026-03-01T10:00:00Z');
  const state = { told: [] as { point: HookPoint; vars: object }[], url: '' };
  let opened: Portal | undefined;
  const portal = (): Portal => {
    if (!opened) throw new Error('The portal is open during a test only');
    return opened;
  };
  beforeEach(async () => {
    clock.set('2026-03-01T10:00:00Z');
    opened = await createPortal({
      database: await database.empty(),
      portalUrl: 'http://127.0.0.1:8080',
      secrets: SECRETS,
      clock: clock.now,
      logger: pino({ level: 'silent' }),
    });
    state.url = await opened.app.listen({ port: 0, host: '127.0.0.1' });
    state.told = [];
    for (const point of ['ClientAdd', 'InvoicePaid', 'InvoiceRefunded', 'TicketOpen'] as const)
      opened.office.hooks.addHook(point, 9, async (vars: object) => state.told.push({ point, vars }));
  });
  afterEach(() => opened?.close());
  return {
    clock,
    portal,
    somebody: () => new Visitor(state.url),
    toldAbout: (point: HookPoint) =>
      state.told.filter((fact) => fact.point === point).map(({ vars }) => vars),
  };
}

describeOnEachDatabase('The portal', (database) => {
  const { clock, portal, somebody, toldAbout } = portalOn(database);

  it('takes an order, adds the tax of the country, and tells modules of the payment with its lines', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann', 'DE');
    const ordered = await visitor.send('/order/4', '/order/4', { label: 'ann.example' });
    expect(ordered.location).toBe('/invoices/1');
    await visitor.send('/invoices/1', '/invoices/1/pay', {});
    expect(toldAbout('InvoicePaid')).toMatchObject([
      {
        invoiceid: 1,
        at: clock.now().getTime(),
        invoice: {
          userid: 1,
          currency: 'USD',
          total: '65.45',
          credit: '0.00',
          items: [
            { type: 'Hosting', amount: '40.00', productname: 'Cloud VPS' },
            { type: 'Setup', amount: '15.00', productname: 'Cloud VPS' },
          ],
        },
      },
    ]);
  });

  it('takes a promotion off the first period, and tells modules what terms can be about', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann', 'DE');
    const wrong = await visitor.send('/order/5', '/order/5', { label: 'ann.example', promocode: 'NONE' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('There is no such promotion.');
    await visitor.send('/order/5', '/order/5', { label: 'ann.example', promocode: 'welcome10' });
    await visitor.send('/invoices/1', '/invoices/1/pay', {});
    const domain = { productgroupid: 'domains', billingcycle: 'Annually', domain: 'ann.example' };
    expect(toldAbout('InvoicePaid')).toMatchObject([
      {
        invoice: {
          total: '12.85',
          promocode: 'WELCOME10',
          country: 'DE',
          items: [
            { type: 'Domain', amount: '12.00', ...domain },
            { type: 'Domain', amount: '-1.20', ...domain },
          ],
        },
      },
    ]);
  });

  it('pays an invoice once, however often the button is pressed', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann');
    await visitor.send('/order/1', '/order/1', { label: 'ann.example' });
    const pressed = [1, 2, 3].map(() => visitor.send('/invoices/1', '/invoices/1/pay', {}));
    expect((await Promise.all(pressed)).map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    expect(toldAbout('InvoicePaid')).toHaveLength(1);
  });

  it('refunds a line in part, then the rest of the invoice, and never more than was paid', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann', 'DE');
    await visitor.send('/order/4', '/order/4', { label: 'ann.example' });
    await visitor.send('/invoices/1', '/invoices/1/pay', {});
    await signInStaff(visitor, 'support');
    const refund = (fields: Record<string, string>) =>
      visitor.send('/staff/invoices/1', '/staff/invoices/1/refund', fields);
    await refund({ line: '1', amount: '11.90' });
    await refund({});
    expect(toldAbout('InvoiceRefunded')).toMatchObject([{ lineid: 1, amount: '10.00' }, { amount: '53.55' }]);
    expect((await refund({ amount: '0.01' })).status).toBe(422);
    expect((await visitor.get('/staff/invoices/1')).body).toContain('data-status="Refunded"');
  });

  it('raises one renewal for a month, also when the cron runs twice', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann');
    await visitor.send('/order/1', '/order/1', { label: 'ann.example' });
    await visitor.send('/invoices/1', '/invoices/1/pay', {});
    await signInStaff(visitor, 'support');
    clock.advance({ days: 31 });
    await visitor.send('/staff', '/staff/cron', {});
    await visitor.send('/staff', '/staff/cron', {});
    const page = await visitor.get('/invoices');
    expect(page.body).toContain('href="/invoices/2"');
    expect(page.body).not.toContain('href="/invoices/3"');
  });

  it('lets only an admin merge and delete clients', async () => {
    const ann = somebody();
    await signUp(ann, 'Ann');
    const ben = somebody();
    await signUp(ben, 'Ben');
    await ben.send('/order/1', '/order/1', { label: 'ben.example' });
    const support = somebody();
    await signInStaff(support, 'support');
    const refused = await support.send('/staff/clients/2', '/staff/clients/2/merge', { into: '1' });
    expect(refused.status).toBe(403);
    const admin = somebody();
    await signInStaff(admin, 'admin');
    await admin.send('/staff/clients/2', '/staff/clients/2/merge', { into: '1' });
    expect((await ann.get('/invoices/1')).status).toBe(200);
    expect((await ben.get('/client')).location).toBe('/login?next=%2Fclient');
    await admin.send('/staff/clients/1', '/staff/clients/1/delete', {});
    expect((await admin.get('/staff/clients')).body).toContain('Nobody found');
  });

  it('does what a module asks once, and answers the same key with the same answer', async () => {
    await signUp(somebody(), 'Ann');
    const host = createHost(portal().office);
    const ticket = { clientId: '1', department: 'Affiliates', subject: 'Please', message: 'Let me in.' };
    const first = await host.openTicket(ticket, 'key-1');
    expect(await host.openTicket(ticket, 'key-1')).toEqual(first);
    expect(await host.openTicket(ticket, 'key-2')).not.toEqual(first);
    const credit = { money: { amount: 5000, currency: 'USD' }, decimal: '50.00', description: 'Commission' };
    await host.addCredit({ clientId: '1', ...credit }, 'key-3');
    await host.addCredit({ clientId: '1', ...credit }, 'key-3');
    expect(await portal().office.db('portal_clients').select('credit')).toEqual([{ credit: 5000 }]);
    expect(await host.addCredit({ clientId: '99', ...credit }, 'key-4')).toHaveProperty('refused');
  });

  it('pays with account credit first, and gives it back when the payment is taken back', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann');
    const money = { amount: 300, currency: 'USD' };
    await createHost(portal().office).addCredit(
      { clientId: '1', money, decimal: '3.00', description: 'Commission' },
      'key',
    );
    await visitor.send('/order/1', '/order/1', { label: 'ann.example' });
    await visitor.send('/invoices/1', '/invoices/1/pay', { credit: 'yes' });
    expect(toldAbout('InvoicePaid')).toMatchObject([{ invoice: { total: '5.00', credit: '3.00' } }]);
    await signInStaff(visitor, 'support');
    await visitor.send('/staff/invoices/1', '/staff/invoices/1/unpaid', {});
    expect((await visitor.get('/client')).body).toContain('$3.00');
  });

  it("takes the first ticket of a client for a request, an affiliate's tickets for questions, and sends its files", async () => {
    const ann = somebody();
    await signUp(ann, 'Ann');
    const ticket = { department: 'Affiliates', subject: 'Affiliate program', message: 'Please let me in.' };
    await ann.send('/tickets/new', '/tickets/new', ticket);
    const staff = somebody();
    await signInStaff(staff, 'support');
    const requested = await staff.get('/staff/tickets/1');
    expect(requested.body).toContain('Switch the program on');
    await staff.submit(requested, 'switch', { on: '1' });
    await portal().program.deliver();
    expect((await ann.get('/tickets/1')).body).toContain('data-status="Answered"');
    const statement = await ann.get('/m/affiliates?page=statement&format=csv');
    expect(statement.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(statement.headers.get('content-disposition')).toMatch(/^attachment; filename="statement-/);
    expect(statement.body).toMatch(/^\ufeff?posted,happened,.*\r\n.*,opening,.*\r\n.*,closing,.*\r\n$/);
    expect((await ann.get('/m/affiliates?page=statement&format=pdf')).body).toMatch(/^%PDF-/);
    await ann.send('/tickets/new', '/tickets/new', { ...ticket, subject: 'My affiliate link' });
    expect((await staff.get('/staff/m/affiliates')).body).not.toContain('/staff/tickets/2');
  });
});

// What does not depend on the database is shown on one.
describeOnSqlite('The pages of the portal', (database) => {
  const { portal, somebody, toldAbout } = portalOn(database);

  it('tells modules of a sign-up with the cookies it came with, and never of the password', async () => {
    const visitor = somebody();
    await visitor.get('/');
    const answer = await signUp(visitor, 'Ann');
    expect(answer.location).toBe('/client');
    expect(toldAbout('ClientAdd')).toMatchObject([
      {
        client_id: 1,
        email: 'ann@example.com',
        eventId: 'client-1-add',
      },
    ]);
    const told = JSON.stringify(toldAbout('ClientAdd'));
    expect(told).toContain('"cookie":"portal_csrf=');
    expect(told).not.toMatch(/password/);
  });

  it('says on the form what is missing, and keeps what was typed except the password', async () => {
    const page = await somebody().send('/signup', '/signup', { firstname: 'Ann', password: 'short' });
    expect(page.status).toBe(422);
    expect(page.body).toContain('value="Ann"');
    expect(page.body).toContain('Please enter your last name.');
    expect(page.body).not.toContain('short');
  });

  it('keeps one client out of the invoices and tickets of another', async () => {
    const ann = somebody();
    await signUp(ann, 'Ann');
    await ann.send('/order/1', '/order/1', { label: 'ann.example' });
    const ticket = { department: 'Sales', subject: 'A question', message: 'How much?' };
    await ann.send('/tickets/new', '/tickets/new', ticket);
    const ben = somebody();
    await signUp(ben, 'Ben');
    expect((await ben.get('/invoices/1')).status).toBe(404);
    expect((await ben.get('/tickets/1')).status).toBe(404);
    expect((await ben.send('/invoices', '/invoices/1/pay', {})).status).toBe(404);
    expect((await ann.get('/tickets/1')).body).toContain('How much?');
  });

  it('signs a closed client out and does not let them in again', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann');
    expect((await visitor.send('/details', '/details/close', {})).status).toBe(422);
    await visitor.send('/details', '/details/close', { sure: 'yes' });
    const form = { email: 'ann@example.com', password: PASSWORD };
    const again = await somebody().send('/login', '/login', form);
    expect(again.status).toBe(422);
    expect(again.body).toContain('This account is closed.');
  });

  it('refuses a post without the token of a page, or with that of another person', async () => {
    const ann = somebody();
    await signUp(ann, 'Ann');
    expect((await ann.post('/details/close', { sure: 'yes' })).status).toBe(403);
    const token = tokenOn(await somebody().get('/signup'));
    expect((await ann.post('/details/close', { sure: 'yes', _csrf: token })).status).toBe(403);
    expect((await ann.get('/client')).status).toBe(200);
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example'])(
    'does not send anybody to %s after signing in',
    async (next) => {
      const visitor = somebody();
      const staff = { email: 'admin@nimbus.example', password: 'nimbus-admin' };
      const answer = await visitor.send('/staff/login', '/staff/login', { ...staff, next });
      expect(answer.location).toBe('/');
    },
  );

  it('sends the strict headers with every page, and has no script or style inside one', async () => {
    const visitor = somebody();
    await signUp(visitor, 'Ann');
    await signInStaff(visitor, 'admin');
    const pages = ['/', '/signup', '/client', '/details', '/tickets/new', '/kb/affiliates', '/staff'];
    for (const page of [...pages, '/staff/clients/1', '/staff/mails/1', '/nowhere']) {
      const { headers, body } = await visitor.get(page);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    }
  });

  it('speaks of a fault in a sentence and shows nothing of its inside', async () => {
    await portal().office.db.schema.dropTable('portal_article_votes');
    const answer = await somebody().send('/kb/affiliates', '/kb/affiliates', { helpful: 'yes' });
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('Something went wrong on our side.');
    expect(answer.body).not.toMatch(/portal_article_votes|node_modules/);
  });

  it('goes on with a sign-up when a module fails at it', async () => {
    portal().office.hooks.addHook('ClientAdd', 0, () => Promise.reject(new Error('a broken module')));
    const visitor = somebody();
    expect((await signUp(visitor, 'Ann')).location).toBe('/client');
    expect(toldAbout('ClientAdd')).toHaveLength(1);
  });

  it('writes pages from right to left for who reads Arabic', async () => {
    const visitor = somebody();
    await visitor.send('/', '/language', { language: 'arabic', back: '/kb/affiliates' });
    const { body } = await visitor.get('/kb/affiliates');
    expect(body).toContain('<html lang="ar" dir="rtl">');
    expect(body).toContain('bootstrap.rtl.min.css');
  });

  it('thanks for an answer to "Was this answer helpful?" and keeps it', async () => {
    const visitor = somebody();
    await visitor.send('/kb/affiliates', '/kb/affiliates', { helpful: 'yes' });
    expect((await visitor.get('/kb/affiliates')).body).toContain('Thank you for telling us.');
    expect(await portal().office.db('portal_article_votes').count({ total: '*' })).toEqual([{ total: 1 }]);
  });
});
