/**
 * The evaluation of a paid line: does it earn, how much, and why or why not. Pure: the same facts give the same
 * answer whenever they are looked at, so a replay or a late event cannot change what was right.
 */
import { DateTime } from 'luxon';
import type { LineKind } from '../events/rules';
import { applyRate, type Currency } from '../money';
import { REFUSED_ATTRIBUTIONS, type RefusedAttribution } from '../referrals/rules';
import type { Rate } from '../settings';
import type { AppliedTerms } from '../terms';
import type { AffiliateStatus } from '../views';

/** Every rule in the order it is looked at, with everything it can find: whoever asks why is told a sentence for each. */
export const FINDINGS = {
  referral: ['found', 'no_referral', 'paid_before_referral', ...REFUSED_ATTRIBUTIONS],
  affiliate: ['active', 'affiliate_not_enrolled', 'affiliate_suspended', 'affiliate_closed'],
  kind: ['earns', 'kind_earns_nothing'],
  amount: ['paid', 'nothing_paid'],
  duration: ['every', 'once', 'not_first_payment'],
  rate: ['earned', 'rate_is_zero', 'rate_in_other_currency', 'rounds_to_nothing'],
} as const;
export type Rule = keyof typeof FINDINGS;
type Finding<R extends Rule = Rule> = (typeof FINDINGS)[R][number];

/** What a rule finds that lets the evaluation go on to the next one. */
type Passed = 'found' | 'active' | 'earns' | 'paid' | 'every' | 'once';

/** Why a line earned, or earned nothing: what the last rule found that was looked at. */
export type EvaluationCode = Exclude<Finding, Passed>;

/** One rule that was looked at, and what it found. */
export interface Step<R extends Rule = Rule> {
  readonly rule: R;
  readonly finding: Finding<R>;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface Evaluation {
  readonly outcome: 'earned' | 'nothing';
  readonly code: EvaluationCode;
  readonly steps: readonly Step[];
  /** Minor units of the line's currency; 0 when nothing was earned. */
  readonly amount: number;
  /** The version that gave the rate; null when it was not looked at. */
  readonly termsId: string | null;
}

/** Everything an evaluation depends on. */
export interface LineFacts {
  readonly kind: LineKind;
  readonly net: number;
  readonly currency: Currency;
  /** Whether no earlier payment of the same service stands. */
  readonly firstOfService: boolean;
  readonly party:
    | { readonly kind: 'nobody'; readonly code: 'no_referral' | 'paid_before_referral' | RefusedAttribution }
    | {
        readonly kind: 'referral';
        readonly referralId: string;
        /** What the affiliate was when the line was paid. */
        readonly status: AffiliateStatus | null;
        readonly terms: AppliedTerms;
      };
}

/** Buying credit or paying a fee is no purchase: credit would otherwise earn twice, when bought and when spent. */
const EARNS_NOTHING: ReadonlySet<LineKind> = new Set(['deposit', 'fee']);

type Parameters = Step['parameters'];

/** @returns the evaluation of a line under the facts given, with every rule that was looked at in order. */
export function evaluate(facts: LineFacts): Evaluation {
  const steps: Step[] = [];
  const found = <R extends Rule>(rule: R, finding: Finding<R>, parameters: Parameters = {}) =>
    steps.push({ rule, finding, parameters });
  const nothing = <R extends Rule>(
    rule: R,
    code: Finding<R> & EvaluationCode,
    parameters: Parameters = {},
  ): Evaluation => {
    found(rule, code, parameters);
    const termsId = rule === 'rate' && party.kind === 'referral' ? party.terms.rateFrom.id : null;
    return { outcome: 'nothing', code, steps, amount: 0, termsId };
  };

  const { party, kind, net, currency } = facts;
  if (party.kind === 'nobody') return nothing('referral', party.code);
  found('referral', 'found');
  if (party.status === null) return nothing('affiliate', 'affiliate_not_enrolled');
  if (party.status !== 'active') return nothing('affiliate', `affiliate_${party.status}`);
  found('affiliate', 'active');
  if (EARNS_NOTHING.has(kind)) return nothing('kind', 'kind_earns_nothing', { kind });
  found('kind', 'earns', { kind });
  if (net <= 0) return nothing('amount', 'nothing_paid');
  found('amount', 'paid', { net, currency });
  const { terms } = party;
  if (terms.recurring === 'once' && !facts.firstOfService) return nothing('duration', 'not_first_payment');
  found('duration', terms.recurring);
  const { scope, scopeKey } = terms.rateFrom;
  const rateFound = { scope, scopeKey, ...describeRate(terms.rate) };
  const earned = amountUnder(terms.rate, facts);
  if (earned.code !== 'earned') return nothing('rate', earned.code, rateFound);
  found('rate', 'earned', rateFound);
  return { outcome: 'earned', code: 'earned', steps, amount: earned.amount, termsId: terms.rateFrom.id };
}

function amountUnder(
  rate: Rate,
  { net, currency }: LineFacts,
): { code: 'earned' | 'rate_is_zero' | 'rate_in_other_currency' | 'rounds_to_nothing'; amount: number } {
  const isZero = rate.kind === 'percent' ? rate.basisPoints === 0 : rate.amount === 0;
  if (isZero) return { code: 'rate_is_zero', amount: 0 };
  if (rate.kind === 'percent') {
    const amount = applyRate(net, rate.basisPoints);
    return { code: amount === 0 ? 'rounds_to_nothing' : 'earned', amount };
  }
  if (rate.currency !== currency) return { code: 'rate_in_other_currency', amount: 0 };
  // Fixed per line, and never more than what was paid for it: a product nearly given away must not mint money.
  return { code: 'earned', amount: Math.min(rate.amount, net) };
}

function describeRate(rate: Rate): Parameters {
  return rate.kind === 'percent'
    ? { basisPoints: rate.basisPoints }
    : { fixed: rate.amount, currency: rate.currency };
}

/** @returns when a commission clears: the same wall-clock time in the program's zone, so many days on; ms, UTC. */
export function clearsAt(paidAt: number, clearingDays: number, timeZone: string): number {
  return DateTime.fromMillis(paidAt, { zone: timeZone }).plus({ days: clearingDays }).toMillis();
}
