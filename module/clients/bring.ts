import { forgetPersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import { importReferral, isErased, noteAddress } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';

/** A referral comes over from an earlier program, with the client behind it. */
export async function bringReferral(
  work: UnitOfWork,
  told: EventPayloads['referral.imported'],
): Promise<{ attribution: string }> {
  const result = await importReferral(work, told);
  if (await isErased(work, told.clientId)) await forgetPersonal(work.trx, work.eventId);
  else await noteAddress(work, told.clientId);
  return result;
}
