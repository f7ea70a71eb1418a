import type { Knex } from 'knex';
import { affiliateByCode, affiliateByLegacyId } from '../affiliates';
import { reportOf } from '../faults';
import type { Logger } from '../host';
import type { Settings } from '../settings';
import type { AffiliateView } from '../views';
import { landingKept, landingOn } from './landing';
import { recordClicks } from './record';
import {
  readCampaign,
  readCode,
  readLegacyId,
  reasonAgainst,
  referrerHost,
  type Click,
  type Visit,
} from './rules';
import { truncateNetwork, visitorHashes } from './visitor';

const MINUTE_MS = 60_000;

export interface AdmitParts {
  readonly knex: Knex;
  readonly settings: Settings;
  /** The first signs cookies and hashes visitors; all verify cookies. */
  readonly secrets: readonly [string, ...string[]];
  /** @returns a new ULID */
  readonly newId: () => string;
  readonly logger: Logger;
}

/** A visit and when it came, ms since the epoch. */
export interface Arrival {
  readonly visit: Visit;
  readonly at: number;
}

export interface Admission {
  /** null when the link is nobody's. */
  readonly click: Click | null;
  readonly counted: boolean;
}

/**
 * Finds out whose links were clicked, and records the clicks: for a whole batch together, because a link that is busy
 * is clicked by many at once. Never rejects: what could not be recorded is logged, once per batch, and not counted.
 * @returns an admission for each arrival, in their order
 */
export async function admit(parts: AdmitParts, arrivals: readonly Arrival[]): Promise<Admission[]> {
  const owners = await ownersOf(parts, new Map(arrivals.map(({ visit }) => [nameIn(visit), visit])));
  const clicks = arrivals.map(({ visit, at }) => {
    const owner = owners.get(nameIn(visit));
    return owner ? toClick(parts, visit, owner, at) : null;
  });
  const counted = await recordOrLog(
    parts,
    clicks.filter((click) => click !== null),
  );
  return clicks.map((click) => ({ click, counted: click !== null && counted.has(click.id) }));
}

/** @returns what a link calls its affiliate, '' for nobody: links with the same name are looked up once. */
function nameIn({ code, affiliateId }: Visit): string {
  const legacyId = readLegacyId(affiliateId);
  return readCode(code) || (legacyId && `aff=${legacyId}`);
}

/** Looked up anew for each batch: a suspension holds for the very next click. */
async function ownersOf(
  { knex, logger }: AdmitParts,
  links: ReadonlyMap<string, Visit>,
): Promise<Map<string, AffiliateView>> {
  const found = await Promise.allSettled(
    [...links]
      .filter(([name]) => name !== '')
      .map(async ([name, visit]) => [name, await ownerOf(knex, visit)] as const),
  );
  const owners = new Map<string, AffiliateView>();
  for (const result of found) {
    if (result.status === 'rejected') {
      logger.error(reportOf(result.reason), 'a referral link could not be looked up');
    } else if (result.value[1]) {
      owners.set(result.value[0], result.value[1]);
    }
  }
  return owners;
}

function ownerOf(knex: Knex, { code, affiliateId }: Visit): Promise<AffiliateView | null> {
  const known = readCode(code);
  return known ? affiliateByCode(knex, known) : affiliateByLegacyId(knex, readLegacyId(affiliateId));
}

/** @returns the ids of the clicks that count */
async function recordOrLog(
  { knex, settings, logger }: AdmitParts,
  clicks: readonly Click[],
): Promise<ReadonlySet<string>> {
  try {
    return await recordClicks(knex, clicks, settings.repeatClickMinutes * MINUTE_MS);
  } catch (error) {
    logger.error({ clicks: clicks.length, ...reportOf(error) }, 'clicks could not be recorded');
    return new Set();
  }
}

function toClick(parts: AdmitParts, visit: Visit, owner: AffiliateView, at: number): Click {
  const { settings, secrets } = parts;
  const { ip, headers } = visit;
  return {
    id: parts.newId(),
    affiliateId: owner.id,
    at,
    visitors: visitorHashes(
      { ip, userAgent: headers['user-agent'] ?? '' },
      {
        secret: secrets[0],
        timeZone: settings.timeZone,
        windowMs: settings.repeatClickMinutes * MINUTE_MS,
        at,
      },
    ),
    network: truncateNetwork(ip),
    referrerHost: referrerHost(headers['referer']),
    landing: landingKept(landingOn(settings.portalUrl, visit.landing)),
    campaign: readCampaign(visit.campaign),
    reason: reasonAgainst(headers, owner.status),
  };
}
