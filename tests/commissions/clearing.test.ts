import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';

const clearing = (clearingDays: number, timeZone = 'UTC') => ({ settings: { clearingDays, timeZone } });

async function paidAt(test: TestProgram, instant: string) {
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate);
  test.clock.set(instant);
  await test.pays({ invoiceid: 'A', userid, total: '100.00' });
  return affiliate;
}

describeOnEachDatabase('A commission that must clear', (database) => {
  it('does so at its moment, and not one millisecond before', async () => {
    const test = await given.program(database, clearing(30));
    const affiliate = await paidAt(test, '2026-03-10T08:00:00.000Z');
    test.clock.set('2026-04-09T07:59:59.999Z');
    expect(await test.program.daily()).toMatchObject({ cleared: 0, failed: [] });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 1000, cleared: 0 });
    test.clock.set('2026-04-09T08:00:00.000Z');
    expect(await test.program.daily()).toMatchObject({ cleared: 1, failed: [] });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('clears once, however often the nightly order runs', async () => {
    const test = await given.program(database, clearing(1));
    const affiliate = await paidAt(test, '2026-03-10T08:00:00Z');
    test.clock.advance({ days: 1 });
    await test.hooks.DailyCronJob();
    expect(await test.program.daily()).toMatchObject({ cleared: 0 });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 1000 });
  });

  it('clears what a refund has left of it', async () => {
    const test = await given.program(database, clearing(1));
    const affiliate = await paidAt(test, '2026-03-10T08:00:00Z');
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '30.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 700, cleared: 0 });
    test.clock.advance({ days: 1 });
    await test.program.daily();
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 700 });
    await test.refunds({ invoiceid: 'A', refundid: 'S', amount: '70.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('comes back cleared when its invoice is paid again after the wait', async () => {
    const test = await given.program(database, clearing(1));
    const affiliate = await paidAt(test, '2026-03-10T08:00:00Z');
    await test.hooks.InvoiceUnpaid({ invoiceid: 'A' });
    test.clock.advance({ days: 1 });
    expect(await test.program.daily()).toMatchObject({ cleared: 1 });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 0 });
    await test.pays({ invoiceid: 'A', userid: 'whoever', total: '100.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('counts at once where the terms let it', async () => {
    const test = await given.program(database, clearing(0));
    const affiliate = await paidAt(test, '2026-03-10T08:00:00Z');
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 1000 });
  });

  it('is cleared in batches until none is due, and what is not due waits', async () => {
    const test = await given.program(database, clearing(10));
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = Array.from({ length: 300 }, (_, index) => ({ amount: '1.00', relid: `s${index}` }));
    await test.pays({ invoiceid: 'A', userid, items });
    test.clock.advance({ days: 5 });
    await test.pays({ invoiceid: 'B', userid, total: '7.00' });
    test.clock.advance({ days: 5 });
    expect(await test.program.daily()).toMatchObject({ cleared: 300 });
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 70, cleared: 3000 });
    await expectSound(test.knex, test.clock.now);
  });
});

describe('A clearing day', () => {
  /** Same time of day in the program's zone, so many days on: a day can have 23 or 25 hours. */
  it.each([
    ['loses an hour in spring', '2026-03-28T12:00:00+01:00', '2026-03-29T12:00:00+02:00'],
    ['gains one in autumn', '2026-10-24T12:00:00+02:00', '2026-10-25T12:00:00+01:00'],
    [
      'ends after the gap when its time falls into it',
      '2026-03-28T02:30:00+01:00',
      '2026-03-29T03:30:00+02:00',
    ],
    ['crosses midnight in UTC but not in the zone', '2026-06-01T00:30:00+02:00', '2026-06-02T00:30:00+02:00'],
  ])('%s', async (_what, paid, clears) => {
    const test = await given.programInMemory(clearing(1, 'Europe/Berlin'));
    await paidAt(test, paid);
    const moment = Date.parse(clears);
    test.clock.set(new Date(moment - 1).toISOString());
    expect(await test.program.daily()).toMatchObject({ cleared: 0 });
    test.clock.set(new Date(moment).toISOString());
    expect(await test.program.daily()).toMatchObject({ cleared: 1 });
  });
});

describeOnMariaDb('The nightly order in several processes at once', (database) => {
  it('clears every commission once', async () => {
    const test = await given.program(database, clearing(1));
    const other = await test.another();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = Array.from({ length: 60 }, (_, index) => ({ amount: '10.00', relid: `s${index}` }));
    await test.pays({ invoiceid: 'A', userid, items });
    test.clock.advance({ days: 1 });
    const reports = await Promise.all([test.program.daily(), other.program.daily(), test.program.daily()]);
    expect(reports.map(({ failed }) => failed)).toEqual([[], [], []]);
    expect(reports.reduce((all, { cleared }) => all + cleared, 0)).toBe(60);
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 6000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('loses no refund that comes at the same time', async () => {
    const test = await given.program(database, clearing(1));
    const other = await test.another();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const invoices = Array.from({ length: 12 }, (_, index) => `I${index}`);
    for (const invoiceid of invoices) await test.pays({ invoiceid, userid, total: '10.00' });
    test.clock.advance({ days: 1 });
    await Promise.all([
      test.program.daily(),
      ...invoices.map((invoiceid) => other.refunds({ invoiceid, refundid: 'R', amount: '5.00' })),
    ]);
    await test.program.daily();
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 600 });
    await expectSound(test.knex, test.clock.now);
  });
});
