/** Clients, as staff see them. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { servicesOf } from '../office/catalogue';
import { listInvoices } from '../office/invoices';
import {
  clientById,
  closeClient,
  deleteClient,
  editClient,
  listClients,
  mergeClients,
  snapshot,
} from '../office/clients';
import type { Office } from '../office/office';
import { fieldsOf, idField, idFrom, pageFrom, requireForm } from './forms';
import { signedInStaff } from './guards';
import { leaveNotice } from './session';
import { moduleHtml, staffContext, type Show } from './views';

const statusForm = z.object({ status: z.enum(['Active', 'Inactive'], 'Please choose a status.') });
const mergeForm = z.object({ into: idField });

export function registerStaffClients(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/staff/clients', async (request, reply) => {
    signedInStaff(request);
    const { search = '' } = fieldsOf(request.query);
    const list = await listClients(office, search.trim(), pageFrom(request.query));
    return show(reply, 'staff/clients', 'Clients', { list, search });
  });
  app.get('/staff/clients/:id', async (request, reply) => {
    const staff = signedInStaff(request);
    const person = await clientById(office.db, idFrom(request.params));
    const page = staffContext(request, reply, staff);
    const vars = { userid: person.id, client: snapshot(person), page };
    return show(reply, 'staff/client', `${person.firstname} ${person.lastname}`, {
      person,
      services: await servicesOf(office.db, person.id),
      invoices: (await listInvoices(office, 1, person.id)).rows.slice(0, 8),
      html: await moduleHtml(office, 'AdminAreaClientSummaryPage', vars),
      admin: staff.role === 'admin',
    });
  });
  app.post('/staff/clients/:id/status', async (request, reply) => {
    signedInStaff(request);
    const { id } = await clientById(office.db, idFrom(request.params));
    await editClient(office, id, requireForm(statusForm, request.body));
    leaveNotice(reply, 'The status is changed.');
    return reply.redirect(`/staff/clients/${id}`, 303);
  });
  app.post('/staff/clients/:id/close', async (request, reply) => {
    signedInStaff(request);
    const { id } = await clientById(office.db, idFrom(request.params));
    await closeClient(office, id);
    leaveNotice(reply, 'The account is closed.');
    return reply.redirect(`/staff/clients/${id}`, 303);
  });
  app.post('/staff/clients/:id/delete', async (request, reply) => {
    signedInStaff(request, 'admin');
    await deleteClient(office, idFrom(request.params));
    leaveNotice(reply, 'The client is deleted.');
    return reply.redirect('/staff/clients', 303);
  });
  app.post('/staff/clients/:id/merge', async (request, reply) => {
    signedInStaff(request, 'admin');
    const { into } = requireForm(mergeForm, request.body);
    await mergeClients(office, idFrom(request.params), into);
    leaveNotice(reply, 'The clients are merged.');
    return reply.redirect(`/staff/clients/${into}`, 303);
  });
}
