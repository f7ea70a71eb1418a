/** Facts of lines that, evaluated one after the other, make every rule find everything it can find. */
import {
  evaluate,
  FINDINGS,
  type Evaluation,
  type LineFacts,
  type Rule,
} from '../../module/commissions/rules';
import { REFUSED_ATTRIBUTIONS } from '../../module/referrals/rules';
import type { AppliedTerms, TermsVersion } from '../../module/terms';
import type { Rate } from '../../module/settings';

const VERSION: TermsVersion = {
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  scope: 'program',
  scopeKey: '',
  rate: { kind: 'percent', basisPoints: 1000 },
  recurring: 'every',
  clearingDays: 0,
  from: 0,
  madeBy: 'Sam Support',
};

/** @returns facts of a line of $9.99 that earns 10 %, with whatever is different */
function line(
  facts: Partial<LineFacts> = {},
  party: Partial<LineFacts['party'] & { kind: 'referral' }> = {},
): LineFacts {
  return {
    kind: 'service',
    net: 999,
    currency: 'USD',
    firstOfService: true,
    party: { kind: 'referral', referralId: 'R', status: 'active', terms: terms(), ...party },
    ...facts,
  };
}

function terms(rate: Rate = { kind: 'percent', basisPoints: 1000 }, change: Partial<TermsVersion> = {}) {
  const rateFrom = { ...VERSION, ...change, rate };
  return { rate, rateFrom, recurring: rateFrom.recurring ?? 'every', clearingDays: 0 } satisfies AppliedTerms;
}

const FACTS: readonly LineFacts[] = [
  line(),
  ...(['no_referral', 'paid_before_referral', ...REFUSED_ATTRIBUTIONS] as const).map((code) =>
    line({ party: { kind: 'nobody', code } }),
  ),
  line({}, { status: null }),
  line({}, { status: 'suspended' }),
  line({}, { status: 'closed' }),
  line({ kind: 'deposit' }),
  line({ net: 0 }),
  line({}, { terms: terms(undefined, { recurring: 'once' }) }),
  line({ firstOfService: false }, { terms: terms(undefined, { recurring: 'once' }) }),
  line({}, { terms: terms({ kind: 'percent', basisPoints: 0 }) }),
  line({}, { terms: terms({ kind: 'fixed', amount: 500, currency: 'EUR' }) }),
  line({}, { terms: terms({ kind: 'fixed', amount: 500, currency: 'USD' }, { scope: 'product' }) }),
  line({ net: 1 }, { terms: terms(undefined, { scope: 'affiliate', scopeKey: '7' }) }),
];

/** Evaluations in which every finding of every rule is found. */
export const EVALUATIONS: readonly Evaluation[] = FACTS.map(evaluate);

/** Every finding as 'rule.finding', as the rules list them. */
export const LISTED = Object.entries(FINDINGS).flatMap(([rule, findings]) =>
  findings.map((finding) => `${rule as Rule}.${finding}`),
);
