/** Referral links: `?ref=CODE` on any page, and the redirect `/r/CODE`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AffiliateProgram } from '../../index';
import { fieldsOf } from './forms';

const SEEN_HEADERS = ['user-agent', 'referer', 'purpose', 'sec-purpose', 'x-moz', 'sec-fetch-dest'];

export function registerVisits(app: FastifyInstance, { clicks }: AffiliateProgram): void {
  app.addHook('preHandler', async (request, reply) => {
    const { ref, campaign = '' } = fieldsOf(request.query);
    if (!ref || request.method !== 'GET') return;
    const { setCookie } = await clicks.visit({
      ...visitor(request),
      code: ref,
      campaign,
      landing: request.url,
    });
    if (setCookie) void reply.header('set-cookie', setCookie);
  });

  app.get('/r/:code', async (request, reply) => {
    const { code = '' } = fieldsOf(request.params);
    const { to = '', campaign = '' } = fieldsOf(request.query);
    const answer = await clicks.redirect({ ...visitor(request), code, campaign, landing: to });
    return reply.code(answer.status).headers(answer.headers).send();
  });
}

function visitor(request: FastifyRequest) {
  const seen = SEEN_HEADERS.map((name): [string, string | undefined] => [
    name,
    request.headers[name]?.toString(),
  ]);
  return {
    cookie: request.headers.cookie,
    ip: request.ip,
    headers: Object.fromEntries(seen),
    secure: request.protocol === 'https',
  };
}
