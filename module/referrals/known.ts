/** What is known of a client, whether or not it is anybody's referral. */
import type { Knex } from 'knex';
import { affiliatesSharing } from '../affiliates';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';
import { addressesOf } from './addresses';
import { attributionOfClient, CLIENT_STATES, clientState } from './queries';

/** @returns when a client signed up, ms, UTC: one that brought no cookie told its address then; null where it told none */
export async function signedUpAt(knex: Knex, clientId: string): Promise<number | null> {
  const attribution = await attributionOfClient(knex, clientId);
  const [first] = await addressesOf(knex, clientId);
  const known = [attribution?.signed_up_at, first?.known_since].filter((at) => at !== undefined);
  // A coupon attributes when it is paid with, which is later.
  return known.length > 0 ? Math.min(...known) : null;
}

/**
 * @returns whether a client is the person behind the affiliate, or behind one that was merged into it: by the account, by
 *   an address, or because its signup was refused as that
 */
export async function isOwnPerson(
  knex: Knex,
  clientId: string,
  affiliate: Pick<AffiliateView, 'id' | 'clientId'>,
): Promise<boolean> {
  if (affiliate.clientId === clientId) return true;
  const attribution = await attributionOfClient(knex, clientId);
  if (attribution?.outcome === 'self_referral' && attribution.affiliate_id === affiliate.id) return true;
  for (const { email_hash } of await addressesOf(knex, clientId)) {
    const sharing = await affiliatesSharing(knex, { emailHash: email_hash });
    if (sharing.some(({ id, merged_into }) => (merged_into ?? id) === affiliate.id)) return true;
  }
  return false;
}

/** @returns whether a client is erased, which may overtake what happened before it */
export async function isErased({ trx }: Pick<UnitOfWork, 'trx'>, clientId: string): Promise<boolean> {
  return (await clientState(trx, clientId))?.status === 'deleted';
}

/** @returns whether the host has ever told of a client: by its signup, its address, or what became of its account */
export async function isKnownClient(knex: Knex, clientId: string): Promise<boolean> {
  const known = [
    await addressesOf(knex, clientId),
    await attributionOfClient(knex, clientId),
    await clientState(knex, clientId),
  ];
  return known.some((each) => (Array.isArray(each) ? each.length > 0 : each !== null));
}

/** @returns those of the clients whose accounts ended, and whether they were erased or only closed */
export async function endedAmong(
  knex: Knex,
  clientIds: readonly string[],
): Promise<Map<string, 'closed' | 'deleted'>> {
  const rows: { client_id: string; status: 'closed' | 'deleted' }[] = await knex(CLIENT_STATES)
    .whereIn('client_id', [...clientIds])
    .whereIn('status', ['closed', 'deleted'])
    .select('client_id', 'status');
  return new Map(rows.map(({ client_id, status }) => [client_id, status]));
}
