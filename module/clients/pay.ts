import { payInvoice } from '../commissions';
import { personalOf } from '../events';
import type { EventPayloads } from '../events/rules';
import { attributeByCoupon } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';

/** A client paid an invoice: its coupon may make the client somebody's referral, before what it earns is settled. */
export async function pay(work: UnitOfWork, paid: EventPayloads['invoice.paid']): Promise<void> {
  const { clientId, coupon } = paid;
  if (coupon) await attributeByCoupon(work, clientId, coupon, await personalOf(work.trx, clientId));
  await payInvoice(work, paid);
}
