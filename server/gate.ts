/** The gate before every signed route: the token, the body it is for, that both come once, and in that order. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkDepth } from './body';
import { WireError } from './errors';
import type { RouteParts } from './route';
import { checkBody, readToken, type Token } from './signature';

declare module 'fastify' {
  interface FastifyRequest {
    /** The host's token; null on routes that are open to everybody. */
    token: Token | null;
  }
  interface FastifyContextConfig {
    /** Whether anybody may ask. */
    open?: boolean;
  }
}

const HOLDER_BYTES = 13;

export function addGate(app: FastifyInstance, { config, now, store, programs, metrics }: RouteParts): void {
  app.decorateRequest('token', null);
  app.addHook('onRequest', async (request) => {
    if (request.is404 || request.routeOptions.config.open) return;
    const { method, raw, headers } = request;
    const expected = { secrets: config.hostSecrets, now: now(), method, url: raw.url ?? '' };
    request.token = readToken(headers.authorization, expected);
  });
  takeJson(app);
  app.addHook('preHandler', async (request) => {
    const { token } = request;
    if (!token) return;
    // What has no body was never handed to the parser.
    if (request.body === undefined) checkBody(token, Buffer.alloc(0));
    const holder = randomBytes(HOLDER_BYTES).toString('hex');
    const { fresh, settingsVersion } = await store.spend({
      id: token.id,
      expiresAt: token.expiresAt,
      holder,
    });
    if (!fresh) throw new WireError('token_replayed');
    metrics.refusals.accepted(request.routeOptions.url ?? '');
    await programs.refresh(settingsVersion);
  });
}

/** Takes JSON alone, and looks at the bytes before they become anything. */
function takeJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done) => {
      try {
        if (request.token) checkBody(request.token, body);
        checkDepth(body);
      } catch (error) {
        done(error as WireError);
        return;
      }
      void parse(request, body.toString('utf8'), done);
    },
  );
}
