import { settleClient } from '../commissions';
import { forgetPersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import { importReferral, isErased, noteAddress } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';

/** A referral comes over from an earlier program, with the client behind it, and what it has paid since that one ended. */
export async function bringReferral(
  work: UnitOfWork,
  told: EventPayloads['referral.imported'],
): Promise<{ attribution: string }> {
  const result = await importReferral(work, told);
  if (await isErased(work, told.clientId)) await forgetPersonal(work.trx, work.eventId);
  else await noteAddress(work, told.clientId);
  if (told.earnsFrom !== undefined) await settleClient(work, told.clientId);
  return result;
}
