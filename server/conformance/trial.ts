/** A program of its own for a portal to be tried with: a real service on a new database, which is gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { monotonicFactory } from 'ulid';
import { createActs } from '../../module/acts';
import { HANDLERS } from '../../module/handlers';
import { identityKeyReader } from '../../module/keys';
import { decimalsOf, toDecimal } from '../../module/money';
import type { Acts, Reads } from '../../module/module';
import { createReads } from '../../module/reads';
import { readSettings } from '../../module/settings';
import { openWireStore } from '../../module/wire';
import type { Config } from '../config';
import { signRequest } from '../hostToken';
import { newSecret } from '../secrets';
import { createService } from '../service';
import { createFront, type Front } from './front';

export interface Trial {
  /** Where the portal sends what it sends. */
  readonly address: string;
  readonly front: Front;
  readonly acts: Acts;
  /**
   * The same an hour ago: whom a case calls an affiliate was one before it began, also for a portal whose times are of
   * whole seconds.
   */
  readonly actsBefore: Acts;
  readonly reads: Reads;
  /** Follows a referral link. @returns the Cookie header of that browser from then on */
  click(code: string): Promise<string>;
  close(): Promise<void>;
}

export interface TrialParts {
  readonly listen: Config['listen'];
  /** What the portal signs with. */
  readonly secret: string;
  /** The program's own currency. */
  readonly currency: string;
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
/** Where no portal is; a redirect after a click is not followed. */
const PORTAL_URL = 'https://portal.example';
/** Whole units of the program's currency: the least that can be withdrawn. */
export const THRESHOLD = 50;
/** Where tickets ask for the program. */
export const DEPARTMENT = 'Support';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** What goes wrong is told by what the cases find. */
const SILENT = pino({ level: 'silent' });

/** @throws Unusable, AffiliatesError setting_invalid, or the system's error when it cannot listen */
export async function startTrial(parts: TrialParts): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'affiliates-conformance-'));
  const opened: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const undo of opened.splice(0).reverse()) await undo();
  };
  try {
    const config = configOf(parts, `sqlite:${join(folder, 'trial.sqlite')}`);
    const { secret, now } = parts;
    const service = await createService({ config, logger: SILENT, clock: () => new Date(now()) });
    opened.push(() => service.close());
    const people = openPeople(config, now);
    opened.push(people.close);
    const sign = (request: string, body: string) =>
      signRequest({ request, body, direction: { iss: 'portal', aud: 'affiliates' } }, secret, now());
    const front = createFront({ app: service.app, sign });
    opened.push(() => front.app.close());
    const address = await front.app.listen(parts.listen);
    return { address, front, ...people, click: (code) => click(service.app, code), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const configOf = ({ listen, secret, currency }: TrialParts, database: string): Config => ({
  database,
  secrets: [newSecret()],
  hostSecrets: [secret],
  listen,
  trustProxy: [],
  logLevel: 'silent',
  webhooks: [],
  // What a case counts on stands here, where it wins over what the portal's own form may send.
  settings: {
    portalUrl: PORTAL_URL,
    currency,
    payoutCurrency: 'invoice',
    defaultRate: '10%',
    recurring: 'every',
    clearingDays: 0,
    threshold: toDecimal({ amount: THRESHOLD * 10 ** decimalsOf(currency), currency }),
    payoutMethods: ['credit'],
    // One person alone pays out here.
    approvalAbove: '',
    ticketDepartment: DEPARTMENT,
    requestWords: ['affiliate'],
    referralPrivacy: 'initials',
  },
});

/** What staff and affiliates do, beside the service and on its database. */
function openPeople(
  { database, settings: written }: Config,
  now: () => number,
): Pick<Trial, 'acts' | 'actsBefore' | 'reads' | 'close'> {
  const { database: knex, close } = openWireStore(database);
  const settings = readSettings({ portalUrl: PORTAL_URL, ...written });
  const actsAt = (clock: () => number) => {
    const nextUlid = monotonicFactory();
    return createActs({
      knex,
      settings,
      logger: SILENT,
      handlers: HANDLERS,
      identityKey: identityKeyReader(),
      now: clock,
      newId: () => nextUlid(clock()),
    });
  };
  return {
    acts: actsAt(now),
    actsBefore: actsAt(() => now() - HOUR_MS),
    reads: createReads(knex, settings, now),
    close,
  };
}

async function click(service: FastifyInstance, code: string): Promise<string> {
  const { headers } = await service.inject({ url: `/r/${code}`, headers: { 'user-agent': BROWSER } });
  return String(headers['set-cookie']).split(';')[0] ?? '';
}
