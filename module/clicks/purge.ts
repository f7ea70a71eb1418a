import type { Knex } from 'knex';
import { purgeClicksBefore, purgeVisitorsBefore } from './queries';

const DAY_MS = 86_400_000;
/** Raw clicks are personal data at their edges; what is worth keeping of them is in the totals. */
export const CLICKS_KEPT_MS = 30 * DAY_MS;
/** Longer than the longest repeat window, a day and its daylight saving hour. */
const VISITORS_KEPT_MS = 2 * DAY_MS;

/**
 * Deletes raw clicks older than 30 days and visitors that can no longer be a repeat.
 * @param now ms since the epoch
 * @returns how many of each are gone
 */
export async function purgeClicks(knex: Knex, now: number): Promise<{ clicks: number; visitors: number }> {
  return {
    clicks: await purgeClicksBefore(knex, now - CLICKS_KEPT_MS),
    visitors: await purgeVisitorsBefore(knex, now - VISITORS_KEPT_MS),
  };
}
