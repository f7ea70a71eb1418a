import { payInvoice } from '../commissions';
import { forgetPersonal, personalOf } from '../events';
import type { EventPayloads } from '../events/rules';
import { attributeByCoupon, isErased, noteTraits, tellsTraits, type Sharing } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { lookAtCouponed, lookAtTraits, type Looked } from './look';

/**
 * A client paid an invoice: its coupon may make the client somebody's referral, and its account may be its affiliate's,
 * before what it earns is settled.
 * @returns what became of the attribution, where a coupon led to one, and what was found
 */
export async function pay(
  work: UnitOfWork,
  paid: EventPayloads['invoice.paid'],
): Promise<{ attribution?: string; sharing?: Sharing } & Looked> {
  const { clientId, coupon } = paid;
  const personal = coupon ? await personalOf(work.trx, clientId) : {};
  const attribution = coupon ? await attributeByCoupon(work, clientId, coupon, personal) : null;
  const isBrought = attribution === 'attributed';
  const looked = isBrought ? await lookAtCouponed(work, clientId) : {};
  const isTold = tellsTraits(work.personal);
  if (isTold) await keepTraits(work, clientId);
  const shared = isBrought || isTold || work.recorded ? await lookAtTraits(work, clientId) : {};
  await payInvoice(work, paid);
  return { ...(attribution && { attribution }), ...looked, ...shared };
}

async function keepTraits(work: UnitOfWork, clientId: string): Promise<void> {
  if (await isErased(work, clientId)) await forgetPersonal(work.trx, work.eventId);
  else await noteTraits(work, clientId);
}
