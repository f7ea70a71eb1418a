/** What the program owes at the end of a day: how old it is, and that no later day changes it. */
import fc from 'fast-check';
import { daysBefore, spanAt, spanNamed, type Span } from '../../module/calendar';
import { AGES, ageOf } from '../../module/ledger';
import type { LiabilityView, OwedView } from '../../module/views';
import { describeOnEachDatabase } from '../support/databases';
import { settableClock } from '../support/clock';
import { given, type TestProgram } from '../support/given';
import { decisions } from '../withdrawals/given';
import { history, liveThrough } from './given';

const BERLIN = 'Europe/Berlin';
const DAY = 24 * 3_600_000;

describe('The age of what is owed', () => {
  const none = [0, 0, 0, 0, 0];
  it.each([
    ['nothing is of no age', [0, 0, 0], [0, 0, 0, 0], [none, none, none]],
    ['what came in today is young', [500, 0, 0], [500, 0, 0, 0], [[500, 0, 0, 0, 0], none, none]],
    ['what came in before all groups is old', [0, 500, 0], [0, 0, 0, 0], [none, [0, 0, 0, 0, 500], none]],
    ['debits took the oldest first', [0, 300, 0], [200, 900, 0, 0], [none, [200, 100, 0, 0, 0], none]],
    ['paid credits are gone', [0, 100, 0], [900, 0, 0, 0], [none, [100, 0, 0, 0, 0], none]],
    [
      'the oldest is reserved and the youngest clearing',
      [100, 200, 300],
      [150, 0, 250, 0],
      [
        [100, 0, 0, 0, 0],
        [50, 0, 150, 0, 0],
        [0, 0, 100, 0, 200],
      ],
    ],
  ])('%s', (_what, [clearing = 0, cleared = 0, reserved = 0], credits, aged) => {
    expect(Object.values(ageOf({ clearing, cleared, reserved }, credits))).toEqual(aged);
  });

  it('splits every account into all of it, whatever came in', () => {
    const amount = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        fc.tuple(amount, amount, amount),
        fc.array(amount, { maxLength: 4 }),
        (accounts, credits) => {
          const [clearing, cleared, reserved] = accounts;
          const aged = Object.values(ageOf({ clearing, cleared, reserved }, credits));
          expect(aged.map((ages) => ages.reduce((all, part) => all + part, 0))).toEqual(accounts);
          expect(aged.flat().every((part) => part >= 0)).toBe(true);
          credits.forEach((credit, group) => {
            expect(aged.reduce((all, ages) => all + (ages[group] ?? 0), 0)).toBeLessThanOrEqual(credit);
          });
        },
      ),
    );
  });
});

