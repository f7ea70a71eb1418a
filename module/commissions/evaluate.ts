/**
 * The evaluation of a paid line: does it earn, how much, and why or why not. Pure: the same facts give the same
 * answer whenever they are looked at, so a replay or a late event cannot change what was right.
 */
import { DateTime } from 'luxon';
import type { LineKind } from '../events/rules';
import { applyRate, convert, sum, times } from '../money';
import type { Rate } from '../settings';
import { NET, stepFor, type AppliedTerms, type Counter } from '../terms/rules';
import { endsAt, withinLimits, type Amount, type Nothing } from './limits';
import type { Before, Conversion, Decision, Evaluation, Found, LineFacts, Party, Step } from './rules';

/** Buying credit or paying a fee is no purchase: credit would otherwise earn twice, when bought and when spent. */
const EARNS_NOTHING: ReadonlySet<LineKind> = new Set(['deposit', 'fee']);

type Parameters = Step['parameters'];

/** @returns the evaluation of each line of an invoice, in order: what one earns counts for the next. */
export function evaluateLines(lines: readonly LineFacts[], before: readonly Before[]): Evaluation[] {
  const earned: { evaluation: Evaluation; paidAt: number }[] = [];
  for (const [index, facts] of lines.entries()) {
    const counted = before[index];
    if (!counted) throw new Error('each line has its own count of what was before');
    const here = earned.filter(({ evaluation }) => evaluation.amount > 0);
    const evaluation = evaluate(facts, withEarned(counted, here, limitsCurrency(facts)));
    earned.push({ evaluation, paidAt: facts.paidAt });
  }
  return earned.map(({ evaluation }) => evaluation);
}

function limitsCurrency({ party }: LineFacts): string | undefined {
  return party.kind === 'referral' ? party.terms.limits?.currency : undefined;
}

/** Adds what earlier lines of the same invoice earned; the payment is one, however many lines it has. */
function withEarned(
  before: Before,
  here: readonly { evaluation: Evaluation; paidAt: number }[],
  currency: string | undefined,
): Before {
  const [first] = here;
  if (!first) return before;
  const amounts = here.filter(({ evaluation }) => evaluation.currency === currency);
  const more = sum(amounts.map(({ evaluation }) => evaluation.amount));
  // A referral that converts with this payment counts once, and for all of its lines alike.
  const converted = before.firstEarnedAt === null ? 1 : 0;
  return {
    ...before,
    firstEarnedAt: before.firstEarnedAt ?? first.paidAt,
    monthConversions: before.monthConversions + converted,
    conversions: before.conversions + converted,
    earnedByReferral: sum([before.earnedByReferral, more]),
    earnedInPeriod: sum([before.earnedInPeriod, more]),
  };
}

/** @returns the evaluation of a line, with every rule that was looked at in order. */
export function evaluate(facts: LineFacts, before: Before): Evaluation {
  const steps: Step[] = [];
  const found: Found = (rule, finding, parameters = {}) => void steps.push({ rule, finding, parameters });
  const { party, currency } = facts;
  const nothing = { outcome: 'nothing', amount: 0, currency, conversion: null } as const;
  const admission = admit(facts, found);
  if (admission) return { ...nothing, code: admission.nothing, steps, termsId: null };
  // Whoever is admitted is a referral.
  const { terms } = party as Extract<Party, { kind: 'referral' }>;
  const result = amountUnder(terms, facts, before, found);
  if ('nothing' in result) {
    const termsId = result.rule === 'duration' ? null : terms.rateFrom.id;
    return { ...nothing, code: result.nothing, steps, termsId };
  }
  const hold = holdOf(facts, found);
  const termsId = terms.rateFrom.id;
  if (hold === 'voided') return { ...nothing, code: 'voided', steps, termsId };
  const isHeld = hold === 'waits';
  const outcome = isHeld ? ('on_hold' as const) : ('earned' as const);
  return { ...result, outcome, code: isHeld ? 'suspected' : 'earned', steps, termsId };
}

/** What is suspected holds the line until staff decide, and what they decided is final. */
function holdOf({ suspicions, decision }: LineFacts, found: Found): 'none' | 'waits' | Decision {
  for (const suspicion of suspicions) found('hold', suspicion);
  if (decision) found('hold', decision);
  return decision ?? (suspicions.length > 0 ? 'waits' : 'none');
}

/** Whether anybody can earn from the line at all, and what was paid for it. */
function admit({ party, kind, price, currency }: LineFacts, found: Found): Nothing | null {
  if (party.kind === 'nobody') return endsAt(found, 'referral', party.code);
  found('referral', 'found');
  if (party.status === null) return endsAt(found, 'affiliate', 'affiliate_not_enrolled');
  if (party.status !== 'active') return endsAt(found, 'affiliate', `affiliate_${party.status}`);
  found('affiliate', 'active');
  if (EARNS_NOTHING.has(kind)) return endsAt(found, 'kind', 'kind_earns_nothing', { kind });
  found('kind', 'earns', { kind });
  if (price.net <= 0) return endsAt(found, 'amount', 'nothing_paid');
  found('amount', 'paid', { net: price.net, currency });
  return null;
}

