/**
 * What a click on an address would do, told without clicking it. The address is read and never fetched, nothing is
 * recorded, and what reads it here is what reads it when it is clicked, so that the answer cannot differ from the deed.
 */
import { codeOf } from '../referralLink';
import type { Settings } from '../settings';
import { parseUrl } from '../url';
import type { AffiliateView } from '../views';
import { isLandingRefused, landingOn, REWRITTEN } from './landing';
import { PAGE_PARAMETER, readCampaign, readCode, reasonAgainst } from './rules';

/** How much of two codes may differ, in one place, for one to be the other mistyped. */
const NEAR = 2;

/** One thing that was looked at. Its sentence is lang `test-link.<check>.<finding>`. */
export interface LinkCheck {
  readonly check:
    | 'address'
    | 'host'
    | 'code'
    | 'affiliate'
    | 'landing'
    | 'campaign'
    | 'browser'
    | 'repeat'
    | 'cookie'
    | 'touch'
    | 'self';
  readonly finding: string;
  /** A note speaks neither for nor against the link. */
  readonly mark: 'good' | 'bad' | 'note';
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface LinkReport {
  /** Whether a visitor who signs up after a click on it now is the affiliate's referral. */
  readonly credited: boolean;
  readonly checks: readonly LinkCheck[];
}

/** An address, taken apart as far as it could be. */
export interface ReadLink {
  readonly page: URL | null;
  /** Why there is no page, or none of the portal's; '' for a page of the portal. */
  readonly problem: '' | 'incomplete' | 'characters' | 'unreadable' | 'scheme' | 'user';
  /** As written; '' for none. */
  readonly code: string;
  /** Where the link leads within the portal, '' for its home; null for one that is a page itself. */
  readonly landing: string | null;
  readonly campaign: string;
}

/** @param written what somebody took for a link: anything at all */
export function readLink(settings: LinkFacts['settings'], written: string): ReadLink {
  const nothing = { page: null, code: '', landing: null, campaign: '' };
  if (REWRITTEN.test(written)) return { ...nothing, problem: 'characters' };
  if (written.startsWith('/')) return { ...nothing, problem: 'incomplete' };
  // People leave the beginning away, and browsers put it back.
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `https://${written}`;
  const page = parseUrl(whole);
  if (!page) return { ...nothing, problem: 'unreadable' };
  if (!/^https?:$/.test(page.protocol)) return { ...nothing, problem: 'scheme' };
  if (page.username !== '' || page.password !== '') return { ...nothing, problem: 'user' };
  const parameter = (name: string) => page.searchParams.getAll(name).at(-1) ?? '';
  const code = codeOf(settings, page);
  return {
    page,
    problem: '',
    code: code ?? parameter(PAGE_PARAMETER),
    landing: code === null ? null : parameter('to'),
    campaign: parameter('campaign'),
  };
}

export interface LinkFacts {
  readonly settings: Pick<
    Settings,
    'portalUrl' | 'referralLink' | 'repeatClickMinutes' | 'cookieDays' | 'attribution'
  >;
  readonly link: ReadLink;
  /** Who asks. */
  readonly affiliate: AffiliateView;
  /** Whose code the link's is, null for nobody's. */
  readonly owner: Pick<AffiliateView, 'id'> | null;
  /** What the asking person's browser calls itself; null where the host does not tell. */
  readonly userAgent: string | null;
}

/** @returns whether a click on the link would be credited to who asks, with everything that was looked at in order */
export function judgeLink(facts: LinkFacts): LinkReport {
  const { link, settings } = facts;
  if (!link.page) return { credited: false, checks: [bad('address', link.problem)] };
  const host = checkHost(settings.portalUrl, link.page);
  const readable = good('address', 'readable');
  if (host.mark === 'bad') return { credited: false, checks: [readable, host] };
  const needed = [readable, host, checkCode(facts), checkAffiliate(facts)];
  return {
    credited: needed.every(({ mark }) => mark !== 'bad'),
    checks: [
      ...needed,
      checkLanding(facts),
      ...checkCampaign(link),
      ...checkBrowser(facts),
      ...notes(settings),
    ],
  };
}

type Make = (check: LinkCheck['check'], finding: string, parameters?: LinkCheck['parameters']) => LinkCheck;
const good: Make = (check, finding, parameters = {}) => ({ check, finding, mark: 'good', parameters });
const bad: Make = (check, finding, parameters = {}) => ({ check, finding, mark: 'bad', parameters });
const note: Make = (check, finding, parameters = {}) => ({ check, finding, mark: 'note', parameters });

function checkHost(portalUrl: string, page: URL): LinkCheck {
  const home = new URL(portalUrl);
  // The host in ASCII: letters that only look like the portal's show as what they are.
  if (page.host !== home.host) return bad('host', 'elsewhere', { host: page.host, portal: home.host });
  const path = homePath(portalUrl);
  if (page.pathname !== path && !page.pathname.startsWith(`${path}/`)) {
    return bad('host', 'outside', { portal: portalUrl });
  }
  return page.protocol === home.protocol
    ? good('host', 'portal', { portal: home.host })
    : note('host', 'other_scheme', { scheme: home.protocol.slice(0, -1) });
}

function checkCode({ link, affiliate, owner }: LinkFacts): LinkCheck {
  if (link.code === '') return bad('code', 'missing', { code: affiliate.code });
  const code = readCode(link.code);
  if (owner?.id === affiliate.id) return good('code', 'own', { code });
  if (isNear(code, affiliate.code)) return bad('code', 'mistyped', { code, own: affiliate.code });
  if (owner) return bad('code', 'other', { code, own: affiliate.code });
  return bad('code', 'unknown', { code: code || link.code.slice(0, 40), own: affiliate.code });
}

function checkAffiliate({ affiliate: { status } }: LinkFacts): LinkCheck {
  return status === 'active' ? good('affiliate', status) : bad('affiliate', status);
}

function checkLanding({ settings: { portalUrl }, link }: LinkFacts): LinkCheck {
  if (link.landing === null) return good('landing', 'itself');
  if (isLandingRefused(portalUrl, link.landing)) return bad('landing', 'refused');
  return good('landing', 'page', { page: landingOn(portalUrl, link.landing).href });
}

function checkCampaign({ campaign }: ReadLink): LinkCheck[] {
  if (campaign === '') return [];
  const kept = readCampaign(campaign);
  return [kept ? good('campaign', 'kept', { campaign: kept }) : bad('campaign', 'dropped')];
}

/** Of a person who looks at a page, only what the browser calls itself can speak against its clicks. */
function checkBrowser({ userAgent }: LinkFacts): LinkCheck[] {
  if (userAgent === null) return [];
  const reason = reasonAgainst({ 'user-agent': userAgent }, 'active');
  return [reason === '' ? good('browser', 'counts') : bad('browser', 'robot')];
}

function notes({ repeatClickMinutes, cookieDays, attribution }: LinkFacts['settings']): LinkCheck[] {
  return [
    note('repeat', repeatClickMinutes === 0 ? 'never' : 'within', { minutes: repeatClickMinutes }),
    note('cookie', 'life', { days: cookieDays }),
    note('touch', attribution),
    note('self', 'refused'),
  ];
}

/** The portal's own path without a slash at its end: '' for one at the top of its host. */
function homePath(portalUrl: string): string {
  return new URL(portalUrl).pathname.replace(/\/+$/, '');
}

/** @returns whether two codes differ in one place alone, and by no more than slipping fingers make them */
function isNear(one: string, other: string): boolean {
  if (one === '') return false;
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return Math.max(one.length, other.length) - start - end <= NEAR;
}
