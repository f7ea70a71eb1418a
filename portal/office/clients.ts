/** Clients: signing up, editing, closing, deleting, merging, and their account credit. */
import type { Knex } from 'knex';
import type { ClientSnapshot } from '../hooks';
import { codeOf, Problem } from '../problem';
import { sendMail } from './mails';
import { list, type Listed, type Office } from './office';
import type { Client } from './rows';

export interface NewClient {
  readonly firstname: string;
  readonly lastname: string;
  readonly companyname: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly country: string;
  readonly language: string;
  /** The Cookie header the sign-up came with. */
  readonly cookie: string;
  /** Where it came from; modules are told, and we keep nothing of it. */
  readonly ip: string;
}

/** @throws Problem when the address is taken */
export async function signUp(office: Office, person: NewClient): Promise<Client> {
  const { cookie, ip, passwordHash, ...details } = person;
  const at = office.now();
  const client = await office.db.transaction(async (trx) => {
    const [id = 0] = await insertUnique(trx, { ...details, password_hash: passwordHash, created_at: at });
    const created = await clientById(trx, id);
    await sendMail(trx, at, created, {
      subject: 'Welcome to Nimbus Hosting',
      text: `Hello ${created.firstname},\n\nyour account is ready. Sign in with this address at any time.`,
    });
    return created;
  });
  await office.hooks.runHook('ClientAdd', {
    ...details,
    eventId: `client-${client.id}-add`,
    at,
    client_id: client.id,
    user_id: client.id,
    cookie,
    ip,
  });
  return client;
}

async function insertUnique(trx: Knex, row: object): Promise<number[]> {
  try {
    return await trx('portal_clients').insert(row);
  } catch (error) {
    throw taken(error);
  }
}

const taken = (error: unknown) =>
  ['SQLITE_CONSTRAINT_UNIQUE', 'ER_DUP_ENTRY'].includes(codeOf(error))
    ? new Problem('There is an account with this e-mail address already.')
    : error;

/** @throws Problem when there is no such client */
export async function clientById(db: Knex, id: number): Promise<Client> {
  const client = await db('portal_clients').where({ id }).first();
  if (!client) throw new Problem('There is no such client.', 404);
  return client;
}

export async function clientByEmail(db: Knex, email: string): Promise<Client | undefined> {
  return db('portal_clients').where({ email: email.trim().toLowerCase() }).first();
}

/** @returns what modules may know of a client beside a ticket or a page */
export function snapshot({ email, language, status }: Client): ClientSnapshot {
  return { email, language, status };
}

/** Clients whose name, company or address holds `search`, newest first. */
export function listClients({ db }: Office, search: string, page: number): Promise<Listed<Client>> {
  const like = `%${search.replace(/[!%_]/g, '!$&')}%`;
  const names = "concat(firstname, ' ', lastname, ' ', companyname, ' ', email)";
  const query = db('portal_clients').whereRaw(`${names} like ? escape '!'`, [like]);
  return list(query, page, ({ limit, offset }) =>
    query.clone().select('*').orderBy('id', 'desc').limit(limit).offset(offset),
  );
}

type Details = Partial<
  Pick<Client, 'firstname' | 'lastname' | 'companyname' | 'email' | 'language' | 'status'>
>;

/** Changes details or status and tells modules. @throws Problem when the address is taken */
export async function editClient(office: Office, id: number, details: Details): Promise<void> {
  try {
    await office.db('portal_clients').where({ id }).update(details).increment('revision');
  } catch (error) {
    throw taken(error);
  }
  const { firstname, lastname, companyname, email, language, status, revision } = await clientById(
    office.db,
    id,
  );
  await office.hooks.runHook('ClientEdit', {
    eventId: `client-${id}-edit-${revision}`,
    at: office.now(),
    userid: id,
    ...{ firstname, lastname, companyname, email, language, status },
  });
}

/** Ends the client's services and account. Closing a closed account does nothing. */
export async function closeClient(office: Office, id: number): Promise<void> {
  const { db } = office;
  const closed = await db.transaction(async (trx) => {
    const changed = await trx('portal_clients')
      .where({ id })
      .whereNot('status', 'Closed')
      .update('status', 'Closed');
    if (!changed) return false;
    await trx('portal_clients').where({ id }).increment('revision');
    await trx('portal_services').where({ client_id: id }).update('status', 'Cancelled');
    return true;
  });
  if (!closed) return;
  const { revision } = await clientById(db, id);
  await office.hooks.runHook('ClientClose', {
    eventId: `client-${id}-close-${revision}`,
    at: office.now(),
    userid: id,
  });
}

/** Deletes the client and all that belongs to it here. */
export async function deleteClient(office: Office, id: number): Promise<void> {
  await clientById(office.db, id);
  await office.hooks.runHook('PreDeleteClient', {
    eventId: `client-${id}-delete`,
    at: office.now(),
    userid: id,
  });
  await office.db('portal_clients').where({ id }).delete();
}

const OWNED = ['portal_services', 'portal_invoices', 'portal_tickets', 'portal_mails', 'portal_credits'];

/** Gives everything one client has to another and removes the first. @throws Problem when both are the same */
export async function mergeClients(office: Office, fromId: number, toId: number): Promise<void> {
  if (fromId === toId) throw new Problem('A client cannot be merged with itself.');
  await office.db.transaction(async (trx) => {
    const from = await clientById(trx, fromId);
    await clientById(trx, toId);
    for (const table of OWNED) await trx(table).where({ client_id: fromId }).update({ client_id: toId });
    await trx('portal_clients').where({ id: toId }).increment('credit', from.credit);
    await trx('portal_clients').where({ id: fromId }).delete();
  });
  await office.hooks.runHook('AfterClientMerge', {
    eventId: `client-${fromId}-merge`,
    at: office.now(),
    toUserID: toId,
    fromUserID: fromId,
  });
}

/** Adds account credit (cents). @returns the portal's own number for it */
export async function addCredit(
  trx: Knex,
  at: number,
  credit: { clientId: number; amount: number; description: string },
): Promise<string> {
  const { clientId, amount, description } = credit;
  await trx('portal_clients').where({ id: clientId }).increment('credit', amount);
  const [id = 0] = await trx('portal_credits').insert({ client_id: clientId, amount, description, at });
  return `CR-${id}`;
}
