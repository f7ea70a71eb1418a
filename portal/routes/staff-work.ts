/** Tickets and invoices, as staff see them. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { invoiceById, linesOf, listInvoices, paymentsOf } from '../office/invoices';
import { cancelInvoice, markUnpaid, payInvoice } from '../office/payments';
import { refundInvoice } from '../office/refunds';
import { clientById, snapshot } from '../office/clients';
import type { Office } from '../office/office';
import { closeTicket, conversation, listTickets, reply as answer, ticketById } from '../office/tickets';
import { readCents } from '../money';
import { idFrom, idField, pageFrom, requireForm } from './forms';
import { signedInStaff } from './guards';
import { leaveNotice } from './session';
import { replyForm } from './tickets';
import { moduleHtml, staffContext, type Show } from './views';

export function registerStaffTickets(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/staff/tickets', async (request, reply) => {
    signedInStaff(request);
    return show(reply, 'staff/tickets', 'Tickets', {
      list: await listTickets(office, pageFrom(request.query)),
    });
  });
  app.get('/staff/tickets/:id', async (request, reply) => {
    const page = staffContext(request, reply, signedInStaff(request));
    const ticket = await ticketById(office.db, idFrom(request.params));
    const person = await clientById(office.db, ticket.client_id);
    const vars = { ticketid: ticket.id, userid: person.id, client: snapshot(person), page };
    return show(reply, 'staff/ticket', `Ticket #${ticket.id}`, {
      ticket,
      person,
      replies: await conversation(office.db, ticket.id),
      html: await moduleHtml(office, 'AdminAreaViewTicketPage', vars),
    });
  });
  app.post('/staff/tickets/:id/reply', async (request, reply) => {
    const { name } = signedInStaff(request);
    const { id } = await ticketById(office.db, idFrom(request.params));
    const { message } = requireForm(replyForm, request.body);
    await office.db.transaction((trx) => answer(trx, office.now(), id, { author: 'staff', name, message }));
    return reply.redirect(`/staff/tickets/${id}`, 303);
  });
  app.post('/staff/tickets/:id/close', async (request, reply) => {
    signedInStaff(request);
    const { id } = await ticketById(office.db, idFrom(request.params));
    await closeTicket(office, id);
    leaveNotice(reply, 'The ticket is closed.');
    return reply.redirect(`/staff/tickets/${id}`, 303);
  });
}

const NO_AMOUNT = 'Please enter an amount such as 4.99.';
const refundForm = z.object({
  amount: z
    .string()
    .trim()
    .default('')
    .refine((amount) => !amount || readCents(amount) !== null, NO_AMOUNT)
    .transform((amount) => readCents(amount) ?? undefined),
  line: z.preprocess((line) => line || undefined, idField.optional()),
});

export function registerStaffInvoices(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/staff/invoices', async (request, reply) => {
    signedInStaff(request);
    const list = await listInvoices(office, pageFrom(request.query));
    return show(reply, 'staff/invoices', 'Invoices', { list });
  });
  app.get('/staff/invoices/:id', async (request, reply) => {
    signedInStaff(request);
    const invoice = await invoiceById(office.db, idFrom(request.params));
    const lines = await linesOf(office.db, invoice.id);
    return show(reply, 'staff/invoice', `Invoice #${invoice.id}`, {
      invoice,
      person: await clientById(office.db, invoice.client_id),
      lines,
      refundable: lines.filter(({ amount }) => amount > 0),
      payments: await paymentsOf(office.db, invoice.id),
    });
  });
  const act = (name: string, done: string, run: (id: number, body: unknown) => Promise<void>) =>
    app.post(`/staff/invoices/:id/${name}`, async (request, reply) => {
      signedInStaff(request);
      const id = idFrom(request.params);
      await run(id, request.body);
      leaveNotice(reply, done);
      return reply.redirect(`/staff/invoices/${id}`, 303);
    });
  act('paid', 'The invoice is marked paid.', (id) =>
    payInvoice(office, id, { useCredit: false, note: 'Marked paid by staff' }),
  );
  act('unpaid', 'The invoice is marked unpaid.', (id) => markUnpaid(office, id));
  act('cancel', 'The invoice is cancelled.', (id) => cancelInvoice(office, id));
  act('refund', 'The money is on its way back.', async (id, body) => {
    const { amount, line } = requireForm(refundForm, body);
    await refundInvoice(office, id, { amount, lineId: line });
  });
}
