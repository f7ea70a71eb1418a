import { payInvoice } from '../commissions';
import { personalOf } from '../events';
import type { EventPayloads } from '../events/rules';
import { attributeByCoupon } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { lookAtCouponed, type Looked } from './look';

/**
 * A client paid an invoice: its coupon may make the client somebody's referral, before what it earns is settled.
 * @returns what became of the attribution, where a coupon led to one
 */
export async function pay(
  work: UnitOfWork,
  paid: EventPayloads['invoice.paid'],
): Promise<{ attribution?: string } & Looked> {
  const { clientId, coupon } = paid;
  const personal = coupon ? await personalOf(work.trx, clientId) : {};
  const attribution = coupon ? await attributeByCoupon(work, clientId, coupon, personal) : null;
  const looked = attribution === 'attributed' ? await lookAtCouponed(work, clientId) : {};
  await payInvoice(work, paid);
  return { ...(attribution && { attribution }), ...looked };
}
