import type { Knex } from 'knex';
import { transact } from '../database/transact';
import { addToTotals, claimVisitors, countedById, insertClicks, type ClickRow } from './queries';
import type { Click } from './rules';

/**
 * Records a batch of clicks in one transaction and counts those that nothing speaks against. The number of round
 * trips does not grow with the batch. A click recorded before keeps its first answer.
 * @param repeatMs how long a counted visitor is not counted again; 0 counts every click
 * @returns the ids of the clicks that count
 */
export async function recordClicks(
  knex: Knex,
  clicks: readonly Click[],
  repeatMs: number,
): Promise<ReadonlySet<string>> {
  if (clicks.length === 0) return new Set();
  let attempts = 0;
  return transact(knex, (trx) =>
    // Only a second attempt can meet its own clicks: those of a COMMIT whose answer was lost. The primary key sends
    // any other recorded click here too.
    attempts++ === 0 ? recordNew(trx, once(clicks), repeatMs) : recordUnknown(trx, clicks, repeatMs),
  );
}

/**
 * The same within a transaction that is worth repeating, for clicks that may be recorded already.
 * @returns the ids of the clicks that count, also of those that did before
 */
export async function recordUnknown(
  trx: Knex.Transaction,
  clicks: readonly Click[],
  repeatMs: number,
): Promise<ReadonlySet<string>> {
  if (clicks.length === 0) return new Set();
  const ids = clicks.map(({ id }) => id);
  const known = await countedById(trx, ids);
  const counted = await recordNew(
    trx,
    once(clicks).filter(({ id }) => !known.has(id)),
    repeatMs,
  );
  return new Set([...counted, ...ids.filter((id) => known.get(id))]);
}

/** A visit that is told twice may come twice in one batch. */
const once = (clicks: readonly Click[]): Click[] => [
  ...new Map(clicks.map((click) => [click.id, click])).values(),
];

async function recordNew(
  trx: Knex.Transaction,
  clicks: readonly Click[],
  repeatMs: number,
): Promise<ReadonlySet<string>> {
  if (clicks.length === 0) return new Set();
  const candidates = clicks.filter(({ reason }) => reason === '');
  const counted = repeatMs === 0 ? candidates : await firstOfTheirVisitors(trx, candidates, repeatMs);
  const isCounted = new Set(counted.map(({ id }) => id));
  await insertClicks(
    trx,
    clicks.map((click) => toRow(click, isCounted.has(click.id))),
  );
  // Last, because every writer of an affiliate waits for this row until the transaction ends.
  if (counted.length > 0) await addToTotals(trx, clicksPerAffiliate(counted));
  return isCounted;
}

/**
 * A click counts if it wins its visitor under every day's key its window touches, the oldest first. Two clicks within
 * one window always share the earlier one's day, so at most one of them wins, also across midnight and between
 * processes; and since all claim in the same order, they cannot both lose to each other.
 */
async function firstOfTheirVisitors(
  trx: Knex.Transaction,
  clicks: readonly Click[],
  repeatMs: number,
): Promise<readonly Click[]> {
  const days = Math.max(0, ...clicks.map(({ visitors }) => visitors.length));
  let winning = clicks;
  for (let day = 0; day < days; day++) {
    const claims = winning.flatMap(({ id, affiliateId, at, visitors }) => {
      const visitor = visitors[day];
      return visitor === undefined
        ? []
        : [{ affiliate_id: affiliateId, visitor, counted_at: at, click_id: id }];
    });
    if (claims.length === 0) break;
    const won = await claimVisitors(trx, claims.sort(inLockOrder), repeatMs);
    winning = winning.filter(({ id, visitors }) => visitors[day] === undefined || won.has(id));
  }
  return winning;
}

/** All writers take the rows in one order, or two batches would wait for each other; the earliest click comes first. */
function inLockOrder(
  one: { affiliate_id: number; visitor: string; counted_at: number },
  other: { affiliate_id: number; visitor: string; counted_at: number },
): number {
  if (one.affiliate_id !== other.affiliate_id) return one.affiliate_id - other.affiliate_id;
  if (one.visitor !== other.visitor) return one.visitor < other.visitor ? -1 : 1;
  return one.counted_at - other.counted_at;
}

function clicksPerAffiliate(clicks: readonly Click[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { affiliateId } of clicks) totals.set(affiliateId, (totals.get(affiliateId) ?? 0) + 1);
  return totals;
}

function toRow(click: Click, counted: boolean): ClickRow {
  return {
    id: click.id,
    affiliate_id: click.affiliateId,
    at: click.at,
    // Never empty: at(-1) is the hash of the click's own day.
    visitor: click.visitors.at(-1) ?? click.visitors[0],
    network: click.network,
    referrer_host: click.referrerHost,
    landing: click.landing,
    campaign: click.campaign,
    counted,
    reason: counted ? '' : click.reason || 'repeat',
  };
}
