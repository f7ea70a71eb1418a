/** The portal as a whole: database, office, program and pages, ready to listen. */
import path from 'node:path';
import fastifyFormbody from '@fastify/formbody';
import fastifyStatic from '@fastify/static';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import type { AffiliateProgram, SettingsInput } from '../index';
import { connect, createTables } from './database';
import { createHooks } from './hooks';
import { createProducts } from './office/catalogue';
import type { Office } from './office/office';
import { createStaff } from './office/staff';
import { connectHooks, createProgram, nimbusSettings } from './program';
import { registerAccountPages } from './routes/account';
import { registerErrorPages } from './routes/errors';
import { registerModulePages } from './routes/modules';
import { registerOrderPages } from './routes/orders';
import { registerPublicPages } from './routes/public';
import { secure } from './routes/security';
import { NOBODY, readSession } from './routes/session';
import { registerStaffPages } from './routes/staff';
import { registerStaffClients } from './routes/staff-clients';
import { registerStaffInvoices, registerStaffTickets } from './routes/staff-work';
import { registerTicketPages } from './routes/tickets';
import { createShow, MODULE_ASSETS, registerViews } from './routes/views';
import { registerVisits } from './routes/visits';
import type { Secrets } from './secrets';

export interface PortalOptions {
  /** 'mysql://user:password@host:port/name', 'sqlite:/path/to/file' or 'sqlite::memory:' */
  readonly database: string;
  /** Where browsers reach the portal, without a slash at the end. */
  readonly portalUrl: string;
  readonly secrets: Secrets;
  readonly clock?: () => Date;
  readonly logger?: Logger;
  /** What differs from Nimbus's own settings of the program. */
  readonly settings?: Partial<SettingsInput>;
}

export interface Portal {
  readonly app: FastifyInstance;
  readonly program: AffiliateProgram;
  readonly office: Office;
  close(): Promise<void>;
}

/** @throws Problem when the database cannot be used */
export async function createPortal(options: PortalOptions): Promise<Portal> {
  const {
    clock = () => new Date(),
    logger = pino({ level: 'warn' }, pino.destination(2)),
    secrets,
  } = options;
  const db = await connect(options.database);
  try {
    await createTables(db);
    await createProducts(db);
    await createStaff(db);
    const office: Office = { db, now: () => clock().getTime(), hooks: createHooks(logger) };
    const settings = { ...nimbusSettings(options.portalUrl), ...options.settings };
    const program = await createProgram({ office, clock, secrets: secrets.program, settings, logger });
    connectHooks(office.hooks, program);
    const app = await createApp(office, program, secrets.session, logger);
    const close = async () => {
      await app.close();
      await program.close();
      await db.destroy();
    };
    return { app, program, office, close };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

const BODY_LIMIT = 64 * 1024;

async function createApp(
  office: Office,
  program: AffiliateProgram,
  secret: string,
  logger: Logger,
): Promise<FastifyInstance> {
  // Only the part of pino that Fastify names in its own type is used.
  const loggerInstance: FastifyBaseLogger = logger;
  const logController = new LogController({ disableRequestLogging: true });
  const app: FastifyInstance = fastify({ loggerInstance, logController, bodyLimit: BODY_LIMIT });
  const bootstrap = path.join(path.dirname(require.resolve('bootstrap/package.json')), 'dist');
  const folders = { '/static/bootstrap': bootstrap, '/static/portal': path.join(__dirname, 'public') };
  for (const [prefix, root] of Object.entries({ ...folders, [MODULE_ASSETS]: program.assetsFolder }))
    await app.register(fastifyStatic, { root, prefix: `${prefix}/`, decorateReply: false, index: false });
  await app.register(async (pages) => registerPages(pages, office, program, secret));
  await app.ready();
  return app;
}

async function registerPages(
  app: FastifyInstance,
  office: Office,
  program: AffiliateProgram,
  secret: string,
): Promise<void> {
  await app.register(fastifyFormbody, { bodyLimit: BODY_LIMIT });
  await registerViews(app);
  app.decorateRequest('session');
  app.addHook('onRequest', async (request) => {
    request.session = NOBODY;
  });
  await secure(app, secret);
  app.addHook('onRequest', async (request, reply) => {
    // Pages show one person's data: no cache may keep them.
    void reply.header('cache-control', 'no-store');
    request.session = await readSession(request, office.db);
  });
  const show = createShow(office);
  registerErrorPages(app, show);
  registerVisits(app, program);
  registerPublicPages(app, office, show);
  registerAccountPages(app, office, show);
  registerOrderPages(app, office, show);
  registerTicketPages(app, office, show);
  registerModulePages(app, program, show);
  registerStaffPages(app, office, show);
  registerStaffClients(app, office, show);
  registerStaffTickets(app, office, show);
  registerStaffInvoices(app, office, show);
}
