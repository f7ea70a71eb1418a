/** Builders for the tests of clicks: each gives something ordinary, and takes what the test is about. */
import type { Knex } from 'knex';
import { monotonicFactory, ulid } from 'ulid';
import { insertAffiliate } from '../../module/affiliates/queries';
import { createClicks, type Clicks, type Visit } from '../../module/clicks';
import type { Click } from '../../module/clicks/rules';
import type { ClicksParts } from '../../module/clicks/visits';
import { readSettings, type Settings, type SettingsInput } from '../../module/settings';
import type { AffiliateStatus } from '../../module/views';
import { settableClock, type SettableClock } from '../support/clock';
import { collectingLogger, type CollectingLogger } from '../support/logger';

export const PORTAL = 'https://my.example.com';
export const SECRET = 'a secret of the tests that is long enough';
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export const aSettings = (settings: Partial<SettingsInput> = {}): Settings =>
  readSettings({ portalUrl: PORTAL, ...settings });

export function aVisit({ headers, ...visit }: Partial<Visit> = {}): Visit {
  return {
    code: 'anna2345',
    landing: '',
    campaign: '',
    cookie: undefined,
    ip: '203.0.113.7',
    headers: { 'user-agent': FIREFOX, ...headers },
    secure: true,
    ...visit,
  };
}

/** Clicks of one millisecond, too, sort as they were made. */
const nextId = monotonicFactory();

export function aClick(click: Partial<Click> = {}): Click {
  return {
    id: nextId(),
    affiliateId: 1,
    at: Date.parse('2026-03-01T12:00:00Z'),
    visitors: ['a'.repeat(64)],
    network: '203.0.113.0/24',
    referrerHost: 'blog.example.org',
    landing: '/',
    campaign: '',
    reason: '',
    ...click,
  };
}

/** @returns the affiliate's number */
export function anAffiliate(
  knex: Knex,
  { code = 'anna2345', status = 'active' }: { code?: string; status?: AffiliateStatus } = {},
): Promise<number> {
  return knex.transaction((trx) =>
    insertAffiliate(trx, {
      client_id: code,
      code,
      status,
      status_reason: '',
      locale: 'en',
      email_hash: '',
      user_id: '',
      enrolled_at: 0,
      merged_into: null,
    }),
  );
}

export interface Program {
  readonly clicks: Clicks;
  readonly clock: SettableClock;
  readonly logger: CollectingLogger;
  /** The affiliates whose listeners were told, in order. */
  readonly told: number[];
}

export function aProgram(
  knex: Knex,
  {
    settings = {},
    ...parts
  }: Partial<Omit<ClicksParts, 'settings'>> & { settings?: Partial<SettingsInput> } = {},
): Program {
  const clock = settableClock('2026-03-01T12:00:00Z');
  const logger = collectingLogger();
  const told: number[] = [];
  const clicks = createClicks({
    knex,
    settings: aSettings(settings),
    secrets: [SECRET],
    clock: clock.now,
    newId: ulid,
    logger,
    onCounted: ({ affiliateId }) => told.push(affiliateId),
    ...parts,
  });
  return { clicks, clock, logger, told };
}

/** @returns the name=value part of a Set-Cookie value, as a browser would send it back. */
export const sentBack = (setCookie: string | null | undefined): string => setCookie?.split(';')[0] ?? '';

export interface RecordedClick {
  readonly affiliate_id: number;
  readonly counted: number;
  readonly reason: string;
  readonly landing: string;
  readonly campaign: string;
  readonly referrer_host: string;
  readonly network: string;
}

export const recordedClicks = (knex: Knex): Promise<RecordedClick[]> =>
  knex<RecordedClick>('mod_affiliates_clicks').orderBy('id');

export async function totalOf(knex: Knex, affiliateId: number): Promise<number> {
  const row = await knex<{ affiliate_id: number; clicks: number }>('mod_affiliates_affiliate_totals')
    .where({ affiliate_id: affiliateId })
    .first('clicks');
  return row?.clicks ?? 0;
}
