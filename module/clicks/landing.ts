/** Where a referral link may lead, and how much of that is kept. */
import { parseUrl } from '../url';

/** Longer than any page's address; what is longer is an attack or a mistake. */
const LANDING_LIMIT = 2000;
const KEPT_LIMIT = 500;

/**
 * C0 and C1 controls, line separators and the backslash: browsers drop or rewrite these in an address, so that what
 * was checked would not be what is visited.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
export const REWRITTEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\]/;

/** Only these tell which campaign brought the visitor; any other parameter may be a secret or name a person. */
const KEPT_PARAMETERS = new Set([
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'campaign',
]);

/**
 * @param portalUrl the setting: the only origin a redirect ever leads to
 * @param landing a path of the portal with its query ('/pricing?x=1') or a whole address of the portal
 * @returns that page, or the portal's home for anything else: other hosts, '//host', backslashes, user names in
 *   front of the host, control characters, other schemes, relative paths
 */
export function landingOn(portalUrl: string, landing: string): URL {
  const home = new URL(portalUrl);
  if (landing.length > LANDING_LIMIT || REWRITTEN.test(landing) || !/^(\/|https?:\/\/)/i.test(landing)) {
    return home;
  }
  const page = parseUrl(landing, home);
  if (!page) return home;
  const isElsewhere = page.origin !== home.origin || page.username !== '' || page.password !== '';
  // '//host' and '/.//host' keep the origin here, yet would change it for whoever reads the path alone.
  return isElsewhere || landing.startsWith('//') || page.pathname.startsWith('//') ? home : page;
}

/** @returns whether a redirect would lead to the portal's home although another page was asked for. */
export function isLandingRefused(portalUrl: string, landing: string): boolean {
  const home = new URL(portalUrl);
  const isHome = landingOn(portalUrl, landing).href === home.href;
  return isHome && !['', '/', home.href, portalUrl].includes(landing);
}

/** @returns the page's path with the campaign's parameters alone, at most 500 characters of ASCII. */
export function landingKept(page: URL): string {
  const kept = [...page.searchParams].filter(([name]) => KEPT_PARAMETERS.has(name));
  const query = kept.length > 0 ? `?${new URLSearchParams(kept).toString()}` : '';
  // A percent escape cut in two could not be read back.
  return `${page.pathname}${query}`.slice(0, KEPT_LIMIT).replace(/%[^%]?$/, '');
}
