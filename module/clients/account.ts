/** What happens to a client's account at the host, and what becomes of our side of it. */
import { affiliateByClient, closeAffiliate, erasePerson, updateAffiliate } from '../affiliates';
import { record } from '../audit';
import { settleClient } from '../commissions';
import { eraseDisputesAbout, eraseDisputesOf } from '../disputes';
import { erasePersonal, forgetPart, forgetPersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import {
  attribute,
  clientState,
  followClient,
  forgetAddresses,
  forgetNetworks,
  nameColumns,
  nameFrom,
  noteAddress,
  noteNetwork,
  referralOfClient,
  sharingWithAffiliate,
  suspect,
  updateReferral,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { eraseDetails } from '../withdrawals';
import { lookAtSignup, type Looked } from './look';

const OF_DOMAIN = { disposable: 'disposable_email', unchecked: 'check_failed' } as const;

/** A client signed up: it may be somebody's referral, and may have paid already if events overtook each other. */
export async function signUp(
  work: UnitOfWork,
  signup: EventPayloads['client.signed_up'],
): Promise<{ attribution: string } & Looked> {
  const { clientId, mailDomain } = signup;
  if (mailDomain) await suspect(work, clientId, OF_DOMAIN[mailDomain]);
  const attribution = await attribute(work, signup);
  const looked = attribution === 'attributed' ? await lookAtSignup(work, signup) : {};
  if (attribution) await settleClient(work, clientId);
  if (await isErased(work, clientId)) await forgetPersonal(work.trx, work.eventId);
  else await noteAddress(work, clientId);
  await keepNetwork(work, clientId);
  return { attribution: attribution ?? 'none', ...looked };
}

/** Where the client signed up from is kept for a while beside the client, and no longer beside the event. */
async function keepNetwork(work: UnitOfWork, clientId: string): Promise<void> {
  const { trx, at, eventId, personal } = work;
  const { network = '' } = personal;
  if (!network || (await isErased(work, clientId))) return;
  await noteNetwork(trx, { clientId, network, at });
  await forgetPart(trx, eventId, 'network');
}

/**
 * A client's details changed: name, address or status.
 * @returns the referrals that turned out to be one person with their affiliate, by their clients
 */
export async function editClient(
  work: UnitOfWork,
  { clientId, status, locale }: EventPayloads['client.edited'],
): Promise<{ suspected?: readonly string[] }> {
  if (status === 'closed') await closeClient(work, { clientId });
  // Inactive is WHMCS's word for a client without services: still a client, and may buy again.
  else if (status) await followClient(work, clientId, 'active');
  // Late news of a client who is erased, or news of one who is neither affiliate nor referral: nothing is kept.
  const isKept = !(await isErased(work, clientId)) && (await describeClient(work, clientId, locale));
  if (isKept) await noteAddress(work, clientId);
  else await forgetPersonal(work.trx, work.eventId);
  const suspected = isKept ? await sharingWithAffiliate(work, clientId) : [];
  for (const referred of suspected) {
    await suspect(work, referred, 'same_person');
    await settleClient(work, referred);
  }
  return suspected.length > 0 ? { suspected } : {};
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
  if (referral && (firstName || lastName)) {
    await updateReferral(work.trx, referral.id, nameColumns(nameFrom(firstName ?? '', lastName ?? '')));
  }
  return affiliate !== null || referral !== null;
}

/** Erasing may overtake what happened before it. */
async function isErased({ trx }: UnitOfWork, clientId: string): Promise<boolean> {
  return (await clientState(trx, clientId))?.status === 'deleted';
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
  await erasePersonal(work.trx, clientId);
  const affiliate = await affiliateByClient(work.trx, clientId);
  if (affiliate) {
    await erasePerson(work.trx, affiliate.id);
    await eraseDetails(work.trx, affiliate.id);
    await eraseDisputesOf(work.trx, affiliate.id);
  }
  await record(work, 'client.erased', affiliate?.id ?? null);
}
