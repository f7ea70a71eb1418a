import { forgetPersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import { clientState, importReferral, noteAddress } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';

/** A referral comes over from an earlier program, with the client behind it. */
export async function bringReferral(
  work: UnitOfWork,
  told: EventPayloads['referral.imported'],
): Promise<{ attribution: string }> {
  const result = await importReferral(work, told);
  const isErased = (await clientState(work.trx, told.clientId))?.status === 'deleted';
  if (isErased) await forgetPersonal(work.trx, work.eventId);
  else await noteAddress(work, told.clientId);
  return result;
}
