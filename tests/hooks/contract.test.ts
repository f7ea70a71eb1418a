/** Each hook point takes the payload that WHMCS documents for it, and survives every other. */
import { describeOnEachDatabase } from '../support/databases';
import { given, STAFF, type TestProgram } from '../support/given';

const PROCESSED = { accepted: true, status: 'processed' };

/** The variables of WHMCS's own ClientAdd, the deprecated ones and the password included. */
const clientAdd = (cookie: string) => ({
  client_id: 17,
  user_id: 23,
  userid: 17,
  firstname: 'Jane',
  lastname: 'Doe',
  companyname: 'Doe & Sons',
  email: 'jane@example.com',
  address1: '1 Long Street',
  address2: '',
  city: 'Springfield',
  state: 'IL',
  postcode: '62701',
  country: 'US',
  phonenumber: '+1.5555550100',
  tax_id: 'US-99-1234567',
  customFields: { 4: 'blue' },
  marketing_emails_opt_in: true,
  groupid: 0,
  password: 'correct horse battery staple',
  cookie,
});

const invoicePaid = {
  invoiceid: 501,
  invoice: {
    userid: 17,
    currency: 'USD',
    total: '119.00',
    credit: '0.00',
    items: [
      {
        id: 900,
        type: 'Hosting',
        relid: 61,
        description: 'Web Hosting L (2026-03-01 - 2026-03-31)',
        amount: '100.00',
        taxed: 1,
        productid: 5,
        productname: 'Web Hosting L',
      },
    ],
  },
};

const page = {
  locale: 'english',
  base: 'index.php?m=cloudpockets_affiliates',
  assets: '/assets',
  csrf: { field: 'token', token: 'c5rf' },
};
const staffPage = { ...page, base: 'addonmodules.php?module=cloudpockets_affiliates', staff: STAFF };

async function textOfDatabase({ knex }: TestProgram, tables: readonly string[]): Promise<string> {
  const rows = await Promise.all(tables.map((table) => knex(table).select('*')));
  return JSON.stringify(rows);
}

const TABLES = [
  'mod_affiliates_events',
  'mod_affiliates_event_answers',
  'mod_affiliates_event_personal',
  'mod_affiliates_referrals',
  'mod_affiliates_attributions',
  'mod_affiliates_commands',
  'mod_affiliates_audit',
  'mod_affiliates_program_requests',
];

describeOnEachDatabase('A hook', (database) => {
  async function withReferral() {
    const test = await given.program(database, { settings: { ticketDepartment: 'Affiliates' } });
    const affiliate = await test.affiliate({ clientId: '3' });
    expect(await test.hooks.ClientAdd(clientAdd(await test.click(affiliate)))).toEqual(PROCESSED);
    return { test, affiliate };
  }

  it('takes a signup with all of WHMCS’s variables, and keeps neither password nor address of it', async () => {
    const { test, affiliate } = await withReferral();
    expect((await test.reads.figures(affiliate.id)).signups).toBe(1);
    const kept = await textOfDatabase(test, TABLES);
    for (const secret of ['correct horse', 'Long Street', '5555550100', '99-1234567', 'jane@example.com']) {
      expect(kept).not.toContain(secret);
      expect(test.logger.text()).not.toContain(secret);
    }
  });

  it('knows a client by the name that WHMCS gave the variable before', async () => {
    const test = await given.program(database);
    const older = { ...clientAdd(await test.click(await test.affiliate())), client_id: undefined };
    expect(await test.hooks.ClientAdd(older)).toEqual(PROCESSED);
    expect(await test.knex('mod_affiliates_referrals').pluck('client_id')).toEqual(['17']);
  });

  it('takes a paid, a partly refunded, an unpaid and a cancelled invoice', async () => {
    const { test, affiliate } = await withReferral();
    const cleared = async () => (await test.accounts(affiliate)).cleared;
    expect(await test.hooks.InvoicePaid(invoicePaid)).toEqual(PROCESSED);
    expect(await cleared()).toBe(1000);
    test.clock.advance({ minutes: 1 });
    const part = { invoiceid: '501', refundid: 77, amount: '59.50', currency: 'USD' };
    expect(await test.hooks.InvoiceRefunded(part)).toEqual(PROCESSED);
    expect(await cleared()).toBe(500);
    expect(await test.hooks.InvoiceUnpaid({ invoiceid: 501 })).toEqual(PROCESSED);
    expect(await cleared()).toBe(0);
    expect(await test.hooks.InvoiceCancelled({ invoiceid: 501 })).toEqual(PROCESSED);
    expect(await cleared()).toBe(0);
  });

  it('follows an edit, a closing, a merge and a deletion', async () => {
    const { test, affiliate } = await withReferral();
    const shown = async () => {
      const filter = { status: 'all' } as const;
      const query = { affiliateId: affiliate.id, currency: 'USD', filter, sort: 'signedUp' } as const;
      const [row] = (await test.reads.referrals({ ...query, descending: true, limit: 9 })).rows;
      return `${row?.name} ${row?.status}`;
    };
    const edit = {
      userid: 17,
      status: 'Active',
      firstname: 'Janet',
      lastname: 'Roe',
      olddata: { status: 'Active' },
    };
    expect(await test.hooks.ClientEdit(edit)).toEqual(PROCESSED);
    expect(await shown()).toBe('J. R. active');
    test.clock.advance({ minutes: 1 });
    expect(await test.hooks.AfterClientMerge({ toUserID: 18, fromUserID: 17 })).toEqual(PROCESSED);
    expect(await test.hooks.ClientClose({ userid: 18 })).toEqual(PROCESSED);
    expect(await shown()).toBe('J. R. closed');
    expect(await test.hooks.PreDeleteClient({ userid: 18 })).toEqual(PROCESSED);
    expect(await shown()).toBe(' closed');
  });

  it('recognises a ticket that asks for the program, and leaves every other alone', async () => {
    const test = await given.program(database, { settings: { ticketDepartment: 'Affiliates' } });
    const ticket = { ticketid: 8, ticketmask: 'ABC-123456', userid: 4, deptid: 2, priority: 'Medium' };
    const asks = { ...ticket, deptname: 'Affiliates', subject: 'Hello', message: 'May I be an AFFILIATE?' };
    expect(await test.hooks.TicketOpen({ ...asks, ticketid: 7, deptname: 'Sales' })).toMatchObject({
      status: 'ignored',
    });
    expect(await test.hooks.TicketOpen({ ...asks, ticketid: 6, message: 'My site is down' })).toMatchObject({
      status: 'ignored',
    });
    expect(await test.hooks.TicketOpen({ ...asks, ticketid: 5, userid: 0 })).toMatchObject({
      status: 'ignored',
    });
    expect(await test.hooks.TicketOpen(asks)).toEqual(PROCESSED);
    expect((await test.reads.openRequests()).map(({ ticketId }) => ticketId)).toEqual(['8']);
    expect(await textOfDatabase(test, TABLES)).not.toContain('May I be');
  });

  it('shows the switch on the ticket and on the summary, and the widget to affiliates only', async () => {
    const test = await given.program(database, { settings: { ticketDepartment: 'Affiliates' } });
    const ticket = { ticketid: 8, userid: 4, deptname: 'affiliates', subject: 'Affiliate', message: '' };
    await test.hooks.TicketOpen(ticket);
    const client = { email: 'ann@example.com', status: 'Active' };
    const panel = await test.hooks.AdminAreaViewTicketPage({
      ticketid: 8,
      userid: 4,
      client,
      page: staffPage,
    });
    expect(panel).toContain('Switch the program on');
    expect(panel).not.toContain('ann@example.com');
    expect(await test.hooks.AdminAreaViewTicketPage({ ticketid: 9, userid: 4, page: staffPage })).toBe('');
    const summary = await test.hooks.AdminAreaClientSummaryPage({ userid: '4', client, page: staffPage });
    expect(summary).toContain('Switch the program on');
    expect(await test.hooks.ClientAreaHomepagePanels({ userid: 4, page })).toEqual([]);
    await test.affiliate({ clientId: '4' });
    const [widget] = await test.hooks.ClientAreaHomepagePanels({ userid: 4, page });
    expect(widget).toMatchObject({ extras: { 'btn-link': page.base } });
    expect(widget?.bodyHtml).toContain('$50.00');
    expect(await test.hooks.ClientAreaPrimaryNavbar({ userid: 4, page })).toHaveLength(1);
  });

  it('runs the nightly order without variables', async () => {
    const test = await given.program(database, { settings: { clearingDays: 1 } });
    const affiliate = await test.affiliate();
    await test.pays({ userid: await test.referral(affiliate) });
    test.clock.advance({ days: 1 });
    expect(await test.hooks.DailyCronJob()).toMatchObject({ cleared: 1, failed: [] });
  });
});

