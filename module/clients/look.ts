/**
 * What is looked at when a client becomes somebody's referral. Clicks and networks are forgotten after 30 days, so that a
 * replay goes by what was found: each is looked at once, and kept in the event's answer.
 */
import { affiliateOfEarlierCookie, standingAffiliate } from '../affiliates';
import { suspicionsOfClick, type ClickSuspicion } from '../clicks';
import { settleUncleared } from '../commissions';
import type { EventPayloads, Touch } from '../events/rules';
import {
  attributionOfClient,
  sharingTraits,
  suspect,
  suspicionOfNetwork,
  suspicionOfSightings,
  type NetworkSuspicion,
  type Sharing,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';

/** What was found, as answers keep it; what speaks against nobody is left out. */
export type Looked = Readonly<{
  clickSuspicions?: readonly ClickSuspicion[];
  networkSuspicion?: NetworkSuspicion;
}>;

/** Looks at a signup that a link brought, and notes what it finds. */
export async function lookAtSignup(
  work: UnitOfWork,
  { clientId, touch }: EventPayloads['client.signed_up'],
): Promise<Looked> {
  const { trx, at, recorded, personal, identityKey } = work;
  const affiliate = await ownerOf(work, touch);
  if (!affiliate) return {};
  // Of an earlier program's cookie no click is known; from where the client signed up tells as much as of any.
  const isLink = touch.kind === 'link';
  const found = recorded ?? {
    clickSuspicions: isLink ? await suspicionsOfClick(trx, touch, at) : [],
    networkSuspicion: await suspicionOfNetwork(trx, affiliate.clientId, {
      network: personal['network'] ?? '',
      clickId: isLink ? touch.clickId : '',
      at,
      identityKey,
    }),
  };
  return note(work, clientId, found);
}

async function ownerOf({ trx, at }: UnitOfWork, touch: Touch): Promise<AffiliateView | null> {
  if (touch.kind === 'link') return standingAffiliate(trx, touch.affiliateId);
  return touch.kind === 'earlier' ? affiliateOfEarlierCookie(trx, touch.legacyId, at) : null;
}

/** Looks at a client whom a coupon has just brought. */
export async function lookAtCouponed(work: UnitOfWork, clientId: string): Promise<Looked> {
  const { trx, recorded } = work;
  const owner = (await attributionOfClient(trx, clientId))?.affiliate_id ?? null;
  const affiliate = owner === null ? null : await standingAffiliate(trx, owner);
  if (!affiliate) return {};
  const found = recorded ?? {
    networkSuspicion: await suspicionOfSightings(trx, affiliate.clientId, clientId),
  };
  return note(work, clientId, found);
}

/**
 * Looks for referrals who share an account or an address with their affiliate, from a client of whom something new is
 * known. What they earned and has not cleared is put on hold.
 */
export async function lookAtTraits(work: UnitOfWork, clientId: string): Promise<{ sharing?: Sharing }> {
  const sharing = await sharingTraits(work, clientId);
  const found = Object.entries(sharing) as [keyof Sharing, readonly string[]][];
  for (const [code, clients] of found) {
    for (const client of clients) await suspect(work, client, code);
  }
  for (const suspected of new Set(found.flatMap(([, clients]) => clients))) {
    await settleUncleared(work, { clientId: suspected });
  }
  return found.length > 0 ? { sharing } : {};
}

async function note(work: UnitOfWork, clientId: string, found: object): Promise<Looked> {
  // Written here alone.
  const { clickSuspicions = [], networkSuspicion } = found as Looked;
  for (const code of clickSuspicions) await suspect(work, clientId, code);
  if (networkSuspicion) await suspect(work, clientId, networkSuspicion);
  return {
    ...(clickSuspicions.length > 0 && { clickSuspicions }),
    ...(networkSuspicion && { networkSuspicion }),
  };
}
