/** The service: the program behind HTTP. Made here; started and stopped by the command `serve`. */
import rateLimit from '@fastify/rate-limit';
import files from '@fastify/static';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { reportOf } from '../module/faults';
import type { Clock } from '../module/host';
import { openWireStore } from '../module/wire';
import { folder } from '../pages/folders';
import type { Config } from './config';
import { refusalOf, WireError } from './errors';
import { addGate } from './gate';
import { createMetrics, type Metrics } from './metrics';
import { createNights } from './nights';
import { startPrograms, type Programs } from './programs';
import { isRefusalCode } from './refusals';
import { createRoutes, type AnyRouteSpec, type RouteParts } from './route';
import { addRoutes } from './routes';

export interface ServiceParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Service {
  readonly app: FastifyInstance;
  /** @returns the address that is listened on */
  listen(): Promise<string>;
  /** Takes up what waits, and settings that the host sent to another process; happens by itself while it listens. */
  tick(): Promise<void>;
  /** Takes no more requests, finishes what is under way, and closes what was opened. */
  close(): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;
const TICK_MS = 10_000;

/**
 * Makes the tables, starts the program and prepares to listen.
 * @throws Unusable, AffiliatesError setting_invalid or database_unusable, or the database's own error
 */
export async function createService({ config, logger, clock }: ServiceParts): Promise<Service> {
  const store = openWireStore(config.database);
  const now = () => clock().getTime();
  let programs: Programs | undefined;
  try {
    programs = await startPrograms({ config, store, logger, clock });
    const nights = createNights(programs);
    const metrics = createMetrics(store, now);
    const app = await createApp({ config, logger, store, programs, metrics, now }, nights);
    const tick = ticking(programs, store.settingsVersion, logger);
    const timer = { stop: () => Promise.resolve() };
    return {
      app,
      tick,
      listen: async () => {
        const address = await app.listen(config.listen);
        timer.stop = every(TICK_MS, tick);
        return address;
      },
      close: async () => {
        await app.close();
        await timer.stop();
        await nights.drain();
        await programs?.close();
        await store.close();
      },
    };
  } catch (error) {
    await programs?.close();
    await store.close();
    throw error;
  }
}

async function createApp(
  parts: RouteParts,
  nights: ReturnType<typeof createNights>,
): Promise<FastifyInstance> {
  const { config, logger, metrics } = parts;
  // Only the part of pino that Fastify names in its own type is used.
  const loggerInstance: FastifyBaseLogger = logger;
  const app: FastifyInstance = fastify({
    loggerInstance,
    // An address may hold a person's own; what is logged of a request is its route.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustProxy.length > 0 && [...config.trustProxy],
  });
  refuseInWords(app, parts);
  noteRequests(app, logger, metrics);
  hangUpWhenStopping(app);
  addGate(app, parts);
  await app.register(rateLimit, { global: false });
  await app.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    await assets.register(files, { root: folder('assets'), prefix: '/assets/', index: false });
  });
  await app.register(async (routed) => {
    const specs: AnyRouteSpec[] = [];
    addRoutes(createRoutes(routed, parts, specs), parts, { nights, specs });
  });
  await app.ready();
  return app;
}

function refuseInWords(app: FastifyInstance, { metrics, now }: RouteParts): void {
  app.setNotFoundHandler(() => {
    throw new WireError('not_found');
  });
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error);
    if (!refusal)
      request.log.error({ ...reportOf(error), route: request.routeOptions.url }, 'a request failed');
    const { code, status, body } = refusal ?? new WireError('unavailable');
    if (isRefusalCode(code)) metrics.refusals.refused(request.routeOptions.url ?? '', code, now());
    return reply.code(status).send(body);
  });
}

function noteRequests(app: FastifyInstance, logger: Logger, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? '';
    const { statusCode: status, elapsedTime } = reply;
    metrics.countRequest(method, route, status);
    logger.info({ method, route, status, ms: Math.trunc(elapsedTime) }, 'answered');
  });
}

/** A connection that is kept alive would keep the service from ending for as long as it may be idle. */
function hangUpWhenStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
}

function ticking(
  programs: Programs,
  settingsVersion: () => Promise<number>,
  logger: Logger,
): () => Promise<void> {
  return async () => {
    try {
      await programs.refresh(await settingsVersion());
      await programs.use((program) => program.deliver());
    } catch (error) {
      logger.error(reportOf(error), 'the database could not be asked for what waits');
    }
  };
}

/** Runs work again and again, never twice at once. @returns a function that stops it, when no work is under way */
function every(ms: number, work: () => Promise<void>): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(work);
  }, ms);
  return () => {
    clearInterval(timer);
    return running;
  };
}
