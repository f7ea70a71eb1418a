/**
 * The mail addresses of clients, as keyed hashes: by them a client is found whom an affiliate misses. All the SQL of
 * their table.
 */
import type { Knex } from 'knex';
import type { UnitOfWork } from '../unitOfWork';

const ADDRESSES = 'mod_affiliates_client_addresses';

interface AddressRow {
  readonly client_id: string;
  readonly email_hash: string;
  /** When the client first told it, for most its signup; ms, UTC. */
  readonly known_since: number;
}

/** Notes the address that came with the event, if one did. */
export async function noteAddress({ trx, at, personal }: UnitOfWork, clientId: string): Promise<void> {
  const { emailHash } = personal;
  if (emailHash) await insert(trx, { client_id: clientId, email_hash: emailHash, known_since: at });
}

async function insert(trx: Knex.Transaction, { known_since, ...address }: AddressRow): Promise<void> {
  await trx(ADDRESSES)
    .insert({ ...address, known_since })
    .onConflict(['client_id', 'email_hash'])
    .ignore();
  // What is told later may have happened earlier.
  await trx(ADDRESSES).where(address).andWhere('known_since', '>', known_since).update({ known_since });
}

/** @returns the ids of clients with this address; '' is nobody's */
export async function clientsWithAddress(knex: Knex, emailHash: string): Promise<string[]> {
  return knex(ADDRESSES).where({ email_hash: emailHash }).orderBy('client_id').pluck('client_id');
}

/** @returns the addresses that a client has or had, the oldest first */
export async function addressesOf(knex: Knex, clientId: string): Promise<AddressRow[]> {
  return knex<AddressRow>(ADDRESSES).where({ client_id: clientId }).orderBy('known_since');
}

export async function forgetAddresses(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(ADDRESSES).where({ client_id: clientId }).delete();
}

/** Gives one client's addresses to another, so that erasing the one that stays reaches them. */
export async function moveAddresses(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  const rows = await addressesOf(trx, from);
  await forgetAddresses(trx, from);
  for (const row of rows) await insert(trx, { ...row, client_id: to });
}
