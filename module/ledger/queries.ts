/** All the SQL of the ledger's tables. */
import type { Knex } from 'knex';
import { insertRows } from '../database/insertRows';
import type { Currency } from '../money';
import type { UnitOfWork } from '../unitOfWork';
import {
  ACCOUNTS,
  digestOf,
  guardedAccounts,
  type Account,
  type BalanceChange,
  type LedgerTransaction,
} from './rules';

const TRANSACTIONS = 'mod_affiliates_ledger_transactions';
const ENTRIES = 'mod_affiliates_ledger_entries';
const BALANCES = 'mod_affiliates_balances';

/** Balances of one affiliate in one currency, minor units. */
export type Balance = { readonly affiliateId: number; readonly currency: Currency } & Readonly<
  Record<Account, number>
>;

type BalanceRow = { affiliate_id: number; currency: string } & Record<Account, number>;

const toBalance = ({ affiliate_id, ...row }: BalanceRow): Balance => ({ affiliateId: affiliate_id, ...row });

/** @returns digests of the transactions that are posted already, by key. */
export async function digestsByKey(
  trx: Knex.Transaction,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const rows: { key: string; digest: string }[] = await trx(TRANSACTIONS)
    .whereIn('key', keys)
    .select('key', 'digest');
  return new Map(rows.map(({ key, digest }) => [key, digest]));
}

/** @returns whether something is posted under this key. */
export async function isPosted(trx: Knex.Transaction, key: string): Promise<boolean> {
  return (await digestsByKey(trx, [key])).size > 0;
}

/** Inserts transactions and their entries, two statements for all of them where they are not hundreds. */
export async function insertTransactions(
  work: UnitOfWork,
  transactions: readonly LedgerTransaction[],
): Promise<void> {
  const identified = transactions.map((transaction) => ({ id: work.newId(), transaction }));
  await insertRows(
    work.trx,
    TRANSACTIONS,
    identified.map(({ id, transaction }) => ({
      id,
      key: transaction.key,
      kind: transaction.kind,
      affiliate_id: transaction.affiliateId,
      currency: transaction.currency,
      amount: transaction.amount,
      commission_id: transaction.commissionId,
      withdrawal_id: transaction.withdrawalId,
      event_id: work.eventId,
      at: transaction.at,
      posted_at: work.now,
      digest: digestOf(transaction),
    })),
  );
  await insertRows(
    work.trx,
    ENTRIES,
    identified.flatMap(({ id, transaction }) =>
      transaction.entries.map((entry, position) => ({
        transaction_id: id,
        position,
        affiliate_id: entry.affiliateId,
        account: entry.account,
        currency: transaction.currency,
        amount: entry.amount,
      })),
    ),
  );
}

/**
 * Applies a change in one guarded statement: it takes effect only if no guarded account ends below zero.
 * @returns whether it took effect; false also when there is no row yet
 */
export async function applyChange(trx: Knex.Transaction, change: BalanceChange): Promise<boolean> {
  const query = trx(BALANCES).where({ affiliate_id: change.affiliateId, currency: change.currency });
  for (const account of guardedAccounts(change)) {
    void query.andWhereRaw('?? >= ?', [account, -change.deltas[account]]);
  }
  const moved = ACCOUNTS.filter((account) => change.deltas[account] !== 0);
  const update = Object.fromEntries(
    moved.map((account) => [account, trx.raw('?? + ?', [account, change.deltas[account]])]),
  );
  return moved.length === 0 || (await query.update(update)) === 1;
}

/** Makes the row of an affiliate's balances in a currency, all zero, unless it is there. */
export async function ensureBalance(
  trx: Knex.Transaction,
  affiliateId: number,
  currency: Currency,
): Promise<void> {
  const zero = Object.fromEntries(ACCOUNTS.map((account) => [account, 0]));
  await trx(BALANCES)
    .insert({ affiliate_id: affiliateId, currency, ...zero })
    .onConflict(['affiliate_id', 'currency'])
    .ignore();
}

