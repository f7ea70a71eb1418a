/** What an evaluation depends on, and what it answers. Types, and the lists of everything it can find. */
import { DateTime } from 'luxon';
import type { LineKind } from '../events/rules';
import type { Currency } from '../money';
import {
  REFUSED_ATTRIBUTIONS,
  SUSPICIONS,
  type RefusedAttribution,
  type Suspicion,
} from '../referrals/rules';
import type { AppliedTerms } from '../terms';
import type { Base } from '../terms/rules';
import type { AffiliateStatus } from '../views';

/** How staff end a hold. */
export const DECISIONS = ['released', 'voided'] as const;
export type Decision = (typeof DECISIONS)[number];

/** How far back refunds are counted. */
export const REVIEWED_MS = 90 * 86_400_000;
/** Fewer refunds say nothing. */
export const LEAST_REFUNDS = 5;
const UNUSUAL_SHARE_PERCENT = 30;

/** @returns whether so many payments that were taken back, of all, are more than chance (docs/decisions/0014) */
export const isUnusual = ({ refunded, paid }: { refunded: number; paid: number }): boolean =>
  refunded >= LEAST_REFUNDS && refunded * 100 >= paid * UNUSUAL_SHARE_PERCENT;

/** Every rule in the order it is looked at, with everything it can find: whoever asks why is told a sentence for each. */
export const FINDINGS = {
  referral: ['found', 'no_referral', 'paid_before_referral', 'earned_earlier', ...REFUSED_ATTRIBUTIONS],
  affiliate: ['active', 'affiliate_not_enrolled', 'affiliate_suspended', 'affiliate_closed'],
  kind: ['earns', 'kind_earns_nothing'],
  amount: ['paid', 'nothing_paid'],
  scope: ['says', 'says_nothing', 'condition_not_met'],
  duration: ['every', 'once', 'not_first_payment', 'payments', 'payments_used_up', 'months', 'months_over'],
  rate: ['earned', 'rate_is_zero', 'rate_in_other_currency', 'rounds_to_nothing'],
  paid: ['clamped_to_paid'],
  conversion: ['converted', 'no_exchange_rate'],
  minimum: ['raised'],
  maximum: ['clamped', 'limit_in_other_currency'],
  referralMaximum: ['clamped', 'referral_maximum_reached'],
  periodMaximum: ['clamped', 'period_maximum_reached'],
  share: ['earned', 'affiliate_suspended', 'own_purchase', 'nothing_to_share', 'rounds_to_nothing'],
  hold: [...SUSPICIONS, ...DECISIONS],
} as const;
export type Rule = keyof typeof FINDINGS;
type Finding<R extends Rule = Rule> = (typeof FINDINGS)[R][number];

/** A line's key is its invoice's number and its own. */
export function partsOf(lineKey: string): { invoiceId: string; lineId: string } {
  const slash = lineKey.lastIndexOf('/');
  return { invoiceId: lineKey.slice(0, slash), lineId: lineKey.slice(slash + 1) };
}

/** Why a line earned, earned nothing, or is on hold. */
export type EvaluationCode =
  | (typeof REFUSED_ATTRIBUTIONS)[number]
  | 'earned'
  | 'suspected'
  | 'voided'
  | 'no_referral'
  | 'paid_before_referral'
  | 'earned_earlier'
  | 'affiliate_not_enrolled'
  | 'kind_earns_nothing'
  | 'nothing_paid'
  | 'not_first_payment'
  | 'payments_used_up'
  | 'months_over'
  | 'rate_is_zero'
  | 'rate_in_other_currency'
  | 'rounds_to_nothing'
  | 'referral_maximum_reached'
  | 'period_maximum_reached'
  | 'own_purchase'
  | 'nothing_to_share';

/** One rule that was looked at, and what it found. */
export interface Step<R extends Rule = Rule> {
  readonly rule: R;
  readonly finding: Finding<R>;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** What a rule found, told to whoever keeps the steps. */
export type Found = <R extends Rule>(rule: R, finding: Finding<R>, parameters?: Step['parameters']) => void;

/** An amount as it was converted into the currency that the program pays in, rounded half away from zero. */
export interface Conversion {
  readonly amount: number;
  readonly currency: Currency;
  /** Units of the currency paid in for one of the currency converted, as the host told it. */
  readonly rate: string;
}

export interface Evaluation {
  readonly outcome: 'earned' | 'nothing' | 'on_hold';
  readonly code: EvaluationCode;
  readonly steps: readonly Step[];
  /** Minor units of `currency`; 0 when nothing was earned. */
  readonly amount: number;
  /** What the commission is paid in. */
  readonly currency: Currency;
  /** null: not converted */
  readonly conversion: Conversion | null;
  /** The version that gave the rate; null when it was not looked at. */
  readonly termsId: string | null;
}

/** Whose line it is, or why it is nobody's. */
export type Party =
  | {
      readonly kind: 'nobody';
      readonly code: 'no_referral' | 'paid_before_referral' | 'earned_earlier' | RefusedAttribution;
    }
  | {
      readonly kind: 'referral';
      readonly referralId: string;
      /** What the affiliate was when the line was paid. */
      readonly status: AffiliateStatus | null;
      readonly terms: AppliedTerms;
    };

/** What a line was priced at, minor units without tax: `net` was paid in new money, the rest was not. */
export interface Price extends Record<keyof Base, number> {
  readonly net: number;
}

/** Everything about a line that its evaluation depends on. */
export interface LineFacts {
  readonly kind: LineKind;
  readonly price: Price;
  readonly quantity: number;
  readonly currency: Currency;
  /** Units of the program's currency for one of the invoice's; '' where the host did not tell. */
  readonly exchangeRate: string;
  /** ms, UTC */
  readonly paidAt: number;
  readonly timeZone: string;
  /** Whether no earlier payment of the same service stands. */
  readonly firstOfService: boolean;
  /** Why the line's commission is to be held; none for most. */
  readonly suspicions: readonly Suspicion[];
  /** How staff ended the hold; absent: it was never held, or waits. */
  readonly decision?: Decision;
  readonly party: Party;
}

/** What was counted before a line: earlier payments that stand, by when they were paid and then by name. */
export interface Before {
  /** The referral's earlier payments that earned, this invoice not among them. */
  readonly payments: number;
  /** When the referral first earned; null: never yet; ms, UTC. */
  readonly firstEarnedAt: number | null;
  /** What the referral has earned in the currency of the limits. */
  readonly earnedByReferral: number;
  /** What the affiliate has earned in the period and currency of the limits. */
  readonly earnedInPeriod: number;
  /** The affiliate's conversions, the referral's own not among them if it comes with this payment. */
  readonly monthConversions: number;
  readonly conversions: number;
}
export const NOTHING_BEFORE: Before = {
  payments: 0,
  firstEarnedAt: null,
  earnedByReferral: 0,
  earnedInPeriod: 0,
  monthConversions: 0,
  conversions: 0,
};

/** @returns when a commission clears: the same wall-clock time in the program's zone, so many days on; ms, UTC. */
export function clearsAt(paidAt: number, clearingDays: number, timeZone: string): number {
  return DateTime.fromMillis(paidAt, { zone: timeZone }).plus({ days: clearingDays }).toMillis();
}
