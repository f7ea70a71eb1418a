import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { VISIT } from '../../hooks/visit';
import { VISIT_HEADERS } from '../../module/clicks';
import type { Visit } from '../../index';
import type { Routes } from '../route';

/** A visitor follows a few links in a minute; an office behind one address some more. */
const LINKS_PER_MINUTE = 600;

const LINK = z.object({ to: z.string().catch(''), campaign: z.string().catch('') });

export function addClicks(routes: Routes): void {
  routes.add(
    {
      method: 'GET',
      url: '/r/:code',
      summary: 'The referral link: counts the click, sets the cookie and leads to the portal.',
      open: true,
      perMinute: LINKS_PER_MINUTE,
      query: LINK,
    },
    async ({ program, query, request, reply }) => {
      const { code } = request.params as { code: string };
      const answer = await program.clicks.redirect(visitOf(request, code, query));
      return reply.code(answer.status).headers(answer.headers).send();
    },
  );
  routes.add(
    {
      method: 'POST',
      url: '/clicks',
      summary: 'A visit with a referral code on a page of the host’s own; the cookie is the host’s to set.',
      body: VISIT,
      answer: z.object({ counted: z.boolean(), setCookie: z.string().nullable() }),
    },
    async ({ program, body }) => program.clicks.visit({ ...body, cookie: body.cookie }),
  );
}

function visitOf(request: FastifyRequest, code: string, { to, campaign }: z.output<typeof LINK>): Visit {
  const seen = VISIT_HEADERS.map((name) => [name, request.headers[name]?.toString()] as const);
  return {
    code,
    landing: to,
    campaign,
    cookie: request.headers.cookie,
    ip: request.ip,
    headers: Object.fromEntries(seen),
    secure: request.protocol === 'https',
  };
}
