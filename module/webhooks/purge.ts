import type { Knex } from 'knex';
import { transact } from '../database/transact';
import { deleteOldest } from './queries';
import { MESSAGES_KEPT_MS } from './rules';

/** Small enough that nobody who writes messages has to wait for it. */
const BATCH = 500;

/**
 * Deletes messages older than 30 days with their deliveries, in bounded batches.
 * @param now ms, UTC
 * @returns how many messages
 */
export async function purgeMessages(knex: Knex, now: number): Promise<number> {
  for (let total = 0; ;) {
    const deleted = await transact(knex, (trx) => deleteOldest(trx, now - MESSAGES_KEPT_MS, BATCH));
    total += deleted;
    if (deleted === 0) return total;
  }
}
