/** The front door. A Node host hands in its database, its ports and its settings, and gets the whole program. */
import type { Knex } from 'knex';
import pino from 'pino';
import { createHooks, type Hooks } from './hooks';
import { createReconcile, type Reconcile } from './hooks/reconcile';
import { readVisit } from './hooks/visit';
import { createModule, type ModuleParts, type RunningModule } from './module';
import type { RedirectAnswer, Visit, VisitAnswer } from './module/clicks';
import type {
  Acknowledged,
  Acknowledgement,
  AnnouncementName,
  Announcements,
  FetchedCommand,
} from './module/commands';
import type { DailyReport } from './module/daily';
import type { TriedAgain, TroubledEvent, TroubleQuery } from './module/events';
import { connect } from './module/database/connection';
import { checkDurability } from './module/database/durability';
import { migrate } from './module/database/migrate';
import type { Clock, Host, Logger } from './module/host';
import { readSecrets } from './module/secrets';
import { readSettings, type SettingsInput } from './module/settings';
import { readWebhooks, type MessagesQuery, type WebhookInput, type WebhookMessage } from './module/webhooks';
import { createPages, type Page, type PageRequest } from './pages';
import { folder } from './pages/folders';

export interface Options {
  /** A Knex instance, or 'mysql://user:password@host:port/name', 'sqlite:/folder/file.sqlite', 'sqlite::memory:'. */
  readonly database: Knex | string;
  /** 'remote' where the host is another program, which fetches what it must do from `commands`. */
  readonly host: Host | 'remote';
  readonly settings: SettingsInput;
  /** At least one, each of 32 characters or more. The first signs; all verify, so that they can be rotated. */
  readonly secrets: readonly string[];
  /** Gives the present; the machine's clock unless handed in. */
  readonly clock?: Clock;
  /** pino-shaped; a pino that logs warnings and errors to standard output unless handed in. */
  readonly logger?: Logger;
  /** A folder of templates that win over ours of the same relative name. */
  readonly templates?: string;
  /**
   * Where what befalls affiliates is told, signed as the Standard Webhooks specification says; docs/webhooks.md has
   * every type. Without any, nothing is written for it.
   */
  readonly webhooks?: readonly WebhookInput[];
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
    visit(visit: Visit): Promise<VisitAnswer>;
    /** The referral link `/r/CODE`. */
    redirect(visit: Visit): Promise<RedirectAnswer>;
  };
  /**
   * Compares what the portal lists of a time that is over with what was accepted, by what it is about, and hands in what
   * was missed where `apply` says so.
   */
  readonly reconcile: Reconcile;
  /** Events that came to no good end, oldest first: those that wait, or those that were set aside. */
  troubled(query: TroubleQuery): AsyncIterable<TroubledEvent>;
  /**
   * Tries one of them again, by its id. One that was set aside keeps its answer: what it said is accepted once more, as
   * an event of its own.
   */
  tryAgain(eventId: string): Promise<TriedAgain>;
  /** The nightly order; the same as `hooks.DailyCronJob`. */
  daily(): Promise<DailyReport>;
  /** Asks the host for everything that waits to be asked; happens by itself after hooks, pages and the nightly order. */
  deliver(): Promise<void>;
  /** For a host that cannot be called from here. */
  readonly commands: {
    /** Claims, for 5 minutes, at most so many of the things that the host must do, in the order they were asked for. */
    fetch(most: number): Promise<FetchedCommand[]>;
    /** What came of them; safe to repeat. @throws AffiliatesError field_invalid for an answer of another kind */
    acknowledge(acknowledgements: readonly Acknowledgement[]): Promise<Acknowledged[]>;
  };
  /** Hears of what befalls affiliates, after it is committed. Amounts are minor units, times ms since the epoch. */
  on<N extends AnnouncementName>(name: N, listener: (data: Announcements[N]) => void): void;
  readonly webhooks: {
    /** Reads again what was told in the last 30 days, in order. @throws AffiliatesError message_missing, field_invalid */
    messages(query?: MessagesQuery): Promise<{ messages: readonly WebhookMessage[]; more: boolean }>;
    /** Sends what is due; happens by itself after `install()`, hooks and pages, and when a retry is due. Never rejects. */
    deliver(): Promise<void>;
  };
  /** The folder that the host serves as static files, under the address it gives pages as `assets`. */
  readonly assetsFolder: string;
  /**
   * Finishes what is under way and closes what was opened; a Knex instance handed in stays open. With `deliver: false`
   * what waits is left to other processes, as by one that only looked.
   */
  close(how?: { readonly deliver: boolean }): Promise<void>;
}

