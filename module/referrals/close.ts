import type { UnitOfWork } from '../unitOfWork';
import { noteClientState, referralOfClient, updateReferral, type ClientStatus } from './queries';

/**
 * Shows a referral as what its client's account became. An older state never overrules a later one, and a deletion
 * takes the name away for good.
 * @returns whether it was news
 */
export async function followClient(
  work: UnitOfWork,
  clientId: string,
  status: ClientStatus,
): Promise<boolean> {
  if (!(await noteClientState(work.trx, clientId, status, work.at))) return false;
  const referral = await referralOfClient(work.trx, clientId);
  if (!referral) return true;
  await updateReferral(work.trx, referral.id, {
    status: status === 'active' ? 'active' : 'closed',
    closed_at: status === 'active' ? null : work.at,
    ...(status === 'deleted' && { first_name: '', last_name: '', initials: '' }),
  });
  return true;
}
