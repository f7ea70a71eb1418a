/** What a visit through a referral link is, whether it counts, and why not: pure decisions. */
import { isbot } from 'isbot';
import type { Settings } from '../settings';
import { parseUrl } from '../url';
import type { AffiliateStatus } from '../views';

/** A visit as a host reports it, its text already bounded (hooks/visit.ts). */
export interface Visit {
  /** The code in the link; matched whatever its case, for people who type it from paper. */
  readonly code: string;
  /** The number in a link of an earlier program (`aff=7`), for affiliates that were imported; a code wins. */
  readonly affiliateId?: string | undefined;
  /** Where on the portal the visitor is or goes: a path with its query, or an address of the portal; '' for home. */
  readonly landing: string;
  readonly campaign: string;
  /** The request's whole Cookie header. */
  readonly cookie?: string | undefined;
  /** The visitor's address; used to recognise a repeat and never kept. */
  readonly ip: string;
  /** By lower-case name; those in VISIT_HEADERS matter. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Whether the visitor came over https. */
  readonly secure: boolean;
  /** When the visitor came, for a visit that could not be told then; ms since the epoch. The present when left out. */
  readonly at?: number | undefined;
  /** The host's own name for the visit: the same one with the same `at` is the same visit. */
  readonly id?: string | undefined;
}

/** The request headers a visit is judged by. */
export const VISIT_HEADERS = [
  'user-agent',
  'referer',
  'purpose',
  'x-purpose',
  'sec-purpose',
  'x-moz',
  'sec-fetch-dest',
  'sec-fetch-site',
] as const;

/** Why a click is not counted; '' for one that is. A closed affiliate's clicks say 'suspended' too. */
export type ClickReason = '' | 'robot' | 'prefetch' | 'repeat' | 'suspended';

/** A click as it is recorded; every text is plain ASCII within its column's length. */
export interface Click {
  /** A ULID; the same id again is the same click. */
  readonly id: string;
  readonly affiliateId: number;
  /** ms since the epoch, UTC */
  readonly at: number;
  /** The visitor's keyed hash under each day the repeat window touches, oldest first; the last is of the click's own day. */
  readonly visitors: readonly [string, ...string[]];
  readonly network: string;
  readonly referrerHost: string;
  readonly landing: string;
  readonly campaign: string;
  /** What already speaks against it; whether it is a repeat only the database knows. */
  readonly reason: Exclude<ClickReason, 'repeat'>;
}

/** What a click keeps of how the visitor came, whosever link it was. */
export type Sight = Pick<Click, 'visitors' | 'network' | 'referrerHost' | 'landing' | 'campaign' | 'reason'>;

/** The parameter by which any page of the portal is a referral link. */
export const PAGE_PARAMETER = 'ref';

const DAY_MS = 86_400_000;
/** How far the clocks of two machines may be apart. */
export const CLOCK_TOLERANCE_MS = 60_000;

/**
 * @param now ms since the epoch, as `at`
 * @returns whether a visit at that time can say anything yet, or still: it is not to come, and its cookie would be alive
 */
export const isTimely = (at: number, now: number, { cookieDays }: Pick<Settings, 'cookieDays'>): boolean =>
  at <= now + CLOCK_TOLERANCE_MS && at > now - cookieDays * DAY_MS;

/** A pattern search over it takes time that grows with its length, and the tell-tale word stands early. */
const USER_AGENT_LIMIT = 1000;

/** @returns what speaks against counting the visit, '' when nothing does; repeats are found while recording. */
export function reasonAgainst(headers: Visit['headers'], status: AffiliateStatus): Click['reason'] {
  const userAgent = (headers['user-agent'] ?? '').slice(0, USER_AGENT_LIMIT);
  // Every browser names itself.
  if (userAgent === '' || isbot(userAgent)) return 'robot';
  if (isPrefetch(headers) || isHidden(headers)) return 'prefetch';
  return reasonWith('', status);
}

/** @returns what speaks against a visit whose headers say `reason`, with what its affiliate was then. */
export const reasonWith = (reason: Click['reason'], status: AffiliateStatus): Click['reason'] =>
  reason || (status === 'active' ? '' : 'suspended');

/** The browser fetched ahead, or drew a preview: nobody has seen the page yet, and perhaps nobody will. */
function isPrefetch(headers: Visit['headers']): boolean {
  return ['purpose', 'x-purpose', 'sec-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(headers[name] ?? ''),
  );
}

/**
 * Loaded as a part of another page (a frame, an image, a script, a background request from elsewhere), which is how
 * cookies are stuffed. A portal's own pages may still be fetched by its own script.
 */
function isHidden(headers: Visit['headers']): boolean {
  const destination = (headers['sec-fetch-dest'] ?? '').toLowerCase();
  if (destination === 'empty') return headers['sec-fetch-site']?.toLowerCase() === 'cross-site';
  return destination !== '' && destination !== 'document';
}

/** @returns the campaign as it was given if it is 1 to 64 of A-Z a-z 0-9 _ . -, otherwise ''. */
export function readCampaign(written: string): string {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(written) ? written : '';
}

/** @returns the code as codes are stored; '' for what can be none, so that the database need not be asked. */
export function readCode(written: string): string {
  const code = written.trim().toLowerCase();
  return /^[a-z0-9_-]{1,40}$/.test(code) ? code : '';
}

/** @returns the number of an affiliate in an earlier program; '' for what can be none. */
export function readLegacyId(written: string | undefined): string {
  return /^[1-9]\d{0,14}$/.test(written ?? '') ? (written ?? '') : '';
}

/** @returns what a link calls its affiliate, '' for nobody: a code, or the number of an earlier program as 'aff=7'. */
export function linkName({ code, affiliateId }: Pick<Visit, 'code' | 'affiliateId'>): string {
  const legacyId = readLegacyId(affiliateId);
  return readCode(code) || (legacyId && `aff=${legacyId}`);
}

/** @returns the host of the page the visitor came from, without the page, which may name people; '' if there is none. */
export function referrerHost(referer: string | undefined): string {
  const page = parseUrl(referer ?? '');
  if (!page) return '';
  const { protocol, hostname } = page;
  return /^https?:$/.test(protocol) && hostname.length <= 253 ? hostname : '';
}
