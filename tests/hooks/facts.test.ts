/** The hook points as WHMCS's documentation describes them: what each carries, and how it is answered. */
import { describeOnEachDatabase } from '../support/databases';
import { given, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { commissions } from '../commissions/findings';

const PROCESSED = { accepted: true, status: 'processed' };
const IGNORED = { accepted: true, status: 'ignored' };
const PASSWORD = 'correct horse battery staple';

/** Everything ClientAdd carries, and more. */
const CLIENT_ADD = {
  client_id: 7,
  user_id: 31,
  userid: 7,
  firstname: 'Rita',
  lastname: 'Referred',
  companyname: 'Referred Ltd',
  email: 'rita@example.org',
  address1: '1 Secret Street',
  address2: '',
  city: 'Hiddenham',
  state: '',
  postcode: 'ZZ1 1ZZ',
  country: 'GB',
  phonenumber: '+44 1632 960000',
  tax_id: 'GB123456789',
  customFields: [{ id: 1, value: 'a custom secret' }],
  marketing_emails_opt_in: true,
  groupid: 0,
  password: PASSWORD,
};

const numbersOf = async ({ knex }: TestProgram, type: string) =>
  (await knex('mod_affiliates_events').where({ type })).length;

describeOnEachDatabase('The hook', (database) => {
  it('ClientAdd takes what WHMCS sends, and keeps neither password nor address', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    expect(await test.hooks.ClientAdd({ ...CLIENT_ADD, cookie })).toEqual(PROCESSED);
    expect(await test.reads.figures(affiliate.id)).toMatchObject({ signups: 1 });
    await test.program.deliver();
    const kept = (await everythingKept(test.knex)) + test.logger.text() + test.host.text();
    const secrets = [PASSWORD, 'rita@example.org', 'Secret Street', 'Hiddenham', 'ZZ1 1ZZ', '960000'];
    const more = ['GB123456789', 'a custom secret', 'Referred Ltd', cookie.split('=')[1]!];
    expect([...secrets, ...more].filter((secret) => kept.includes(secret))).toEqual([]);
  });

  it.each([
    ['a number', { client_id: 7 }],
    ['a string', { client_id: '7' }],
    ['a string with spaces', { client_id: ' 7 ' }],
    ['what it was called before', { userid: 7 }],
    ['both', { client_id: 7, userid: 8 }],
  ])('ClientAdd takes the client’s id as %s', async (_how, ids) => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    expect(await test.hooks.ClientAdd({ ...ids, firstname: 'R', lastname: 'R', email: '', cookie })).toEqual(
      PROCESSED,
    );
    await test.pays({ invoiceid: 10, userid: 7, total: '10.00' });
    await test.pays({ invoiceid: '11', userid: '7', total: '10.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 200 });
  });

  it('ClientEdit shows a closed client as closed, an inactive one as active, and takes new names', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 7 });
    const shown = async () => {
      const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'all' as const } };
      const { rows } = await test.reads.referrals({ ...query, sort: 'name', descending: false, limit: 5 });
      return rows.map(({ name, status }) => [name, status]);
    };
    const edit = (told: object) => {
      test.clock.advance({ hours: 1 });
      return test.hooks.ClientEdit({ userid: 7, uuid: 'a-b-c', olddata: { firstname: 'Rita' }, ...told });
    };
    expect(await edit({ status: 'Closed' })).toEqual(PROCESSED);
    expect(await shown()).toEqual([['R. R.', 'closed']]);
    expect(await edit({ status: 'Inactive', firstname: 'Anna', lastname: 'Zed' })).toEqual(PROCESSED);
    expect(await shown()).toEqual([['A. Z.', 'active']]);
    expect(await edit({ status: 'something new of WHMCS 12' })).toEqual(PROCESSED);
    expect(await edit({})).toEqual(PROCESSED);
    expect(await shown()).toEqual([['A. Z.', 'active']]);
  });

  it('ClientClose closes a referral, and does so once', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 7 });
    expect(await test.hooks.ClientClose({ userid: 7 })).toEqual(PROCESSED);
    expect(await test.hooks.ClientClose({ userid: '7' })).toEqual(PROCESSED);
    const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'closed' as const } };
    const list = await test.reads.referrals({ ...query, sort: 'name', descending: false, limit: 5 });
    expect(list.total.count).toBe(1);
  });

  it.each(['ClientClose', 'PreDeleteClient'] as const)('%s ends an affiliate for good', async (point) => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ clientId: '5' });
    expect(await test.hooks[point]({ userid: 5 })).toEqual(PROCESSED);
    expect(await test.reads.affiliate(affiliate.id)).toMatchObject({ status: 'closed' });
  });

  it('AfterClientMerge takes its two ids in WHMCS’s writing', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ clientId: '5' });
    expect(await test.hooks.AfterClientMerge({ toUserID: 6, fromUserID: '5' })).toEqual(PROCESSED);
    expect(await test.reads.affiliateOfClient('6')).toMatchObject({ id: affiliate.id });
  });

  it('InvoicePaid takes WHMCS’s snapshot with everything it does not need', async () => {
    const test = await given.program(database);
    await test.referral(await test.affiliate(), { client_id: 7 });
    const item = { userid: 7, invoiceid: 40, notes: '', duedate: '2026-03-01', taxed: 1, paymentmethod: 'x' };
    const answer = await test.hooks.InvoicePaid({
      invoiceid: 40,
      invoice: {
        id: 40,
        userid: 7,
        invoicenum: '2026-40',
        date: '2026-03-01',
        datepaid: '2026-03-01 12:00:00',
        subtotal: '30.00',
        tax: '5.70',
        status: 'Paid',
        currency: 'USD',
        total: 35.7,
        credit: '0.00',
        client: { email: 'rita@example.org' },
        items: [
          { ...item, id: 1, type: 'Hosting', relid: 12, amount: '20.00', description: 'Web' },
          { ...item, id: 2, type: 'DomainRegister', relid: 13, amount: 10, description: 'example.org' },
          { ...item, id: 3, type: '', relid: 0, amount: '0.00', description: '', productname: null },
        ],
      },
    });
    expect(answer).toEqual(PROCESSED);
    expect(await commissions(test.knex)).toEqual({ '40/1': [200, 0], '40/2': [100, 0] });
    expect(await everythingKept(test.knex)).not.toContain('rita@example.org');
    await expectSound(test.knex, test.clock.now);
  });

  it('InvoicePaid keeps what terms can be about, and nothing in its place where the host does not tell', async () => {
    const test = await given.program(database);
    const told = { promocode: 'SPRING', country: 'gb', exchangerate: '1.25' };
    const item = {
      id: 1,
      type: 'DomainRegister',
      amount: '10.00',
      productgroupid: 4,
      billingcycle: 'Annually',
    };
    const invoice = { userid: 7, currency: 'GBP', total: '10.00' };
    const items = [{ ...item, domain: 'Example.CO.UK' }];
    await test.hooks.InvoicePaid({ invoiceid: 1, invoice: { ...invoice, ...told, items } });
    await test.hooks.InvoicePaid({
      invoiceid: 2,
      invoice: { ...invoice, items: [{ id: 1, type: 'Hosting', amount: '10.00' }] },
    });
    const payloads = await test
      .knex('mod_affiliates_events')
      .where('type', 'invoice.paid')
      .orderBy('id')
      .pluck<string[]>('payload');
    const [full, plain] = payloads.map((payload) => JSON.parse(payload) as { lines: [object] });
    expect(full).toMatchObject({ coupon: 'SPRING', country: 'GB', exchangeRate: '1.25' });
    expect(full?.lines).toMatchObject([{ productGroup: '4', cycle: 'annually', tld: '.co.uk' }]);
    for (const field of ['coupon', 'country', 'exchangeRate']) expect(plain).not.toHaveProperty(field);
    for (const field of ['productGroup', 'cycle', 'tld']) expect(plain?.lines[0]).not.toHaveProperty(field);
  });

  it('InvoicePaid finds nothing paid where the total is that of a credit note', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 7 });
    expect(await test.pays({ userid: 7, total: '-10.00', items: [{ amount: '10.00' }] })).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('InvoiceRefunded, InvoiceUnpaid and InvoiceCancelled take an invoice’s id and little more', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 7 });
    await test.pays({ invoiceid: 40, userid: 7, total: '100.00' });
    const refund = { invoiceid: 40, refundid: 9, amount: '-30.00', currency: 'usd', status: 'Refunded' };
    expect(await test.hooks.InvoiceRefunded(refund)).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 700 });
    expect(await test.hooks.InvoiceUnpaid({ invoiceid: '40' })).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
    expect(await test.hooks.InvoiceCancelled({ invoiceid: 40 })).toEqual(PROCESSED);
    expect(await test.hooks.InvoiceRefunded({ invoiceid: 40 })).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
  });

  it('DailyCronJob takes anything, runs the nightly order, and reports', async () => {
    const test = await given.program(database);
    const cron = test.hooks.DailyCronJob as (payload: unknown) => Promise<unknown>;
    expect(await cron({})).toMatchObject({ cleared: 0, failed: [] });
    expect(await cron(undefined)).toMatchObject({ cleared: 0, failed: [] });
  });
});

