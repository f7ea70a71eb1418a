/** Builders: each gives something ordinary and real, and takes what the test is about. */
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { affiliates, type AffiliateProgram, type FactAnswer } from '../../index';
import { createActs } from '../../module/acts';
import { connect } from '../../module/database/connection';
import type { Intake } from '../../module/events';
import { HANDLERS } from '../../module/handlers';
import { hashEmail, identityKeyReader } from '../../module/keys';
import { balancesOfAll } from '../../module/ledger';
import type { Acts, Reads } from '../../module/module';
import { createReads } from '../../module/reads';
import { readSettings, type PayoutMethod, type SettingsInput } from '../../module/settings';
import type { AffiliateView } from '../../module/views';
import { createWebhooks, readWebhooks, type WebhookInput } from '../../module/webhooks';
import { settableClock, type SettableClock } from './clock';
import type { TestDatabase } from './databases';
import { recordingHost, type RecordingHost } from './host';
import { collectingLogger, type CollectingLogger } from './logger';
import { runsWith } from './replay';
import { number, paidInvoice, refund, signup, type PaidInvoice, type Refund, type Signup } from './payloads';

export const PORTAL = 'https://my.example.com';
export const SECRET = 'a secret of the tests that is long enough';
export const STAFF = { id: '1', name: 'Sam Support' };
/** Somebody else who calls themselves the same: people are told apart by their ids. */
export const SECOND = { id: '2', name: 'Sam Support' };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Accounts of one affiliate in one currency, minor units. */
export interface Accounts {
  readonly clearing: number;
  readonly cleared: number;
  readonly reserved: number;
  readonly withdrawn: number;
}

export interface Options {
  readonly settings?: Partial<SettingsInput>;
  readonly clock?: SettableClock;
  readonly host?: RecordingHost;
  /** The host fetches what it must do; `host` is asked for nothing. */
  readonly remote?: boolean;
  readonly logger?: CollectingLogger;
  readonly webhooks?: readonly WebhookInput[];
  readonly secrets?: readonly string[];
}

/** A running program with everything a test wants to hold of it. */
export interface TestProgram {
  readonly program: AffiliateProgram;
  readonly hooks: AffiliateProgram['hooks'];
  /** What people do, without the pages they do it on. */
  readonly acts: Acts;
  readonly reads: Reads;
  readonly host: RecordingHost;
  readonly clock: SettableClock;
  readonly logger: CollectingLogger;
  /** A connection that the program uses as well. */
  readonly knex: Knex;
  /** Another process of the same installation: its own connections, the same host, clock and log unless handed in. */
  another(options?: Options): Promise<TestProgram>;
  /** A client for whom staff switched the program on. */
  affiliate(client?: { clientId?: string; email?: string; userId?: string }): Promise<AffiliateView>;
  /** @returns the Cookie header of a browser that followed the affiliate's link */
  click(affiliate: Pick<AffiliateView, 'code'>): Promise<string>;
  /** A client who signed up through the affiliate's link. @returns its id */
  referral(affiliate: Pick<AffiliateView, 'code'>, told?: Signup): Promise<string>;
  pays(invoice?: PaidInvoice): Promise<FactAnswer>;
  refunds(refund: Refund): Promise<FactAnswer>;
  accounts(affiliate: Pick<AffiliateView, 'id'>, currency?: string): Promise<Accounts>;
  /** Asks for a withdrawal of everything. @returns its id */
  withdrawal(
    affiliate: AffiliateView,
    asked?: { method?: PayoutMethod; details?: string; currency?: string },
  ): Promise<string>;
  close(): Promise<void>;
}

const open = new Set<TestProgram>();

afterEach(async () => {
  for (const program of [...open]) await program.close();
});

