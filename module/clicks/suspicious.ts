/** What the raw clicks say against the click that brought a signup. They are kept 30 days: an older signup has none. */
import type { Knex } from 'knex';
import { clickById, clicksByReason } from './queries';
import type { LinkTouch } from './token';
import { isPublicNetwork } from './visitor';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** How soon after a click that nobody saw a signup is its doing: faster than anybody fills in a form. */
const HIDDEN_WITHIN_MS = 30 * SECOND_MS;
/** More clicks on one affiliate's links, from one network within an hour, are no visitors. */
const FLOOD_FROM = 60;

export type ClickSuspicion = 'hidden_click' | 'click_flood';

/**
 * @param touch what the signup's cookie says
 * @param signedUpAt ms, UTC
 * @returns in a fixed order; none where the click is not known any more, or came from no public network: behind a proxy
 *   that names nobody, all visitors would be one
 */
export async function suspicionsOfClick(
  knex: Knex,
  touch: LinkTouch,
  signedUpAt: number,
): Promise<ClickSuspicion[]> {
  const click = await clickById(knex, touch.clickId);
  if (!click || !isPublicNetwork(click.network)) return [];
  const { affiliate_id, network } = click;
  // Those of the last moment count as well.
  const within = (ms: number, last: number) =>
    clicksByReason(knex, { affiliate_id, network }, { from: last - ms, to: last + 1 });
  const unseen = (await within(HIDDEN_WITHIN_MS, signedUpAt)).get('prefetch') ?? 0;
  const before = await within(HOUR_MS, click.at);
  const flood = [...before.values()].reduce((total, count) => total + count, 0);
  return [
    ...(unseen > 0 ? (['hidden_click'] as const) : []),
    ...(flood > FLOOD_FROM ? (['click_flood'] as const) : []),
  ];
}