/**
 * Puts the affiliate program together. Nothing is read or written until `install()`.
 * @throws AffiliatesError setting_invalid (naming the setting), database_unusable
 */
export function affiliates(options: Options): AffiliateProgram {
  const { host, templates, clock = () => new Date(), logger = pino({ level: 'warn' }) } = options;
  const settings = readSettings(options.settings);
  const secrets = readSecrets(options.secrets);
  const endpoints = readWebhooks(options.webhooks ?? []);
  const { knex, close } = connect(options.database);
  const words: ModuleParts['words'] = {
    write: ({ key, locale, parameters }) => pages.sentence(key, locale, parameters),
    writeMail: (mail, locale, parameters) => pages.mail(mail, locale, parameters),
  };
  const module = createModule({
    knex,
    settings,
    secrets,
    clock,
    logger,
    words,
    endpoints,
    host: host === 'remote' ? null : host,
  });
  const pages = createPages(module, { secrets, logger, ...(templates !== undefined && { templates }) });
  const daily = () => module.daily();
  const { clicks } = module;
  const parts = { module, secrets, logger };
  const hooks = createHooks({ ...parts, pages, daily, afterFact: () => void module.outbox.deliver() });
  return {
    install: async () => {
      await migrate(knex);
      await checkDurability(knex, logger);
      await module.seed();
    },
    hooks,
    pages: {
      client: (request) => delivered(module, request, pages.client(request)),
      staff: (request) => delivered(module, request, pages.staff(request)),
    },
    clicks: {
      visit: (visit) => clicks.visit(readVisit(visit)),
      redirect: (visit) => clicks.redirect(readVisit(visit)),
    },
    reconcile: createReconcile(parts, hooks),
    troubled: module.troubled,
    tryAgain: module.tryAgain,
    daily,
    deliver: () => module.outbox.deliver(),
    commands: module.outbox,
    on: module.on,
    webhooks: {
      messages: (query = {}) => module.webhooks.messages(query),
      deliver: () => module.webhooks.deliver(),
    },
    assetsFolder: folder('assets'),
    close: async (how = { deliver: true }) => {
      await module.drain(how);
      await close();
    },
  };
}

/** A person who acted should find what follows from it (a ticket's number) on the next page. */
async function delivered(module: RunningModule, request: PageRequest, page: Promise<Page>): Promise<Page> {
  const answer = await page;
  if (request.method === 'POST') await module.outbox.deliver();
  return answer;
}

export { AffiliatesError } from './module/errors';
export type { ErrorCode } from './module/errors';
export type {
  AddCredit,
  Clock,
  Host,
  HostAnswer,
  Logger,
  OpenTicket,
  ReplyTicket,
  SendMail,
} from './module/host';
export type { SettingsInput } from './module/settings';
export type { NavItem, Page, PageRequest, Panel, PanelContext } from './pages/page';
export type { FactAnswer } from './hooks/fact';
export type { ListedFact, ReconcileOptions, ReconcileReport } from './hooks/reconcile';
export type { Acknowledged, Acknowledgement, FetchedCommand };
export type { MessagesQuery, WebhookInput, WebhookMessage } from './module/webhooks';
export type {
  Announcements,
  DailyReport,
  Hooks,
  TriedAgain,
  TroubledEvent,
  TroubleQuery,
  RedirectAnswer,
  Visit,
  VisitAnswer,
};
