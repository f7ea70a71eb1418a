/**
 * I12: hosts report late, twice and in any order, and the end is the same. Histories are random but legal; what they
 * must come to is predicted by a model of a few lines that knows nothing of the program.
 */
import fc from 'fast-check';
import { describeOnMariaDb } from '../support/databases';
import { given, type Options, type TestProgram } from '../support/given';
import { auditorOf } from '../support/invariants';
import { expectReplayable } from '../support/replay';
import {
  factsOf,
  grossOf,
  paidAt,
  RATES,
  told,
  type Bill,
  type Delivery,
  type History,
  type Refund,
} from './deliveries';

/** What it must come to, in cents. */
interface Outcome {
  readonly cleared: number;
  readonly referrals: Readonly<Record<string, unknown>>;
  readonly commissions: Record<string, number>;
}

const stands = ({ steps }: Bill) =>
  steps.reduce((paid, { kind }) => (kind === 'refund' ? paid : kind === 'paid again'), true);

function expected({ bills, recurring, closes }: History): Outcome {
  const commissions: Record<string, number> = {};
  const rows = new Map<string, { paid: number; earned: number; last: number | null; product: string }>();
  const served = new Set<string>();
  bills.forEach((bill, index) => {
    const row = rows.get(bill.client) ?? { paid: 0, earned: 0, last: null, product: '' };
    rows.set(bill.client, row);
    const largest = bill.lines.reduce((most, each) => (each.cents > most.cents ? each : most));
    row.product = `${largest.product} of I${index}`;
    if (!stands(bill)) return;
    bill.lines.forEach(({ cents, product }, number) => {
      const service = `${bill.client}-${number}`;
      const first = !served.has(service);
      served.add(service);
      const [top, bottom] = refundedShare(bill, number);
      row.paid += cents - part(BigInt(cents), top, bottom);
      if (recurring === 'once' && !first) return;
      const earned = BigInt(part(BigInt(cents), RATES[product], 10_000n));
      const kept = Number(earned) - part(earned, top, bottom);
      if (kept === 0) return;
      commissions[`I${index}/${number + 1}`] = kept;
      row.earned += kept;
      row.last = paidAt(index);
    });
  });
  const referrals = [...rows].map(([client, { paid, earned, last, product }]) => {
    const status = closes.some((closed) => closed === client) ? 'closed' : 'active';
    return [client, { paid, earned, lastCommissionAt: last, product, status }];
  });
  const cleared = Object.values(commissions).reduce((all, cents) => all + cents, 0);
  return { cleared, commissions, referrals: Object.fromEntries(referrals) as Record<string, unknown> };
}

/** All refunds whose money did not come back together, as a fraction of a line; never more than all of it. */
function refundedShare(bill: Bill, line: number): [bigint, bigint] {
  const refunds = bill.steps.filter((step): step is Refund => step.kind === 'refund' && !step.reversed);
  const sum = (of: number | null) =>
    BigInt(refunds.filter((refund) => refund.line === of).reduce((all, { cents }) => all + cents, 0));
  const [net, gross] = [BigInt(bill.lines[line]!.cents), BigInt(grossOf(bill))];
  const [top, bottom] = [sum(line) * gross + sum(null) * net, net * gross];
  return top > bottom ? [1n, 1n] : [top, bottom];
}

/** amount × top / bottom in whole cents, half a cent up. */
const part = (amount: bigint, top: bigint, bottom: bigint) =>
  Number((2n * amount * top + bottom) / (2n * bottom));

async function outcomeOf(test: TestProgram, affiliateId: number): Promise<Outcome> {
  const { knex, reads } = test;
  const { cleared } = await test.accounts({ id: affiliateId });
  const query = { affiliateId, currency: 'USD', filter: { status: 'all' as const } };
  const list = await reads.referrals({ ...query, sort: 'signedUp', descending: false, limit: 10 });
  const clients = await knex<{ id: string; client_id: string }>('mod_affiliates_referrals');
  const clientOf = new Map(clients.map(({ id, client_id }) => [id, client_id]));
  const rows = await knex<{ line_key: string; earned: number; reversed: number }>(
    'mod_affiliates_commissions',
  );
  const kept = rows.map(({ line_key, earned, reversed }) => [line_key, earned - reversed] as const);
  return {
    cleared,
    commissions: Object.fromEntries(kept.filter(([, cents]) => cents !== 0)),
    referrals: Object.fromEntries(
      list.rows.map(({ id, paid, earned, lastCommissionAt, product, status }) => [
        clientOf.get(id) ?? '',
        { paid, earned, lastCommissionAt, product, status },
      ]),
    ),
  };
}

type Start = (options: Options) => Promise<TestProgram>;

async function endsAsExpected(start: Start, past: History, deliveries: readonly Delivery[]): Promise<void> {
  const { recurring, clearingDays } = past;
  const test = await start({ settings: { recurring, clearingDays, defaultRate: '10%' } });
  const affiliate = await test.affiliate();
  await test.acts.changeTerms({
    requestId: 'special rate',
    staff: { id: '1', name: 'Sam' },
    scope: 'product',
    scopeKey: 'special',
    rate: { kind: 'percent', basisPoints: Number(RATES.special) },
    recurring: null,
    clearingDays: null,
  });
  const facts = factsOf(past, await test.click(affiliate));
  // Everything has happened when the first report arrives; what clears does so some nights later.
  test.clock.advance({ hours: 500 });
  const auditor = auditorOf(test.knex, () => test.clock.now().getTime());
  for (const { fact, copy, night } of deliveries) {
    await facts[fact]!.deliver(test, `F${fact} report ${copy % 2}`);
    if (night) {
      test.clock.advance({ hours: 12 });
      await test.program.daily();
    }
    expect(await auditor.audit()).toEqual([]);
  }
  test.clock.advance({ days: 60 });
  expect(await test.program.daily()).toMatchObject({ failed: [] });
  const proof = await test.reads.lastProof();
  expect(proof?.checks.filter(({ finding }) => finding)).toEqual([]);
  expect(await auditor.audit()).toEqual([]);
  await expectReplayable(test.knex);
  expect(await outcomeOf(test, affiliate.id)).toEqual(expected(past));
  await test.close();
}

const check = (start: Start, runs: number) =>
  fc.assert(
    fc.asyncProperty(told, ({ past, deliveries }) => endsAsExpected(start, past, deliveries)),
    { numRuns: runs, interruptAfterTimeLimit: 60_000 },
  );

const LONG = 120_000;

describe('A history told late, twice and in any order on SQLite', () => {
  it('ends in the same balances, commissions and referrals', () => check(given.programInMemory, 40), LONG);
});

describeOnMariaDb('A history told late, twice and in any order', (database) => {
  const start: Start = (options) => given.program(database, options);
  it('ends in the same balances, commissions and referrals', () => check(start, 4), LONG);
});
