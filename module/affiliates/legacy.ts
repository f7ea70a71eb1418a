/**
 * The numbers that affiliates had in an earlier program: links and cookies in the wild still name them. All the SQL of
 * their table.
 */
import type { Knex } from 'knex';
import { record } from '../audit';
import type { ImportedAffiliate } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';
import { closeAffiliate } from './close';
import { enrolClient } from './enrol';
import { affiliateByClient, answerRequests, insertState, standingAffiliate, statusAt } from './queries';

const LEGACY_IDS = 'mod_affiliates_legacy_ids';
/** How long browsers keep the cookie that the earlier program set: after that, only a forger still has one. */
const EARLIER_COOKIE_MS = 90 * 24 * 60 * 60_000;

interface LegacyRow {
  readonly legacy_id: string;
  readonly affiliate_id: number;
  readonly imported_at: number;
}

/** @returns the affiliate that an old link names, or the one it was merged into; null for a number never imported */
export async function affiliateByLegacyId(knex: Knex, legacyId: string): Promise<AffiliateView | null> {
  const row = await knex<LegacyRow>(LEGACY_IDS).where({ legacy_id: legacyId }).first();
  return row ? standingAffiliate(knex, row.affiliate_id) : null;
}

/** @returns the same for an old cookie, as long as a browser can have one at that time (ms, UTC) */
export async function affiliateOfEarlierCookie(
  knex: Knex,
  legacyId: string,
  at: number,
): Promise<AffiliateView | null> {
  const row = await knex<LegacyRow>(LEGACY_IDS).where({ legacy_id: legacyId }).first();
  return row && at < row.imported_at + EARLIER_COOKIE_MS ? standingAffiliate(knex, row.affiliate_id) : null;
}

/**
 * Makes an affiliate of an earlier program one of this, without telling anybody; whoever is one already stays as it is,
 * and was one before that, for what its referrals paid meanwhile. Its old number leads to it from then on.
 * @returns its number
 */
export async function importAffiliate(work: UnitOfWork, told: ImportedAffiliate): Promise<number> {
  const before = await affiliateByClient(work.trx, told.clientId);
  const affiliateId = before?.id ?? (await enrolImported(work, told));
  if (before && !(await statusAt(work.trx, before.id, told.enrolledAt)))
    await beginThere(work, before.id, told);
  await work.trx(LEGACY_IDS).insert({
    legacy_id: told.legacyId,
    affiliate_id: affiliateId,
    imported_at: work.at,
  });
  await record(work, 'affiliate.imported', affiliateId, { legacy: told.legacyId });
  return affiliateId;
}

async function enrolImported(work: UnitOfWork, told: ImportedAffiliate): Promise<number> {
  const affiliateId = await enrolClient(work, told);
  await beginThere(work, affiliateId, told);
  await answerRequests(work.trx, told.clientId);
  if (told.closed) await closeAffiliate(work, told.clientId);
  return affiliateId;
}

async function beginThere(
  work: UnitOfWork,
  affiliateId: number,
  { enrolledAt: at }: ImportedAffiliate,
): Promise<void> {
  await insertState(work.trx, { id: work.newId(), affiliate_id: affiliateId, status: 'active', at });
}
