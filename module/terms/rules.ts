/** The language of terms: what one version of one scope's terms can say. Each part is said or inherited by itself. */
import type { BasisPoints, Currency, Money } from '../money';
import type { Rate } from '../settings';

/** Whom or what terms are about, in the order in which they are asked unless the program says another. */
export const SCOPES = [
  'affiliate',
  'group',
  'coupon',
  'campaign',
  'product',
  'productGroup',
  'kind',
  'program',
] as const;
export type Scope = (typeof SCOPES)[number];
/** The program is asked last, always: it has an answer to everything. */
export type OrderedScope = Exclude<Scope, 'program'>;
export const DEFAULT_ORDER: readonly OrderedScope[] = SCOPES.filter((scope) => scope !== 'program');

/** Scopes whose keys are words that people write in any case: codes, campaigns, kinds. */
const FOLDED: ReadonlySet<Scope> = new Set(['coupon', 'campaign', 'kind']);

/** @returns a scope's key as versions are kept and asked for: the host's ids as they are, words in lower case. */
export function scopeKeyOf(scope: Scope, key: string): string {
  return FOLDED.has(scope) ? key.trim().toLowerCase() : key.trim();
}

/** Which payments earn: all, a service's first, the referral's first so many, or those of its first so many months. */
export type Duration = 'every' | 'once' | { readonly payments: number } | { readonly months: number };

/** What a stepped rate counts: the referral's payments, or the affiliate's conversions this month or ever. */
export const COUNTERS = ['payments', 'monthConversions', 'conversions'] as const;
export type Counter = (typeof COUNTERS)[number];

/** One step: the rate up to and including this count; the last step has no end. */
export interface RateStep {
  readonly upTo: number | null;
  readonly rate: Rate;
}
/** A rate that changes with a count: phases of a referral, or volume of an affiliate. */
export interface SteppedRate {
  readonly kind: 'steps';
  readonly by: Counter;
  readonly steps: readonly RateStep[];
}
export type TermsRate = Rate | SteppedRate;

/** What a percentage is taken of: the net amount paid in new money, and what of these is counted in addition. */
export interface Base {
  readonly discount: boolean;
  readonly credit: boolean;
  readonly tax: boolean;
}
export const NET: Base = { discount: false, credit: false, tax: false };

/** Bounds of what is earned, minor units of `currency`; null is no bound. */
export interface Limits {
  readonly currency: Currency;
  readonly lineMinimum: number | null;
  readonly lineMaximum: number | null;
  /** Of all that one referral ever earns. */
  readonly referralMaximum: number | null;
  /** Of all that one affiliate earns in a calendar month or year of the program's time zone. */
  readonly periodMaximum: number | null;
  readonly period: 'month' | 'year';
}

/** One-time credits, minor units of `currency`. */
export interface Bonuses {
  readonly currency: Currency;
  /** 0 for none */
  readonly signup: number;
  readonly milestones: readonly { readonly conversions: number; readonly amount: number }[];
}

/** What a condition can look at, and how it is compared. */
export const FIELDS = {
  kind: 'word',
  product: 'word',
  productGroup: 'word',
  cycle: 'word',
  tld: 'word',
  currency: 'word',
  country: 'word',
  campaign: 'word',
  coupon: 'word',
  quantity: 'number',
  /** How many whole days ago the client signed up. */
  clientDays: 'number',
  /** The line's net amount. */
  amount: 'money',
  /** What was charged for the invoice, with tax. */
  total: 'money',
} as const;
export type Field = keyof typeof FIELDS;
export const OPERATORS = ['is', 'isNot', 'in', 'notIn', 'less', 'atMost', 'more', 'atLeast'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Comparison {
  readonly field: Field;
  readonly operator: Operator;
  readonly value: string | number | readonly string[] | Money;
}
export type Condition =
  { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | Comparison;

/** What a version says. null and, beyond the first three parts, a part left out inherit from the next wider scope. */
export interface TermsContent {
  readonly rate: TermsRate | null;
  readonly recurring: Duration | null;
  readonly clearingDays: number | null;
  readonly base?: Base | null;
  readonly limits?: Limits | null;
  /** Without it the version holds for every line of its scope. */
  readonly when?: Condition | null;
  /** What an affiliate gets of what those whom it brought in earn: the second tier's share, then the third's. */
  readonly shares?: readonly BasisPoints[] | null;
  readonly bonuses?: Bonuses | null;
  /** The program's own: in which order scopes are asked. */
  readonly order?: readonly OrderedScope[] | null;
  /** The program's own: the one currency it pays in, where an invoice brings the rate; null pays in the invoice's. */
  readonly paysIn?: Currency | null;
}

/** One version of one scope's terms. Never changed; a change is a newer version. */
export interface TermsVersion extends TermsContent {
  readonly id: string;
  readonly scope: Scope;
  readonly scopeKey: string;
  /** ms, UTC: holds for lines paid at or after this. */
  readonly from: number;
  readonly madeBy: string;
}

/** What one scope had to say of a line. */
export interface Look {
  readonly scope: Scope;
  readonly scopeKey: string;
  readonly finding: 'says' | 'says_nothing' | 'condition_not_met';
}

/** The terms that a line is evaluated under; kept with what it earned. Parts that are new are missing in what is old. */
export interface AppliedTerms {
  readonly rate: TermsRate;
  readonly rateFrom: Pick<TermsVersion, 'id' | 'scope' | 'scopeKey'>;
  readonly recurring: Duration;
  readonly clearingDays: number;
  readonly base?: Base;
  readonly limits?: Limits | null;
  readonly paysIn?: Currency | null;
  readonly looked?: readonly Look[];
}

/** @returns whether what a line earns under this depends on the affiliate's other referrals */
export function countsAffiliate({ rate, limits }: Pick<TermsContent, 'rate' | 'limits'>): boolean {
  const byConversions = rate?.kind === 'steps' && rate.by !== 'payments';
  return byConversions || (limits?.periodMaximum ?? null) !== null;
}

/** @returns whether what a line earns under this depends on the referral's other payments */
export function countsReferral({ rate, recurring, limits }: AppliedTerms): boolean {
  const byPayments = rate.kind === 'steps' && rate.by === 'payments';
  return byPayments || typeof recurring === 'object' || (limits?.referralMaximum ?? null) !== null;
}

/** @returns the step that a count falls into; a list of steps always ends without an end. */
export function stepFor({ steps }: SteppedRate, count: number): RateStep {
  const step = steps.find(({ upTo }) => upTo === null || count <= upTo) ?? steps.at(-1);
  if (!step) throw new Error('a stepped rate has no steps: terms are checked when they are saved');
  return step;
}
