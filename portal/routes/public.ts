/** What everybody may see: the plans, signing up and in, the article, the language. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { products } from '../office/catalogue';
import { clientByEmail, editClient, signUp } from '../office/clients';
import type { Office } from '../office/office';
import { hashPassword, isPassword } from '../office/passwords';
import { Problem } from '../problem';
import { COUNTRIES } from './countries';
import { email, fieldsOf, language, localPath, readForm, requireForm, text } from './forms';
import { LANGUAGES } from './languages';
import { leaveNotice, rememberLanguage, signIn, signOut } from './session';
import type { Show } from './views';

const signUpForm = z.object({
  firstname: text('your first name', 60),
  lastname: text('your last name', 60),
  companyname: z.string().trim().max(120, 'This is longer than 120 characters.').default(''),
  email,
  password: z.string('Please choose a password.').min(8, 'At least 8 characters, please.').max(200),
  country: z.enum(
    COUNTRIES.map(({ code }) => code),
    'Please choose a country.',
  ),
  language,
});

const signInForm = z.object({
  email: z.string().max(190),
  password: z.string().max(200),
  next: z.string().default(''),
});

export function registerPublicPages(app: FastifyInstance, office: Office, show: Show): void {
  app.get('/', async (_request, reply) =>
    show(reply, 'home', 'Hosting that stays up', { products: await products(office.db) }),
  );

  const signUpPage = { countries: COUNTRIES, languages: LANGUAGES };
  app.get('/signup', (request, reply) =>
    show(reply, 'signup', 'Sign up', {
      ...signUpPage,
      values: { country: 'US', language: request.session.language.name },
    }),
  );
  app.post('/signup', async (request, reply) => {
    const { data, errors } = readForm(signUpForm, request.body);
    const taken = data && (await clientByEmail(office.db, data.email));
    if (!data || taken) {
      const values = { ...fieldsOf(request.body), password: '' };
      const problems = errors ?? { email: 'There is an account with this e-mail address already.' };
      return show(reply.code(422), 'signup', 'Sign up', { ...signUpPage, values, errors: problems });
    }
    const { password, ...person } = data;
    const passwordHash = await hashPassword(password);
    const { ip, headers } = request;
    const client = await signUp(office, { ...person, passwordHash, ip, cookie: headers.cookie ?? '' });
    signIn(reply, 'client', client.id);
    leaveNotice(reply, 'Welcome! Your account is ready.');
    return reply.redirect('/client', 303);
  });

  app.get('/login', (request, reply) =>
    show(reply, 'login', 'Sign in', { action: '/login', values: { next: fieldsOf(request.query)['next'] } }),
  );
  app.post('/login', async (request, reply) => {
    const form = requireForm(signInForm, request.body);
    const client = await clientByEmail(office.db, form.email);
    const right = await isPassword(form.password, client?.password_hash);
    if (!client || !right || client.status === 'Closed') {
      const problem = right ? 'This account is closed.' : 'The e-mail address or the password is not right.';
      return show(reply.code(422), 'login', 'Sign in', { action: '/login', problem, values: form });
    }
    signIn(reply, 'client', client.id);
    return reply.redirect(form.next ? localPath(form.next) : '/client', 303);
  });
  app.post('/logout', (_request, reply) => {
    signOut(reply, 'client');
    return reply.redirect('/', 303);
  });

  registerArticle(app, office, show);
  app.post('/language', async (request, reply) => {
    const form = requireForm(z.object({ language, back: z.string().default('/') }), request.body);
    rememberLanguage(reply, form.language);
    const { client } = request.session;
    if (client) await editClient(office, client.id, { language: form.language });
    return reply.redirect(localPath(form.back), 303);
  });
}

const ARTICLE = 'affiliates';

function registerArticle(app: FastifyInstance, office: Office, show: Show): void {
  const path = `/kb/${ARTICLE}`;
  app.get(path, (_request, reply) => show(reply, 'article', 'How to use the affiliates program', { path }));
  app.post(path, async (request, reply) => {
    const { helpful } = fieldsOf(request.body);
    if (helpful !== 'yes' && helpful !== 'no') throw new Problem('Please answer with yes or no.');
    const vote = { article: ARTICLE, helpful: helpful === 'yes', at: office.now() };
    await office.db('portal_article_votes').insert(vote);
    leaveNotice(reply, 'Thank you for telling us.');
    return reply.redirect(path, 303);
  });
}
