/** All the SQL of clicks, of visitors, and of the totals' clicks. */
import type { Knex } from 'knex';
import { isMysql } from '../database/dialect';
import { purgeBefore } from '../database/purge';

const CLICKS = 'mod_affiliates_clicks';
const VISITORS = 'mod_affiliates_visitors';
const TOTALS = 'mod_affiliates_affiliate_totals';

export interface ClickRow {
  readonly id: string;
  readonly affiliate_id: number;
  readonly at: number;
  readonly visitor: string;
  readonly network: string;
  readonly referrer_host: string;
  readonly landing: string;
  readonly campaign: string;
  readonly counted: boolean;
  readonly reason: string;
}

/** A click's wish to be the one that counts its visitor. */
export interface Claim {
  readonly affiliate_id: number;
  readonly visitor: string;
  readonly counted_at: number;
  readonly click_id: string;
}

/** @returns of those ids that are recorded, whether each was counted. */
export async function countedById(
  trx: Knex.Transaction,
  ids: readonly string[],
): Promise<Map<string, boolean>> {
  const rows: { id: string; counted: boolean | number }[] = await trx(CLICKS)
    .whereIn('id', ids)
    .select('id', 'counted');
  return new Map(rows.map(({ id, counted }) => [id, Boolean(counted)]));
}

export async function insertClicks(trx: Knex.Transaction, rows: readonly ClickRow[]): Promise<void> {
  await trx(CLICKS).insert(rows);
}

/**
 * Marks visitors as counted by their claims, unless they were counted within the window before. The database decides
 * row by row, also between writers of one moment, so this and reading back who won takes two round trips whatever
 * the number of claims.
 * @param windowMs more than zero
 * @returns the ids of the clicks whose claim took hold
 */
export async function claimVisitors(
  trx: Knex.Transaction,
  claims: readonly Claim[],
  windowMs: number,
): Promise<Set<string>> {
  const countedAt = incoming(trx, 'counted_at');
  const isFree = trx.raw('?? <= ? - ?', ['counted_at', countedAt, windowMs]);
  const ifFree = (column: string) =>
    trx.raw('CASE WHEN ? THEN ? ELSE ?? END', [isFree, incoming(trx, column), column]);
  await trx(VISITORS)
    .insert(claims)
    .onConflict(['affiliate_id', 'visitor'])
    // MySQL assigns from left to right: the time goes last, because both ask for the time that was there.
    .merge({ click_id: ifFree('click_id'), counted_at: ifFree('counted_at') });
  const rows: { click_id: string }[] = await trx(VISITORS)
    .where((some) => wherePairs(some, claims))
    .select('click_id');
  const ids = new Set(claims.map(({ click_id }) => click_id));
  return new Set(rows.map(({ click_id }) => click_id).filter((id) => ids.has(id)));
}

/**
 * @param of whose links, and, where it is given, the one truncated network that the clicks came from
 * @returns how many clicks came from `from` to before `to` (ms), by what spoke against them; '' for what counted
 */
export async function clicksByReason(
  knex: Knex,
  of: Pick<ClickRow, 'affiliate_id'> & Partial<Pick<ClickRow, 'network'>>,
  { from, to }: { from: number; to: number },
): Promise<Map<string, number>> {
  const rows: { reason: string; count: number | string }[] = await knex(CLICKS)
    .where(of)
    .andWhere('at', '>=', from)
    .andWhere('at', '<', to)
    .groupBy('reason')
    .select('reason')
    .count({ count: '*' });
  return new Map(rows.map(({ reason, count }) => [reason, Number(count)]));
}

/** @returns the click, while it is kept */
export async function clickById(knex: Knex, id: string): Promise<ClickRow | null> {
  return (await knex<ClickRow>(CLICKS).where({ id }).first()) ?? null;
}

/** Adds counted clicks to each affiliate's total, in one statement. */
export async function addToTotals(trx: Knex.Transaction, clicks: ReadonlyMap<number, number>): Promise<void> {
  // All writers take the rows in one order, or two batches would wait for each other.
  const rows = [...clicks].sort(([one], [other]) => one - other);
  await trx(TOTALS)
    .insert(
      rows.map(([affiliate_id, count]) => ({ affiliate_id, clicks: count, signups: 0, conversions: 0 })),
    )
    .onConflict('affiliate_id')
    .merge({ clicks: trx.raw('?? + ?', ['clicks', incoming(trx, 'clicks')]) });
}

/** Deletes clicks from before a time. @returns how many */
export const purgeClicksBefore = (knex: Knex, before: number): Promise<number> =>
  purgeBefore(knex, CLICKS, 'at', before);

/** Deletes visitors that were last counted before a time. @returns how many */
export const purgeVisitorsBefore = (knex: Knex, before: number): Promise<number> =>
  purgeBefore(knex, VISITORS, 'counted_at', before);

/** The value that a conflicting insert would have written. */
function incoming(trx: Knex.Transaction, column: string): Knex.Raw {
  return isMysql(trx) ? trx.raw('VALUES(??)', [column]) : trx.raw('excluded.??', [column]);
}

/** One list of visitors per affiliate: both databases search the primary key for it, unlike for a list of pairs. */
function wherePairs(query: Knex.QueryBuilder, claims: readonly Claim[]): void {
  const visitors = new Map<number, string[]>();
  for (const { affiliate_id, visitor } of claims) {
    const known = visitors.get(affiliate_id);
    if (known) known.push(visitor);
    else visitors.set(affiliate_id, [visitor]);
  }
  for (const [affiliateId, hashes] of visitors) {
    void query.orWhere((pair) => void pair.where('affiliate_id', affiliateId).whereIn('visitor', hashes));
  }
}
