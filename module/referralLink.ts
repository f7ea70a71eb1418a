/**
 * The form of referral links, as the setting `referralLink` says it: `{portal}` stands for the portal's address and
 * `{code}` for the affiliate's code. A host without a route of its own has the code in a parameter instead of the path.
 */
import type { Settings } from './settings';
import { parseUrl } from './url';

export const DEFAULT_REFERRAL_LINK = '{portal}/r/{code}';

const PORTAL = '{portal}';
const CODE = '{code}';
/** In the place of a code while a form is taken apart; nothing in it is rewritten in an address. */
const MARK = 'code-of-the-affiliate';

type LinkForm = Pick<Settings, 'portalUrl' | 'referralLink'>;

/** @returns the referral link of a code */
export function linkOf(form: LinkForm, code: string): string {
  return filled(form, encodeURIComponent(code));
}

/** @returns the code in an address of the form, as written and '' for none; null for any other address */
export function codeOf(form: LinkForm, page: URL): string | null {
  const pattern = new URL(filled(form, MARK));
  for (const [name, value] of pattern.searchParams) {
    if (value !== MARK && page.searchParams.get(name) !== value) return null;
  }
  const parameter = parameterOf(pattern);
  if (parameter !== undefined) {
    return page.pathname === pattern.pathname ? (page.searchParams.getAll(parameter).at(-1) ?? null) : null;
  }
  const [before = '', after = ''] = pattern.pathname.split(MARK);
  const isLink = page.pathname.startsWith(before) && page.pathname.endsWith(after);
  return isLink ? decoded(page.pathname.slice(before.length, page.pathname.length - after.length)) : null;
}

/** @returns whether links of this form lead to the portal, and the code can be told from the rest of them */
export function isLinkForm(form: LinkForm): boolean {
  if (form.referralLink.split(CODE).length !== 2) return false;
  const written = filled(form, MARK);
  const page = parseUrl(written);
  if (!page) return false;
  const home = new URL(form.portalUrl);
  const isAtPortal =
    page.origin === home.origin && page.pathname.startsWith(`${home.pathname.replace(/\/+$/, '')}/`);
  const isWhole = page.username === '' && page.password === '' && page.hash === '';
  return isAtPortal && isWhole && (page.pathname.includes(MARK) || parameterOf(page) !== undefined);
}

function parameterOf(pattern: URL): string | undefined {
  return [...pattern.searchParams].find(([, value]) => value === MARK)?.[0];
}

function filled({ portalUrl, referralLink }: LinkForm, code: string): string {
  // Functions: what stands in an address must not be read as a pattern of a replacement.
  return referralLink.replace(PORTAL, () => portalUrl).replace(CODE, () => code);
}

/** A part of a path as the portal's router hands it on; what it cannot decode is no code. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
