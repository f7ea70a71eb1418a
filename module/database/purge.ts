import type { Knex } from 'knex';
import { transact } from './transact';

/** Small enough that no writer has to wait for it. */
const BATCH = 1000;

/**
 * Deletes rows from before a time, in bounded batches of their own, so that it can be interrupted at any time and goes
 * on the next night.
 * @param column an indexed time in ms
 * @returns how many are gone
 */
export async function purgeBefore(
  knex: Knex,
  table: string,
  column: string,
  before: number,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const batch = await transact(knex, (trx) => deleteOldest(trx, table, column, before));
    deleted += batch;
    if (batch < BATCH) return deleted;
  }
}

/**
 * Deletes a batch of the oldest rows, and those of the same millisecond as its last. Finds the batch's end on the index
 * first, because SQLite has no LIMIT for DELETE.
 */
async function deleteOldest(
  trx: Knex.Transaction,
  table: string,
  column: string,
  before: number,
): Promise<number> {
  const old = () => trx(table).where(column, '<', before);
  const [last]: Record<string, number>[] = await old()
    .orderBy(column)
    .offset(BATCH - 1)
    .limit(1)
    .select(column);
  const end = last?.[column];
  return end === undefined ? old().delete() : trx(table).where(column, '<=', end).delete();
}