describeOnEachDatabase('The liability', (database) => {
  const start = (instant: string, settings = {}) =>
    given.program(database, { clock: settableClock(instant), settings: { timeZone: BERLIN, ...settings } });
  const day = (key: string) => spanNamed('day', key, BERLIN)!;
  const liability = ({ reads }: TestProgram, on: string | Span, currency = 'USD') =>
    reads.liability({ currency, day: typeof on === 'string' ? day(on) : on });

  it('is what a history worked out by hand says, on every day of it', async () => {
    const test = await start('2026-01-01T09:00:00Z', { clearingDays: 30 });
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '800.00' });
    test.clock.set('2026-02-15T09:00:00Z');
    await test.program.daily();
    await test.pays({ invoiceid: 'B', userid, total: '300.00' });
    test.clock.set('2026-02-20T09:00:00Z');
    const withdrawal = await test.withdrawal(affiliate, { method: 'paypal', details: 'me' });
    test.clock.set('2026-03-31T09:00:00Z');
    await test.refunds({ invoiceid: 'B', refundid: 'R', amount: '100.00' });
    test.clock.set('2026-04-02T09:00:00Z');
    await decisions(test).approve(withdrawal, 'PP-1');
    const of = async (on: string) => {
      const { total } = await liability(test, on);
      const { accounts, ages, debt } = total;
      return [accounts.clearing, accounts.cleared, accounts.reserved, ages, debt];
    };
    expect(await of('2025-12-31')).toEqual([0, 0, 0, [0, 0, 0, 0, 0], 0]);
    expect(await of('2026-01-01')).toEqual([8000, 0, 0, [8000, 0, 0, 0, 0], 0]);
    expect(await of('2026-01-31')).toEqual([8000, 0, 0, [8000, 0, 0, 0, 0], 0]);
    expect(await of('2026-02-01')).toEqual([8000, 0, 0, [0, 8000, 0, 0, 0], 0]);
    expect(await of('2026-02-15')).toEqual([3000, 8000, 0, [3000, 8000, 0, 0, 0], 0]);
    expect(await of('2026-02-20')).toEqual([3000, 0, 8000, [3000, 8000, 0, 0, 0], 0]);
    // On the 30th of March, 43 and 88 days old. The refund of the 31st takes from the oldest.
    expect(await of('2026-03-30')).toEqual([3000, 0, 8000, [0, 3000, 8000, 0, 0], 0]);
    expect(await of('2026-03-31')).toEqual([2000, 0, 8000, [0, 3000, 7000, 0, 0], 0]);
    // Paid out: of the 30 that came in last, 20 are left.
    expect(await of('2026-04-02')).toEqual([2000, 0, 0, [0, 2000, 0, 0, 0], 0]);
  });

  it('shows a carried debt apart from what is owed', async () => {
    const test = await start('2026-01-01T09:00:00Z');
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '800.00' });
    await decisions(test).approve(
      await test.withdrawal(affiliate, { method: 'paypal', details: 'me' }),
      'PP-1',
    );
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '800.00' });
    const other = await test.affiliate();
    await test.pays({ userid: await test.referral(other, { client_id: '8' }), total: '50.00' });
    const { total, rows } = await liability(test, '2026-01-01');
    expect(total).toMatchObject({ accounts: { cleared: 500 }, owed: 500, debt: 8000 });
    expect(rows.map((row) => [row.affiliate.code, row.owed, row.debt])).toEqual([
      [other.code, 500, 0],
      [affiliate.code, 0, 8000],
    ]);
  });

  it('counts days of the program’s time zone, also where a day has 23 hours', async () => {
    // Summer time begins on the 29th of March.
    const test = await start('2026-03-28T22:59:59.999Z');
    const userid = await test.referral(await test.affiliate());
    await test.pays({ userid, total: '10.00' });
    test.clock.set('2026-03-28T23:00:00.000Z');
    await test.pays({ userid, total: '20.00' });
    test.clock.set('2026-03-29T22:00:00.000Z');
    await test.pays({ userid, total: '40.00' });
    const owed = async (on: string) => (await liability(test, on)).total.owed;
    expect([await owed('2026-03-28'), await owed('2026-03-29'), await owed('2026-03-30')]).toEqual([
      100, 300, 700,
    ]);
    const ages = async (on: string) => (await liability(test, on)).total.ages.slice(0, 2);
    expect(await ages('2026-04-27')).toEqual([700, 0]);
    expect(await ages('2026-04-28')).toEqual([600, 100]);
    expect(await ages('2026-04-29')).toEqual([400, 300]);
  });

  it('gives a merged affiliate’s money the age of the merge, and forgets nothing of it', async () => {
    const test = await start('2026-01-01T09:00:00Z', { clearingDays: 300 });
    const from = await test.affiliate({ clientId: '51' });
    const to = await test.affiliate({ clientId: '52' });
    await test.pays({ userid: await test.referral(from, { client_id: '8' }), total: '100.00' });
    test.clock.set('2026-06-01T09:00:00Z');
    await test.hooks.AfterClientMerge({ fromUserID: '51', toUserID: '52' });
    const { rows } = await liability(test, '2026-06-10');
    expect(rows.map(({ affiliate, ages }) => [affiliate.id, ages])).toEqual([[to.id, [1000, 0, 0, 0, 0]]]);
  });

  it('keeps apart what a merged affiliate was owed, and what it owed', async () => {
    const test = await start('2026-01-01T09:00:00Z', { clearingDays: 10 });
    const from = await test.affiliate({ clientId: '51' });
    await test.affiliate({ clientId: '52' });
    const userid = await test.referral(from, { client_id: '8' });
    await test.pays({ invoiceid: 'A', userid, total: '800.00' });
    test.clock.advance({ days: 20 });
    await test.program.daily();
    await decisions(test).approve(await test.withdrawal(from, { method: 'paypal', details: 'me' }), 'PP-1');
    await test.pays({ invoiceid: 'B', userid, total: '300.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '800.00' });
    await test.hooks.AfterClientMerge({ fromUserID: '51', toUserID: '52' });
    const { total, rows } = await liability(test, '2026-01-21');
    expect(total).toMatchObject({ owed: 3000, ages: [3000, 0, 0, 0, 0], debt: 8000 });
    expect(rows).toHaveLength(1);
  });

  it('is first in, first out, sums up to the balances, and of a past day stays the same', async () => {
    const runs = database.name === 'SQLite' ? 20 : 5;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const test = await start('2026-01-20T09:00:00Z', { threshold: '10.00', clearingDays: 10 });
        const affiliate = await test.affiliate();
        const seen = new Map<string, LiabilityView>();
        await liveThrough(test, affiliate, steps, async () => {
          const today = spanAt('day', test.clock.now().getTime(), BERLIN);
          const yesterday = spanAt('day', today.from - DAY / 2, BERLIN);
          seen.set(yesterday.key, await liability(test, yesterday));
          const { total } = await liability(test, today);
          const { clearing, cleared, reserved } = await test.accounts(affiliate);
          expect(total.accounts).toEqual({ clearing, cleared: Math.max(0, cleared), reserved });
          expect(total.debt).toBe(Math.max(0, -cleared));
          expect(total.ages).toEqual(await agesByQueue(test, total, today));
        });
        for (const [key, found] of seen) expect(await liability(test, key)).toEqual(found);
        await test.close();
      }),
      { numRuns: runs },
    );
  }, 120_000);
});

