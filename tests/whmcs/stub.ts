/**
 * A service that takes down what it is told and answers what a test wants: for what the real one never does, such as
 * failing, and for the exact bytes that the addon sends.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { verify, type JwtPayload } from 'jsonwebtoken';

export interface Heard {
  /** 'POST /events' */
  readonly request: string;
  readonly body: Record<string, unknown>;
}

export interface Event {
  readonly hook: string;
  readonly payload: Record<string, unknown>;
}

export type Mood = 'well' | 'failing' | 'hanging' | 'babbling';

export interface Stub {
  readonly url: string;
  /** Everything that was signed as it must be, since the last `forget`. */
  readonly heard: readonly Heard[];
  /** The events among it, in order. */
  events(): Event[];
  forget(): void;
  is(mood: Mood): void;
  /** Answers a request in this way from now on. */
  on(request: string, answer: (body: Record<string, unknown>) => { status?: number; body: unknown }): void;
  close(): Promise<void>;
}

export async function startStub(secret: string): Promise<Stub> {
  const heard: Heard[] = [];
  const answers = new Map<string, Parameters<Stub['on']>[1]>();
  let mood: Mood = 'well';
  answers.set('POST /events', ({ events }) => ({
    body: {
      answers: (events as Event[]).map(() => ({ accepted: true, status: 'processed', retry: false })),
    },
  }));
  answers.set('GET /commands', () => ({ body: { commands: [] } }));
  answers.set('POST /commands/ack', () => ({ body: { acks: [] } }));
  answers.set('PUT /settings', () => ({ body: { applied: true, overridden: [] } }));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const asked = `${request.method} ${request.url}`;
    const send = (status: number, given: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(given));
    if (mood === 'hanging') return;
    if (mood === 'failing') return void send(500, { error: { code: 'unavailable', message: 'a fault' } });
    if (mood === 'babbling') return void response.writeHead(200).end('<html>Welcome to nginx!</html>');
    if (!isSigned(request, asked, body, secret)) {
      return void send(401, { error: { code: 'token_invalid', message: 'not signed by the host' } });
    }
    const told = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
    heard.push({ request: asked, body: told });
    const made = answers.get(asked.replace(/\?.*/, ''))?.(told);
    send(made?.status ?? 200, made?.body ?? {});
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    events: () =>
      heard
        .filter(({ request }) => request === 'POST /events')
        .flatMap(({ body }) => body['events'] as Event[]),
    forget: () => void heard.splice(0),
    is: (next) => {
      mood = next;
    },
    on: (request, made) => void answers.set(request, made),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isSigned(request: IncomingMessage, asked: string, body: string, secret: string): boolean {
  try {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const claims = verify(token, secret, {
      algorithms: ['HS256'],
      issuer: 'portal',
      audience: 'affiliates',
    }) as JwtPayload;
    return claims['req'] === asked && claims['sha256'] === createHash('sha256').update(body).digest('hex');
  } catch {
    return false;
  }
}
