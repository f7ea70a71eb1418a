/** The front door. A Node host hands in its database, its ports and its settings, and gets the whole program. */
import type { Knex } from 'knex';
import pino from 'pino';
import { createHooks, type Hooks } from './hooks';
import { readVisit } from './hooks/visit';
import { createModule } from './module';
import { askHost } from './module/askHost';
import { createClicks, type RedirectAnswer, type VisitAnswer } from './module/clicks';
import type { AnnouncementName, Announcements } from './module/commands';
import type { DailyReport } from './module/daily';
import { connect } from './module/database/connection';
import { migrate } from './module/database/migrate';
import { AffiliatesError } from './module/errors';
import { reportOf } from './module/faults';
import type { Clock, Host, Logger } from './module/host';
import { readSettings, type SettingsInput } from './module/settings';
import { createPages, type Page, type PageRequest } from './pages';
import { folder } from './pages/folders';

export interface Options {
  /** A Knex instance, or 'mysql://user:password@host:port/name', 'sqlite:/folder/file.sqlite', 'sqlite::memory:'. */
  readonly database: Knex | string;
  readonly host: Host;
  readonly settings: SettingsInput;
  /** At least one, each of 32 characters or more. The first signs; all verify, so that they can be rotated. */
  readonly secrets: readonly string[];
  /** Gives the present; the machine's clock unless handed in. */
  readonly clock?: Clock;
  /** pino-shaped; a pino that logs warnings and errors to standard output unless handed in. */
  readonly logger?: Logger;
  /** A folder of templates that win over ours of the same relative name. */
  readonly templates?: string;
}

/** The program as a host holds it. */
export interface AffiliateProgram {
  /** Makes or upgrades the tables; safe to run from several processes at once. Call it before anything else. */
  install(): Promise<void>;
  /** One function per hook point, under WHMCS's name for it; none ever throws. */
  readonly hooks: Hooks;
  readonly pages: {
    client(request: PageRequest): Promise<Page>;
    staff(request: PageRequest): Promise<Page>;
  };
  readonly clicks: {
    /** A `?ref=CODE` on any page of the portal. */
    visit(visit: unknown): Promise<VisitAnswer>;
    /** The referral link `/r/CODE`. */
    redirect(visit: unknown): Promise<RedirectAnswer>;
  };
  /** The nightly order; the same as `hooks.DailyCronJob`. */
  daily(): Promise<DailyReport>;
  /** Asks the host for everything that waits to be asked; happens by itself after hooks, pages and the nightly order. */
  deliver(): Promise<void>;
  /** Hears of what befalls affiliates, after it is committed. Amounts are minor units, times ms since the epoch. */
  on<N extends AnnouncementName>(name: N, listener: (data: Announcements[N]) => void): void;
  /** The folder that the host serves as static files, under the address it gives pages as `assets`. */
  readonly assetsFolder: string;
  /** Finishes what is under way and closes what was opened; a Knex instance handed in stays open. */
  close(): Promise<void>;
}

/**
 * Puts the affiliate program together. Nothing is read or written until `install()`.
 * @throws AffiliatesError setting_invalid (naming the setting), database_unusable
 */
export function affiliates(options: Options): AffiliateProgram {
  const { host, clock = () => new Date() } = options;
  const logger = options.logger ?? pino({ level: 'warn' });
  const settings = readSettings(options.settings);
  const secrets = readSecrets(options.secrets);
  const { knex, close } = connect(options.database);
  const listeners = createListeners(logger);
  const module = createModule({
    knex,
    settings,
    clock,
    logger,
    perform: (command) =>
      askHost(
        {
          host,
          department: settings.ticketDepartment,
          write: ({ key, locale, parameters }) => pages.sentence(key, locale, parameters),
          writeMail: (mail, locale, parameters) => pages.mail(mail, locale, parameters),
          announce: (name, data) => {
            listeners.tell(name, data);
          },
          withdrawal: (id) => module.reads.withdrawal(id),
        },
        command,
      ),
    purgeClicks: async () => {
      const { clicks: gone, visitors } = await clicks.purge(module.now());
      return gone + visitors;
    },
  });
  const { templates } = options;
  const pages = createPages(module, { secrets, logger, ...(templates !== undefined && { templates }) });
  const clicks = createClicks({
    knex,
    settings,
    secrets,
    clock,
    logger,
    newId: () => module.newId(),
    onCounted: (click) => {
      listeners.tell('AffiliateClickthru', click);
    },
  });
  const deliveries = createDeliveries(() => module.deliver(), logger);
  const daily = async () => {
    const report = await module.daily();
    await deliveries.now();
    return report;
  };
  /** A person who acted should find the consequences (a ticket's number) on the next page. */
  const delivered = async (request: PageRequest, page: Promise<Page>) => {
    const answer = await page;
    if (request.method === 'POST') await deliveries.now();
    return answer;
  };
  return {
    install: async () => {
      await migrate(knex);
      await module.seed();
    },
    hooks: createHooks({ module, pages, secrets, logger, daily, afterFact: () => void deliveries.now() }),
    pages: {
      client: (request) => delivered(request, pages.client(request)),
      staff: (request) => delivered(request, pages.staff(request)),
    },
    clicks: {
      visit: (visit) => clicks.visit(readVisit(visit)),
      redirect: (visit) => clicks.redirect(readVisit(visit)),
    },
    daily,
    deliver: () => deliveries.now(),
    on: (name, listener) => {
      listeners.add(name, listener);
    },
    assetsFolder: folder('assets'),
    close: async () => {
      await clicks.drain();
      await module.drain();
      await deliveries.now();
      await close();
    },
  };
}

const SHORTEST_SECRET = 32;

function readSecrets(secrets: readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = secrets;
  if (first === undefined || [first, ...others].some((secret) => secret.length < SHORTEST_SECRET)) {
    const problem = `must hold at least one secret, each of ${SHORTEST_SECRET} characters or more`;
    throw new AffiliatesError('setting_invalid', { setting: 'secrets', problem });
  }
  return [first, ...others];
}

/** One delivery at a time; asked for during one, another follows it. Never rejects: what failed is asked again. */
function createDeliveries(deliver: () => Promise<void>, logger: Logger): { now(): Promise<void> } {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      try {
        await deliver();
      } catch (error) {
        logger.error(
          reportOf(error),
          'what the host must do could not be delivered; it waits for the next time',
        );
      }
    } while (again);
    running = undefined;
  };
  return {
    now: () => {
      again = running !== undefined;
      running ??= run();
      return running;
    },
  };
}

function createListeners(logger: Logger) {
  const heard = new Map<AnnouncementName, ((data: never) => void)[]>();
  return {
    add<N extends AnnouncementName>(name: N, listener: (data: Announcements[N]) => void): void {
      heard.set(name, [...(heard.get(name) ?? []), listener]);
    },
    tell<N extends AnnouncementName>(name: N, data: Announcements[N]): void {
      for (const listener of heard.get(name) ?? []) {
        try {
          // `add` files each listener under the name whose data it takes.
          (listener as (data: Announcements[N]) => void)(data);
        } catch (error) {
          logger.error({ listener: name, ...reportOf(error) }, 'a listener failed');
        }
      }
    },
  };
}

export { AffiliatesError } from './module/errors';
export type { ErrorCode } from './module/errors';
export type { Clock, Host, Logger } from './module/host';
export type { SettingsInput } from './module/settings';
export type { NavItem, Page, PageRequest, Panel, PanelContext } from './pages/page';
export type { FactAnswer } from './hooks/fact';
export type { Announcements, DailyReport, Hooks, RedirectAnswer, VisitAnswer };
