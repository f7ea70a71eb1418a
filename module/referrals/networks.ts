/**
 * From which networks people come, as keyed hashes that are forgotten after 30 days: a signup from where its affiliate
 * was about the same time is looked at. All the SQL of their table.
 */
import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { affiliateByClient } from '../affiliates';
import { clickById, isPublicNetwork, truncateNetwork } from '../clicks';
import { reportOf } from '../faults';
import type { Logger } from '../host';

const SEEN = 'mod_affiliates_seen_networks';
const DAY_MS = 86_400_000;

/** Homes and phones keep their network for days, and a week later its next user may have it. */
const WITHIN_DAYS = 7;
/** As long as raw clicks: a signup may be told late. */
const KEPT_DAYS = 30;

/** In place of a hash: what the host told is no address, so nothing can be compared. */
const UNREADABLE = 'unreadable';

/** @returns the UTC day of a time in ms, counted from the epoch: nearness is asked for, and no calendar */
const dayOf = (at: number) => Math.floor(at / DAY_MS);

/**
 * @returns a keyed hash of the address's network (/24, /48); '' for no address and for a network that is not the
 *   public's, behind which all visitors would be one; a word that is no hash for what cannot be read
 */
export function hashNetwork(identityKey: string, ip: string): string {
  const written = ip.trim();
  if (!written) return '';
  const network = truncateNetwork(written);
  return network ? hashPublic(identityKey, network) : UNREADABLE;
}

const hashPublic = (identityKey: string, network: string) =>
  isPublicNetwork(network)
    ? createHmac('sha256', identityKey).update(`network:${network}`).digest('hex')
    : '';

/** Notes that a client was seen in a network, at most once a day. */
export async function noteNetwork(
  knex: Knex,
  { clientId, network, at }: { clientId: string; network: string; at: number },
): Promise<void> {
  if (!network || network === UNREADABLE) return;
  await knex(SEEN)
    .insert({ client_id: clientId, network, day: dayOf(at) })
    .onConflict(['client_id', 'network', 'day'])
    .ignore();
}

export async function forgetNetworks(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(SEEN).where({ client_id: clientId }).delete();
}

/** Gives where one client was seen to another, so that erasing the one that stays reaches it. */
export async function moveNetworks(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  const rows = await trx<SeenRow>(SEEN).where({ client_id: from });
  await forgetNetworks(trx, from);
  for (const { network, day } of rows) {
    await trx(SEEN)
      .insert({ client_id: to, network, day })
      .onConflict(['client_id', 'network', 'day'])
      .ignore();
  }
}

interface SeenRow {
  readonly client_id: string;
  readonly network: string;
  readonly day: number;
}

/** Deletes what is too old to be compared with. @returns how many rows are gone */
export async function purgeNetworks(knex: Knex, now: number): Promise<number> {
  return knex(SEEN)
    .where('day', '<', dayOf(now) - KEPT_DAYS)
    .delete();
}

export type NetworkSuspicion = 'same_network' | 'check_failed';

/**
 * @param signup `network` as `hashNetwork` made it of what the host told; without it, that of the click is asked, while
 *   it is kept
 * @returns what the network of a signup says against it; null for nothing, and where none is known
 */
export async function suspicionOfNetwork(
  trx: Knex.Transaction,
  affiliateClientId: string,
  signup: { network: string; clickId: string; at: number; identityKey: string },
): Promise<NetworkSuspicion | null> {
  const { network, clickId, at, identityKey } = signup;
  if (network === UNREADABLE) return 'check_failed';
  const click = network ? null : await clickById(trx, clickId);
  const from = click ? hashPublic(identityKey, click.network) : network;
  return from && (await wasSeen(trx, affiliateClientId, { network: from, day: dayOf(at) }))
    ? 'same_network'
    : null;
}

/** The same for a client whom a coupon brought: wherever it was seen itself. */
export async function suspicionOfSightings(
  trx: Knex.Transaction,
  affiliateClientId: string,
  clientId: string,
): Promise<NetworkSuspicion | null> {
  for (const seen of await trx<SeenRow>(SEEN).where({ client_id: clientId })) {
    if (await wasSeen(trx, affiliateClientId, seen)) return 'same_network';
  }
  return null;
}

async function wasSeen(
  trx: Knex.Transaction,
  clientId: string,
  { network, day }: Pick<SeenRow, 'network' | 'day'>,
): Promise<boolean> {
  const near = [day - WITHIN_DAYS, day + WITHIN_DAYS] as const;
  return (
    (await trx(SEEN).where({ client_id: clientId, network }).whereBetween('day', near).first('day')) !==
    undefined
  );
}

/** More affiliates a day than that are noted again: one statement each. */
const MOST_REMEMBERED = 10_000;

/**
 * Makes what notes from where affiliates open their pages. Never rejects: a page is shown whatever becomes of it.
 * Each is written once a day and process.
 */
export function createSightings(parts: {
  readonly knex: Knex;
  readonly logger: Logger;
  readonly now: () => number;
  readonly identityKey: (knex: Knex) => Promise<string>;
}): (seen: { clientId: string; ip: string }) => Promise<void> {
  const { knex, logger, now, identityKey } = parts;
  const noted = new Set<string>();
  return async ({ clientId, ip }) => {
    try {
      const at = now();
      const network = hashNetwork(await identityKey(knex), ip);
      const key = [dayOf(at), network, clientId].join(' ');
      if (!network || noted.has(key) || !(await affiliateByClient(knex, clientId))) return;
      await noteNetwork(knex, { clientId, network, at });
      if (noted.size >= MOST_REMEMBERED) noted.clear();
      noted.add(key);
    } catch (error) {
      logger.error(reportOf(error), 'where an affiliate was seen could not be noted');
    }
  };
}
