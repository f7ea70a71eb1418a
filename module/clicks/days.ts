import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import type { ClickDay } from '../events/rules';
import { CLICKS_KEPT_MS } from './purge';
import { clicksByReason } from './queries';

/**
 * @param day in `timeZone`, as '2026-03-01'
 * @param now ms since the epoch
 * @returns an affiliate's clicks on the day before, on that day and on the next one, in order; a day that has not begun,
 *   or of which clicks are deleted already, is left out
 */
export async function clicksAbout(
  knex: Knex,
  affiliateId: number,
  { day, timeZone, now }: { day: string; timeZone: string; now: number },
): Promise<ClickDay[]> {
  const named = DateTime.fromISO(day, { zone: timeZone }).startOf('day');
  const days = [-1, 0, 1]
    .map((offset) => named.plus({ days: offset }))
    .filter((start) => start.toMillis() >= now - CLICKS_KEPT_MS && start.toMillis() <= now);
  const about: ClickDay[] = [];
  for (const start of days) {
    const period = { from: start.toMillis(), to: start.plus({ days: 1 }).toMillis() };
    const clicks = await clicksByReason(knex, { affiliate_id: affiliateId }, period);
    const of = (reason: string) => clicks.get(reason) ?? 0;
    about.push({
      day: start.toFormat('yyyy-MM-dd'),
      counted: of(''),
      repeat: of('repeat'),
      robot: of('robot'),
      prefetch: of('prefetch'),
      suspended: of('suspended'),
    });
  }
  return about;
}