describe('A hook on SQLite', () => {
  const refused: [point: string, field: string, payload: unknown][] = [
    ['ClientAdd', 'client_id', { firstname: 'Jane' }],
    ['ClientAdd', '', null],
    ['ClientClose', 'userid', { userid: { $gt: 0 } }],
    ['ClientEdit', 'userid', { userid: '' }],
    ['AfterClientMerge', 'fromUserID', { toUserID: 1, fromUserID: [] }],
    ['InvoicePaid', 'invoice', { invoiceid: 1 }],
    [
      'InvoicePaid',
      'invoice.currency',
      { invoiceid: 1, invoice: { ...invoicePaid.invoice, currency: 'dollars' } },
    ],
    ['InvoicePaid', 'invoice.total', { invoiceid: 1, invoice: { ...invoicePaid.invoice, total: '1e9' } }],
    [
      'InvoicePaid',
      'invoice.items.0.amount',
      { invoiceid: 1, invoice: { ...invoicePaid.invoice, items: [{ id: 1, amount: 'NaN' }] } },
    ],
    [
      'InvoicePaid',
      'invoice.items',
      {
        invoiceid: 1,
        invoice: {
          ...invoicePaid.invoice,
          items: [
            { id: 1, amount: '1' },
            { id: '1', amount: '1' },
          ],
        },
      },
    ],
    ['InvoicePaid', 'at', { ...invoicePaid, at: 'yesterday' }],
    ['InvoiceRefunded', 'amount', { invoiceid: 1, refundid: 1, amount: '10.005' }],
    ['InvoiceRefunded', 'refundid', { invoiceid: 1, amount: '10.00' }],
    ['TicketOpen', 'ticketid', { userid: 1 }],
  ];

  it.each(refused)(
    '%s without a good “%s” is refused by its name, and keeps nothing',
    async (point, field, payload) => {
      const test = await given.programInMemory();
      const events = test.knex('mod_affiliates_events');
      const before = await events.clone();
      const hook = test.hooks[point as 'InvoicePaid'];
      expect(await hook(payload)).toMatchObject({ accepted: false, status: 'failed', field });
      expect(await events.clone()).toEqual(before);
    },
  );

  it('that shows something shows nothing when it is called wrongly', async () => {
    const test = await given.programInMemory();
    expect(await test.hooks.AdminAreaViewTicketPage({ ticketid: 8 })).toBe('');
    expect(await test.hooks.AdminAreaClientSummaryPage(undefined)).toBe('');
    expect(await test.hooks.ClientAreaHomepagePanels({ userid: 4 })).toEqual([]);
    expect(await test.hooks.ClientAreaPrimaryNavbar('4')).toEqual([]);
  });
});