function amountUnder(terms: AppliedTerms, facts: LineFacts, before: Before, found: Found): Amount | Nothing {
  for (const { scope, scopeKey, finding } of terms.looked ?? []) found('scope', finding, { scope, scopeKey });
  const over = endOf(terms, facts, before, found);
  if (over) return over;
  found('duration', ...durationFound(terms, before));
  const rated = rate(terms, facts, before, found);
  if ('nothing' in rated) return rated;
  const converted = intoProgramCurrency(rated, terms, facts, found);
  return withinLimits(converted, terms, facts, before, found);
}

/** Whether the payments that earn are over for this referral or service. */
function endOf({ recurring }: AppliedTerms, facts: LineFacts, before: Before, found: Found): Nothing | null {
  if (recurring === 'every') return null;
  if (recurring === 'once')
    return facts.firstOfService ? null : endsAt(found, 'duration', 'not_first_payment');
  if ('payments' in recurring) {
    const { payments } = recurring;
    return before.payments < payments ? null : endsAt(found, 'duration', 'payments_used_up', { payments });
  }
  const { months } = recurring;
  if (before.firstEarnedAt === null) return null;
  const first = DateTime.fromMillis(before.firstEarnedAt, { zone: facts.timeZone });
  const isOver = facts.paidAt >= first.plus({ months }).toMillis();
  return isOver ? endsAt(found, 'duration', 'months_over', { months, since: before.firstEarnedAt }) : null;
}

function durationFound(
  { recurring }: AppliedTerms,
  { payments }: Before,
): [Step<'duration'>['finding'], Parameters] {
  if (typeof recurring === 'string') return [recurring, {}];
  if ('payments' in recurring) return ['payments', { payment: payments + 1, payments: recurring.payments }];
  return ['months', { months: recurring.months }];
}

/** What the count is that a stepped rate goes by: this payment, or the conversion it may be, included. */
function countOf(by: Counter, before: Before): number {
  if (by === 'payments') return before.payments + 1;
  const own = before.firstEarnedAt === null ? 1 : 0;
  return Math.max(1, before[by] + own);
}

function rate(terms: AppliedTerms, facts: LineFacts, before: Before, found: Found): Amount | Nothing {
  const { scope, scopeKey } = terms.rateFrom;
  const parameters: Record<string, string | number> = { scope, scopeKey };
  let flat: Rate;
  if (terms.rate.kind === 'steps') {
    const count = countOf(terms.rate.by, before);
    const step = stepFor(terms.rate, count);
    flat = step.rate;
    Object.assign(parameters, { by: terms.rate.by, count, upTo: step.upTo ?? 0 });
  } else flat = terms.rate;
  Object.assign(parameters, describeRate(flat));
  const earned = flatAmount(flat, terms, facts, parameters);
  if (earned.code !== 'earned') return endsAt(found, 'rate', earned.code, parameters);
  found('rate', 'earned', parameters);
  const { net } = facts.price;
  // Never more than what was paid for it: a product nearly given away must not mint money.
  if (earned.amount > net) found('paid', 'clamped_to_paid', { net, currency: facts.currency });
  return { amount: Math.min(earned.amount, net), currency: facts.currency, conversion: null };
}

function flatAmount(
  rate: Rate,
  terms: AppliedTerms,
  facts: LineFacts,
  parameters: Record<string, string | number>,
): { code: 'earned' | 'rate_is_zero' | 'rate_in_other_currency' | 'rounds_to_nothing'; amount: number } {
  const isZero = rate.kind === 'percent' ? rate.basisPoints === 0 : rate.amount === 0;
  if (isZero) return { code: 'rate_is_zero', amount: 0 };
  if (rate.kind === 'percent') {
    const base = baseOf(terms, facts);
    parameters['base'] = base;
    parameters['currency'] = facts.currency;
    const amount = applyRate(base, rate.basisPoints);
    return { code: amount === 0 ? 'rounds_to_nothing' : 'earned', amount };
  }
  if (rate.currency !== facts.currency) return { code: 'rate_in_other_currency', amount: 0 };
  return { code: 'earned', amount: rate.per === 'unit' ? times(rate.amount, facts.quantity) : rate.amount };
}

/** What a percentage is taken of: the net amount paid, and whatever else the terms count. */
function baseOf({ base = NET }: AppliedTerms, { price }: LineFacts): number {
  const more = (['discount', 'credit', 'tax'] as const).filter((part) => base[part]);
  return sum([price.net, ...more.map((part) => price[part])]);
}

function describeRate(rate: Rate): Parameters {
  if (rate.kind === 'percent') return { basisPoints: rate.basisPoints };
  return { fixed: rate.amount, currency: rate.currency, ...(rate.per && { per: rate.per }) };
}

/** Where the program pays in one currency and the invoice brought its rate; without one it pays in the invoice's. */
function intoProgramCurrency(
  { amount, currency }: Amount,
  { paysIn = null }: AppliedTerms,
  { exchangeRate }: LineFacts,
  found: Found,
): Amount {
  const as = { amount, currency, conversion: null };
  if (paysIn === null || paysIn === currency) return as;
  if (exchangeRate === '') {
    found('conversion', 'no_exchange_rate', { currency, to: paysIn });
    return as;
  }
  const conversion: Conversion = { amount, currency, rate: exchangeRate };
  const converted = convert({ amount, currency }, paysIn, exchangeRate);
  found('conversion', 'converted', { amount, currency, rate: exchangeRate, converted, to: paysIn });
  return { amount: converted, currency: paysIn, conversion };
}
