/** Pages of modules, by module name, in the client area and in the staff area. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AffiliateProgram, Page } from '../../index';
import { fieldsOf } from './forms';
import { signedInClient, signedInStaff } from './guards';
import { clientContext, staffContext, type Show } from './views';

export function registerModulePages(app: FastifyInstance, { pages }: AffiliateProgram, show: Show): void {
  const sent = (request: FastifyRequest) => ({
    method: request.method === 'POST' ? ('POST' as const) : ('GET' as const),
    query: fieldsOf(request.query),
    body: fieldsOf(request.body),
    userAgent: request.headers['user-agent'] ?? '',
    ip: request.ip,
  });
  const answer = (reply: FastifyReply, page: Page) => {
    void reply.code(page.status).headers(page.headers);
    if (page.headers['location']) return reply.send();
    if (page.body) return reply.send(page.body);
    return show(reply, 'module', page.title, { html: page.html });
  };
  app.route({
    method: ['GET', 'POST'],
    url: '/m/affiliates',
    handler: async (request, reply) => {
      const who = { client: { id: String(signedInClient(request).id) } };
      return answer(reply, await pages.client({ ...clientContext(request, reply), ...sent(request), who }));
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/staff/m/affiliates',
    handler: async (request, reply) => {
      const { staff, ...context } = staffContext(request, reply, signedInStaff(request));
      return answer(reply, await pages.staff({ ...context, ...sent(request), who: { staff } }));
    },
  });
}