/** Every credit queues up, and whenever less is owed than is in the queue, the oldest leave: the rule of docs, step by step. */
async function agesByQueue({ knex }: TestProgram, { owed }: OwedView, today: Span): Promise<number[]> {
  const rows = await knex({ e: 'mod_affiliates_ledger_entries' })
    .join('mod_affiliates_ledger_transactions as t', 't.id', 'e.transaction_id')
    .orderBy('e.transaction_id')
    .select<{ transaction_id: string; account: string; amount: number; posted_at: number }[]>(
      'e.transaction_id',
      'e.account',
      'e.amount',
      't.posted_at',
    );
  const held = { clearing: 0, cleared: 0, reserved: 0 };
  let queue: { amount: number; at: number }[] = [];
  for (const id of new Set(rows.map(({ transaction_id }) => transaction_id))) {
    const own = rows.filter(({ transaction_id, account }) => transaction_id === id && account in held);
    for (const { account, amount } of own) held[account as keyof typeof held] += amount;
    const credit = own.reduce((all, { amount }) => all + amount, 0);
    if (credit > 0) queue.push({ amount: credit, at: own[0]!.posted_at });
    let tooMuch =
      queue.reduce((all, { amount }) => all + amount, 0) -
      (held.clearing + Math.max(0, held.cleared) + held.reserved);
    queue = queue.map(({ amount, at }) => {
      const leaves = Math.min(amount, tooMuch);
      tooMuch -= leaves;
      return { amount: amount - leaves, at };
    });
  }
  const ages = [0, 0, 0, 0, 0];
  for (const { amount, at } of queue) {
    const group = AGES.findIndex((days) => at >= daysBefore(today, days, BERLIN));
    ages[group < 0 ? 4 : group]! += amount;
  }
  expect(ages.reduce((all, amount) => all + amount, 0)).toBe(owed);
  return ages;
}
