/**
 * Links that a visitor followed before we heard of it: whoever followed them, what they make of the visitor's cookie is
 * decided as if each had been told when it was followed.
 */
import type { Knex } from 'knex';
import { standingAffiliate, statusAt } from '../affiliates';
import type { FollowedLink, Touch } from '../events/rules';
import type { Settings } from '../settings';
import { ownerAt, repeatMs, sightOf, visitId } from './admit';
import { clickIdOf } from './clickId';
import { recordUnknown } from './record';
import {
  isTimely,
  linkName,
  readCampaign,
  readCode,
  readLegacyId,
  reasonWith,
  type Click,
  type Sight,
  type Visit,
} from './rules';
import type { LinkTouch } from './token';

/** A link as an event tells of it for good, and what is kept of its click for a while. */
export interface Followed {
  readonly link: FollowedLink;
  readonly sight: Sight;
}

/**
 * @param visit with its `at`
 * @param by who followed it, which makes a visit without an id of its own the same again
 * @returns null for what is no link
 */
export function readFollowed(
  visit: Omit<Visit, 'cookie' | 'secure'> & { readonly at: number },
  by: string,
  { settings, secret }: { settings: Settings; secret: string },
): Followed | null {
  const { at, id, affiliateId } = visit;
  const name = linkName(visit);
  if (name === '') return null;
  const code = readCode(visit.code);
  return {
    link: {
      clickId: id ? visitId(id, { visit, at }) : clickIdOf(['client', by, name], at),
      at,
      code,
      legacyId: code ? '' : readLegacyId(affiliateId),
      campaign: readCampaign(visit.campaign),
    },
    sight: sightOf({ visit, at }, settings, secret),
  };
}

/**
 * Records the clicks of links that are told with a signup, those at least that are not recorded yet.
 * @param signup `touch`: what the signup's cookie says; `at`: when it was, ms since the epoch
 * @returns what the cookie would say if the links had been told when they were followed
 */
export async function followLinks(
  trx: Knex.Transaction,
  settings: Settings,
  { touch, followed, at }: { touch: Touch; followed: readonly Followed[]; at: number },
): Promise<Touch> {
  const clicks: Click[] = [];
  for (const { link, sight } of followed) {
    if (!isTimely(link.at, at, settings)) continue;
    const owner = await ownerAt(trx, { code: link.code, affiliateId: link.legacyId }, link.at);
    if (!owner) continue;
    const reason = reasonWith(sight.reason, owner.status);
    clicks.push({ ...sight, id: link.clickId, affiliateId: owner.id, at: link.at, reason });
  }
  await recordUnknown(trx, clicks, repeatMs(settings));
  const links = clicks.filter(({ reason }) => reason === '').map(touchOfClick);
  const told = touch.kind === 'link' ? [touch, ...links] : links;
  return (await linkThatStands(trx, settings, told)) ?? touch;
}

/** @returns what the cookie of a click says */
export const touchOfClick = ({ affiliateId, at, id, campaign }: Click): LinkTouch => ({
  kind: 'link',
  affiliateId,
  clickedAt: at,
  clickId: id,
  campaign,
});

/**
 * @param links that one visitor followed, in any order; each is good by itself, and none is older than its cookie lives
 * @returns the one that the visitor's cookie names in the end; null without any
 */
export async function linkThatStands(
  knex: Knex,
  { attribution }: Pick<Settings, 'attribution'>,
  links: readonly LinkTouch[],
): Promise<LinkTouch | null> {
  let standing: LinkTouch | null = null;
  for (const link of [...links].sort((one, other) => one.clickedAt - other.clickedAt)) {
    const stays = standing && attribution === 'first' && (await keepsFrom(knex, standing, link));
    if (!stays) standing = link;
  }
  return standing;
}

/** Whether a visitor belonged to another affiliate, who was active, when a link was followed. */
async function keepsFrom(
  knex: Knex,
  earlier: LinkTouch,
  { affiliateId, clickedAt }: LinkTouch,
): Promise<boolean> {
  const other = await standingAffiliate(knex, earlier.affiliateId);
  const own = await standingAffiliate(knex, affiliateId);
  return other !== null && other.id !== own?.id && (await statusAt(knex, other.id, clickedAt)) === 'active';
}
