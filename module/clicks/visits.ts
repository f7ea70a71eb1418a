import type { Knex } from 'knex';
import { affiliateByCode, affiliateById } from '../affiliates';
import { groupCommit, type Outcome } from '../database/groupCommit';
import type { Clock, Logger } from '../host';
import type { Settings } from '../settings';
import type { AffiliateView } from '../views';
import { landingKept, landingOn } from './landing';
import { purgeClicks } from './purge';
import { recordClicks } from './record';
import { readCampaign, readCode, reasonAgainst, referrerHost, type Click, type Visit } from './rules';
import { signTouch, touchCookie, touchFromCookieHeader } from './token';
import { truncateNetwork, visitorHashes } from './visitor';

/** At most this many in one statement: SQLite builds a multi-row insert of at most 500 terms. */
const MOST_PER_BATCH = 200;
const MINUTE_MS = 60_000;

export interface VisitAnswer {
  readonly counted: boolean;
  /** A whole Set-Cookie header value, or null when the visitor's cookies stay as they are. */
  readonly setCookie: string | null;
}

export interface RedirectAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Clicks {
  /** A portal page was opened through a referral link. Never rejects: a fault is logged. */
  visit(visit: Visit): Promise<VisitAnswer>;
  /** A referral link of its own address was opened. Never rejects: the visitor goes on, whatever fails. */
  redirect(visit: Visit): Promise<RedirectAnswer>;
  /** Deletes what is too old to be kept. @returns how many of each are gone */
  purge(now: number): Promise<{ clicks: number; visitors: number }>;
  /** Resolves when every click handed in is recorded; call it before the database is closed. */
  drain(): Promise<void>;
}

export interface ClicksParts {
  readonly knex: Knex;
  readonly settings: Settings;
  /** The first signs cookies and hashes visitors; all verify cookies. */
  readonly secrets: readonly [string, ...string[]];
  readonly clock: Clock;
  /** @returns a new ULID */
  readonly newId: () => string;
  readonly logger: Logger;
  /** Told of each counted click, after it is committed. */
  readonly onCounted: (click: { readonly affiliateId: number }) => void;
}

/** Puts the clicks of one program together: lookups and recordings of requests that come at once share statements. */
export function createClicks(parts: ClicksParts): Clicks {
  const { knex, settings, clock } = parts;
  const lookUp = groupCommit((codes: readonly string[]) => affiliatesByCode(knex, codes), {
    most: MOST_PER_BATCH,
  });
  const record = groupCommit(
    (clicks: readonly Click[]) => recordClicks(knex, clicks, settings.repeatClickMinutes * MINUTE_MS),
    { most: MOST_PER_BATCH },
  );

  const visit = async (visit: Visit): Promise<VisitAnswer> => {
    const nothing: VisitAnswer = { counted: false, setCookie: null };
    const code = readCode(visit.code);
    const affiliate = code && (await orLogged(parts, 'a referral link could not be looked up', lookUp(code)));
    if (!affiliate) return nothing;
    const click = toClick(parts, visit, affiliate, clock().getTime());
    const setCookie = click.reason === '' ? await cookieFor(parts, visit, click) : null;
    const counted = await orLogged(parts, 'a click could not be recorded', record(click));
    if (counted) tell(parts, affiliate.id);
    return { counted: counted === true, setCookie };
  };

  return {
    visit,
    redirect: async (arriving) => {
      const { setCookie } = await visit(arriving);
      return redirectTo(landingOn(settings.portalUrl, arriving.landing), setCookie);
    },
    purge: (now) => purgeClicks(knex, now),
    drain: async () => {
      await lookUp.drain();
      await record.drain();
    },
  };
}

function redirectTo(page: URL, setCookie: string | null): RedirectAnswer {
  return {
    // Not 301: a browser would remember it, and come no more.
    status: 302,
    headers: {
      location: page.href,
      'cache-control': 'no-store',
      // The portal's statistics see which site sent the visitor, but not which page of it; nothing is told to http.
      'referrer-policy': 'strict-origin-when-cross-origin',
      ...(setCookie !== null && { 'set-cookie': setCookie }),
    },
  };
}

/** One lookup for all who clicked the same link at once; each starts after they came, so none sees an old status. */
async function affiliatesByCode(
  knex: Knex,
  codes: readonly string[],
): Promise<readonly Outcome<AffiliateView | null>[]> {
  const distinct = [...new Set(codes)];
  const found = await Promise.allSettled(distinct.map((code) => affiliateByCode(knex, code)));
  const outcomes = new Map(
    found.map((result, index): [string | undefined, Outcome<AffiliateView | null>] => [
      distinct[index],
      result.status === 'fulfilled' ? { value: result.value } : { error: result.reason },
    ]),
  );
  return codes.map((code) => outcomes.get(code) ?? { value: null });
}

function toClick(parts: ClicksParts, visit: Visit, affiliate: AffiliateView, at: number): Click {
  const { settings, secrets } = parts;
  const { ip, headers } = visit;
  return {
    id: parts.newId(),
    affiliateId: affiliate.id,
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
    reason: reasonAgainst(headers, affiliate.status),
  };
}

/**
 * @returns the cookie for a click that nothing speaks against; null when the visitor keeps the one there is. A repeat
 *   gets one as well: the visitor did come back through this link.
 */
async function cookieFor(parts: ClicksParts, visit: Visit, click: Click): Promise<string | null> {
  const { settings, secrets } = parts;
  if (settings.attribution === 'first' && (await belongsToAnother(parts, visit, click))) return null;
  const { affiliateId, at, id, campaign } = click;
  const token = signTouch(
    { affiliateId, clickedAt: at, clickId: id, campaign },
    settings.cookieDays,
    secrets,
  );
  return touchCookie(token, settings, visit.secure);
}

/** Whether the visitor was brought by another affiliate before, who is still active. When in doubt, it stays so. */
async function belongsToAnother(parts: ClicksParts, visit: Visit, click: Click): Promise<boolean> {
  const earlier = touchFromCookieHeader(visit.cookie, parts.settings, parts.secrets, click.at);
  if (earlier.kind !== 'link' || earlier.affiliateId === click.affiliateId) return false;
  const lookup = affiliateById(parts.knex, earlier.affiliateId);
  const other = await orLogged(parts, "an earlier link's affiliate could not be looked up", lookup);
  return other === undefined || other?.status === 'active';
}

/** A listener's fault is not the visitor's. */
function tell({ onCounted, logger }: ClicksParts, affiliateId: number): void {
  try {
    onCounted({ affiliateId });
  } catch (error) {
    logger.error({ affiliateId, fault: nameOfFault(error) }, 'a listener to clicks failed');
  }
}

/** @returns what was promised, or undefined after logging the fault: whatever breaks, the visitor goes on. */
async function orLogged<T>(
  { logger }: ClicksParts,
  message: string,
  promised: Promise<T>,
): Promise<T | undefined> {
  try {
    return await promised;
  } catch (error) {
    logger.error({ fault: nameOfFault(error) }, message);
    return undefined;
  }
}

/** Its code or class alone: the message of a failed statement holds the whole batch, visitors and all. */
function nameOfFault(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
