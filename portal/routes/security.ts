/** What every answer says to the browser, and which posts are taken. */
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import type { FastifyInstance } from 'fastify';
import { csrfOwner } from './views';

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Sets the headers, except where a page has set its own, and demands a token with every post. */
export async function secure(app: FastifyInstance, secret: string): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(HEADERS))
      if (!reply.hasHeader(name)) void reply.header(name, value);
  });
  await app.register(cookie, { secret });
  await app.register(csrf, {
    cookieKey: 'portal_csrf',
    cookieOpts: { path: '/', sameSite: 'lax', httpOnly: true, signed: true },
    csrfOpts: { hmacKey: secret },
    getUserInfo: csrfOwner,
  });
  app.addHook('preHandler', (request, reply, done) => {
    if (request.method === 'POST') app.csrfProtection(request, reply, done);
    else done();
  });
}
