/** What was earned, and what would have been: per affiliate and currency, and in all. */
import type { Knex } from 'knex';
import { sum, type Currency } from '../money';
import { pairsOf, type Pair, type Row } from './compare';
import { COMPARISONS, type Comparison } from './comparisons';

/** Amounts are minor units of `currency`, without what was taken back. */
export interface Earned {
  readonly currency: Currency;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
  /** How many invoice lines would have earned another amount, lines that did or would earn nothing included. */
  readonly lines: number;
}

export interface EarnedDifference {
  /** Affiliates for whom anything would change, who would gain most first. */
  readonly affiliates: readonly (Earned & { readonly affiliateId: number; readonly code: string })[];
  /** Over all affiliates, one per currency. */
  readonly totals: readonly Earned[];
}

interface Sum {
  readonly affiliateId: number;
  readonly currency: Currency;
  before: number;
  after: number;
  lines: number;
}

/** Compares what is kept with what a simulation made. */
export async function sumUp(kept: Knex, simulated: Knex): Promise<EarnedDifference> {
  const sums = new Map<string, Sum>();
  const sumOf = ({ kept: one, replayed }: Pair): Sum => {
    const row = one ?? replayed;
    const [affiliateId, currency] = [Number(row['affiliate_id']), String(row['currency'])];
    const key = `${affiliateId}:${currency}`;
    const known = sums.get(key) ?? { affiliateId, currency, before: 0, after: 0, lines: 0 };
    sums.set(key, known);
    return known;
  };
  for await (const pair of pairsOf(kept, simulated, named('balances'))) {
    const found = sumOf(pair);
    found.before = costOf(pair.kept);
    found.after = costOf(pair.replayed);
  }
  for await (const pair of pairsOf(kept, simulated, named('commissions'))) {
    if (remaining(pair.kept) !== remaining(pair.replayed)) sumOf(pair).lines++;
  }
  return {
    affiliates: await changedOf(kept, [...sums.values()]),
    totals: totalsOf([...sums.values()]),
  };
}

function named(name: string): Comparison {
  const comparison = COMPARISONS.find((each) => each.name === name);
  if (!comparison) throw new Error(`${name} are not compared`);
  return comparison;
}

/** The program's own side of all that was credited: commissions, bonuses and corrections. */
const costOf = (balance: Row | null): number => (balance ? sum([-Number(balance['expense'])]) : 0);

const remaining = (commission: Row | null): number =>
  commission ? sum([Number(commission['earned']), -Number(commission['reversed'])]) : 0;

const withDifference = <S extends { before: number; after: number }>(one: S) => ({
  ...one,
  difference: sum([one.after, -one.before]),
});

async function changedOf(kept: Knex, sums: readonly Sum[]): Promise<EarnedDifference['affiliates']> {
  const changed = sums.filter(({ before, after, lines }) => before !== after || lines > 0);
  const codes = await codesOf(kept);
  return changed
    .map((one) => ({ ...withDifference(one), code: codes.get(one.affiliateId) ?? '' }))
    .sort((one, other) => other.difference - one.difference || one.affiliateId - other.affiliateId);
}

async function codesOf(knex: Knex): Promise<Map<number, string>> {
  const rows = await knex<{ id: number; code: string }>('mod_affiliates_affiliates').select('id', 'code');
  return new Map(rows.map(({ id, code }) => [id, code]));
}

function totalsOf(sums: readonly Sum[]): Earned[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const own = sums.filter((one) => one.currency === currency);
    const total = (part: 'before' | 'after' | 'lines') => sum(own.map((one) => one[part]));
    return withDifference({
      currency,
      before: total('before'),
      after: total('after'),
      lines: total('lines'),
    });
  });
}
