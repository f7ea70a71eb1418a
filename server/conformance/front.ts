/**
 * The way from a portal under test to the service: it notes what comes along, and is as bad as a case wants it.
 * What is handed on reaches the real service, and with the portal's own signature unless something is held back.
 */
import { EventEmitter, once } from 'node:events';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { createLostCommands } from './lostCommands';
import { createNotes, eventsIn, type Notes, type SentEvent } from './notes';

/**
 * `down`: nothing is taken, with 503. `hanging`: nothing is answered. `lossy`: all is taken, and the answers are lost.
 * `holding`: events of one hook are to be sent again later. `forgetful`: acknowledgements of commands are lost, and the
 * commands come again.
 */
export type Way = 'open' | 'down' | 'hanging' | 'lossy' | 'holding' | 'forgetful';

export interface Front {
  readonly app: FastifyInstance;
  /** How the way is from now on. @param heldHook for `holding`: which events are not taken */
  become(way: Way, heldHook?: string): void;
  /** @returns notes of what comes along from now on */
  begin(): Notes;
}

export interface Inner {
  /** The service. */
  readonly app: FastifyInstance;
  /** @returns a token as the portal makes it */
  sign(request: string, body: string): string;
}

/** What the service answered to a request that was handed on. */
export interface Passed {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
}

type Sent = NonNullable<ReturnType<typeof eventsIn>>;

const BODY_LIMIT = 2 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

export function createFront(inner: Inner): Front {
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  const changes = new EventEmitter();
  let notes = createNotes();
  let way: Way = 'open';
  let held = '';
  const lost = createLostCommands();
  const pass = async (request: FastifyRequest, body: string): Promise<Passed> => {
    const sent = way === 'holding' && request.url === '/events' && eventsIn(body);
    if (sent) return passUnheld(inner, sent, held);
    const passed = await handOn(inner, request, body);
    const isFetch = request.method === 'GET' && request.url.split('?')[0] === '/commands';
    return isFetch && passed.status === 200 ? lost.fetched(passed, way !== 'forgetful') : passed;
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    if (way === 'hanging') {
      await once(changes, 'change');
      return reply.code(503).send();
    }
    const body = typeof request.body === 'string' ? request.body : '';
    const isForgotten = way === 'forgetful' && request.url === '/commands/ack';
    if (isForgotten) lost.forget(body);
    if (way === 'down' || isForgotten) return reply.code(503).send();
    const isLost = way === 'lossy';
    const passed = await pass(request, body);
    notes.add({ request: `${request.method} ${request.url}`, body, passed });
    return isLost
      ? reply.code(503).send()
      : reply.code(passed.status).headers(passed.headers).send(passed.text);
  });
  return {
    app,
    become(next, heldHook = '') {
      way = next;
      held = heldHook;
      changes.emit('change');
    },
    begin() {
      notes = createNotes();
      return notes;
    },
  };
}

async function handOn({ app }: Inner, request: FastifyRequest, body: string): Promise<Passed> {
  const { url, headers, ip: remoteAddress } = request;
  // One that the service does not know, it refuses itself.
  const method = request.method as 'GET' | 'POST';
  const answer = await app.inject({ method, url, headers, remoteAddress, ...(body && { payload: body }) });
  return { status: answer.statusCode, headers: answer.headers, text: answer.payload };
}

/** Hands on what is not held; the rest is to be sent again. */
async function passUnheld({ app, sign }: Inner, { events, isBatch }: Sent, held: string): Promise<Passed> {
  const take = async (event: SentEvent): Promise<unknown> => {
    if (event.hook === held) return { accepted: false, status: 'failed', code: 'fault', retry: true };
    const payload = JSON.stringify(event);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${sign('POST /events', payload)}` };
    const passed = await app.inject({ method: 'POST', url: '/events', headers, payload });
    return passed.json<{ answer: unknown }>().answer;
  };
  const answers: unknown[] = [];
  for (const event of events) answers.push(await take(event));
  const text = JSON.stringify(isBatch ? { answers } : { answer: answers[0] });
  return { status: 200, headers: JSON_TYPE, text };
}
