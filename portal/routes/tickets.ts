/** Tickets, as a client. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Office } from '../office/office';
import {
  conversation,
  DEPARTMENTS,
  listTickets,
  openTicket,
  reply as answer,
  ticketById,
} from '../office/tickets';
import { fieldsOf, idFrom, pageFrom, readForm, requireForm, text } from './forms';
import { signedInClient } from './guards';
import { leaveNotice } from './session';
import type { Show } from './views';

const ticketForm = z.object({
  department: z.enum(DEPARTMENTS, 'Please choose a department.'),
  subject: text('a subject', 190),
  message: text('a message', 10_000),
});
export const replyForm = z.object({ message: text('a message', 10_000) });

export function registerTicketPages(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/tickets', async (request, reply) => {
    const list = await listTickets(office, pageFrom(request.query), signedInClient(request).id);
    return show(reply, 'client/tickets', 'Tickets', { list });
  });
  app.get('/tickets/new', (request, reply) => {
    signedInClient(request);
    return show(reply, 'client/ticket-new', 'Open a ticket', { departments: DEPARTMENTS });
  });
  app.post('/tickets/new', async (request, reply) => {
    const client = signedInClient(request);
    const { data, errors } = readForm(ticketForm, request.body);
    if (!data) {
      const model = { departments: DEPARTMENTS, errors, values: fieldsOf(request.body) };
      return show(reply.code(422), 'client/ticket-new', 'Open a ticket', model);
    }
    const id = await openTicket(office, { ...data, clientId: client.id });
    leaveNotice(reply, 'Your ticket is open. We answer as soon as we can.');
    return reply.redirect(`/tickets/${id}`, 303);
  });
  app.get('/tickets/:id', async (request, reply) => {
    const ticket = await ticketById(office.db, idFrom(request.params), signedInClient(request).id);
    const replies = await conversation(office.db, ticket.id);
    return show(reply, 'client/ticket', `Ticket #${ticket.id}`, { ticket, replies });
  });
  app.post('/tickets/:id/reply', async (request, reply) => {
    const client = signedInClient(request);
    const ticket = await ticketById(office.db, idFrom(request.params), client.id);
    const { message } = requireForm(replyForm, request.body);
    const name = `${client.firstname} ${client.lastname}`;
    await office.db.transaction((trx) =>
      answer(trx, office.now(), ticket.id, { author: 'client', name, message }),
    );
    return reply.redirect(`/tickets/${ticket.id}`, 303);
  });
}
