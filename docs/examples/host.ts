import formbody from '@fastify/formbody';
import files from '@fastify/static';
import { affiliates, type AffiliateProgram, type Host, type PageRequest } from '@cloudpockets/affiliates';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Fields = Record<string, string>;
const fieldsOf = (text?: string): Fields => Object.fromEntries(new URLSearchParams(text));

/** What your portal has anyway: tickets, mails and credit (`Host`), hook points, sign-in, a look of its own. */
export interface Portal extends Host {
  addHook(point: string, handler: (payload: unknown) => Promise<unknown>): void;
  person(from: FastifyRequest, area: 'client' | 'staff'): Pick<PageRequest, 'who' | 'locale' | 'csrf' | 'ip'>;
  layout(page: { title: string; html: string }): string;
}

export async function addAffiliates(app: FastifyInstance, portal: Portal): Promise<AffiliateProgram> {
  const { DATABASE_URL: database = 'sqlite::memory:', AFFILIATES_SECRET = '' } = process.env;
  const settings = { portalUrl: 'https://my.example.com', defaultRate: '10%', threshold: '50.00' };
  const program = affiliates({ database, host: portal, settings, secrets: [AFFILIATES_SECRET] });
  await program.install();
  for (const [point, hook] of Object.entries({ ...program.hooks })) portal.addHook(point, hook);
  await app.register(formbody, { parser: fieldsOf });
  await app.register(files, { root: program.assetsFolder, prefix: '/affiliates-assets/' });
  app.get<{ Params: { code: string }; Querystring: Fields }>('/r/:code', async (request, reply) => {
    const { to: landing = '', campaign = '' } = request.query;
    const { cookie, ...headers } = request.headers as Fields;
    const visitor = { cookie, headers, ip: request.ip, secure: request.protocol === 'https' };
    const answer = await program.clicks.redirect({ ...request.params, landing, campaign, ...visitor });
    return reply.code(answer.status).headers(answer.headers).send();
  });
  for (const area of ['client', 'staff'] as const)
    app.all<{ Body?: Fields }>(`/${area}/affiliates`, async (request, reply) => {
      const place = { base: `/${area}/affiliates`, assets: '/affiliates-assets', body: request.body ?? {} };
      const sent = { method: request.method as 'GET' | 'POST', query: fieldsOf(request.url.split('?')[1]) };
      const page = await program.pages[area]({ ...portal.person(request, area), ...place, ...sent });
      void reply.code(page.status).headers(page.headers);
      return page.body ?? portal.layout(page);
    });
  return program;
}
