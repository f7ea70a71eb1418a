/** The SQL of the journal as the chain and the proof read it. */
import type { Knex } from 'knex';
import { firstIdAt, postedAt } from './moment';

const TRANSACTIONS = 'mod_affiliates_ledger_transactions';
const ENTRIES = 'mod_affiliates_ledger_entries';
const SEALS = 'mod_affiliates_ledger_seals';
const SEALED = 'mod_affiliates_ledger_sealed';

export interface Seal {
  readonly number: number;
  readonly transactions: number;
  /** The largest id that any seal holds so far. */
  readonly last_id: string;
  readonly previous: string;
  readonly hash: string;
  readonly sealed_at: number;
}

/** Everything a transaction says, with its entries, in a fixed order of fields: what its seal hashes. */
interface JournalRow {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly affiliate: number;
  readonly currency: string;
  readonly amount: number;
  readonly commission: string | null;
  readonly withdrawal: string | null;
  readonly event: string;
  readonly at: number;
  readonly posted: number;
  readonly digest: string;
  readonly entries: readonly (readonly [
    affiliate: number,
    account: string,
    currency: string,
    amount: number,
  ])[];
}

/** Transactions by id. */
export type Journal = ReadonlyMap<string, JournalRow>;

/** @returns the newest seal, which vouches for all before it; null before the first. */
export async function lastSeal(knex: Knex): Promise<Seal | null> {
  return (await knex<Seal>(SEALS).orderBy('number', 'desc').first()) ?? null;
}

/** @returns seals after a number, in order, so many at most. */
export async function sealsAfter(knex: Knex, number: number, most: number): Promise<Seal[]> {
  return knex<Seal>(SEALS).where('number', '>', number).orderBy('number').limit(most);
}

/** How far a transaction may commit behind ones with larger ids: longer than any transaction lives. */
const OVERLAP_MS = 24 * 60 * 60_000;

/** @returns the least id that a transaction may have that is not sealed yet. */
function leastUnsealedId(lastId: string): string {
  return lastId ? firstIdAt(postedAt(lastId) - OVERLAP_MS) : '';
}

/** @returns ids of transactions that no seal holds, in the order of their ids. */
export async function unsealedIds(knex: Knex, lastId: string, most: number): Promise<string[]> {
  return knex({ t: TRANSACTIONS })
    .leftJoin({ s: SEALED }, 's.transaction_id', 't.id')
    .whereNull('s.transaction_id')
    .andWhere('t.id', '>=', leastUnsealedId(lastId))
    .orderBy('t.id')
    .limit(most)
    .pluck('t.id');
}

export async function insertSeal(trx: Knex.Transaction, seal: Seal, ids: readonly string[]): Promise<void> {
  await trx(SEALS).insert(seal);
  await trx(SEALED).insert(
    ids.map((transaction_id, position) => ({ transaction_id, seal: seal.number, position })),
  );
}

/** @returns the ids of the transactions that each of several seals holds, in the order they were sealed in. */
export async function sealedIds(knex: Knex, seals: readonly number[]): Promise<Map<number, string[]>> {
  const rows: { seal: number; transaction_id: string }[] = await knex(SEALED)
    .whereIn('seal', seals)
    .orderBy(['seal', 'position'])
    .select('seal', 'transaction_id');
  const ids = new Map(seals.map((seal) => [seal, [] as string[]]));
  for (const { seal, transaction_id } of rows) ids.get(seal)?.push(transaction_id);
  return ids;
}

interface TransactionRow {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly affiliate_id: number;
  readonly currency: string;
  readonly amount: number;
  readonly commission_id: string | null;
  readonly withdrawal_id: string | null;
  readonly event_id: string;
  readonly at: number;
  readonly posted_at: number;
  readonly digest: string;
}

interface EntryRow {
  readonly transaction_id: string;
  readonly affiliate_id: number;
  readonly account: string;
  readonly currency: string;
  readonly amount: number;
}

/** @returns what the transactions say, by id; those that are gone are left out. */
export async function journalRows(knex: Knex, ids: readonly string[]): Promise<Journal> {
  const transactions = await knex<TransactionRow>(TRANSACTIONS).whereIn('id', ids);
  const entries = await knex<EntryRow>(ENTRIES)
    .whereIn('transaction_id', ids)
    .orderBy(['transaction_id', 'position'])
    .select('transaction_id', 'affiliate_id', 'account', 'currency', 'amount');
  const entriesOf = new Map(transactions.map(({ id }) => [id, [] as EntryRow[]]));
  for (const entry of entries) entriesOf.get(entry.transaction_id)?.push(entry);
  return new Map(transactions.map((row) => [row.id, toJournalRow(row, entriesOf.get(row.id) ?? [])]));
}

function toJournalRow(row: TransactionRow, entries: readonly EntryRow[]): JournalRow {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    affiliate: row.affiliate_id,
    currency: row.currency,
    amount: row.amount,
    commission: row.commission_id,
    withdrawal: row.withdrawal_id,
    event: row.event_id,
    at: row.at,
    posted: row.posted_at,
    digest: row.digest,
    entries: entries.map((entry) => [entry.affiliate_id, entry.account, entry.currency, entry.amount]),
  };
}
