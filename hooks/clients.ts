/** What a host reports of its clients' accounts. */
import { z } from 'zod';
import { earlierCookieIn, readFollowed, touchFromCookieHeader, type Followed } from '../module/clicks';
import { mailDomainOf } from '../module/mailDomain';
import type { Personal, Touch } from '../module/events/rules';
import type { Module } from '../module/module';
import { factHook, type HookParts } from './fact';
import { FACT, hostId, optionalId, words, wordsIfTold } from './payload';
import { VISITS } from './visit';

const NAME = { firstname: words(200), lastname: words(200) };

/** Who shares one of these with its affiliate may be one household with it; kept as hashes alone. */
const TRAITS = {
  address1: words(200),
  postcode: words(40),
  country: words(60),
  /** Any text of the host's that stays the same for one card, PayPal or bank account. */
  paymentaccount: words(200),
};

/** @returns the hashes of what was told of the client, '' for what was not */
async function traitsOf(
  module: Module,
  told: { address1: string; postcode: string; country: string; paymentaccount: string },
) {
  const { address1: street, postcode, country, paymentaccount } = told;
  return {
    accounts: await module.hashAccounts(paymentaccount),
    postal: await module.hashPostal({ street, postcode, country }),
  };
}

/** A client signed up. `cookie` is the Cookie header of the signup request; without it nothing can be attributed. */
export const clientAdd = factHook('ClientAdd', {
  schema: z
    .object({
      ...FACT,
      ...NAME,
      client_id: hostId.optional(),
      /** What WHMCS called it before. */
      userid: hostId.optional(),
      user_id: optionalId,
      email: words(320),
      cookie: z.string().max(16_384).optional(),
      /** Links that were followed before, and could not be told then. */
      visits: VISITS,
      ...TRAITS,
      /** Where the signup came from; only a hash of its network is kept, and that for 30 days. */
      ip: words(64),
    })
    .transform((told, context) => {
      const clientId = told.client_id ?? told.userid;
      if (clientId !== undefined) return { ...told, clientId };
      context.addIssue({ code: 'custom', path: ['client_id'], message: 'is required' });
      return z.NEVER;
    }),
  async read(told, { module, secrets }, at) {
    const { clientId, firstname, lastname } = told;
    const touch = await touchOf(told.cookie, module, secrets, at);
    const mailDomain = mailDomainOf(told.email);
    const followed = followedBy(clientId, told, module, secrets);
    const links = followed.map(({ link }) => link);
    const payload = {
      clientId,
      touch,
      ...(mailDomain && { mailDomain }),
      ...(links.length > 0 && { followed: links }),
    };
    const fact = { type: 'client.signed_up', payload } as const;
    const emailHash = await module.hashEmail(told.email);
    const hashes = given({
      emailHash,
      network: await module.hashNetwork(told.ip),
      ...(await traitsOf(module, told)),
    });
    // Of a person whom no link brought nothing is kept by which it is known, and its address only as a hash: an
    // affiliate who misses it will name that address.
    if (touch.kind !== 'link' && touch.kind !== 'earlier' && links.length === 0) {
      return Object.keys(hashes).length > 0 ? { ...fact, personal: hashes, personalOf: clientId } : fact;
    }
    const sights = links.length > 0 ? JSON.stringify(followed.map(({ sight }) => sight)) : '';
    const personal = {
      firstName: firstname,
      lastName: lastname,
      emailHash,
      userId: told.user_id,
      ...hashes,
      ...given({ sights }),
    };
    return { ...fact, personal, personalOf: clientId };
  },
});

/** @returns the links among the visits that are told with a signup; from where the client signed up each of them came. */
function followedBy(
  clientId: string,
  { visits, ip }: { visits: z.output<typeof VISITS>; ip: string },
  { settings }: Module,
  [secret]: HookParts['secrets'],
): Followed[] {
  return visits.flatMap(({ at, ...visit }) => {
    if (at === undefined) return [];
    const link = readFollowed({ ...visit, ip: visit.ip || ip, at }, clientId, { settings, secret });
    return link ? [link] : [];
  });
}

/** What the host told: an event keeps its digest when hosts learn to tell more. */
const given = (told: Readonly<Record<string, string>>): Personal =>
  Object.fromEntries(Object.entries(told).filter(([, value]) => value !== ''));

/** What the cookies of a signup say: our own, and only where there is none that of an earlier program. */
async function touchOf(
  cookie: string | undefined,
  { settings, isEarlierCookieGood }: Module,
  secrets: readonly string[],
  at: number,
): Promise<Touch> {
  const touch = touchFromCookieHeader(cookie, settings, secrets, at);
  if (touch.kind !== 'none') return touch;
  const legacyId = earlierCookieIn(cookie, settings);
  return legacyId && (await isEarlierCookieGood(legacyId, at)) ? { kind: 'earlier', legacyId } : touch;
}

const STATUSES = { active: 'active', inactive: 'inactive', closed: 'closed' } as const;

/**
 * A client's details changed: name, address, or status (Active, Inactive, Closed). What is left out stays as it is; a
 * part of the name that is told as '' is emptied.
 */
export const clientEdit = factHook('ClientEdit', {
  schema: z.object({
    ...FACT,
    firstname: wordsIfTold(200),
    lastname: wordsIfTold(200),
    userid: hostId,
    ...TRAITS,
    email: words(320),
    status: words(20),
    language: words(35),
  }),
  async read(told, { module }) {
    const { userid, firstname, lastname, email, status, language } = told;
    const known = Object.entries(STATUSES).find(([word]) => word === status.toLowerCase());
    return {
      type: 'client.edited',
      payload: { clientId: userid, status: known?.[1] ?? '', locale: language },
      personal: {
        ...(firstname !== undefined && { firstName: firstname }),
        ...(lastname !== undefined && { lastName: lastname }),
        ...given({ emailHash: await module.hashEmail(email), ...(await traitsOf(module, told)) }),
      },
      personalOf: userid,
    };
  },
});

const ONE_CLIENT = z.object({ ...FACT, userid: hostId });

export const clientClose = factHook('ClientClose', {
  schema: ONE_CLIENT,
  read: ({ userid }) => ({ type: 'client.closed', payload: { clientId: userid } }),
});

export const preDeleteClient = factHook('PreDeleteClient', {
  schema: ONE_CLIENT,
  read: ({ userid }) => ({ type: 'client.deleted', payload: { clientId: userid } }),
});

export const afterClientMerge = factHook('AfterClientMerge', {
  schema: z.object({ ...FACT, toUserID: hostId, fromUserID: hostId }),
  read: ({ toUserID, fromUserID }) => ({
    type: 'clients.merged',
    payload: { toClientId: toUserID, fromClientId: fromUserID },
  }),
});
