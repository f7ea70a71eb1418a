import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { breakTable } from '../support/faults';
import { given, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { commissions } from '../commissions/findings';

const LINES = 'mod_affiliates_invoice_lines';
const PROCESSED = { accepted: true, status: 'processed' };
const WAITING = { accepted: true, status: 'waiting' };

async function referred(test: TestProgram) {
  const affiliate = await test.affiliate();
  return { affiliate, userid: await test.referral(affiliate) };
}

/** Leaves what no transaction can get past: the invoice's line is there already, under another invoice. */
const plantLine = (test: TestProgram, invoiceid: string) =>
  test.knex(LINES).insert({
    line_key: `${invoiceid}/1`,
    invoice_id: 'planted',
    line_id: '1',
    client_id: '',
    kind: 'other',
    net: 0,
    quantity: 1,
    service_id: '',
    product_id: '',
    product_name: '',
    paid_at: 0,
  });

describeOnEachDatabase('An event', (database) => {
  it('that comes again gets the answer it got', async () => {
    const test = await given.program(database);
    const { userid } = await referred(test);
    const invoice = given.paidInvoice({ userid, eventId: 'E', at: '2026-03-01T10:00:00+01:00' });
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(PROCESSED);
    test.clock.advance({ days: 400 });
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(PROCESSED);
    expect(await test.knex('mod_affiliates_events').where({ source_id: 'E' })).toHaveLength(1);
  });

  it('that comes again with other contents is refused, and the first stands', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    await test.pays({ invoiceid: 'A', userid, total: '10.00', eventId: 'E' });
    const conflict = { accepted: false, status: 'failed', code: 'event_conflict' };
    expect(await test.pays({ invoiceid: 'A', userid, total: '99.00', eventId: 'E' })).toEqual(conflict);
    expect(await test.hooks.InvoiceUnpaid({ invoiceid: 'A', eventId: 'E' })).toEqual(conflict);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
    await expectSound(test.knex, test.clock.now);
  });

  it('without an id is known by what it says and when it happened', async () => {
    const test = await given.program(database);
    const { userid } = await referred(test);
    const before = (await test.knex('mod_affiliates_events')).length;
    const invoice = given.paidInvoice({ userid, at: '2026-03-01T10:00:00Z' });
    await test.hooks.InvoicePaid(invoice);
    await test.hooks.InvoicePaid({ ...invoice, at: Date.parse('2026-03-01T10:00:00Z') });
    await test.hooks.InvoicePaid({ ...invoice, at: new Date('2026-03-01T10:00:00Z') });
    expect(await test.knex('mod_affiliates_events')).toHaveLength(before + 1);
  });

  it('that meets a fault waits, and is processed when the fault is gone', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const mend = await breakTable(test.knex, LINES);
    const invoice = given.paidInvoice({ userid, total: '10.00', eventId: 'E' });
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(WAITING);
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(WAITING);
    expect(await test.reads.trouble()).toMatchObject([{ status: 'waiting', code: 'fault', attempts: 1 }]);
    expect(test.logger.text()).toContain('event could not be processed and waits');
    // It is not asked for again before its time: a fault is given time to pass.
    await mend();
    expect(await test.program.daily()).toMatchObject({ retried: { processed: 0, waiting: 1 } });
    test.clock.advance({ minutes: 1 });
    expect(await test.program.daily()).toMatchObject({ retried: { processed: 1, waiting: 0 }, failed: [] });
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
    expect(await test.reads.trouble()).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });

  it('that keeps failing waits longer each time, and staff can try it at once', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const mend = await breakTable(test.knex, LINES);
    await test.pays({ userid, total: '10.00' });
    for (const minutes of [1, 5, 30]) {
      test.clock.advance({ minutes });
      expect(await test.program.daily()).toMatchObject({ retried: { processed: 0, waiting: 1 }, failed: [] });
    }
    expect(await test.reads.trouble()).toMatchObject([{ attempts: 4 }]);
    test.clock.advance({ minutes: 119 });
    await mend();
    expect(await test.program.daily()).toMatchObject({ retried: { processed: 0, waiting: 1 } });
    expect(await test.acts.retryEvents()).toEqual({ processed: 1, waiting: 0 });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
  });

  it('that cannot be kept at all is the host’s to report again', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const mend = await breakTable(test.knex, 'mod_affiliates_events');
    const invoice = given.paidInvoice({ userid, total: '10.00', eventId: 'E' });
    expect(await test.hooks.InvoicePaid(invoice)).toEqual({
      accepted: false,
      status: 'failed',
      code: 'fault',
    });
    await mend();
    expect(await test.hooks.InvoicePaid(invoice)).toEqual(PROCESSED);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
  });

  it('that can make no sense is set aside with its reason', async () => {
    const test = await given.program(database);
    const { userid } = await referred(test);
    const items = Array.from({ length: 10 }, () => ({ amount: '9999999999999.00' }));
    const answer = await test.pays({ userid, total: '9999999999999.00', items });
    expect(answer).toEqual({ accepted: true, status: 'set_aside', code: 'amount_out_of_range' });
    expect(await test.reads.trouble()).toMatchObject([{ status: 'set_aside', code: 'amount_out_of_range' }]);
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnEachDatabase('Events that come together', (database) => {
  const together = (test: TestProgram, userid: string) =>
    Promise.all(
      ['A', 'B', 'bad', 'C', 'D'].map((invoiceid) => test.pays({ invoiceid, userid, total: '10.00' })),
    );

  it('fail alone', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const mend = await breakTable(test.knex, LINES, "NEW.invoice_id = 'bad'");
    expect(await together(test, userid)).toEqual([PROCESSED, PROCESSED, WAITING, PROCESSED, PROCESSED]);
    await mend();
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 400 });
    await test.acts.retryEvents();
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
    await expectSound(test.knex, test.clock.now);
  });

  it('fail alone also where one of them can never be committed', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    await plantLine(test, 'bad');
    expect(await together(test, userid)).toEqual([PROCESSED, PROCESSED, WAITING, PROCESSED, PROCESSED]);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 400 });
    await test.knex(LINES).where({ invoice_id: 'planted' }).delete();
    expect(await test.acts.retryEvents()).toEqual({ processed: 1, waiting: 0 });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
    await expectSound(test.knex, test.clock.now);
  });

  it('and wait together are not held up by one that can never be committed', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const mend = await breakTable(test.knex, LINES);
    expect(await together(test, userid)).toEqual([WAITING, WAITING, WAITING, WAITING, WAITING]);
    await mend();
    await plantLine(test, 'bad');
    expect(await test.acts.retryEvents()).toEqual({ processed: 4, waiting: 1 });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 400 });
    expect(await test.reads.trouble()).toMatchObject([{ status: 'waiting', attempts: 2 }]);
    await test.knex(LINES).where({ invoice_id: 'planted' }).delete();
    expect(await test.acts.retryEvents()).toEqual({ processed: 1, waiting: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('are each kept once when each is told several times in the same breath', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    const told = Array.from({ length: 40 }, (_, index) => {
      const invoiceid = `I${index % 10}`;
      return test.pays({ invoiceid, userid, total: '10.00', eventId: invoiceid });
    });
    expect(new Set((await Promise.all(told)).map(({ status }) => status))).toEqual(new Set(['processed']));
    expect(Object.keys(await commissions(test.knex))).toHaveLength(10);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnMariaDb('Two processes of one program', (database) => {
  it('told of one affiliate’s invoices and refunds all at once keep every cent', async () => {
    const test = await given.program(database);
    const other = await test.another();
    const { affiliate, userid } = await referred(test);
    const invoices = Array.from({ length: 24 }, (_, index) => `I${index}`);
    const at = test.clock.now();
    await Promise.all(
      invoices.flatMap((invoiceid, index) => {
        const [one, two] = index % 2 === 0 ? [test, other] : [other, test];
        const paid = { invoiceid, userid, total: '10.00', at };
        return [
          one.pays({ ...paid, eventId: `${invoiceid} paid` }),
          two.pays({ ...paid, eventId: `${invoiceid} paid` }),
          two.pays({ ...paid, eventId: `${invoiceid} told again` }),
          one.refunds({ invoiceid, refundid: 'R1', amount: '2.50', eventId: `${invoiceid} R1` }),
          two.refunds({ invoiceid, refundid: 'R1', amount: '2.50', eventId: `${invoiceid} R1 again` }),
          two.refunds({ invoiceid, refundid: 'R2', amount: '2.50' }),
        ];
      }),
    );
    // Whatever two writers kept each other from is not lost.
    await test.acts.retryEvents();
    expect(await test.reads.trouble()).toEqual([]);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 24 * 50 });
    const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'all' as const } };
    const list = await test.reads.referrals({ ...query, sort: 'paid', descending: true, limit: 5 });
    expect(list.rows).toMatchObject([{ paid: 24 * 500, earned: 24 * 50 }]);
    await expectSound(test.knex, test.clock.now);
  });

  it('that enrol one client at once make one affiliate', async () => {
    const test = await given.program(database);
    const other = await test.another();
    const both = await Promise.allSettled([
      test.affiliate({ clientId: '5' }),
      other.affiliate({ clientId: '5' }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await test.knex('mod_affiliates_affiliates')).toHaveLength(1);
    expect(await test.knex('mod_affiliates_affiliate_totals')).toHaveLength(1);
  });

  it('that hear of one signup through two links at once make one referral', async () => {
    const test = await given.program(database);
    const other = await test.another();
    const [one, two] = [await test.affiliate(), await test.affiliate()];
    const cookies = [await test.click(one), await test.click(two)];
    await Promise.all([
      test.hooks.ClientAdd(given.signup({ client_id: '7', cookie: cookies[0]! })),
      other.hooks.ClientAdd(given.signup({ client_id: '7', cookie: cookies[1]! })),
    ]);
    expect(await test.knex('mod_affiliates_referrals')).toHaveLength(1);
    const figures = [await test.reads.figures(one.id), await test.reads.figures(two.id)];
    expect(figures.map(({ signups }) => signups).sort()).toEqual([0, 1]);
  });
});
