/**
 * What clients pay with, are paid to, and where they live, as keyed hashes: whoever shares one with its affiliate may be
 * one household with it. All the SQL of their table.
 */
import type { Knex } from 'knex';
import { affiliateByClient, standingAffiliate } from '../affiliates';
import type { Personal } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import { referralOfClient, referralsAmong } from './queries';

const TRAITS = 'mod_affiliates_client_traits';

/** By what is shared: what it makes the client suspected of. */
const SUSPICION_OF = { account: 'same_payout_account', postal: 'same_address' } as const;
type Kind = keyof typeof SUSPICION_OF;

interface TraitRow {
  readonly client_id: string;
  readonly kind: Kind;
  readonly trait_hash: string;
  /** When the client first told it; ms, UTC. */
  readonly known_since: number;
}

/** Clients who share something with their affiliate, by what they are suspected of. */
export type Sharing = Readonly<Partial<Record<(typeof SUSPICION_OF)[Kind], readonly string[]>>>;

/** @returns the hashes that came beside an event: `accounts` holds several with a space between */
function told({ accounts = '', postal = '' }: Personal): Pick<TraitRow, 'kind' | 'trait_hash'>[] {
  return [
    ...accounts.split(' ').map((trait_hash) => ({ kind: 'account' as const, trait_hash })),
    { kind: 'postal' as const, trait_hash: postal },
  ].filter(({ trait_hash }) => trait_hash !== '');
}

/** @returns whether something came beside the event that can be shared */
export const tellsTraits = (personal: Personal): boolean => told(personal).length > 0;

/** Notes what came with the event, if anything did. */
export async function noteTraits({ trx, at, personal }: UnitOfWork, client_id: string): Promise<void> {
  for (const trait of told(personal)) await insert(trx, { client_id, ...trait, known_since: at });
}

async function insert(trx: Knex.Transaction, { known_since, ...trait }: TraitRow): Promise<void> {
  await trx(TRAITS)
    .insert({ ...trait, known_since })
    .onConflict(['client_id', 'kind', 'trait_hash'])
    .ignore();
  // What is told later may have happened earlier.
  await trx(TRAITS).where(trait).andWhere('known_since', '>', known_since).update({ known_since });
}

const traitsOf = (knex: Knex, clientId: string): Promise<TraitRow[]> =>
  knex<TraitRow>(TRAITS).where({ client_id: clientId }).orderBy(['kind', 'trait_hash']);

export async function forgetTraits(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(TRAITS).where({ client_id: clientId }).delete();
}

/** Gives one client's to another, so that erasing the one that stays reaches them. */
export async function moveTraits(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  const rows = await traitsOf(trx, from);
  await forgetTraits(trx, from);
  for (const row of rows) await insert(trx, { ...row, client_id: to });
}

/**
 * Looks, from a client of whom something new is known, for referrals who share an account or an address with the
 * affiliate who brought them: itself, or those it brought. Hashes are erased with their client, so that a replay goes by
 * what was found.
 */
export async function sharingTraits(work: UnitOfWork, clientId: string): Promise<Sharing> {
  // Written by those who look with this alone.
  if (work.recorded) return work.recorded['sharing'] ?? {};
  const { trx } = work;
  const own = await traitsOf(trx, clientId);
  if (own.length === 0) return {};
  const referral = await referralOfClient(trx, clientId);
  const brought = referral && (await standingAffiliate(trx, referral.affiliate_id));
  const affiliate = await affiliateByClient(trx, clientId);
  const found = new Map<Kind, Set<string>>();
  for (const trait of own) {
    const others = (await clientsWith(trx, trait)).filter((other) => other !== clientId);
    const theirs = affiliate ? await referralsAmong(trx, affiliate.id, others) : [];
    const clients = theirs.map(({ client_id }) => client_id);
    if (brought && others.includes(brought.clientId)) clients.push(clientId);
    const known = found.get(trait.kind) ?? new Set();
    found.set(trait.kind, new Set([...known, ...clients]));
  }
  const codes = [...found].filter(([, clients]) => clients.size > 0);
  return Object.fromEntries(codes.map(([kind, clients]) => [SUSPICION_OF[kind], [...clients].sort()]));
}

async function clientsWith(knex: Knex, { kind, trait_hash }: TraitRow): Promise<string[]> {
  return knex(TRAITS).where({ kind, trait_hash }).orderBy('client_id').pluck('client_id');
}
