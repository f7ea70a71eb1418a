/** What is told of commissions to those who subscribed. */
import type { CommissionNews } from '../webhooks/rules';
import { keptOf, type Plan, type Revision } from './plan';
import type { Commission } from './queries';
import { partsOf } from './rules';

/** @param amount what it is about, minor units; all that the affiliate keeps of it unless said */
export function newsOf(
  type: CommissionNews['type'],
  commission: Commission,
  amount: number = keptOf(commission),
): CommissionNews {
  const { id, affiliate_id, referral_id, line_key, tier, currency, earned, reversed, state } = commission;
  return {
    type,
    affiliateId: affiliate_id,
    amount,
    commission: {
      id,
      referralId: referral_id,
      ...partsOf(line_key),
      tier,
      currency,
      earned,
      reversed,
      state,
      clearsAt: commission.clears_at,
    },
  };
}

/** @returns what an invoice's plan does to commissions, in the order in which it does it */
export function newsOfPlan({ earned, revisions }: Plan): CommissionNews[] {
  return [...earned.flatMap(newsOfNew), ...revisions.flatMap(newsOfRevision)];
}

/** What is held or counts at once is told as that too, so that those types alone tell the whole story. */
function newsOfNew(commission: Commission): CommissionNews[] {
  const told = [newsOf('commission.earned', commission)];
  if (commission.state === 'held') told.push(newsOf('commission.held', commission));
  if (commission.state === 'cleared') told.push(newsOf('commission.cleared', commission));
  return told;
}

function newsOfRevision({ before, after }: Revision): CommissionNews[] {
  const told: CommissionNews[] = [];
  const change = keptOf(after) - keptOf(before);
  if (change < 0) told.push(newsOf('commission.reversed', after, -change));
  if (change > 0) told.push(newsOf('commission.reinstated', after, change));
  if (before.state !== 'held' && after.state === 'held') told.push(newsOf('commission.held', after));
  if (before.state === 'held' && after.state !== 'held') told.push(newsOf('commission.released', after));
  return told;
}