describeOnEachDatabase('The hook TicketOpen', (database) => {
  const ticket = {
    ticketid: 3,
    ticketmask: 'ABC-123456',
    userid: 7,
    deptid: 1,
    deptname: 'Support',
    subject: 'May I become an affiliate?',
    message: 'Please.',
    priority: 'Medium',
  };

  it('recognises a request for the program, and keeps none of its words', async () => {
    const test = await given.program(database);
    expect(await test.hooks.TicketOpen(ticket)).toEqual(PROCESSED);
    expect(await test.hooks.TicketOpen({ ...ticket, userid: '7', ticketid: '3' })).toEqual(PROCESSED);
    expect(await test.reads.openRequests()).toMatchObject([{ ticketId: '3', clientId: '7' }]);
    expect(await everythingKept(test.knex)).not.toContain('May I become');
  });

  it.each([
    ['its department’s number', { ticketDepartment: '1' }, {}],
    ['the word in the message alone', {}, { subject: 'Hello', message: 'The AFFILIATES program, please' }],
    ['a department in other capitals', { ticketDepartment: 'SUPPORT' }, {}],
    ['another word of the settings', { requestWords: ['partner'] }, { subject: 'Partner program' }],
  ])('knows it by %s', async (_how, settings, told) => {
    const test = await given.program(database, { settings });
    expect(await test.hooks.TicketOpen({ ...ticket, ...told })).toEqual(PROCESSED);
    expect(await test.reads.isProgramRequest('3')).toBe(true);
  });

  it.each([
    ['about something else', { subject: 'My site is down', message: 'Help' }],
    ['in another department', { deptid: 2, deptname: 'Sales' }],
    ['of nobody who is signed in', { userid: 0 }],
    ['of nobody who is signed in, told with nothing', { userid: null }],
  ])('leaves alone a ticket %s, and keeps nothing of it', async (_which, told) => {
    const test = await given.program(database);
    const before = await everythingKept(test.knex);
    expect(await test.hooks.TicketOpen({ ...ticket, ...told })).toEqual(IGNORED);
    expect(await everythingKept(test.knex)).toBe(before);
  });
});

