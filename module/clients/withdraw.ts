import { affiliateById } from '../affiliates';
import type { EventPayloads } from '../events/rules';
import { noteTraits, type Sharing } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { requestWithdrawal } from '../withdrawals';
import { lookAtTraits } from './look';

/**
 * An affiliate asks to be paid, and says where to: a referral may have paid from there.
 * @returns the request, and the referrals who did
 * @throws AffiliatesError as `requestWithdrawal` does
 */
export async function withdraw(
  work: UnitOfWork,
  asked: EventPayloads['withdrawal.requested'],
): Promise<{ withdrawalId: string; sharing?: Sharing }> {
  const requested = await requestWithdrawal(work, asked);
  const affiliate = await affiliateById(work.trx, asked.affiliateId);
  if (!affiliate) return requested;
  await noteTraits(work, affiliate.clientId);
  return { ...requested, ...(await lookAtTraits(work, affiliate.clientId)) };
}
