import { holdAffiliate, standingAffiliate } from '../affiliates';
import { AffiliatesError } from '../errors';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView, CorrectionDirection } from '../views';
import { checkAffiliate } from './rules';

/**
 * Gives the affiliate that is corrected, and keeps it from being merged into another until the correction is written:
 * nobody would find the money again.
 * @throws AffiliatesError affiliate_missing, affiliate_not_active (closed or merged)
 */
export async function holdCorrected(
  { trx }: UnitOfWork,
  affiliateId: number,
  direction: CorrectionDirection,
): Promise<AffiliateView> {
  const affiliate = await standingAffiliate(trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  if (affiliate.id !== affiliateId) throw new AffiliatesError('affiliate_not_active', { status: 'closed' });
  checkAffiliate(affiliate, direction);
  await holdAffiliate(trx, affiliateId);
  return affiliate;
}
