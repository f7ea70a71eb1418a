/** The bookkeeping: which accounts there are, what a transaction is, and what makes one wrong. */
import { createHash } from 'node:crypto';
import stringify from 'fast-json-stable-stringify';
import { AffiliatesError } from '../errors';
import { sum, type Currency } from '../money';
import type { EntryKind } from '../views';

/**
 * Accounts, one of each per affiliate and currency. The four on the right-hand side are what the program owes or
 * has paid the affiliate; `expense` is the program's own side. It is kept per affiliate too, because one row for
 * the whole program would make every writer wait for it.
 */
export const ACCOUNTS = ['expense', 'clearing', 'cleared', 'reserved', 'withdrawn'] as const;
export type Account = (typeof ACCOUNTS)[number];

/** One side of a posting: minor units, positive for a credit, negative for a debit. */
export interface Entry {
  readonly affiliateId: number;
  readonly account: Account;
  readonly amount: number;
}

/** A balanced set of entries in one currency. */
export interface LedgerTransaction {
  /** What makes it happen once: the same key again posts nothing. */
  readonly key: string;
  readonly kind: EntryKind;
  /** Whose statement shows it. */
  readonly affiliateId: number;
  readonly currency: Currency;
  /** What the statement shows; always positive. */
  readonly amount: number;
  readonly commissionId: string | null;
  readonly withdrawalId: string | null;
  /** When the fact behind it happened; ms, UTC. */
  readonly at: number;
  readonly entries: readonly Entry[];
}

/** Only these may leave `cleared` below zero: a reversal after a payout is a debt that is carried, or brought along. */
const MAY_OVERDRAW: ReadonlySet<EntryKind> = new Set(['reverse', 'transfer', 'opening']);

/** @throws AffiliatesError ledger_unbalanced unless the entries sum to zero, move something and are integers */
export function checkBalanced(transaction: LedgerTransaction): void {
  const { entries, key } = transaction;
  const wholeAndMoving = entries.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
  if (entries.length < 2 || !wholeAndMoving || sum(entries.map(({ amount }) => amount)) !== 0) {
    throw new AffiliatesError('ledger_unbalanced', { key });
  }
}

/** @returns SHA-256 (hex) over what the transaction says, to tell a repetition from a contradiction. */
export function digestOf({ key, kind, affiliateId, currency, entries }: LedgerTransaction): string {
  return createHash('sha256').update(stringify({ key, kind, affiliateId, currency, entries })).digest('hex');
}

/** What a set of transactions does to one affiliate's balances in one currency. */
export interface BalanceChange {
  readonly affiliateId: number;
  readonly currency: Currency;
  readonly deltas: Readonly<Record<Account, number>>;
  /** Whether `cleared` may end below zero. */
  readonly mayOverdraw: boolean;
}

/** Sums up transactions into one change per affiliate and currency, in a fixed order so that writers cannot deadlock. */
export function balanceChanges(transactions: readonly LedgerTransaction[]): BalanceChange[] {
  const changes = new Map<string, { -readonly [K in keyof BalanceChange]: BalanceChange[K] }>();
  for (const { currency, kind, entries } of transactions) {
    for (const { affiliateId, account, amount } of entries) {
      const id = `${String(affiliateId).padStart(12, '0')}:${currency}`;
      const change = changes.get(id) ?? { affiliateId, currency, deltas: noDeltas(), mayOverdraw: false };
      change.deltas = { ...change.deltas, [account]: sum([change.deltas[account], amount]) };
      change.mayOverdraw ||= MAY_OVERDRAW.has(kind);
      changes.set(id, change);
    }
  }
  return [...changes.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

/** @returns the accounts a change must not leave below zero: those it takes from, `expense` never being one. */
export function guardedAccounts({ deltas, mayOverdraw }: BalanceChange): Account[] {
  return ACCOUNTS.filter(
    (account) => account !== 'expense' && deltas[account] < 0 && !(account === 'cleared' && mayOverdraw),
  );
}

const noDeltas = (): Record<Account, number> => ({
  expense: 0,
  clearing: 0,
  cleared: 0,
  reserved: 0,
  withdrawn: 0,
});
