import { addToFigures, affiliateByLegacyId } from '../affiliates';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import { judge, refer } from './attribute';
import {
  attributionOfClient,
  beginEarlier,
  referralOfClient,
  saveAttribution,
  setConversion,
} from './queries';
import { EARLIER, type Attribution } from './rules';
import { insertServices } from './services';

/**
 * Makes a client the referral that it was in an earlier program, for what it pays from now on, or since that one was
 * switched off: what it paid before has earned there. Whoever is a referral already stays the one it is; one that came
 * over before may learn that it begins earlier. What it has paid since then is still to be settled by whoever calls this.
 * @returns what became of it
 * @throws AffiliatesError import_missing for an affiliate that was not imported
 */
export async function importReferral(
  work: UnitOfWork,
  told: EventPayloads['referral.imported'],
): Promise<{ attribution: Attribution | 'known' }> {
  const { legacyId, clientId, signedUpAt, convertedAt, services, earnsFrom = work.at } = told;
  const owner = await affiliateByLegacyId(work.trx, legacyId);
  if (!owner) throw new AffiliatesError('import_missing', { legacy: legacyId });
  const known = await referralOfClient(work.trx, clientId);
  if (known) {
    await insertServices(work.trx, clientId, services);
    const cameOver = (await attributionOfClient(work.trx, clientId))?.click_id === EARLIER;
    if (cameOver && known.affiliate_id === owner.id) await beginEarlier(work.trx, known, earnsFrom);
    return { attribution: 'known' };
  }
  // Suspended or closed, it was its affiliate's all the same.
  const judged = (await judge(work, clientId, owner.id, work.personal)).outcome;
  const attribution = judged === 'self_referral' ? judged : 'attributed';
  await saveAttribution(work.trx, {
    client_id: clientId,
    affiliate_id: owner.id,
    outcome: attribution,
    signed_up_at: signedUpAt,
    click_id: EARLIER,
    campaign: '',
  });
  if (attribution === 'self_referral') return { attribution };
  await insertServices(work.trx, clientId, services);
  await refer(work, clientId, owner.id, { campaign: '', holdsFrom: earnsFrom, signedUpAt });
  const referral = await referralOfClient(work.trx, clientId);
  if (referral && convertedAt !== null) {
    await setConversion(work.trx, referral.id, { at: convertedAt, by: EARLIER });
    await addToFigures(work.trx, owner.id, { conversions: 1 });
  }
  return { attribution };
}
