/**
 * I12 under terms by which payments depend on one another: a cap of the month, and steps by payments or conversions. In
 * whatever order a history is told it ends as when it is told in time, and on no step of the way above the cap.
 */
import fc from 'fast-check';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectReplayable } from '../support/replay';
import { factsOf, told, type Delivery, type History } from './deliveries';

const percent = (basisPoints: number) => ({ kind: 'percent' as const, basisPoints });

const counted = fc.record({
  by: fc.constantFrom('payments', 'conversions', 'monthConversions'),
  /** Cents. */
  cap: fc.constantFrom(500, 3000, 12_000),
});
type Counted = typeof counted extends fc.Arbitrary<infer Each> ? Each : never;

/** An affiliate, under those terms, of whom everything has happened before anything is told. */
async function program({ recurring, clearingDays }: History, { by, cap }: Counted) {
  const test = await given.programInMemory({ settings: { recurring, clearingDays, defaultRate: '10%' } });
  const affiliate = await test.affiliate();
  const bounds = { lineMinimum: null, lineMaximum: null, referralMaximum: null };
  const steps = [
    { upTo: 1, rate: percent(1000) },
    { upTo: null, rate: percent(2000) },
  ];
  await test.acts.changeTerms({
    requestId: requestId(),
    staff: STAFF,
    scope: 'program',
    scopeKey: '',
    rate: { kind: 'steps', by, steps },
    recurring,
    clearingDays,
    limits: { currency: 'USD', ...bounds, periodMaximum: cap, period: 'month' },
  });
  const cookie = await test.click(affiliate);
  test.clock.advance({ hours: 500 });
  return { test, affiliate, cookie };
}

/** @returns what is kept of each line, in cents */
async function kept({ knex }: TestProgram): Promise<Record<string, number>> {
  const rows = await knex<{ line_key: string; earned: number; reversed: number }>(
    'mod_affiliates_commissions',
  );
  const lines = rows.map(({ line_key, earned, reversed }) => [line_key, earned - reversed] as const);
  return Object.fromEntries(lines.filter(([, cents]) => cents !== 0));
}

/** @returns what the history comes to when its facts are told so */
async function livedThrough(past: History, terms: Counted, deliveries: readonly Delivery[] | 'in time') {
  const { test, affiliate, cookie } = await program(past, terms);
  const facts = factsOf(past, cookie);
  const inTime = facts
    .map(({ at }, fact) => ({ at, fact, copy: 0, night: false }))
    .sort((one, other) => one.at - other.at);
  for (const { fact, copy, night } of deliveries === 'in time' ? inTime : deliveries) {
    await facts[fact]!.deliver(test, `F${fact} report ${copy % 2}`);
    if (night) {
      test.clock.advance({ hours: 12 });
      await test.program.daily();
    }
    const sum = Object.values(await kept(test)).reduce((all, cents) => all + cents, 0);
    expect(sum).toBeLessThanOrEqual(terms.cap);
  }
  test.clock.advance({ days: 60 });
  expect(await test.program.daily()).toMatchObject({ failed: [], holds: true });
  await expectReplayable(test.knex);
  const { cleared } = await test.accounts(affiliate);
  const { conversions } = await test.reads.figures(affiliate.id);
  const lines = await kept(test);
  await test.close();
  return { cleared, conversions, lines };
}

describe('A history told late, twice and in any order', () => {
  it('ends as in time under a cap and steps, and is never above the cap', async () => {
    await fc.assert(
      fc.asyncProperty(told, counted, async ({ past, deliveries }, terms) => {
        const punctual = await livedThrough(past, terms, 'in time');
        expect(await livedThrough(past, terms, deliveries)).toEqual(punctual);
      }),
      { numRuns: 10, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);
});
