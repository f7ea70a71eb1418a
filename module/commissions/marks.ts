/** Affiliates whose referrals refund unusually often: all that has not cleared of theirs waits until staff lift the mark. */
import type { Knex } from 'knex';
import { holdAffiliate, standingAffiliate } from '../affiliates';
import { staffOf } from '../approval';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import type { Reads } from '../module';
import type { UnitOfWork } from '../unitOfWork';
import { checkReason } from './holds';
import {
  insertMark,
  liftMarks,
  moveMarks,
  refundCounts,
  standingMark,
  type RefundCount,
} from './markQueries';
import { isUnusual, LEAST_REFUNDS, REVIEWED_MS } from './rules';
import { settleUncleared } from './settle';

/** @returns affiliates to be marked now (ms, UTC), by number */
export async function affiliatesToMark(knex: Knex, now: number): Promise<RefundCount[]> {
  return (await refundCounts(knex, now - REVIEWED_MS, LEAST_REFUNDS)).filter(isUnusual);
}

/**
 * Marks an affiliate by what the nightly review counted; the counts are in the event, so that a replay counts nothing.
 * @returns whether it is news
 */
export async function markAffiliate(
  work: UnitOfWork,
  { affiliateId, refunded, paid }: EventPayloads['affiliate.marked'],
): Promise<{ marked: boolean }> {
  const { trx, at } = work;
  const affiliate = await standingAffiliate(trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  // Of two reviews at once the second waits, and finds the mark.
  await holdAffiliate(trx, affiliate.id);
  if (await standingMark(trx, affiliate.id)) return { marked: false };
  await insertMark(trx, { id: work.newId(), affiliate_id: affiliate.id, marked_at: at, refunded, paid });
  await settleUncleared(work, { affiliateId: affiliate.id });
  await record(work, 'affiliate.marked', affiliate.id, { refunded, paid });
  return { marked: true };
}

/**
 * Staff looked: what nothing else holds counts as it would have, and the next review looks at later payments alone.
 * @throws AffiliatesError mark_missing, reason_required, field_too_long, forbidden
 */
export async function liftMark(
  work: UnitOfWork,
  { affiliateId, reason }: EventPayloads['mark.lifted'],
): Promise<void> {
  const { id: lifted_by_id, name: lifted_by } = staffOf(work);
  checkReason(reason);
  const lifted = { lifted_at: work.at, lifted_by, lifted_by_id, reason };
  if ((await liftMarks(work.trx, affiliateId, lifted)) === 0) throw new AffiliatesError('mark_missing', {});
  await settleUncleared(work, { affiliateId });
  await record(work, 'mark.lifted', affiliateId, { reason });
}

/** A mark goes along to the affiliate that another was merged into, and then holds what either brought. */
export async function mergeMarks(work: UnitOfWork, from: number, to: number): Promise<void> {
  await moveMarks(work.trx, from, to);
  if (await standingMark(work.trx, to)) await settleUncleared(work, { affiliateId: to });
}

export function markReads(knex: Knex): Pick<Reads, 'markOf'> {
  return {
    markOf: async (affiliateId) => {
      const mark = await standingMark(knex, affiliateId);
      return mark && { markedAt: mark.marked_at, refunded: mark.refunded, paid: mark.paid };
    },
  };
}
