/** Reconciling: what the host lists against what was accepted, by what it is about. */
import type { ListedFact } from '../../index';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { refund, signup, type PaidInvoice } from '../support/payloads';

const DAY = '2026-04-10T09:00:00Z';
const LATER = '2026-04-12T09:00:00Z';

const paid = (invoice: PaidInvoice): ListedFact => ({
  hook: 'InvoicePaid',
  payload: given.paidInvoice({ at: DAY, ...invoice }),
});
const refunded = (invoiceid: string, refundid: string, amount: string, at = LATER): ListedFact => ({
  hook: 'InvoiceRefunded',
  payload: refund({ invoiceid, refundid, amount, at }),
});
const listed = (hook: ListedFact['hook'], payload: object): ListedFact => ({
  hook,
  payload: { at: DAY, ...payload },
});

async function referred(test: TestProgram) {
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate, { at: '2026-04-01T00:00:00Z' });
  test.clock.advance({ days: 60 });
  return { affiliate, userid };
}

describeOnEachDatabase('Reconciling', (database) => {
  it('finds what never came, whatever ids the rest came under, and hands it in once', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    await test.pays({ invoiceid: 'A', userid, total: '100.00', at: DAY, eventId: 'live-1' });
    await test.refunds({ invoiceid: 'A', refundid: 'R1', amount: '10.00', at: LATER });
    const facts = [
      listed('ClientAdd', signup({ client_id: userid, eventId: 'list-0' })),
      paid({ invoiceid: 'A', userid, total: '100.00', eventId: 'list-1' }),
      paid({ invoiceid: 'B', userid, total: '50.00', eventId: 'list-2' }),
      refunded('A', 'R1', '10.00'),
      refunded('A', 'R2', '20.00'),
      listed('InvoiceRefundReversed', { invoiceid: 'A', refundid: 'R1', at: LATER }),
    ];
    const missing = [
      { hook: 'InvoicePaid', id: 'B' },
      { hook: 'InvoiceRefunded', id: 'A/R2' },
      { hook: 'InvoiceRefundReversed', id: 'A/R1' },
    ];
    expect(await test.program.reconcile(facts)).toEqual({ checked: 6, missing, notes: [] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 900 });

    const applied = { accepted: true, status: 'processed' };
    const report = await test.program.reconcile(facts, { apply: true });
    expect(report.missing).toEqual(missing.map((fact) => ({ ...fact, applied })));
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1300 });
    expect(await test.program.reconcile(facts, { apply: true })).toMatchObject({ missing: [], notes: [] });
    await expectSound(test.knex, test.clock.now);
  });

  it('goes through more facts than one statement holds, and notes payments the host no longer lists', async () => {
    const test = await given.program(database);
    const ids = Array.from({ length: 1203 }, (_, index) => `I${index}`);
    await test.pays({ invoiceid: 'gone', userid: '7', at: DAY });
    await test.pays({ invoiceid: 'unpaid', userid: '7', at: DAY });
    await test.hooks.InvoiceUnpaid({ invoiceid: 'unpaid', at: LATER });
    await test.pays({ invoiceid: 'other-month', userid: '7', at: '2026-05-01T00:00:00Z' });
    await test.pays({ invoiceid: 'I7', userid: '7', at: DAY });
    const heard: number[] = [];
    const report = await test.program.reconcile(
      ids.map((invoiceid) => paid({ invoiceid, userid: '7' })),
      {
        complete: { from: Date.parse('2026-04-01T00:00:00Z'), to: Date.parse('2026-05-01T00:00:00Z') },
        progress: (checked) => heard.push(checked),
      },
    );
    expect(report.missing).toHaveLength(1202);
    expect(report.notes).toEqual([{ hook: 'InvoicePaid', id: 'gone', note: 'unlisted', detail: '' }]);
    expect(heard).toEqual([500, 1000, 1203]);
  });
});