/** @returns the affiliate's balances, one per currency it ever had money in. */
export async function balancesOf(knex: Knex, affiliateId: number): Promise<Balance[]> {
  const rows = await knex<BalanceRow>(BALANCES).where({ affiliate_id: affiliateId }).orderBy('currency');
  return rows.map(toBalance);
}

/** @returns the balances of several affiliates in all their currencies. */
export async function balancesOfAll(knex: Knex, affiliateIds: readonly number[]): Promise<Balance[]> {
  const rows = await knex<BalanceRow>(BALANCES).whereIn('affiliate_id', [...affiliateIds]);
  return rows.map(toBalance);
}

/** As `balancesOf`, and nobody else changes them until this transaction ends. */
export async function holdBalances(trx: Knex.Transaction, affiliateId: number): Promise<Balance[]> {
  await trx(BALANCES).where({ affiliate_id: affiliateId }).update({ affiliate_id: affiliateId });
  return balancesOf(trx, affiliateId);
}

/** @returns balances in one currency of several affiliates, by affiliate. */
export async function balancesIn(
  knex: Knex,
  currency: Currency,
  affiliateIds: readonly number[],
): Promise<Map<number, Balance>> {
  const rows = await knex<BalanceRow>(BALANCES).where({ currency }).whereIn('affiliate_id', affiliateIds);
  return new Map(rows.map((row) => [row.affiliate_id, toBalance(row)]));
}

/** @returns what the program owes and has paid over all affiliates, per currency. */
export async function programBalances(
  knex: Knex,
): Promise<{ currency: Currency; clearing: number; cleared: number; reserved: number; withdrawn: number }[]> {
  const rows: Record<string, string | number>[] = await knex(BALANCES)
    .groupBy('currency')
    .orderBy('currency')
    .select('currency')
    .sum({ clearing: 'clearing', cleared: 'cleared', reserved: 'reserved', withdrawn: 'withdrawn' });
  return rows.map((row) => ({
    currency: String(row['currency']),
    clearing: Number(row['clearing']),
    cleared: Number(row['cleared']),
    reserved: Number(row['reserved']),
    withdrawn: Number(row['withdrawn']),
  }));
}

/** One row of a statement, before names are added. */
export interface PostedRow {
  readonly id: string;
  readonly key: string;
  readonly kind: LedgerTransaction['kind'];
  readonly at: number;
  readonly currency: Currency;
  readonly amount: number;
  readonly commission_id: string | null;
  readonly withdrawal_id: string | null;
}

const POSTED = ['id', 'key', 'kind', 'at', 'currency', 'amount', 'commission_id', 'withdrawal_id'] as const;

/** @returns transactions by id. */
export async function postedRows(knex: Knex, ids: readonly string[]): Promise<Map<string, PostedRow>> {
  const rows = await knex(TRANSACTIONS).whereIn('id', ids).select<PostedRow[]>(POSTED);
  return new Map(rows.map((row) => [row.id, row]));
}

/** @returns an affiliate's transactions in a currency as a query, for a list to page through by id. */
export function transactionsOf(
  knex: Knex,
  affiliateId: number,
  currency: Currency,
): Knex.QueryBuilder<object, PostedRow[]> {
  return knex(TRANSACTIONS)
    .where({ affiliate_id: affiliateId, currency })
    .select(POSTED) as Knex.QueryBuilder<object, PostedRow[]>;
}

/** A transaction with what it is about and what led to it. */
export interface PostedFully extends PostedRow {
  readonly key: string;
  readonly affiliate_id: number;
  readonly event_id: string;
}

export async function transactionById(knex: Knex, id: string): Promise<PostedFully | null> {
  return (await knex<PostedFully>(TRANSACTIONS).where({ id }).first()) ?? null;
}

/** @returns every transaction about these commissions, in the order they were posted. */
export async function transactionsAbout(
  knex: Knex,
  commissionIds: readonly string[],
): Promise<PostedFully[]> {
  return knex<PostedFully>(TRANSACTIONS).whereIn('commission_id', commissionIds).orderBy('id');
}
