/** What if: what everybody would have earned under other terms, without writing anything. */
import { createSimulation, type Simulation } from '../../module/replay';
import { readSettings } from '../../module/settings';
import { readWrittenTerms } from '../../module/terms';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, PORTAL, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept } from '../support/invariants';
import { PROGRAM, twoWeeks } from './given';

const settings = readSettings({ portalUrl: PORTAL });
const START = Date.parse('2026-03-01T12:00:00Z');
const DAY = 24 * 60 * 60 * 1000;

const simulate = (test: TestProgram, yaml: string, since = START): Promise<Simulation> =>
  createSimulation(test.knex, settings)({ terms: readWrittenTerms(yaml, 'USD'), since });

const changeRate = (test: TestProgram, scope: 'program' | 'product', basisPoints: number) =>
  test.acts.changeTerms({
    requestId: requestId(),
    staff: STAFF,
    scope,
    scopeKey: scope === 'program' ? '' : 'web-1',
    rate: { kind: 'percent', basisPoints },
    recurring: scope === 'program' ? 'every' : null,
    clearingDays: scope === 'program' ? 0 : null,
  });

describeOnEachDatabase('A simulation', (database) => {
  it('says per affiliate and in all what would have been earned, who gains most first, and writes nothing', async () => {
    const test = await given.program(database);
    const { one, other } = await twoWeeks(test);
    const before = await everythingKept(test.knex);
    expect(await simulate(test, PROGRAM('20%'), START + DAY)).toMatchObject({
      impossible: 0,
      affiliates: [
        {
          affiliateId: one.id,
          code: one.code,
          currency: 'USD',
          before: 3000,
          after: 5000,
          difference: 2000,
          lines: 1,
        },
        { affiliateId: other.id, before: 500, after: 1000, difference: 500, lines: 1 },
      ],
      totals: [{ currency: 'USD', before: 3500, after: 6000, difference: 2500, lines: 2 }],
    });
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('may begin before the program did, and whatever the clocks said', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    const whole = { impossible: 0, totals: [{ before: 3500, after: 7000, lines: 3 }] };
    expect(await simulate(test, PROGRAM('20%'), START - DAY)).toMatchObject(whole);
    test.clock.set('2025-03-01T12:00:00Z');
    const affiliate = await test.affiliate();
    await test.pays({ userid: await test.referral(affiliate), total: '100.00' });
    const late = { impossible: 0, totals: [{ before: 4500, after: 8000, lines: 3 }] };
    expect(await simulate(test, PROGRAM('20%'), START - DAY)).toMatchObject(late);
  });

  it('finds nothing to change under the terms that there were', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    const total = { currency: 'USD', before: 3500, after: 3500, difference: 0, lines: 0 };
    expect(await simulate(test, PROGRAM('10%'))).toMatchObject({ affiliates: [], totals: [total] });
  });

  it('knows what was accepted while it ran', async () => {
    const test = await given.program(database);
    const { first } = await twoWeeks(test);
    const running = simulate(test, PROGRAM('20%'));
    await test.pays({ invoiceid: 'D', userid: first, total: '1000.00' });
    const { totals } = await running;
    expect(totals).toMatchObject([{ before: totals[0]!.after / 2 }]);
  });
});

describeOnSqlite('A simulation', (database) => {
  it('holds from its day on: what was paid before keeps its rate, a refund of it too', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '50.00' });
    await test.refunds({ invoiceid: 'B', refundid: 'R', amount: '100.00' });
    const { affiliates: rows } = await simulate(test, PROGRAM('20%'), START + DAY);
    // 5.00 of A, and 20.00 in place of 10.00 of B
    expect(rows[0]).toMatchObject({ before: 1500, after: 2500, lines: 1 });
  });

  it('replaces what was changed of the same scope since, and leaves other scopes alone', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    test.clock.advance({ days: 1 });
    await changeRate(test, 'program', 3000);
    await test.pays({ userid, items: [{ amount: '100.00', productid: 'other' }] });
    await changeRate(test, 'product', 4000);
    await test.pays({ userid, items: [{ amount: '100.00' }] });
    expect(await simulate(test, PROGRAM('20%'))).toMatchObject({
      affiliates: [{ before: 7000, after: 6000, lines: 1 }],
    });
    const product = '- { scope: product, key: web-1, rate: 0% }';
    expect(await simulate(test, product)).toMatchObject({
      affiliates: [{ before: 7000, after: 3000, lines: 1 }],
    });
  });

  it('earns what earned nothing, and nothing of what earned', async () => {
    const test = await given.program(database, { settings: { defaultRate: '0%' } });
    await twoWeeks(test);
    expect(await simulate(test, PROGRAM('5.00'))).toMatchObject({
      totals: [{ before: 0, after: 1500, lines: 3 }],
    });
    const other = await given.program(database);
    await twoWeeks(other);
    expect(await simulate(other, PROGRAM('0%'))).toMatchObject({
      totals: [{ before: 3500, after: 0, lines: 3 }],
    });
  });

  it('gives an affiliate who came later its terms from that moment on', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    const late = await test.affiliate();
    await test.pays({ userid: await test.referral(late), total: '100.00' });
    const yaml = `- { scope: affiliate, key: ${late.id}, rate: 50% }`;
    expect(await simulate(test, yaml)).toMatchObject({
      affiliates: [{ affiliateId: late.id, before: 1000, after: 5000 }],
    });
  });

  it('refuses the terms of an affiliate that never was, and of a day that is to come changes nothing', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    const yaml = '- { scope: affiliate, key: 99, rate: 50% }';
    await expect(simulate(test, yaml)).rejects.toMatchObject({ code: 'affiliate_missing' });
    expect(await simulate(test, PROGRAM('90%'), START + 99 * DAY)).toMatchObject({ affiliates: [] });
  });

  it('leaves payouts as they are, also where less would have been earned', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '600.00' });
    const withdrawalId = await test.withdrawal(affiliate);
    await test.acts.approveWithdrawal({
      requestId: requestId(),
      staff: STAFF,
      withdrawalId,
      transactionId: 'TX',
    });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '100.00' });
    expect(await simulate(test, PROGRAM('1%'))).toMatchObject({
      impossible: 0,
      totals: [{ before: 5000, after: 500 }],
    });
  });

  it('says how much could not have happened', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.pays({ userid: await test.referral(affiliate), total: '600.00' });
    await test.acts.proposeCorrection({
      requestId: requestId(),
      staff: STAFF,
      affiliateId: affiliate.id,
      currency: 'USD',
      amount: 4000,
      direction: 'debit',
      reason: 'Paid twice',
    });
    expect(await simulate(test, PROGRAM('1%'))).toMatchObject({
      impossible: 1,
      totals: [{ before: 2000, after: 600 }],
    });
  });

  it('is made one at a time, and not of a history that takes long', async () => {
    const test = await given.program(database);
    await twoWeeks(test);
    const ask = createSimulation(test.knex, settings);
    const supposed = { terms: readWrittenTerms(PROGRAM('20%'), 'USD'), since: START };
    const running = ask(supposed);
    await expect(ask(supposed)).rejects.toMatchObject({ code: 'simulation_busy' });
    await running;
    const late = jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(60_000);
    await expect(ask(supposed)).rejects.toMatchObject({ code: 'simulation_too_long' });
    late.mockRestore();
    await test.knex.raw(
      `INSERT INTO mod_affiliates_event_answers (event_id, status, answer, answered_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001) SELECT 'E' || i, 'set_aside', '{}', 0 FROM n`,
    );
    await expect(ask(supposed)).rejects.toMatchObject({ code: 'simulation_too_large' });
  });
});
