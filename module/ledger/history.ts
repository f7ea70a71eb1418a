/** The SQL of the ledger as it was: what stood in the accounts at a moment of the past, and what was posted between two. */
import type { Knex } from 'knex';
import type { Currency } from '../money';
import type { EntryKind } from '../views';
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
