/** The service: the program behind HTTP. Made here; started and stopped by the command `serve`. */
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { reportOf } from '../module/faults';
import type { Config } from './config';
import { refusalOf, WireError } from './errors';
import { createRoutes, type AnyRouteSpec } from './route';
import { addRoutes } from './routes';

export interface ServiceParts {
  readonly config: Config;
  readonly logger: Logger;
}

export interface Service {
  readonly app: FastifyInstance;
  /** @returns the address that is listened on */
  listen(): Promise<string>;
  /** Takes no more requests, and finishes those it has. */
  close(): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;

export async function createService({ config, logger }: ServiceParts): Promise<Service> {
  const app = createApp(config, logger);
  const specs: AnyRouteSpec[] = [];
  addRoutes(createRoutes(app, specs));
  await app.ready();
  return { app, listen: () => app.listen(config.listen), close: () => app.close() };
}

function createApp({ trustProxy }: Config, logger: Logger): FastifyInstance {
  // Only the part of pino that Fastify names in its own type is used.
  const loggerInstance: FastifyBaseLogger = logger;
  const app: FastifyInstance = fastify({
    loggerInstance,
    // An address may hold a person's own; what is logged of a request is its route.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: trustProxy.length > 0 && [...trustProxy],
  });
  app.setNotFoundHandler(() => {
    throw new WireError('not_found');
  });
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error);
    if (!refusal)
      request.log.error({ ...reportOf(error), route: request.routeOptions.url }, 'a request failed');
    const { status, body } = refusal ?? new WireError('unavailable');
    return reply.code(status).send(body);
  });
  return app;
}
