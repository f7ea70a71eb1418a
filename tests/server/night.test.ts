/** A nightly order that takes longer than a host waits for an answer. */
import { describeOnMariaDb, describeOnSqlite } from '../support/databases';
import { paidInvoice } from '../support/payloads';
import { fact, referAndPay, startService, type TestService } from './given';

const NIGHT = { hook: 'DailyCronJob', payload: {} };
const answerOf = (status: string) => ({ answer: { accepted: true, status, retry: false } });
const COMMISSIONS = 'mod_affiliates_commissions';

/** Client 5 has earned 10.00, which is due to be cleared. */
async function leaveSomethingDue(test: TestService): Promise<void> {
  await referAndPay(test, '5', { total: '100.00' });
  test.clock.advance({ days: 11 });
}

/** @returns what each night that ended came to */
const nightsOf = ({ log }: TestService) =>
  log
    .map((line) => JSON.parse(line) as { msg: string; cleared?: number; holds?: boolean; failed?: string[] })
    .filter(({ msg }) => msg === 'nightly order done')
    .map(({ cleared, holds, failed }) => ({ cleared, holds, failed }));

const SETTINGS = { portalUrl: 'https://my.example.com', approvalAbove: '', clearingDays: '10' };
const WHOLE = { holds: true, failed: [] };

describeOnMariaDb('A night that takes long', (database) => {
  it('is answered with waiting, goes on, and clears once, however often and wherever it is asked for', async () => {
    const url = await database.clean();
    const one = await startService(url, { settings: SETTINGS });
    const other = await startService(url, { settings: SETTINGS }, one.clock);
    await leaveSomethingDue(one);
    const knex = database.connect(url);
    // Somebody holds what is due, for longer than is polite to wait.
    const holding = await knex.transaction();
    await holding(COMMISSIONS).forUpdate();
    const asked = await Promise.all([one, one, other].map(({ ask }) => ask('POST', '/events', NIGHT)));
    expect(asked.map(({ json }) => json)).toEqual([1, 2, 3].map(() => answerOf('waiting')));
    expect([...nightsOf(one), ...nightsOf(other)]).toEqual([]);
    // Whatever else the portal asks is answered meanwhile.
    const paid = fact(one.clock, 'InvoicePaid', paidInvoice({ userid: '9' }));
    expect((await one.ask('POST', '/events', paid)).json).toEqual(answerOf('processed'));
    await holding.rollback();
    // A service ends when its night has.
    await Promise.all([one.close(), other.close()]);
    expect(nightsOf(one)).toEqual([{ cleared: expect.any(Number) as number, ...WHOLE }]);
    expect(nightsOf(other)).toEqual([{ cleared: expect.any(Number) as number, ...WHOLE }]);
    const cleared = [...nightsOf(one), ...nightsOf(other)].map(({ cleared: count = 0 }) => count);
    expect(cleared.reduce((all, count) => all + count, 0)).toBe(1);
  });
});

describeOnSqlite('A night', (database) => {
  it('that ends in time is answered with processed, and a second one finds nothing left to clear', async () => {
    const test = await startService(await database.clean(), { settings: SETTINGS });
    await leaveSomethingDue(test);
    const asked = [await test.ask('POST', '/events', NIGHT), await test.ask('POST', '/events', NIGHT)];
    expect(asked.map(({ json }) => json)).toEqual([answerOf('processed'), answerOf('processed')]);
    expect(nightsOf(test)).toEqual([
      { cleared: 1, ...WHOLE },
      { cleared: 0, ...WHOLE },
    ]);
  });
});