async function start(database: Knex | string, options: Options): Promise<TestProgram> {
  const {
    settings = {},
    clock = settableClock('2026-03-01T12:00:00Z'),
    host = recordingHost(),
    remote = false,
    logger = collectingLogger(),
    webhooks = [],
    secrets = [SECRET],
  } = options;
  const { knex, close } = connect(database);
  // One person decides everything, unless a test is about the second.
  const input = { portalUrl: PORTAL, approvalAbove: '', ...settings };
  const program = affiliates({
    database: knex,
    host: remote ? 'remote' : host,
    settings: input,
    secrets,
    clock: clock.now,
    logger,
    webhooks,
  });
  await program.install();
  const read = readSettings(input);
  runsWith(knex, read);
  const identityKey = identityKeyReader();
  const intake = intakeOf(knex, read, clock, logger, identityKey);
  const endpoints = readWebhooks(webhooks);
  const { tell } = createWebhooks({ knex, endpoints, logger, now: intake.now, balancesOf: balancesOfAll });
  const acts = createActs({ ...intake, tell });
  const test: TestProgram = {
    program,
    hooks: program.hooks,
    acts,
    reads: createReads(knex, read, () => clock.now().getTime()),
    host,
    clock,
    logger,
    knex,
    another: (other = {}) => {
      if (typeof database !== 'string') throw new Error('another process needs connections of its own');
      return start(database, { settings, clock, host, remote, logger, webhooks, ...other });
    },
    async affiliate({ clientId = number(), email = '', userId = '' } = {}) {
      const emailHash = hashEmail(await identityKey(knex), email);
      const facts = { clientId, emailHash, userId, locale: 'en' };
      await acts.switchAffiliate({
        ...facts,
        requestId: requestId(),
        staff: STAFF,
        on: true,
        reason: '',
        ticketId: '',
      });
      return (await test.reads.affiliateOfClient(clientId))!;
    },
    async click({ code }) {
      const headers = { 'user-agent': FIREFOX };
      const visit = { code, landing: '', campaign: '', cookie: undefined, ip: '203.0.113.7', headers };
      const { setCookie } = await program.clicks.visit({ ...visit, secure: true });
      return setCookie?.split(';')[0] ?? '';
    },
    async referral(affiliate, told = {}) {
      const cookie = await test.click(affiliate);
      const id = told.client_id ?? number();
      // Each is a person of its own: who shares an address with its affiliate is refused.
      const payload = signup({ email: `client-${id}@example.net`, ...told, client_id: id, cookie });
      await accepted(program.hooks.ClientAdd(payload));
      return String(payload.client_id);
    },
    pays: (invoice) => program.hooks.InvoicePaid(paidInvoice(invoice)),
    refunds: (told) => program.hooks.InvoiceRefunded(refund(told)),
    async accounts({ id }, currency = 'USD') {
      const statements = await test.reads.statements(id);
      const { clearing, cleared, reserved, withdrawn } = statements.find((one) => one.currency === currency)!;
      return { clearing, cleared, reserved, withdrawn };
    },
    async withdrawal({ id, clientId }, { method = 'credit', details = '', currency = 'USD' } = {}) {
      const asked = { requestId: requestId(), affiliateId: id, clientId, currency, method, details };
      return (await acts.requestWithdrawal(asked)).withdrawalId;
    },
    async close() {
      if (!open.delete(test)) return;
      await program.close();
      await close();
    },
  };
  open.add(test);
  return test;
}

function intakeOf(
  knex: Knex,
  settings: Intake['settings'],
  clock: SettableClock,
  logger: CollectingLogger,
  identityKey: Intake['identityKey'],
): Intake {
  const now = () => clock.now().getTime();
  const next = monotonicFactory();
  return { knex, settings, logger, handlers: HANDLERS, identityKey, now, newId: () => next(now()) };
}

const nextRequest = monotonicFactory();
/** @returns an id such as a form is rendered with */
export const requestId = (): string => nextRequest();

async function accepted(answer: Promise<FactAnswer>): Promise<void> {
  const { status, code } = await answer;
  if (status !== 'processed') throw new Error(`the event was ${status}: ${code ?? ''}`);
}

export const given = {
  /** A program on a database of its own. */
  program: async (database: TestDatabase, options: Options = {}): Promise<TestProgram> =>
    start(await database.clean(), options),
  /** A program on a database as it is. */
  programOn: start,
  /** A program on SQLite without a disk: for histories by the hundred, which need no durability. */
  programInMemory: (options: Options = {}): Promise<TestProgram> => start('sqlite::memory:', options),
  paidInvoice,
  refund,
  signup,
  number,
};
