import type { Knex } from 'knex';
import { clicksAbout } from '../clicks';
import { invoicesOfClient, payerOf } from '../commissions';
import { AffiliatesError } from '../errors';
import type { DisputeOpened } from '../events/rules';
import { clientsWithAddress, isKnownClient, referralsAmong, signedUpAt } from '../referrals';
import type { Settings } from '../settings';
import { lookedBefore } from './queries';
import { isFound } from './rules';

/** What an affiliate names. */
export interface Looked {
  readonly disputeId: string;
  readonly affiliateId: number;
  /** '' where no address was named. */
  readonly emailHash: string;
  /** '' where no invoice was named. */
  readonly invoiceId: string;
  readonly day: string;
}

/**
 * Looks for a referral that an affiliate misses. Asked before the dispute is opened, and goes with it as a fact: clicks
 * are gone after a month, and a replay must come to the same end. Whoever was named, it asks the database the same
 * questions in the same order, so that neither the answer nor the time it takes says who is a client. A dispute that is
 * opened already was looked into: a form sent twice must say the same twice.
 * @param now ms since the epoch
 */
export async function lookForReferral(
  knex: Knex,
  { timeZone }: Settings,
  now: number,
  { disputeId, affiliateId, emailHash, invoiceId, day }: Looked,
): Promise<Pick<DisputeOpened, 'clicks' | 'found'>> {
  const before = await lookedBefore(knex, disputeId);
  if (before) return before;
  const clicks = await clicksAbout(knex, affiliateId, { day, timeZone, now });
  const clients = await clientsWithAddress(knex, emailHash);
  const payer = (await payerOf(knex, invoiceId)) ?? NOBODY;
  const own = await referralsAmong(knex, affiliateId, [...clients, payer.clientId]);
  const named = {
    byAddress: emailHash ? clients : null,
    byInvoice: invoiceId ? payer : null,
    day,
    timeZone,
  };
  return { clicks, found: isFound(own, named) };
}

/**
 * Looks at a client whom staff want to credit: before it is done, since a replay may come after the client was erased.
 * @returns when it signed up, ms, UTC; null where that is not known
 * @throws AffiliatesError client_unknown for a number that the host never told of: it would be a referral that never
 *   earns, and keep the client who was meant from being found
 */
export async function signupOfKnown(knex: Knex, clientId: string): Promise<number | null> {
  const isKnown =
    (await isKnownClient(knex, clientId)) || (await invoicesOfClient(knex, clientId)).length > 0;
  if (!isKnown) throw new AffiliatesError('client_unknown', { client: clientId });
  return signedUpAt(knex, clientId);
}

const NOBODY = { clientId: '', paidAt: 0 };
