import {
  addToFigures,
  affiliateOfEarlierCookie,
  affiliatesSharing,
  holdAffiliate,
  standingAffiliate,
  statusAt,
} from '../affiliates';
import { record } from '../audit';
import type { EventPayloads, Personal, Touch } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';
import {
  attributionOfClient,
  clientState,
  saveAttribution,
  insertReferral,
  nameColumns,
  referralOfClient,
} from './queries';
import { attributionOf, EARLIER, nameFrom, type Attribution } from './rules';

/**
 * Ties a new client to the affiliate whose link brought it, for good: later purchases need no cookie. A signup that
 * brought a cookie but is nobody's referral is recorded with the reason. The first answer for a client stands.
 * @returns what became of it; null when it brought no cookie
 */
export async function attribute(
  work: UnitOfWork,
  { clientId, touch }: EventPayloads['client.signed_up'],
): Promise<Attribution | null> {
  if (touch.kind === 'none') return null;
  const known = await attributionOfClient(work.trx, clientId);
  if (known) return known.outcome;
  if (touch.kind === 'invalid') return keep(work, clientId, touch.code, null, NO_CLICK);
  const link = await linkBehind(work, touch);
  if (!link) return null;
  const { affiliate, outcome } = await judge(work, clientId, link.affiliateId, work.personal);
  await keep(work, clientId, outcome, affiliate, link);
  // A referral that came in with a merge stays with the affiliate it came from.
  if (outcome === 'attributed' && affiliate && !(await referralOfClient(work.trx, clientId))) {
    await refer(work, clientId, affiliate.id, { campaign: link.campaign, holdsFrom: 0 });
  }
  if (outcome === 'self_referral' && affiliate) await record(work, 'referral.self_refused', affiliate.id);
  return outcome;
}

/** @returns whose link a cookie tells of; null for one of an earlier program that nobody here had, or whose time is over */
async function linkBehind(
  { trx, at }: UnitOfWork,
  touch: Extract<Touch, { kind: 'link' | 'earlier' }>,
): Promise<{ affiliateId: number; clickId: string; campaign: string } | null> {
  if (touch.kind === 'link') return touch;
  const affiliate = await affiliateOfEarlierCookie(trx, touch.legacyId, at);
  return affiliate && { affiliateId: affiliate.id, clickId: EARLIER, campaign: '' };
}

/** @returns whether a client may become the affiliate's referral, and whose link or coupon it was as of now */
export async function judge(
  work: UnitOfWork,
  clientId: string,
  affiliateId: number,
  personal: Personal,
): Promise<{ affiliate: AffiliateView | null; outcome: Attribution }> {
  const affiliate = await standingAffiliate(work.trx, affiliateId);
  const status = affiliate && (await statusAt(work.trx, affiliate.id, work.at));
  const sharing = (await affiliatesSharing(work.trx, personal)).map(
    ({ id, merged_into }) => merged_into ?? id,
  );
  return { affiliate, outcome: recordedOutcome(work) ?? attributionOf(clientId, affiliate, status, sharing) };
}

/** What was decided by addresses that may be erased since; the answers of `client.signed_up` and `invoice.paid` tell it. */
const recordedOutcome = ({ recorded }: UnitOfWork) => recorded?.['attribution'] as Attribution | undefined;

const NO_CLICK = { clickId: '', campaign: '' };

/** Keeps what became of a client's attribution. */
export async function keep(
  work: UnitOfWork,
  clientId: string,
  outcome: Attribution,
  affiliate: AffiliateView | null,
  { clickId, campaign }: { clickId: string; campaign: string },
): Promise<Attribution> {
  await saveAttribution(work.trx, {
    client_id: clientId,
    affiliate_id: affiliate?.id ?? null,
    outcome,
    signed_up_at: work.at,
    click_id: clickId,
    campaign,
  });
  return outcome;
}

/**
 * Makes a client an affiliate's referral, for payments from `holdsFrom` on.
 * @param signedUpAt now unless it was before; both ms, UTC
 */
export async function refer(
  work: UnitOfWork,
  clientId: string,
  affiliateId: number,
  { campaign, holdsFrom, signedUpAt = work.at }: { campaign: string; holdsFrom: number; signedUpAt?: number },
): Promise<void> {
  await holdAffiliate(work.trx, affiliateId);
  // The account may have been closed or erased by an event that overtook this one.
  const state = await clientState(work.trx, clientId);
  const erased = state?.status === 'deleted';
  const gone = state !== null && state.status !== 'active';
  const { firstName = '', lastName = '' } = erased ? {} : work.personal;
  await insertReferral(
    work.trx,
    {
      id: work.newId(),
      client_id: clientId,
      affiliate_id: affiliateId,
      signed_up_at: signedUpAt,
      holds_from: holdsFrom,
      status: gone ? 'closed' : 'active',
      closed_at: gone ? state.at : null,
      ...nameColumns(nameFrom(firstName, lastName)),
      product: '',
      product_at: 0,
      campaign,
      converted: false,
      converted_at: null,
      converted_by: null,
    },
    work.settings.currency,
  );
  await addToFigures(work.trx, affiliateId, { signups: 1 });
}
