import { standingAffiliate } from '../affiliates';
import { groupCommit } from '../database/groupCommit';
import { reportOf } from '../faults';
import type { Clock } from '../host';
import { admit, type Admission, type AdmitParts, type Arrival } from './admit';
import { linkThatStands, touchOfClick } from './followed';
import { landingOn } from './landing';
import { purgeClicks } from './purge';
import { isTimely, PAGE_PARAMETER, readCode, type Click, type Visit } from './rules';
import { signTouch, touchCookie, touchFromCookieHeader } from './token';

/** At most this many in one statement: SQLite builds a multi-row insert of at most 500 terms. */
const MOST_PER_BATCH = 200;

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

export interface ClicksParts extends AdmitParts {
  readonly clock: Clock;
  /** Told of each counted click, after it is committed. */
  readonly onCounted: (click: { readonly affiliateId: number }) => void;
}

/** Puts the clicks of one program together: visits that come at once share statements and a commit. */
export function createClicks(parts: ClicksParts): Clicks {
  const { settings, clock } = parts;
  const admitted = groupCommit(
    async (arrivals: readonly Arrival[]) =>
      (await admit(parts, arrivals)).map((admission) => ({ value: admission })),
    { most: MOST_PER_BATCH },
  );

  const arrive = async (visit: Visit): Promise<VisitAnswer & Pick<Admission, 'isLost'>> => {
    try {
      const now = clock().getTime();
      const at = visit.at ?? now;
      if (!isTimely(at, now, settings)) return { counted: false, setCookie: null, isLost: false };
      const { click, counted, isLost } = await admitted({ visit, at });
      if (click && counted) tell(parts, click.affiliateId);
      const setCookie = click?.reason === '' ? await cookieFor(parts, visit, click) : null;
      return { counted, setCookie, isLost };
    } catch (error) {
      parts.logger.error(reportOf(error), 'a visit failed');
      return { counted: false, setCookie: null, isLost: true };
    }
  };

  return {
    visit: async (arriving) => {
      const { counted, setCookie } = await arrive(arriving);
      return { counted, setCookie };
    },
    redirect: async (arriving) => {
      const { setCookie, isLost } = await arrive(arriving);
      const page = landingOn(settings.portalUrl, arriving.landing);
      // The page may tell the visit again, or keep it until it can.
      if (isLost && readCode(arriving.code)) page.searchParams.set(PAGE_PARAMETER, readCode(arriving.code));
      return redirectTo(page, setCookie);
    },
    purge: (now) => purgeClicks(parts.knex, now),
    drain: () => admitted.drain(),
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

/**
 * @returns the cookie for a click that nothing speaks against; null when the visitor keeps the one there is. A repeat
 *   gets one as well: the visitor did come back through this link.
 */
async function cookieFor(parts: ClicksParts, visit: Visit, click: Click): Promise<string | null> {
  const { settings, secrets } = parts;
  const isKept = visit.at === undefined ? belongsToAnother : isOvertaken;
  if (await isKept(parts, visit, click)) return null;
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
  if (parts.settings.attribution === 'last') return false;
  const earlier = touchFromCookieHeader(visit.cookie, parts.settings, parts.secrets, click.at);
  if (earlier.kind !== 'link' || earlier.affiliateId === click.affiliateId) return false;
  try {
    const other = await standingAffiliate(parts.knex, earlier.affiliateId);
    return other?.status === 'active' && other.id !== click.affiliateId;
  } catch (error) {
    parts.logger.error(reportOf(error), "an earlier link's affiliate could not be looked up");
    return true;
  }
}

/** Whether another link, followed before or after one that is told late, is what the cookie names all the same. */
async function isOvertaken(parts: ClicksParts, visit: Visit, click: Click): Promise<boolean> {
  const { knex, settings, secrets, clock } = parts;
  const kept = touchFromCookieHeader(visit.cookie, settings, secrets, clock().getTime());
  if (kept.kind !== 'link') return false;
  try {
    return (await linkThatStands(knex, settings, [kept, touchOfClick(click)])) === kept;
  } catch (error) {
    parts.logger.error(reportOf(error), "another link's affiliate could not be looked up");
    return true;
  }
}

/** A listener's fault is not the visitor's. */
function tell({ onCounted, logger }: ClicksParts, affiliateId: number): void {
  try {
    onCounted({ affiliateId });
  } catch (error) {
    logger.error({ affiliateId, ...reportOf(error) }, 'a listener to clicks failed');
  }
}
