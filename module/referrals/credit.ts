import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { UnitOfWork } from '../unitOfWork';
import { refer } from './attribute';
import { isOwnPerson } from './known';
import { clientState, referralOfClient } from './queries';

/**
 * Staff make a client an affiliate's referral by hand, though no cookie said so. What the client paid since then is
 * still to be settled by whoever calls this.
 * @param holdsFrom what was paid before is nobody's; ms, UTC
 * @throws AffiliatesError already_referred, self_referral, client_unknown (erased), affiliate_not_active (closed)
 */
export async function creditReferral(
  work: UnitOfWork,
  credit: { clientId: string; affiliateId: number; signedUpAt: number; holdsFrom: number },
): Promise<void> {
  const { clientId, affiliateId, ...dates } = credit;
  const affiliate = await affiliateById(work.trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  if (affiliate.status === 'closed') throw new AffiliatesError('affiliate_not_active', { status: 'closed' });
  if ((await clientState(work.trx, clientId))?.status === 'deleted') {
    throw new AffiliatesError('client_unknown', { client: clientId });
  }
  if (await referralOfClient(work.trx, clientId)) throw new AffiliatesError('already_referred', {});
  if (await isOwnPerson(work.trx, clientId, affiliate)) throw new AffiliatesError('self_referral', {});
  await refer(work, clientId, affiliateId, { ...dates, campaign: '' });
  await record(work, 'referral.attributed', affiliateId, { client: clientId });
}
