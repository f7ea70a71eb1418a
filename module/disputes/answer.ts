/** How staff answer a dispute: with a reason, or by making the client the affiliate's referral. */
import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { enqueue } from '../commands';
import { settleClient } from '../commissions';
import { AffiliatesError } from '../errors';
import { forgetPersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import { creditReferral } from '../referrals';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import { answersFor } from './messages';
import { answerDispute, disputeById } from './queries';
import { checkAnswer } from './rules';

/** @throws AffiliatesError dispute_missing, dispute_not_open, reason_required */
export async function declineDispute(
  work: UnitOfWork,
  { disputeId, reason }: EventPayloads['dispute.declined'],
): Promise<void> {
  await answer(work, disputeId, 'declined', reason);
}

/**
 * Makes a client the affiliate's referral, and settles what it has paid since `holdsFrom` by the terms of those days.
 * @throws AffiliatesError dispute_missing, dispute_not_open, reason_required, already_referred, self_referral,
 *   client_unknown (erased), affiliate_not_active (closed)
 */
export async function creditDispute(
  work: UnitOfWork,
  { disputeId, reason, ...credit }: EventPayloads['dispute.credited'],
): Promise<void> {
  const affiliateId = await answer(work, disputeId, 'credited', reason);
  await creditReferral(work, { ...credit, affiliateId });
  await settleClient(work, credit.clientId);
}

/** @returns the affiliate that is answered */
async function answer(
  work: UnitOfWork,
  disputeId: string,
  status: 'declined' | 'credited',
  reason: string,
): Promise<number> {
  const dispute = await disputeById(work.trx, disputeId);
  checkAnswer(dispute, reason);
  const { affiliate_id: affiliateId } = dispute;
  const by = { answered_at: work.at, answered_by: nameOf(work.by) };
  await answerDispute(work.trx, dispute, { status, answer: reason, ...by });
  await forgetPersonal(work.trx, dispute.event_id);
  await record(work, `dispute.${status}`, affiliateId, { reason });
  const affiliate = await affiliateById(work.trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  await enqueue(work, ...answersFor(affiliate, disputeId, status, reason));
  return affiliateId;
}
