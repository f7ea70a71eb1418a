/** The staff side: signing in, the overview with the nightly run, and the mail folder. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listMails, mailById } from '../office/mails';
import type { Office } from '../office/office';
import { isPassword } from '../office/passwords';
import { runDailyCron, staffByEmail } from '../office/staff';
import { fieldsOf, idFrom, localPath, pageFrom, requireForm } from './forms';
import { signedInStaff } from './guards';
import { leaveNotice, signIn, signOut } from './session';
import type { Show } from './views';

const signInForm = z.object({
  email: z.string().max(190),
  password: z.string().max(200),
  next: z.string().default(''),
});

export function registerStaffPages(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/staff/login', (request, reply) =>
    show(reply, 'login', 'Staff sign in', {
      action: '/staff/login',
      values: { next: fieldsOf(request.query)['next'] },
    }),
  );
  app.post('/staff/login', async (request, reply) => {
    const form = requireForm(signInForm, request.body);
    const person = await staffByEmail(office.db, form.email);
    if (!(await isPassword(form.password, person?.password_hash)) || !person) {
      const problem = 'The e-mail address or the password is not right.';
      return show(reply.code(422), 'login', 'Staff sign in', {
        action: '/staff/login',
        problem,
        values: form,
      });
    }
    signIn(reply, 'staff', person.id);
    return reply.redirect(form.next ? localPath(form.next) : '/staff', 303);
  });
  app.post('/staff/logout', (_request, reply) => {
    signOut(reply, 'staff');
    return reply.redirect('/staff/login', 303);
  });

  app.get('/staff', async (request, reply) => {
    signedInStaff(request);
    return show(reply, 'staff/home', 'Overview', { counts: await counts(office) });
  });
  app.post('/staff/cron', async (request, reply) => {
    signedInStaff(request);
    const raised = await runDailyCron(office);
    leaveNotice(reply, `The daily cron has run. Renewal invoices raised: ${raised}.`);
    return reply.redirect('/staff', 303);
  });
  registerMailFolder(app, office, show);
}

async function counts({ db }: Office) {
  const count = async (table: string, where: Record<string, string>, not: Record<string, string> = {}) => {
    const [row] = await db(table).where(where).whereNot(not).count({ total: '*' });
    return Number(row?.['total']);
  };
  return [
    {
      label: 'Active clients',
      uri: '/staff/clients',
      value: await count('portal_clients', { status: 'Active' }),
    },
    {
      label: 'Open tickets',
      uri: '/staff/tickets',
      value: await count('portal_tickets', {}, { status: 'Closed' }),
    },
    {
      label: 'Unpaid invoices',
      uri: '/staff/invoices',
      value: await count('portal_invoices', { status: 'Unpaid' }),
    },
    { label: 'Mails sent', uri: '/staff/mails', value: await count('portal_mails', {}) },
  ];
}

/** A mail's HTML is shown in a sandboxed frame, and under a policy that lets nothing but its own styles in. */
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

function registerMailFolder(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/staff/mails', async (request, reply) => {
    signedInStaff(request);
    return show(reply, 'staff/mails', 'Mails', { list: await listMails(office, pageFrom(request.query)) });
  });
  app.get('/staff/mails/:id', async (request, reply) => {
    signedInStaff(request);
    const mail = await mailById(office.db, idFrom(request.params));
    return show(reply, 'staff/mail', mail.subject, { mail });
  });
  app.get('/staff/mails/:id/html', async (request, reply) => {
    signedInStaff(request);
    const mail = await mailById(office.db, idFrom(request.params));
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', MAIL_POLICY)
      .send(mail.html);
  });
}
