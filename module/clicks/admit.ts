import type { Knex } from 'knex';
import { affiliateByCode, affiliateByLegacyId, statusAt } from '../affiliates';
import { reportOf } from '../faults';
import type { Logger } from '../host';
import type { Settings } from '../settings';
import type { AffiliateView } from '../views';
import { clickIdOf } from './clickId';
import { landingKept, landingOn } from './landing';
import { recordClicks } from './record';
import {
  linkName,
  readCampaign,
  readCode,
  readLegacyId,
  reasonAgainst,
  reasonWith,
  referrerHost,
  type Click,
  type Sight,
  type Visit,
} from './rules';
import { truncateNetwork, visitorHashes } from './visitor';

const MINUTE_MS = 60_000;
/** @returns how long a counted visitor is not counted again, ms */
export const repeatMs = ({ repeatClickMinutes }: Pick<Settings, 'repeatClickMinutes'>): number =>
  repeatClickMinutes * MINUTE_MS;

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
  /** Whether a fault kept it from being found out whose link it was. */
  readonly isLost: boolean;
}

/**
 * Finds out whose links were clicked, and records the clicks: for a whole batch together, because a link that is busy
 * is clicked by many at once. Never rejects: what could not be recorded is logged, once per batch, and not counted.
 * @returns an admission for each arrival, in their order
 */
export async function admit(parts: AdmitParts, arrivals: readonly Arrival[]): Promise<Admission[]> {
  const keyed = arrivals.map((arrival) => [keyOf(arrival), arrival] as const);
  const owners = await ownersOf(parts, new Map(keyed));
  const judged = keyed.map(([key, arrival]) => {
    const owner = owners.get(key);
    return { click: owner ? toClick(parts, arrival, owner) : null, isLost: key !== '' && !owners.has(key) };
  });
  const counted = await recordOrLog(
    parts,
    judged.flatMap(({ click }) => click ?? []),
  );
  return judged.map(({ click, isLost }) => ({
    click,
    counted: click !== null && counted.has(click.id),
    isLost,
  }));
}

/** Links with the same name are looked up once; what was whose at an earlier time, for that time. */
function keyOf({ visit, at }: Arrival): string {
  const name = linkName(visit);
  return name === '' || visit.at === undefined ? name : `${name} ${at}`;
}

/**
 * Looked up anew for each batch: a suspension holds for the very next click.
 * @returns null for what is nobody's; nothing for what could not be looked up
 */
async function ownersOf(
  { knex, logger }: AdmitParts,
  links: ReadonlyMap<string, Arrival>,
): Promise<Map<string, AffiliateView | null>> {
  const found = await Promise.allSettled(
    [...links]
      .filter(([key]) => key !== '')
      .map(async ([key, { visit, at }]) => {
        const owner = visit.at === undefined ? ownerOf(knex, visit) : ownerAt(knex, visit, at);
        return [key, await owner] as const;
      }),
  );
  const owners = new Map<string, AffiliateView | null>();
  for (const result of found) {
    if (result.status === 'rejected') {
      logger.error(reportOf(result.reason), 'a referral link could not be looked up');
    } else {
      owners.set(...result.value);
    }
  }
  return owners;
}

type Named = Pick<Visit, 'code' | 'affiliateId'>;

function ownerOf(knex: Knex, { code, affiliateId }: Named): Promise<AffiliateView | null> {
  const known = readCode(code);
  return known ? affiliateByCode(knex, known) : affiliateByLegacyId(knex, readLegacyId(affiliateId));
}

/** @returns whose a link was at a time, with the status of that time; null when it was nobody's yet */
export async function ownerAt(knex: Knex, link: Named, at: number): Promise<AffiliateView | null> {
  const owner = await ownerOf(knex, link);
  const status = owner && (await statusAt(knex, owner.id, at));
  return status && { ...owner, status };
}

/** @returns the ids of the clicks that count */
async function recordOrLog(
  { knex, settings, logger }: AdmitParts,
  clicks: readonly Click[],
): Promise<ReadonlySet<string>> {
  try {
    return await recordClicks(knex, clicks, repeatMs(settings));
  } catch (error) {
    logger.error({ clicks: clicks.length, ...reportOf(error) }, 'clicks could not be recorded');
    return new Set();
  }
}

function toClick({ settings, secrets, newId }: AdmitParts, arrival: Arrival, owner: AffiliateView): Click {
  const { visit, at } = arrival;
  const sight = sightOf(arrival, settings, secrets[0]);
  return {
    ...sight,
    id: visit.id ? visitId(visit.id, arrival) : newId(),
    affiliateId: owner.id,
    at,
    reason: reasonWith(sight.reason, owner.status),
  };
}

/** @returns the id of the click that a visit makes, from the host's own name for the visit */
export const visitId = (id: string, { visit, at }: { visit: Named; at: number }): string =>
  clickIdOf(['visit', id, linkName(visit)], at);

/** @returns what is kept of how a visitor came; `reason` is what the visit itself says against it. */
export function sightOf(
  { visit, at }: { visit: Omit<Visit, 'cookie' | 'secure'>; at: number },
  settings: Settings,
  secret: string,
): Sight {
  const { ip, headers } = visit;
  return {
    visitors: visitorHashes(
      { ip, userAgent: headers['user-agent'] ?? '' },
      { secret, timeZone: settings.timeZone, windowMs: repeatMs(settings), at },
    ),
    network: truncateNetwork(ip),
    referrerHost: referrerHost(headers['referer']),
    landing: landingKept(landingOn(settings.portalUrl, visit.landing)),
    campaign: readCampaign(visit.campaign),
    reason: reasonAgainst(headers, 'active'),
  };
}
