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
  const { product, kind, quantity, net, currency, paidAt, takenBack } = line;
  const own = line.commissions.find(
    (commission) => commission.affiliateId === affiliateId && commission.tier === 1,
  );
  return {
    product,
    kind,
    quantity,
    net,
    currency,
    paidAt,
    takenBack: own ? takenBack : null,
    commission: own ? shownCommission(own) : null,
    // What was found before the client was this referral may tell of another affiliate.
    evaluations: line.evaluations
      .filter((evaluation) => evaluation.referralId === referralId)
      .map(shownEvaluation),
  };
}

function shownCommission({ currency, earned, reversed, state, clearsAt, waits }: CommissionDetails) {
  return { currency, earned, reversed, state, clearsAt, waits };
}

function shownEvaluation(evaluation: EvaluationDetails): LineView['evaluations'][number] {
  const { number, outcome, code, steps, amount, currency, evaluatedAt } = evaluation;
  return { number, outcome, code, steps: steps.map(shownStep), amount, currency, evaluatedAt };
}

/** What a scope is called inside the house (a group's name, a campaign's) is not for everybody. */
function shownStep({ rule, finding, parameters }: Step): Step {
  const shown = Object.entries(parameters).filter(([name]) => name !== 'scopeKey');
  return { rule, finding, parameters: Object.fromEntries(shown) };
}
