/** Facts of lines that, evaluated one after the other, make every rule find everything it can find. */
import { evaluate } from '../../module/commissions/evaluate';
import {
  FINDINGS,
  NOTHING_BEFORE,
  type Before,
  type Evaluation,
  type LineFacts,
  type Rule,
} from '../../module/commissions/rules';
import { evaluateShare } from '../../module/commissions/shares';
import { REFUSED_ATTRIBUTIONS, SUSPICIONS } from '../../module/referrals/rules';
import type { AppliedTerms, TermsVersion } from '../../module/terms';
import type { Rate } from '../../module/settings';
import type { Limits } from '../../module/terms/rules';

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
    price: { net: 999, discount: 0, credit: 0, tax: 0 },
    quantity: 1,
    currency: 'USD',
    exchangeRate: '',
    paidAt: Date.parse('2026-03-01T12:00:00Z'),
    timeZone: 'UTC',
    firstOfService: true,
    suspicions: [],
    party: { kind: 'referral', referralId: 'R', status: 'active', terms: terms(), ...party },
    ...facts,
  };
}

function terms(rate: Rate = { kind: 'percent', basisPoints: 1000 }, change: Partial<TermsVersion> = {}) {
  const rateFrom = { ...VERSION, ...change, rate };
  return { rate, rateFrom, recurring: rateFrom.recurring ?? 'every', clearingDays: 0 } satisfies AppliedTerms;
}

const priced = (net: number): LineFacts['price'] => ({ net, discount: 0, credit: 0, tax: 0 });

const NO_LIMITS: Limits = {
  currency: 'USD',
  lineMinimum: null,
  lineMaximum: null,
  referralMaximum: null,
  periodMaximum: null,
  period: 'month',
};
const limited = (limits: Partial<Limits>, more: Partial<AppliedTerms> = {}) => ({
  terms: { ...terms(), ...more, limits: { ...NO_LIMITS, ...limits } },
});
const lasting = (recurring: AppliedTerms['recurring']) => ({ terms: { ...terms(), recurring } });

const FACTS: readonly LineFacts[] = [
  line(),
  ...(['no_referral', 'paid_before_referral', 'earned_earlier', ...REFUSED_ATTRIBUTIONS] as const).map(
    (code) => line({ party: { kind: 'nobody', code } }),
  ),
  line({}, { status: null }),
  line({}, { status: 'suspended' }),
  line({}, { status: 'closed' }),
  line({ kind: 'deposit' }),
  line({ price: priced(0) }),
  line({}, { terms: terms(undefined, { recurring: 'once' }) }),
  line({ firstOfService: false }, { terms: terms(undefined, { recurring: 'once' }) }),
  line({}, { terms: terms({ kind: 'percent', basisPoints: 0 }) }),
  line({}, { terms: terms({ kind: 'fixed', amount: 500, currency: 'EUR' }) }),
  line({}, { terms: terms({ kind: 'fixed', amount: 500, currency: 'USD' }, { scope: 'product' }) }),
  line({ price: priced(1) }, { terms: terms(undefined, { scope: 'affiliate', scopeKey: '7' }) }),
];

/** Lines that look at what was before them. */
const COUNTED: readonly (readonly [LineFacts, Partial<Before>])[] = [
  [line({}, lasting({ payments: 3 })), { payments: 2 }],
  [line({}, lasting({ payments: 3 })), { payments: 3 }],
  [line({}, lasting({ months: 12 })), {}],
  [line({}, lasting({ months: 12 })), { firstEarnedAt: Date.parse('2025-03-01T12:00:00Z') }],
  [line({}, limited({ referralMaximum: 500 })), { earnedByReferral: 450 }],
  [line({}, limited({ referralMaximum: 500 })), { earnedByReferral: 500 }],
  [line({}, limited({ periodMaximum: 500 })), { earnedInPeriod: 450 }],
  [line({}, limited({ periodMaximum: 500 })), { earnedInPeriod: 500 }],
  [line({}, limited({ lineMinimum: 300 })), {}],
  [line({}, limited({ lineMaximum: 50 })), {}],
  [line({ currency: 'EUR' }, limited({ lineMaximum: 50 })), {}],
  [line({}, { terms: terms({ kind: 'fixed', amount: 5000, currency: 'USD' }) }), {}],
  [line({ currency: 'EUR', exchangeRate: '1.1' }, { terms: { ...terms(), paysIn: 'USD' } }), {}],
  [line({ currency: 'EUR' }, { terms: { ...terms(), paysIn: 'USD' } }), {}],
  [line({ suspicions: SUSPICIONS }), {}],
  [line({ suspicions: ['same_person'], decision: 'released' }), {}],
  [line({ suspicions: ['same_person'], decision: 'voided' }), {}],
  [
    line(
      {},
      {
        terms: {
          ...terms(),
          looked: (['says', 'says_nothing', 'condition_not_met'] as const).map((finding, index) => ({
            scope: (['program', 'group', 'campaign'] as const)[index] ?? 'program',
            scopeKey: index === 0 ? '' : 'key',
            finding,
          })),
        },
      },
    ),
    {},
  ],
];

/** Shares of what a line of $9.99 earned, and of nothing. */
function shares(): Evaluation[] {
  const earned = evaluate(line(), NOTHING_BEFORE);
  const nothing = evaluate(line({ price: priced(0) }), NOTHING_BEFORE);
  const facts = { tier: 2, share: 1000, isActive: true, isPayer: false, termsId: VERSION.id };
  return [
    evaluateShare(facts, earned),
    evaluateShare({ ...facts, isActive: false }, earned),
    evaluateShare({ ...facts, isPayer: true }, earned),
    evaluateShare(facts, nothing),
    evaluateShare({ ...facts, share: 1 }, earned),
  ];
}

/** Evaluations in which every finding of every rule is found. */
export const EVALUATIONS: readonly Evaluation[] = [
  ...FACTS.map((facts) => evaluate(facts, NOTHING_BEFORE)),
  ...COUNTED.map(([facts, before]) => evaluate(facts, { ...NOTHING_BEFORE, ...before })),
  ...shares(),
];

/** Every finding as 'rule.finding', as the rules list them. */
export const LISTED = Object.entries(FINDINGS).flatMap(([rule, findings]) =>
  findings.map((finding) => `${rule as Rule}.${finding}`),
);
