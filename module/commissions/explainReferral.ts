/** What an affiliate may know of why its own referral's lines earned or not. */
import type { Knex } from 'knex';
import type { PageOfList } from '../database/keyset';
import { namesOf, referralById } from '../referrals';
import type { Settings } from '../settings';
import type { Rows } from '../views';
import type { CommissionDetails, EvaluationDetails, LineDetails, LineView } from './explained';
import { explainLines } from './explainLines';
import type { Step } from './rules';

export interface Whose {
  readonly affiliateId: number;
  readonly referralId: string;
}

/** A referral with a page of its lines. */
export interface ReferralExplained extends Rows<LineView> {
  /** As privacy allows; '' where it allows none. */
  readonly name: string;
  readonly signedUpAt: number;
}

/** @returns a page of the referral's lines, the last paid first; null for a referral that is not the affiliate's */
export async function explainReferral(
  knex: Knex,
  whose: Whose,
  paging: PageOfList,
  privacy: Settings['referralPrivacy'],
): Promise<ReferralExplained | null> {
  const { affiliateId, referralId } = whose;
  const referral = await referralById(knex, referralId);
  if (referral?.affiliate_id !== affiliateId) return null;
  const page = await explainLines(knex, { referralId }, paging);
  const names = await namesOf(knex, [referralId], privacy);
  return {
    ...page,
    rows: page.rows.map((line) => forAffiliate(line, whose)),
    name: names.get(referralId) ?? '',
    signedUpAt: referral.signed_up_at,
  };
}

/** Field by field, so that nothing reaches an affiliate that nobody decided to show: no ids, no other's evaluations. */
export function forAffiliate(line: LineDetails, { affiliateId, referralId }: Whose): LineView {
  // What was found before the client was this referral may tell of another affiliate.
  const own = [...line.evaluations, ...line.shares].filter(
    (evaluation) => evaluation.referralId === referralId,
  );
  const tier = own[0]?.tier ?? 1;
  const commission = line.commissions.find((one) => one.affiliateId === affiliateId && one.tier === tier);
  return {
    ...(tier === 1 ? ofOwnReferral(line) : ofAnothers(line, tier)),
    takenBack: commission ? shownTakenBack(line, tier, commission) : null,
    commission: commission ? shownCommission(commission) : null,
    evaluations: own.filter((evaluation) => evaluation.tier === tier).map(shownEvaluation),
  };
}

type WhatWasPaid = Omit<LineView, 'takenBack' | 'commission' | 'evaluations'>;

function ofOwnReferral({ product, kind, quantity, net, currency, paidAt }: LineDetails): WhatWasPaid {
  return { tier: 1, product, kind, quantity, net, currency, paidAt };
}

/** Who pays for what through another affiliate is that one's to know. */
function ofAnothers({ currency, paidAt }: LineDetails, tier: number): WhatWasPaid {
  return { tier, product: '', kind: 'other', quantity: 1, net: 0, currency, paidAt };
}

function shownTakenBack(
  { takenBack }: LineDetails,
  tier: number,
  { reversed }: CommissionDetails,
): LineView['takenBack'] {
  if (tier === 1) return takenBack;
  return reversed > 0 ? { reason: 'shared', refunded: 0 } : null;
}

function shownCommission({ currency, earned, reversed, state, clearsAt, waits }: CommissionDetails) {
  return { currency, earned, reversed, state, clearsAt, waits };
}

function shownEvaluation(evaluation: EvaluationDetails): LineView['evaluations'][number] {
  const { number, outcome, code, steps, amount, currency, evaluatedAt } = evaluation;
  return { number, outcome, code, steps: shownSteps(steps), amount, currency, evaluatedAt };
}

/**
 * Which scopes have terms, and under what conditions, is the house's to know, and so is what a suspicion goes by: who
 * is told one learns how to avoid it. What is left names no scope's key, which may be a group's name.
 */
function shownSteps(steps: readonly Step[]): Step[] {
  return steps
    .filter(({ rule }, index) => rule !== 'scope' && (rule !== 'hold' || steps[index + 1]?.rule !== 'hold'))
    .map(({ rule, finding, parameters }) => {
      const shown = Object.entries(parameters).filter(([name]) => name !== 'scopeKey');
      return { rule, finding, parameters: Object.fromEntries(shown) };
    });
}