describeOnSqlite('Reconciling', (database) => {
  it('misses a payment that came again after the invoice was reopened, and a reopening after the payment', async () => {
    const test = await given.program(database);
    await test.pays({ invoiceid: 'again', userid: '7', at: '2026-04-01T00:00:00Z' });
    await test.hooks.InvoiceUnpaid({ invoiceid: 'again', at: '2026-04-02T00:00:00Z' });
    await test.pays({ invoiceid: 'back', userid: '7', at: '2026-04-01T00:00:00Z' });
    const { missing } = await test.program.reconcile([
      paid({ invoiceid: 'again', userid: '7', at: '2026-04-03T00:00:00Z' }),
      listed('InvoiceCancelled', { invoiceid: 'back' }),
      listed('InvoiceUnpaid', { invoiceid: 'again' }),
      listed('InvoiceUnpaid', { invoiceid: 'never seen' }),
    ]);
    expect(missing.map(({ id }) => id)).toEqual(['again', 'back']);
  });

  it.each<[string, Partial<PaidInvoice>, string]>([
    ['another currency', { currency: 'EUR' }, 'currency'],
    ['another total', { total: '90.00', items: [{ amount: '100.00' }] }, 'total'],
    ['other lines', { total: '100.00', items: [{ amount: '60.00' }, { amount: '40.00' }] }, 'lines'],
    ['the event id of something else', { invoiceid: 'N', eventId: 'live' }, 'eventId'],
  ])('notes an invoice that is listed with %s, and leaves it as it is', async (_how, told, detail) => {
    const test = await given.program(database);
    const { affiliate, userid } = await referred(test);
    await test.pays({ invoiceid: 'A', userid, total: '100.00', at: DAY, eventId: 'live' });
    const fact = paid({ invoiceid: 'A', userid, total: '100.00', ...told });
    const report = await test.program.reconcile([fact], { apply: true });
    const id = told.invoiceid ?? 'A';
    expect(report).toMatchObject({ missing: [], notes: [{ id, note: 'differs', detail }] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
  });

  it('notes a refund that is listed with another amount', async () => {
    const test = await given.program(database);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '10.00', at: DAY });
    const { missing, notes } = await test.program.reconcile([refunded('A', 'R', '11.00')]);
    expect(missing).toEqual([]);
    expect(notes).toEqual([{ hook: 'InvoiceRefunded', id: 'A/R', note: 'differs', detail: 'amount' }]);
  });

  it('does not miss a client who is erased, and one of whom nothing is kept is missed once', async () => {
    const test = await given.program(database);
    await test.hooks.ClientAdd(signup({ client_id: '8', at: DAY }));
    await test.hooks.PreDeleteClient({ userid: '8', at: LATER });
    await test.hooks.ClientClose({ userid: '9', at: DAY });
    const facts = [
      listed('ClientAdd', signup({ client_id: '8' })),
      listed('ClientClose', { userid: '9' }),
      listed('ClientAdd', signup({ client_id: '10', email: '' })),
    ];
    const first = await test.program.reconcile(facts, { apply: true });
    expect(first.missing).toMatchObject([{ id: '10', applied: { status: 'processed' } }]);
    expect((await test.program.reconcile(facts)).missing).toEqual([]);
  });

  it('notes what cannot be read, or has no date, and goes on', async () => {
    const test = await given.program(database);
    const report = await test.program.reconcile(
      [
        { hook: 'InvoicePaid', payload: given.paidInvoice({ invoiceid: 'A' }) },
        paid({ invoiceid: 'B', currency: 'XYZ' }),
        paid({ invoiceid: 'C', items: [{ amount: '1,5' }], total: '1.50' }),
        { hook: 'InvoicePaid', payload: 'nonsense' },
        paid({ invoiceid: 'D', userid: '7' }),
      ],
      { apply: true },
    );
    expect(report.checked).toBe(5);
    expect(report.missing.map(({ id }) => id)).toEqual(['D']);
    expect(report.notes.map(({ note, detail }) => [note, detail])).toEqual([
      ['unreadable', 'at'],
      ['unreadable', 'invoice.currency'],
      ['unreadable', 'invoice.items.0.amount'],
      ['unreadable', ''],
    ]);
  });
});
