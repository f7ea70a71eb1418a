/** How a correction that waits for a second person ends: that person approves or rejects it, or the first takes it back. */
import { checkSecondPerson, staffOf } from '../approval';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { CorrectionStatus, CorrectionView } from '../views';
import { holdCorrected } from './hold';
import { keyOf, postCorrection } from './posting';
import { correctionById, decideCorrection } from './queries';
import { checkLength, checkOpen } from './rules';

/** @throws AffiliatesError correction_missing, correction_not_open, second_person_needed, correction_overdraws, affiliate_not_active */
export async function approveCorrection(
  work: UnitOfWork,
  { correctionId }: EventPayloads['correction.approved'],
): Promise<void> {
  const correction = await openCorrection(work, correctionId);
  checkSecondPerson(work, correction.proposedById);
  await holdCorrected(work, correction.affiliate.id, correction.direction);
  await decide(work, correction, { status: 'posted', posted_key: keyOf(correction) });
  await postCorrection(work, correction);
  await note(work, 'correction.approved', correction, correction.reason);
}

/** @throws AffiliatesError correction_missing, correction_not_open, second_person_needed, reason_required, field_too_long */
export async function rejectCorrection(
  work: UnitOfWork,
  { correctionId, reason }: EventPayloads['correction.rejected'],
): Promise<void> {
  if (!reason) throw new AffiliatesError('reason_required', {});
  checkLength(reason);
  const correction = await openCorrection(work, correctionId);
  checkSecondPerson(work, correction.proposedById);
  await decide(work, correction, { status: 'rejected', decision_reason: reason });
  await note(work, 'correction.rejected', correction, reason);
}

/** @throws AffiliatesError correction_missing, correction_not_open, proposer_only */
export async function retractCorrection(
  work: UnitOfWork,
  { correctionId }: EventPayloads['correction.retracted'],
): Promise<void> {
  const correction = await openCorrection(work, correctionId);
  if (staffOf(work).id !== correction.proposedById) throw new AffiliatesError('proposer_only', {});
  await decide(work, correction, { status: 'retracted' });
  await note(work, 'correction.retracted', correction, correction.reason);
}

async function openCorrection({ trx }: UnitOfWork, id: string): Promise<CorrectionView> {
  const correction = await correctionById(trx, id);
  checkOpen(correction);
  return correction;
}

function decide(
  work: UnitOfWork,
  { id }: CorrectionView,
  end: { status: CorrectionStatus; decision_reason?: string; posted_key?: string },
): Promise<void> {
  const { id: decided_by_id, name: decided_by } = staffOf(work);
  return decideCorrection(work.trx, id, { ...end, decided_at: work.at, decided_by, decided_by_id });
}

function note(
  work: UnitOfWork,
  action: `correction.${'approved' | 'rejected' | 'retracted'}`,
  { affiliate, amount, currency, direction }: CorrectionView,
  reason: string,
): Promise<void> {
  return record(work, action, affiliate.id, { amount, currency, direction, reason });
}