/** Payloads that no honest host sends, with the field that is wrong. */
const REFUSED: [point: string, what: string, payload: unknown, field: string][] = [
  ['ClientAdd', 'nothing', undefined, ''],
  ['ClientAdd', 'null', null, ''],
  ['ClientAdd', 'a string', 'client 7', ''],
  ['ClientAdd', 'a list', [7], ''],
  ['ClientAdd', 'no client', {}, 'client_id'],
  ['ClientAdd', 'an id that is an object', { client_id: { $gt: 0 } }, 'client_id'],
  ['ClientAdd', 'an id that is a fraction', { client_id: 7.5 }, 'client_id'],
  ['ClientAdd', 'an id that is no number', { client_id: NaN }, 'client_id'],
  ['ClientAdd', 'an id of spaces', { client_id: '  ' }, 'client_id'],
  ['ClientAdd', 'an id of a page', { client_id: 'x'.repeat(65) }, 'client_id'],
  ['ClientAdd', 'a name that is an object', { client_id: 7, firstname: { toString: 'x' } }, 'firstname'],
  ['ClientAdd', 'a time that is none', { client_id: 7, at: 'yesterday' }, 'at'],
  ['ClientAdd', 'a time without its zone', { client_id: 7, at: '2026-03-01T12:00:00' }, 'at'],
  ['ClientAdd', 'a time that is no date', { client_id: 7, at: new Date(NaN) }, 'at'],
  ['ClientAdd', 'a time beyond all calendars', { client_id: 7, at: 1e20 }, 'at'],
  ['ClientAdd', 'a time before all', { client_id: 7, at: -1 }, 'at'],
  ['ClientAdd', 'an empty event id', { client_id: 7, eventId: '' }, 'eventId'],
  ['ClientAdd', 'an event id of a page', { client_id: 7, eventId: 'x'.repeat(151) }, 'eventId'],
  ['ClientEdit', 'no client', { status: 'Closed' }, 'userid'],
  ['ClientClose', 'no client', {}, 'userid'],
  ['PreDeleteClient', 'a list for a client', { userid: [7] }, 'userid'],
  ['AfterClientMerge', 'half a merge', { toUserID: 7 }, 'fromUserID'],
  ['TicketOpen', 'no ticket', { userid: 7, subject: '', message: '' }, 'ticketid'],
  ['InvoicePaid', 'no invoice', { invoiceid: 1 }, 'invoice'],
  ['InvoicePaid', 'no lines', paid({ items: undefined }), 'invoice.items'],
  ['InvoicePaid', 'no client', paid({ userid: undefined }), 'invoice.userid'],
  ['InvoicePaid', 'no total', paid({ total: undefined }), 'invoice.total'],
  ['InvoicePaid', 'no currency', paid({ currency: undefined }), 'invoice.currency'],
  ['InvoicePaid', 'a currency that is none', paid({ currency: 'ABC' }), 'invoice.currency'],
  ['InvoicePaid', 'a currency that is a sign', paid({ currency: '$' }), 'invoice.currency'],
  ['InvoicePaid', 'a country that is none', paid({ country: 'England' }), 'invoice.country'],
  ['InvoicePaid', 'an exchange rate of nothing', paid({ exchangerate: '0.0' }), 'invoice.exchangerate'],
  ['InvoicePaid', 'an exchange rate below nothing', paid({ exchangerate: '-1' }), 'invoice.exchangerate'],
  ['InvoicePaid', 'an exponent', paid({ total: '1e9' }), 'invoice.total'],
  ['InvoicePaid', 'a float that is off', paid({ total: 0.1 + 0.2 }), 'invoice.total'],
  ['InvoicePaid', 'infinity', paid({ total: Infinity }), 'invoice.total'],
  ['InvoicePaid', 'a huge number', paid({ total: 1e30 }), 'invoice.total'],
  ['InvoicePaid', 'a decimal comma', paid({}, { amount: '10,00' }), 'invoice.items.0.amount'],
  ['InvoicePaid', 'too many decimals', paid({}, { amount: '10.005' }), 'invoice.items.0.amount'],
  ['InvoicePaid', 'a line without an id', paid({}, { id: undefined }), 'invoice.items.0.id'],
  ['InvoicePaid', 'a quantity of nothing', paid({}, { quantity: 0 }), 'invoice.items.0.quantity'],
  ['InvoicePaid', 'more lines than an invoice has', paid({ items: lines(1001) }), 'invoice.items'],
  [
    'InvoicePaid',
    'two lines of one number',
    paid({ items: [...lines(2), { id: 1, amount: '5.00' }] }),
    'invoice.items',
  ],
  ['InvoiceRefunded', 'no invoice', { amount: '1.00', currency: 'USD' }, 'invoiceid'],
  ['InvoiceRefundReversed', 'no number of the refund', { invoiceid: 1 }, 'refundid'],
  ['InvoiceRefunded', 'NaN', { invoiceid: 1, amount: 'NaN', currency: 'USD' }, 'amount'],
  ['InvoiceRefunded', 'too many yen decimals', { invoiceid: 1, amount: '1.5', currency: 'JPY' }, 'amount'],
  ['InvoiceRefunded', 'a currency that is none', { invoiceid: 1, currency: 'ABC' }, 'currency'],
  [
    'InvoiceRefunded',
    'a part that nothing tells from the next',
    { invoiceid: 1, amount: '1.00' },
    'refundid',
  ],
  ['InvoiceUnpaid', 'nothing', undefined, ''],
  ['InvoiceCancelled', 'an id that is true', { invoiceid: true }, 'invoiceid'],
];

