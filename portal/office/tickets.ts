/** Support tickets: opened by a client or in a client's name, answered by both sides. */
import type { Knex } from 'knex';
import { Problem } from '../problem';
import { clientById, snapshot } from './clients';
import { list, type Listed, type Office } from './office';
import type { Reply, Ticket, TicketStatus } from './rows';

export const DEPARTMENTS = ['Support', 'Sales', 'Affiliates'] as const;

export interface NewTicket {
  readonly clientId: number;
  readonly department: string;
  readonly subject: string;
  readonly message: string;
}

/** Opens a ticket as the client and tells modules. @returns its number */
export async function openTicket(office: Office, ticket: NewTicket): Promise<number> {
  const at = office.now();
  const id = await office.db.transaction((trx) => addTicket(trx, at, ticket));
  await tellOpened(office, id);
  return id;
}

/** Tells modules of a ticket, again if need be: it is the same event each time. */
export async function tellOpened({ db, hooks }: Office, id: number): Promise<void> {
  const { client_id, department, subject, created_at } = await ticketById(db, id);
  const [first] = await conversation(db, id);
  await hooks.runHook('TicketOpen', {
    eventId: `ticket-${id}-open`,
    at: created_at,
    ticketid: id,
    userid: client_id,
    deptname: department,
    subject,
    message: first?.message ?? '',
    client: snapshot(await clientById(db, client_id)),
  });
}

/** Writes the ticket and its first message; after the commit, modules are to be told. */
export async function addTicket(trx: Knex, at: number, ticket: NewTicket): Promise<number> {
  const { clientId, department, subject, message } = ticket;
  const client = await clientById(trx, clientId);
  const row = { client_id: clientId, department, subject, created_at: at, updated_at: at };
  const [id = 0] = await trx('portal_tickets').insert({ ...row, status: 'Open' });
  await addMessage(trx, at, id, {
    author: 'client',
    name: `${client.firstname} ${client.lastname}`,
    message,
  });
  return id;
}

const STATUS_AFTER: Readonly<Record<Reply['author'], TicketStatus>> = {
  client: 'Customer reply',
  staff: 'Answered',
  module: 'Answered',
};

/** @throws Problem when there is no such ticket */
export async function reply(
  trx: Knex,
  at: number,
  ticketId: number,
  message: { author: Reply['author']; name: string; message: string },
): Promise<void> {
  const status = STATUS_AFTER[message.author];
  const changed = await trx('portal_tickets').where({ id: ticketId }).update({ status, updated_at: at });
  if (!changed) throw new Problem('There is no such ticket.', 404);
  await addMessage(trx, at, ticketId, message);
}

async function addMessage(
  trx: Knex,
  at: number,
  ticketId: number,
  { author, name, message }: { author: Reply['author']; name: string; message: string },
): Promise<void> {
  await trx('portal_ticket_replies').insert({ ticket_id: ticketId, author, author_name: name, message, at });
}

export async function closeTicket(office: Office, id: number): Promise<void> {
  await office.db('portal_tickets').where({ id }).update({ status: 'Closed', updated_at: office.now() });
}

/** @throws Problem when there is no such ticket, or it is not `clientId`'s */
export async function ticketById(db: Knex, id: number, clientId?: number): Promise<Ticket> {
  const ticket = await db('portal_tickets').where({ id }).first();
  if (!ticket || (clientId !== undefined && ticket.client_id !== clientId))
    throw new Problem('There is no such ticket.', 404);
  return ticket;
}

export async function conversation(db: Knex, ticketId: number): Promise<Reply[]> {
  return db('portal_ticket_replies').where({ ticket_id: ticketId }).orderBy('id');
}

type TicketRow = Ticket & { readonly client_name: string };

/** Tickets of one client, or of all, the latest touched first. */
export function listTickets({ db }: Office, page: number, clientId?: number): Promise<Listed<TicketRow>> {
  const query = db('portal_tickets as t').join('portal_clients as c', 'c.id', 't.client_id');
  if (clientId !== undefined) void query.where('t.client_id', clientId);
  return list(query, page, ({ limit, offset }) =>
    query
      .clone()
      .select<TicketRow[]>('t.*', db.raw("concat(c.firstname, ' ', c.lastname) as client_name"))
      .orderBy([
        { column: 't.updated_at', order: 'desc' },
        { column: 't.id', order: 'desc' },
      ])
      .limit(limit)
      .offset(offset),
  );
}
