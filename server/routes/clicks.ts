import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { VISIT } from '../../hooks/visit';
import { VISIT_HEADERS } from '../../module/clicks';
import type { Visit } from '../../index';
import type { Routes } from '../route';

/** A visitor follows a few links in a minute; an office behind one address some more. */
const LINKS_PER_MINUTE = 600;

const WORD = z.string().default('').catch('');
const LINK = z.object({ to: WORD, campaign: WORD });

export function addClicks(routes: Routes): void {
  routes.add(
    {
      method: 'GET',
      url: '/r/:code',
      summary: 'The referral link: counts the click, sets the cookie and leads to the portal.',
      open: true,
      perMinute: LINKS_PER_MINUTE,
      query: LINK,
      otherwise: { status: 302, says: 'Leads to the page that was asked for, or to the portal.' },
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
      answer: z.object({
        counted: z.boolean().describe('Whether it was a new visit of a person.'),
        setCookie: z.string().nullable().describe('To be sent as a Set-Cookie header, as it is.'),
      }),
      example: {
        body: {
          code: 'abc123',
          landing: 'https://portal.example.com/plans?ref=abc123',
          ip: '203.0.113.7',
          headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
          secure: true,
        },
        answer: {
          counted: true,
          setCookie: 'affiliates_ref=eyJ…; Max-Age=7776000; Path=/; HttpOnly; Secure',
        },
      },
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
