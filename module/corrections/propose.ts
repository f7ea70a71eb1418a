import { needsSecondPerson, staffOf } from '../approval';
import { record } from '../audit';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { CorrectionStatus } from '../views';
import { holdCorrected } from './hold';
import { checkCovered, keyOf, postCorrection } from './posting';
import { insertCorrection } from './queries';
import { checkProposal } from './rules';

/**
 * A staff member gives an affiliate an amount or takes one, with a reason that the affiliate reads. Up to the amount
 * that one person may decide it is booked at once; above it, it waits for a second person.
 * @throws AffiliatesError forbidden, affiliate_missing, affiliate_not_active, correction_overdraws and what
 *   `checkProposal` refuses
 */
export async function proposeCorrection(
  work: UnitOfWork,
  proposal: EventPayloads['correction.proposed'],
): Promise<{ correctionId: string; status: CorrectionStatus }> {
  const { id: proposerId, name } = staffOf(work);
  checkProposal(proposal);
  const { affiliateId, currency, amount, direction, reason, approvalAbove } = proposal;
  const affiliate = await holdCorrected(work, affiliateId, direction);
  const needsApproval = needsSecondPerson(proposal, approvalAbove);
  const status = needsApproval ? 'proposed' : 'posted';
  // The event's own id: a replay finds the correction under the same one.
  const correction = { id: work.eventId, affiliate, currency, amount, direction };
  await insertCorrection(work.trx, {
    id: correction.id,
    affiliate_id: affiliateId,
    currency,
    amount,
    direction,
    reason,
    status,
    needs_approval: needsApproval,
    proposed_at: work.at,
    proposed_by: name,
    proposed_by_id: proposerId,
    decided_at: null,
    decided_by: '',
    decided_by_id: '',
    decision_reason: '',
    posted_key: needsApproval ? null : keyOf(correction),
  });
  await (needsApproval ? checkCovered(work, correction) : postCorrection(work, correction));
  await record(work, needsApproval ? 'correction.proposed' : 'correction.posted', affiliateId, {
    amount,
    currency,
    direction,
    reason,
  });
  return { correctionId: correction.id, status };
}
