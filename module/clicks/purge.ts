import type { Knex } from 'knex';
import { transact } from '../database/transact';
import { deleteOldestClicks, deleteOldestVisitors } from './queries';

const DAY_MS = 86_400_000;
/** Raw clicks are personal data at their edges; what is worth keeping of them is in the totals. */
export const CLICKS_KEPT_MS = 30 * DAY_MS;
/** Longer than the longest repeat window, a day and its daylight saving hour. */
const VISITORS_KEPT_MS = 2 * DAY_MS;
/** Small enough that no click has to wait for it. */
const BATCH = 1000;

/**
 * Deletes raw clicks older than 30 days and visitors that can no longer be a repeat, in bounded batches of their
 * own, so that it can be interrupted at any time and goes on the next night.
 * @param now ms since the epoch
 * @returns how many of each are gone
 */
export async function purgeClicks(knex: Knex, now: number): Promise<{ clicks: number; visitors: number }> {
  return {
    clicks: await inBatches((most) =>
      transact(knex, (trx) => deleteOldestClicks(trx, now - CLICKS_KEPT_MS, most)),
    ),
    visitors: await inBatches((most) =>
      transact(knex, (trx) => deleteOldestVisitors(trx, now - VISITORS_KEPT_MS, most)),
    ),
  };
}

async function inBatches(deleteOldest: (most: number) => Promise<number>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const batch = await deleteOldest(BATCH);
    deleted += batch;
    if (batch < BATCH) return deleted;
  }
}
