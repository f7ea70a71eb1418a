/** Builders of table tests for terms: an ordinary line of $100.00 under ordinary terms, and what a row says of them. */
import { evaluate, evaluateLines } from '../../module/commissions/evaluate';
import {
  NOTHING_BEFORE,
  type Before,
  type Evaluation,
  type EvaluationCode,
  type LineFacts,
  type Price,
} from '../../module/commissions/rules';
import { termsFor, type LineContext, type TermsVersion } from '../../module/terms';
import type { Limits, Scope, TermsContent, TermsRate } from '../../module/terms/rules';

export const PAID_AT = Date.parse('2026-03-15T12:00:00Z');

/** A line, what was before it, and the terms it is paid under; what is left out is ordinary. */
export interface Case {
  /** The program's own terms: 10 % of every payment, unless the row says otherwise. */
  readonly program?: Partial<TermsContent>;
  readonly more?: readonly TermsVersion[];
  readonly group?: string;
  readonly context?: Partial<LineContext>;
  /** Minor units; $100.00 unless the row says otherwise. */
  readonly net?: number;
  readonly price?: Partial<Price>;
  readonly facts?: Partial<LineFacts>;
  readonly before?: Partial<Before>;
}

/** A sentence, what it is about, what is earned in minor units, and why, where nothing is earned. */
export type Row = readonly [sentence: string, of: Case, earned: number, code?: EvaluationCode];

export const percent = (basisPoints: number) => ({ kind: 'percent', basisPoints }) as const;
export const fixed = (amount: number, currency = 'USD') => ({ kind: 'fixed', amount, currency }) as const;
export const perUnit = (amount: number) => ({ ...fixed(amount), per: 'unit' }) as const;

const NO_LIMITS: Limits = {
  currency: 'USD',
  lineMinimum: null,
  lineMaximum: null,
  referralMaximum: null,
  periodMaximum: null,
  period: 'month',
};
export const limits = (some: Partial<Limits>): Limits => ({ ...NO_LIMITS, ...some });

const SILENT: TermsContent = { rate: null, recurring: null, clearingDays: null };
let made = 0;

/** @returns a version of a scope's terms that says one thing, and inherits the rest */
export function version(
  scope: Scope,
  scopeKey: string,
  said: TermsRate | (Partial<TermsContent> & { from?: number }),
): TermsVersion {
  const content = 'kind' in said ? { rate: said } : said;
  const id = String(++made).padStart(6, '0');
  return { ...SILENT, from: 0, ...content, id, scope, scopeKey, madeBy: 'Sam Support' };
}

const ORDINARY: Partial<TermsContent> = { rate: percent(1000), recurring: 'every', clearingDays: 30 };

/** What the line is, with a fact for each scope to hold on to. */
const CONTEXT: LineContext = {
  kind: 'domain',
  product: 'web-1',
  productGroup: 'hosting',
  cycle: 'monthly',
  tld: '.co.uk',
  currency: 'USD',
  country: 'DE',
  campaign: 'spring',
  coupon: 'save10',
  quantity: 1,
  clientDays: 10,
  amount: { amount: 10_000, currency: 'USD' },
  total: { amount: 11_900, currency: 'USD' },
};

/** @returns the terms that a row's line is paid under; the affiliate is number 7 */
export function termsOfCase({ program = {}, more = [], group = '', context = {}, facts = {} }: Case) {
  const versions = [version('program', '', { ...ORDINARY, ...program }), ...more];
  const paidAt = facts.paidAt ?? PAID_AT;
  return termsFor(versions, { affiliateId: 7, group, paidAt, context: { ...CONTEXT, ...context } });
}

function factsOfCase(of: Case): LineFacts {
  const { net = 10_000, price = {}, facts = {} } = of;
  return {
    kind: 'domain',
    price: { net, discount: 0, credit: 0, tax: 0, ...price },
    quantity: 1,
    currency: 'USD',
    exchangeRate: '',
    paidAt: PAID_AT,
    timeZone: 'UTC',
    firstOfService: true,
    suspicions: [],
    party: { kind: 'referral', referralId: 'R', status: 'active', terms: termsOfCase(of) },
    ...facts,
  };
}

const beforeOf = ({ before = {} }: Case): Before => ({ ...NOTHING_BEFORE, ...before });

export const earn = (of: Case): Evaluation => evaluate(factsOfCase(of), beforeOf(of));

/** @returns what the lines of one invoice earn, one after the other */
export const earnTogether = (lines: readonly Case[]): Evaluation[] =>
  evaluateLines(lines.map(factsOfCase), lines.map(beforeOf));

/** Runs rows: what is earned, and why, where the row says so. */
export function itEarns(rows: readonly Row[]): void {
  const named = rows.map(
    ([sentence, of, earned, code = 'earned']) => [sentence, { of, earned, code }] as const,
  );
  it.each(named)('%s', (_sentence, { of, earned, code }) => {
    const found = earn(of);
    expect({ earned: found.amount, code: found.code }).toEqual({ earned, code });
  });
}
