import { addToFigures, affiliateById, holdAffiliate, standingAffiliate } from '../affiliates';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { EventPayloads, Personal } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';
import { judge, keep, refer } from './attribute';
import { countReferral, couponByCode, saveCoupon } from './couponQueries';
import { attributionOfClient, moveReferral, referralOfClient, type Referral } from './queries';
import { couponKey, type Attribution } from './rules';

/**
 * Makes a promotion code an affiliate's from now on, or ends it from now on.
 * @throws AffiliatesError field_invalid for an empty code, coupon_taken for one that is another affiliate's,
 *   affiliate_missing
 */
export async function changeCoupon(
  work: UnitOfWork,
  { code, affiliateId, on }: EventPayloads['coupon.changed'],
): Promise<void> {
  const key = couponKey(code);
  if (!key || key.length > 64) throw new AffiliatesError('field_invalid', { field: 'code' });
  if (!(await affiliateById(work.trx, affiliateId))) {
    throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId), field: 'affiliateId' });
  }
  const known = await couponByCode(work.trx, key);
  const isRunning = known?.until_at === null;
  if (isRunning && known.affiliate_id !== affiliateId)
    throw new AffiliatesError('coupon_taken', { coupon: key, field: 'code' });
  // Said twice, it holds from the first time.
  if (on === isRunning) return;
  await saveCoupon(work.trx, {
    code: key,
    affiliate_id: affiliateId,
    from_at: isRunning ? known.from_at : work.at,
    until_at: on ? null : work.at,
  });
  await record(work, on ? 'coupon.given' : 'coupon.ended', affiliateId, { code: key });
}

/**
 * A client paid with an affiliate's coupon: without a referral it becomes that affiliate's, from this payment on. One
 * that a link brought is the coupon's only where the setting says so, and only while nothing was earned.
 * @param personal what is kept about the client, to recognise an affiliate who buys with its own coupon
 * @returns what became of it; null when the coupon had no say
 */
export async function attributeByCoupon(
  work: UnitOfWork,
  clientId: string,
  code: string,
  personal: Personal,
): Promise<Attribution | null> {
  const owner = await ownerOf(work, code);
  if (!owner) return null;
  const referral = await referralOfClient(work.trx, clientId);
  if (referral && !mayTakeOver(work, referral, owner.id)) return null;
  const { affiliate, outcome } = await judge(work, clientId, owner.id, personal);
  if (affiliate && outcome === 'attributed') {
    if (referral) await takeOver(work, referral, affiliate.id);
    else await refer({ ...work, personal }, clientId, affiliate.id, { campaign: '', holdsFrom: work.at });
    await countReferral(work.trx, couponKey(code));
  }
  if (affiliate && outcome === 'self_referral') await record(work, 'referral.self_refused', affiliate.id);
  // A link that was refused keeps its reason, unless the coupon now makes it somebody's.
  if (outcome === 'attributed' || !(await attributionOfClient(work.trx, clientId))) {
    await keep(work, clientId, outcome, affiliate, { clickId: '', campaign: '' });
  }
  return outcome;
}

/** @returns whose code it is as of now; null when it is nobody's, or not any more */
async function ownerOf(work: UnitOfWork, code: string): Promise<AffiliateView | null> {
  const coupon = await couponByCode(work.trx, couponKey(code));
  const isGood = coupon && coupon.from_at <= work.at && work.at < (coupon.until_at ?? Infinity);
  return isGood ? standingAffiliate(work.trx, coupon.affiliate_id) : null;
}

/** In a replay, the setting was that of the day: the coupon had a say if the answer tells of one. */
function mayTakeOver({ settings, recorded }: UnitOfWork, referral: Referral, affiliateId: number): boolean {
  if (recorded) return 'attribution' in recorded;
  return settings.couponOrLink === 'coupon' && !referral.converted && referral.affiliate_id !== affiliateId;
}

async function takeOver(work: UnitOfWork, referral: Referral, affiliateId: number): Promise<void> {
  await holdAffiliate(work.trx, affiliateId);
  await moveReferral(work.trx, referral, affiliateId);
  await addToFigures(work.trx, referral.affiliate_id, { signups: -1 });
  await addToFigures(work.trx, affiliateId, { signups: 1 });
}
