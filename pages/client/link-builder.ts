/** The referral link, and links that lead to a certain page of the portal or name a campaign. */
import { isLandingRefused, landingOn } from '../../module/clicks';
import { linkOf } from '../../module/referralLink';
import type { Settings } from '../../module/settings';
import { address } from '../address';
import { fieldLabel } from '../explain';
import type { Language } from '../language';
import type { PageRequest } from '../page';

const CAMPAIGN = /^[A-Za-z0-9._-]{0,64}$/;

export interface BuiltLink {
  /** The short link to the portal's front page. */
  readonly link: string;
  /** The link that was asked for; '' where none was, or none can be. */
  readonly built: string;
  readonly asked: boolean;
  readonly landing: string;
  readonly campaign: string;
  readonly portal: string;
  readonly example: string;
  /** The sentence for each field that could not be read; '' for one that could. */
  readonly problems: { readonly landing: string; readonly campaign: string };
}

/** @param query `landing` is a path on the portal or an address of it, `campaign` a short word */
export function buildLink(
  code: string,
  settings: Settings,
  query: PageRequest['query'],
  language: Language,
): BuiltLink {
  const portal = settings.portalUrl;
  const link = linkOf(settings, code);
  const written = (query.landing ?? '').trim().slice(0, 500);
  const campaign = (query.campaign ?? '').trim().slice(0, 100);
  const to = landingOf(written, portal);
  const problems = {
    landing:
      to === null
        ? language.t('link.builder.bad_page', { field: fieldLabel('landing', language), portal })
        : '',
    campaign: CAMPAIGN.test(campaign)
      ? ''
      : language.t('link.builder.bad_campaign', { field: fieldLabel('campaign', language) }),
  };
  const asked = written !== '' || campaign !== '';
  const good = !problems.landing && !problems.campaign;
  const built = asked && good ? address(link, { to: to ?? '', campaign }) : '';
  return { link, built, asked, landing: written, campaign, portal, example: `${portal}/pricing`, problems };
}

/** @returns path and query of a page of the portal, or null for what the redirect would not follow */
function landingOf(to: string, portal: string): string | null {
  if (to === '') return '';
  const written = /^(\/|https?:\/\/)/i.test(to) ? to : `/${to}`;
  if (isLandingRefused(portal, written)) return null;
  const page = landingOn(portal, written);
  return page.pathname + page.search + page.hash;
}