function lines(count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, amount: '1.00' }));
}

function paid(invoice: object, item: object = {}) {
  const ordinary = {
    userid: 7,
    currency: 'USD',
    total: '10.00',
    items: [{ id: 1, amount: '10.00', ...item }],
  };
  return { invoiceid: 1, invoice: { ...ordinary, ...invoice } };
}

describe('A malformed payload', () => {
  it.each(REFUSED)(
    'of %s with %s is refused by its field, and leaves no trace',
    async (point, _what, payload, field) => {
      const test = await given.programInMemory();
      const before = await everythingKept(test.knex);
      const hook = test.hooks[point as 'ClientAdd'];
      const answer = await hook(payload);
      expect(answer).toMatchObject({ accepted: false, status: 'failed', field });
      expect(answer.code).toBeTruthy();
      expect(await everythingKept(test.knex)).toBe(before);
      expect(test.logger.entries).toMatchObject([{ level: 'warn', message: 'hook payload refused' }]);
    },
  );

  it('that throws when it is looked at is refused like any other', async () => {
    const test = await given.programInMemory();
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('rita@example.org');
        },
      },
    );
    for (const hook of [test.hooks.ClientAdd, test.hooks.InvoicePaid, test.hooks.TicketOpen]) {
      expect(await hook(hostile)).toMatchObject({ accepted: false, status: 'failed' });
    }
    expect(test.logger.text()).not.toContain('rita@example.org');
  });

  it('never changes an object’s prototype', async () => {
    const test = await given.programInMemory();
    const polluting = '{"polluted": "yes", "invoiceid": 9}';
    const payload: unknown = JSON.parse(
      `{"invoiceid": 1, "__proto__": ${polluting}, "constructor": {"prototype": ${polluting}},
        "invoice": {"userid": 7, "currency": "USD", "total": "1.00", "__proto__": ${polluting},
          "items": [{"id": 1, "amount": "1.00", "type": "__proto__", "productname": "constructor"}]}}`,
    );
    expect(await test.hooks.InvoicePaid(payload)).toEqual(PROCESSED);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    expect(await everythingKept(test.knex)).not.toContain('polluted');
    expect(await numbersOf(test, 'invoice.paid')).toBe(1);
  });

  it('of any size and depth is answered', async () => {
    const test = await given.programInMemory();
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level++) deep = { deeper: deep };
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]));
    const long = 'x'.repeat(5_000_000);
    const oversized = { ...wide, extra: deep, firstname: long, email: long };
    expect(await test.hooks.ClientAdd({ client_id: 7, ...oversized })).toEqual(PROCESSED);
    expect(await test.hooks.ClientAdd({ client_id: 8, firstname: deep })).toMatchObject({
      field: 'firstname',
    });
    expect(await test.hooks.InvoicePaid(paid({ total: long }))).toMatchObject({ field: 'invoice.total' });
    const named = paid({}, { productname: long });
    expect(await test.hooks.InvoicePaid(named)).toEqual(PROCESSED);
    expect((await everythingKept(test.knex)).length).toBeLessThan(100_000);
  });
});
