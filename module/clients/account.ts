/** What happens to a client's account at the host, and what becomes of our side of it. */
import { affiliateByClient, closeAffiliate, erasePerson, updateAffiliate } from '../affiliates';
import { record } from '../audit';
import { followLinks, type Followed } from '../clicks';
import { settleClient } from '../commissions';
import { eraseDisputesAbout, eraseDisputesOf } from '../disputes';
import { erasePersonal, forgetPart, forgetPersonal } from '../events';
import type { EventPayloads, Touch } from '../events/rules';
import {
  attribute,
  attributionOfClient,
  followClient,
  forgetAddresses,
  forgetNetworks,
  forgetTraits,
  isErased,
  noteAddress,
  noteNetwork,
  noteTraits,
  referralOfClient,
  renameReferral,
  sharingWithAffiliate,
  suspect,
  tellsTraits,
  type Sharing,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { eraseDetails } from '../withdrawals';
import { lookAtSignup, lookAtTraits, type Looked } from './look';

const OF_DOMAIN = { disposable: 'disposable_email', unchecked: 'check_failed' } as const;

/** A client signed up: it may be somebody's referral, and may have paid already if events overtook each other. */
export async function signUp(
  work: UnitOfWork,
  told: EventPayloads['client.signed_up'],
): Promise<{ attribution: string; touch?: Touch; sharing?: Sharing } & Looked> {
  const { clientId, mailDomain, followed } = told;
  if (mailDomain) await suspect(work, clientId, OF_DOMAIN[mailDomain]);
  const signup = followed ? { ...told, touch: await touchWith(work, told) } : told;
  const attribution = await attribute(work, signup);
  const looked = attribution === 'attributed' ? await lookAtSignup(work, signup) : {};
  if (followed) await forgetVisits(work, signup.touch);
  await keepPersonal(work, clientId);
  // It may have paid before.
  const shared = await lookAtTraits(work, clientId);
  if (attribution) await settleClient(work, clientId);
  return {
    attribution: attribution ?? 'none',
    ...(followed && { touch: signup.touch }),
    ...looked,
    ...shared,
  };
}

/**
 * @returns what the signup's cookie would say if the links that came with it had been told when they were followed. By
 *   clicks that are forgotten, and settings that change: a replay goes by what was found.
 */
async function touchWith(
  { trx, settings, at, personal, recorded }: UnitOfWork,
  { clientId, touch, followed = [] }: EventPayloads['client.signed_up'],
): Promise<Touch> {
  // Written here alone.
  if (recorded) return recorded['touch'] as Touch;
  // The first answer for a client stands, and its clicks may be forgotten since.
  if (await attributionOfClient(trx, clientId)) return touch;
  // Written by `clientAdd` alone, one for each link; gone where the client was erased before this was processed.
  const sights = JSON.parse(personal['sights'] ?? '[]') as Followed['sight'][];
  const links = followed.flatMap((link, index) => {
    const sight = sights[index];
    return sight ? [{ link, sight }] : [];
  });
  return followLinks(trx, settings, { touch, followed: links, at });
}

/** How visitors came is kept with the clicks; of a person whom no link brought after all, hashes alone. */
async function forgetVisits({ trx, eventId }: UnitOfWork, { kind }: Touch): Promise<void> {
  const named = kind === 'link' || kind === 'earlier' ? [] : ['firstName', 'lastName', 'userId'];
  for (const part of ['sights', ...named]) await forgetPart(trx, eventId, part);
}

/** Keeps what came with a signup; where it came from for a while beside the client, and no longer beside the event. */
async function keepPersonal(work: UnitOfWork, clientId: string): Promise<void> {
  const { trx, at, eventId, personal } = work;
  if (await isErased(work, clientId)) {
    await forgetPersonal(trx, eventId);
    return;
  }
  await noteAddress(work, clientId);
  await noteTraits(work, clientId);
  const { network = '' } = personal;
  if (!network) return;
  await noteNetwork(trx, { clientId, network, at });
  await forgetPart(trx, eventId, 'network');
}

/**
 * A client's details changed: name, address or status.
 * @returns the referrals that turned out to be one person with their affiliate, or to share something with it, by their
 *   clients
 */
export async function editClient(
  work: UnitOfWork,
  { clientId, status, locale }: EventPayloads['client.edited'],
): Promise<{ suspected?: readonly string[]; sharing?: Sharing }> {
  if (status === 'closed') await closeClient(work, { clientId });
  // Inactive is WHMCS's word for a client without services: still a client, and may buy again.
  else if (status) await followClient(work, clientId, 'active');
  // Late news of a client who is erased, or news of one who is neither affiliate nor referral: nothing is kept.
  const isKept = !(await isErased(work, clientId)) && (await describeClient(work, clientId, locale));
  if (isKept) {
    await noteAddress(work, clientId);
    await noteTraits(work, clientId);
  } else await forgetPersonal(work.trx, work.eventId);
  const suspected = isKept ? await sharingWithAffiliate(work, clientId) : [];
  for (const referred of suspected) {
    await suspect(work, referred, 'same_person');
    await settleClient(work, referred);
  }
  const shared =
    isKept && (work.recorded || tellsTraits(work.personal)) ? await lookAtTraits(work, clientId) : {};
  return { ...(suspected.length > 0 && { suspected }), ...shared };
}

/** @returns whether the client is anybody to us */
async function describeClient(work: UnitOfWork, clientId: string, locale: string): Promise<boolean> {
  const { firstName, lastName, emailHash } = work.personal;
  const affiliate = await affiliateByClient(work.trx, clientId);
  if (affiliate && (emailHash || locale)) {
    const changes = { ...(emailHash && { email_hash: emailHash }), ...(locale && { locale }) };
    await updateAffiliate(work.trx, affiliate.id, changes);
  }
  const referral = await referralOfClient(work.trx, clientId);
  if (referral) await renameReferral(work.trx, referral, { firstName, lastName });
  return affiliate !== null || referral !== null;
}

/** A client's account was closed: shown as closed where it is a referral, and ended where it is an affiliate. */
export async function closeClient(
  work: UnitOfWork,
  { clientId }: EventPayloads['client.closed'],
): Promise<void> {
  if (await followClient(work, clientId, 'closed')) await closeAffiliate(work, clientId);
}

/** A client is erased: what identifies the person goes, the entries stay. */
export async function deleteClient(
  work: UnitOfWork,
  { clientId }: EventPayloads['client.deleted'],
): Promise<void> {
  await followClient(work, clientId, 'deleted');
  await closeAffiliate(work, clientId);
  await eraseDisputesAbout(work, clientId);
  await forgetAddresses(work.trx, clientId);
  await forgetNetworks(work.trx, clientId);
  await forgetTraits(work.trx, clientId);
  await erasePersonal(work.trx, clientId);
  const affiliate = await affiliateByClient(work.trx, clientId);
  if (affiliate) {
    await erasePerson(work.trx, affiliate.id);
    await eraseDetails(work.trx, affiliate.id);
    await eraseDisputesOf(work.trx, affiliate.id);
  }
  await record(work, 'client.erased', affiliate?.id ?? null);
}
