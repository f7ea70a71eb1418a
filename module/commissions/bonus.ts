import { figuresOf } from '../affiliates';
import { isPosted, post, type LedgerTransaction } from '../ledger';
import { sum } from '../money';
import { earlierConversions } from '../referrals';
import { newestOf, versionsFor, type TermsVersion } from '../terms';
import type { Bonuses } from '../terms/rules';
import type { UnitOfWork } from '../unitOfWork';
import { groupFor } from './facts';

/** Credits what the terms give a new affiliate for joining; once, however often it is switched on. */
export async function paySignupBonus(work: UnitOfWork, affiliateId: number): Promise<void> {
  const bonuses = await bonusesFor(work, affiliateId);
  if (bonuses)
    await payOnce(work, affiliateId, `bonus:signup:${affiliateId}`, bonuses.signup, bonuses.currency);
}

/** @returns the milestones that so many conversions have reached */
export function reachedMilestones({ milestones }: Bonuses, conversions: number): Bonuses['milestones'] {
  return milestones.filter((milestone) => milestone.conversions <= conversions);
}

/** Credits every milestone that the affiliate's conversions have reached; each once for ever. */
export async function payMilestones(work: UnitOfWork, affiliateId: number): Promise<void> {
  const bonuses = await bonusesFor(work, affiliateId);
  if (!bonuses || bonuses.milestones.length === 0) return;
  const { conversions: all } = await figuresOf(work.trx, affiliateId);
  // Those of an earlier program were rewarded there, or not, by its own rules.
  const conversions = sum([all, -(await earlierConversions(work.trx, affiliateId))]);
  for (const milestone of reachedMilestones(bonuses, conversions)) {
    const key = `bonus:conversions:${milestone.conversions}:${affiliateId}`;
    await payOnce(work, affiliateId, key, milestone.amount, bonuses.currency);
  }
}

/** The affiliate's own bonuses, else its group's, else the program's, as of the event. */
async function bonusesFor(work: UnitOfWork, affiliateId: number): Promise<Bonuses | null> {
  const { trx, at } = work;
  const versions = await versionsFor(trx, affiliateId, []);
  const group = await groupFor(trx, versions, affiliateId, at);
  const asked: (TermsVersion | null)[] = [
    newestOf(versions, 'affiliate', String(affiliateId), at),
    group ? newestOf(versions, 'group', group, at) : null,
    newestOf(versions, 'program', '', at),
  ];
  return asked.find((version) => version?.bonuses)?.bonuses ?? null;
}

async function payOnce(
  work: UnitOfWork,
  affiliateId: number,
  key: string,
  amount: number,
  currency: string,
): Promise<void> {
  // Posted under other terms, a bonus stays what it was.
  if (amount === 0 || (await isPosted(work.trx, key))) return;
  const bonus: LedgerTransaction = {
    key,
    kind: 'bonus',
    affiliateId,
    currency,
    amount,
    commissionId: null,
    withdrawalId: null,
    at: work.at,
    entries: [
      { affiliateId, account: 'expense', amount: -amount },
      { affiliateId, account: 'cleared', amount },
    ],
  };
  await post(work, [bonus]);
}
