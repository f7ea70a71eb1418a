/**
 * The hash chain over the journal. Writers do not wait for it: they post side by side, and a sealer joins what they
 * posted to the chain afterwards, in batches. Each seal hashes its transactions with their entries and the hash of the
 * seal before it, so that nothing sealed can be changed, taken out, put in or swapped without breaking every later one.
 */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { transact } from '../database/transact';
import {
  insertSeal,
  journalRows,
  lastSeal,
  sealedIds,
  unsealedIds,
  type Journal,
  type Seal,
} from './journal';

/** What stands before the first seal. */
const GENESIS = '0'.repeat(64);
const BATCH = 500;

/**
 * Joins posted transactions to the chain. Two processes that seal at once meet at the seal's number, which is
 * unique; the one that loses looks again.
 * @param now ms, UTC
 * @returns how many transactions were sealed
 */
export async function sealJournal(knex: Knex, now: number): Promise<number> {
  for (let total = 0; ;) {
    const sealed = await transact(knex, (trx) => sealBatch(trx, now));
    total += sealed;
    if (sealed < BATCH) return total;
  }
}

async function sealBatch(trx: Knex.Transaction, now: number): Promise<number> {
  const last = await lastSeal(trx);
  const ids = await unsealedIds(trx, last?.last_id ?? '', BATCH);
  const newest = ids.at(-1);
  if (newest === undefined) return 0;
  const previous = last?.hash ?? GENESIS;
  const rows = await journalRows(trx, ids);
  const seal: Seal = {
    number: (last?.number ?? 0) + 1,
    transactions: ids.length,
    last_id: last && last.last_id > newest ? last.last_id : newest,
    previous,
    hash: hashOf(previous, ids, rows),
    sealed_at: now,
  };
  await insertSeal(trx, seal, ids);
  return ids.length;
}

/** @returns SHA-256 (hex) over the hash before and everything the transactions say, in the order of the ids. */
function hashOf(previous: string, ids: readonly string[], rows: Journal): string {
  const hash = createHash('sha256').update(previous);
  for (const id of ids) hash.update('\n').update(JSON.stringify(rows.get(id)));
  return hash.digest('hex');
}

/** What is wrong with a seal, and where. */
export interface BrokenSeal {
  readonly problem: 'seal_gap' | 'seal_previous' | 'seal_lost' | 'seal_gone' | 'seal_changed';
  /** The transaction's id where one is gone, or else the seal's number. */
  readonly row: string;
}

/**
 * Recomputes seals from the journal as it stands.
 * @param seals one after the other; together they should hold no more transactions than fit in memory
 * @param before the seal before them, found good; null for the beginning
 * @returns what is wrong with the first that is broken, null when none is
 */
export async function checkSeals(
  knex: Knex,
  seals: readonly Seal[],
  before: Seal | null,
): Promise<BrokenSeal | null> {
  const idsOf = await sealedIds(
    knex,
    seals.map(({ number }) => number),
  );
  const rows = await journalRows(knex, [...idsOf.values()].flat());
  let last = before;
  for (const seal of seals) {
    const broken = brokenSeal(seal, last, idsOf.get(seal.number) ?? [], rows);
    if (broken) return broken;
    last = seal;
  }
  return null;
}

function brokenSeal(
  seal: Seal,
  before: Seal | null,
  ids: readonly string[],
  rows: Journal,
): BrokenSeal | null {
  const row = String(seal.number);
  if (seal.number !== (before?.number ?? 0) + 1) return { problem: 'seal_gap', row };
  if (seal.previous !== (before?.hash ?? GENESIS)) return { problem: 'seal_previous', row };
  if (ids.length !== seal.transactions) return { problem: 'seal_lost', row };
  const gone = ids.find((id) => !rows.has(id));
  if (gone !== undefined) return { problem: 'seal_gone', row: gone };
  return hashOf(seal.previous, ids, rows) === seal.hash ? null : { problem: 'seal_changed', row };
}
