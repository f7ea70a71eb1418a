/** A signed-in client's own pages: home with the modules' panels, details, closing the account. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { servicesOf } from '../office/catalogue';
import { clientByEmail, closeClient, editClient } from '../office/clients';
import type { Office } from '../office/office';
import { email, fieldsOf, language, readForm, text } from './forms';
import { LANGUAGES } from './languages';
import { leaveNotice, signOut } from './session';
import { signedInClient } from './guards';
import { clientContext, type Show } from './views';

const detailsForm = z.object({
  firstname: text('your first name', 60),
  lastname: text('your last name', 60),
  companyname: z.string().trim().max(120, 'This is longer than 120 characters.').default(''),
  email,
  language,
});

export function registerAccountPages(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/client', async (request, reply) => {
    const client = signedInClient(request);
    const page = clientContext(request, reply);
    const panels = await office.hooks.runHook('ClientAreaHomepagePanels', { userid: client.id, page });
    return show(reply, 'client/home', `Hello ${client.firstname}`, {
      panels: panels.flat().sort((a, b) => a.order - b.order),
      services: await servicesOf(office.db, client.id),
      unpaid: await office.db('portal_invoices').where({ client_id: client.id, status: 'Unpaid' }),
    });
  });

  app.get('/details', (request, reply) => {
    const client = signedInClient(request);
    return show(reply, 'client/details', 'My details', { values: client, languages: LANGUAGES });
  });
  app.post('/details', async (request, reply) => {
    const client = signedInClient(request);
    const { data, errors } = readForm(detailsForm, request.body);
    const owner = data && (await clientByEmail(office.db, data.email));
    if (!data || (owner && owner.id !== client.id)) {
      const problems = errors ?? { email: 'There is another account with this e-mail address.' };
      const model = { values: fieldsOf(request.body), errors: problems, languages: LANGUAGES };
      return show(reply.code(422), 'client/details', 'My details', model);
    }
    await editClient(office, client.id, data);
    leaveNotice(reply, 'Your details are saved.');
    return reply.redirect('/details', 303);
  });
  app.post('/details/close', async (request, reply) => {
    const client = signedInClient(request);
    if (fieldsOf(request.body)['sure'] !== 'yes') {
      const model = { values: client, languages: LANGUAGES, notSure: true };
      return show(reply.code(422), 'client/details', 'My details', model);
    }
    await closeClient(office, client.id);
    signOut(reply, 'client');
    leaveNotice(reply, 'Your account is closed. Thank you for having been here.');
    return reply.redirect('/', 303);
  });
}
