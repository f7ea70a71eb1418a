/** The SQL of the ledger as it was: what stood in the accounts at a moment of the past, and what was posted between two. */
import type { Knex } from 'knex';
import type { Currency } from '../money';
import type { EntryKind } from '../views';
import { OWING } from './age';
import { firstIdAt, postedAt } from './moment';
import { ACCOUNTS, type Account } from './rules';

const TRANSACTIONS = 'mod_affiliates_ledger_transactions';
const ENTRIES = 'mod_affiliates_ledger_entries';

/** Minor units per account: what stood in it, or by how much something changed it. */
export type Sums = Readonly<Record<Account, number>>;

/** One affiliate's accounts in one currency. */
export interface Whose {
  readonly affiliateId: number;
  readonly currency: Currency;
}

/** From when, inclusive, and until when, exclusive; ms, UTC. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** SUM gives null over no rows, and a text on MySQL, whose sums are wider than its integers. */
type SumRow = Readonly<Record<Account, number | string | null>>;

export function toSums(row: SumRow | undefined): Sums {
  const sums = ACCOUNTS.map((account) => [account, Number(row?.[account] ?? 0)] as const);
  // One entry per account.
  return Object.fromEntries(sums) as Record<Account, number>;
}

/** A column per account: the sum of its entries within each group. */
const sumColumns = (knex: Knex): Knex.Raw[] =>
  ACCOUNTS.map((account) =>
    knex.raw('sum(case when ?? = ? then ?? else 0 end) as ??', ['e.account', account, 'e.amount', account]),
  );

const entriesOf = (knex: Knex, { affiliateId, currency }: Whose) =>
  knex({ e: ENTRIES }).where({ 'e.affiliate_id': affiliateId, 'e.currency': currency });

const within = (query: Knex.QueryBuilder, { from, to }: Period) =>
  query.andWhere('e.transaction_id', '>=', firstIdAt(from)).andWhere('e.transaction_id', '<', firstIdAt(to));

/** @returns what stood in the accounts before the transaction with that id, or before the one that would have it. */
export async function sumsBefore(knex: Knex, whose: Whose, id: string): Promise<Sums> {
  const query = entriesOf(knex, whose).andWhere('e.transaction_id', '<', id);
  const [row] = await query.select<SumRow[]>(sumColumns(knex));
  return toSums(row);
}

/** What the transactions of one kind came to. */
export interface Movement {
  readonly kind: EntryKind;
  readonly count: number;
  readonly changes: Sums;
}

/** @returns what was posted within a period, summed up by kind, the kind that came first first. */
export async function movementsIn(knex: Knex, whose: Whose, period: Period): Promise<Movement[]> {
  const rows = await within(entriesOf(knex, whose), period)
    .join({ t: TRANSACTIONS }, 't.id', 'e.transaction_id')
    .groupBy('t.kind')
    .orderByRaw('min(e.transaction_id)')
    .countDistinct({ count: 'e.transaction_id' })
    .select<(SumRow & { kind: EntryKind; count: number })[]>('t.kind', ...sumColumns(knex));
  return rows.map((row) => ({ kind: row.kind, count: row.count, changes: toSums(row) }));
}

/** A transaction's id and what it changed in one affiliate's accounts. */
export type ChangeRow = SumRow & { readonly id: string };

/** @returns the transactions of a period that touch the accounts, as a query for a list to page through by id. */
export function changesIn(knex: Knex, whose: Whose, period: Period): Knex.QueryBuilder<object, ChangeRow[]> {
  return within(entriesOf(knex, whose), period)
    .groupBy('e.transaction_id')
    .select({ id: 'e.transaction_id' }, ...sumColumns(knex)) as Knex.QueryBuilder<object, ChangeRow[]>;
}

/** @returns when the accounts were first posted to; null where they never were; ms, UTC. */
export async function firstPostingAt(knex: Knex, whose: Whose): Promise<number | null> {
  const [row] = await entriesOf(knex, whose).min<{ id: string | null }[]>({ id: 'e.transaction_id' });
  return row?.id ? postedAt(row.id) : null;
}

/** What one affiliate's accounts held. */
export interface Held {
  readonly affiliateId: number;
  readonly sums: Sums;
}

/**
 * @param before a moment; ms, UTC
 * @returns what the accounts of affiliates held then, so many affiliates after the one with that id, in order of ids
 */
export async function heldBefore(
  knex: Knex,
  currency: Currency,
  before: number,
  { after, limit }: { after: number; limit: number },
): Promise<Held[]> {
  const rows = await knex({ e: ENTRIES })
    .where('e.currency', currency)
    .andWhere('e.affiliate_id', '>', after)
    .andWhere('e.transaction_id', '<', firstIdAt(before))
    .groupBy('e.affiliate_id')
    .orderBy('e.affiliate_id')
    .limit(limit)
    .select<(SumRow & { id: number })[]>({ id: 'e.affiliate_id' }, ...sumColumns(knex));
  return rows.map((row) => ({ affiliateId: row.id, sums: toSums(row) }));
}

/**
 * Sums up by how much transactions raised what is owed. A merge may bring a debt along, which lowers nothing of what
 * came with it.
 * @param periods each ends where the one before it begins: the youngest first
 * @returns sums by affiliate, one per period; affiliates without any are left out
 */
export async function creditsIn(
  knex: Knex,
  currency: Currency,
  affiliateIds: readonly number[],
  periods: readonly Period[],
): Promise<Map<number, number[]>> {
  const from = Math.min(...periods.map((period) => period.from));
  const to = Math.max(...periods.map((period) => period.to));
  const credits = within(knex({ e: ENTRIES }), { from, to })
    .join({ t: TRANSACTIONS }, 't.id', 'e.transaction_id')
    .where('e.currency', currency)
    .whereIn('e.affiliate_id', affiliateIds)
    .whereIn('e.account', OWING)
    .groupBy('e.affiliate_id', 'e.transaction_id')
    .select(
      { affiliate_id: 'e.affiliate_id', id: 'e.transaction_id' },
      knex.raw("sum(case when t.kind = 'transfer' and e.amount < 0 then 0 else e.amount end) as credit"),
    );
  const column = ({ from: first, to: end }: Period, index: number) =>
    knex.raw('sum(case when id >= ? and id < ? then credit else 0 end) as ??', [
      firstIdAt(first),
      firstIdAt(end),
      `period_${index}`,
    ]);
  const rows: Record<string, number | string>[] = await knex
    .from(credits.as('c'))
    .where('credit', '>', 0)
    .groupBy('affiliate_id')
    .select('affiliate_id', ...periods.map(column));
  return new Map(
    rows.map((row) => [
      Number(row['affiliate_id']),
      periods.map((_, index) => Number(row[`period_${index}`])),
    ]),
  );
}

/** @returns what the transactions whose keys begin with one of these did to each account, over all affiliates. */
export async function sumsUnder(knex: Knex, prefixes: readonly string[]): Promise<Sums> {
  const query = knex({ e: ENTRIES })
    .join({ t: TRANSACTIONS }, 't.id', 'e.transaction_id')
    .where((any) => {
      for (const prefix of prefixes) {
        // Keys compare byte by byte, so all that begin with the prefix lie before its next neighbour.
        const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
        void any.orWhere((under) => void under.where('t.key', '>=', prefix).andWhere('t.key', '<', end));
      }
    });
  const [row] = await query.select<SumRow[]>(sumColumns(knex));
  return toSums(row);
}
