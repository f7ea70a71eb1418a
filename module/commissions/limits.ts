/** The bounds of what a line earns: its own minimum and maximum, and what is left of its referral's and the period's. */
import { clamp, convert, sum, type Currency } from '../money';
import type { AppliedTerms, Limits } from '../terms/rules';
import type { Before, Conversion, EvaluationCode, Found, LineFacts, Rule, Step } from './rules';

/** What a line earns so far, and what it was converted from. */
export interface Amount {
  readonly amount: number;
  readonly currency: Currency;
  readonly conversion: Conversion | null;
}

/** Ends an evaluation: what the last rule found leaves nothing to earn. */
export interface Nothing {
  readonly nothing: EvaluationCode;
  readonly rule: Rule;
}

/** Notes what a rule found that leaves nothing to earn. */
export function endsAt<R extends Rule>(
  found: Found,
  rule: R,
  code: Extract<Step<R>['finding'], EvaluationCode>,
  parameters: Step['parameters'] = {},
): Nothing {
  found(rule, code, parameters);
  return { rule, nothing: code };
}

/** @returns the amount within the limits; each that changes it says so, and one that leaves nothing ends it. */
export function withinLimits(
  earned: Amount,
  { limits }: AppliedTerms,
  facts: LineFacts,
  before: Before,
  found: Found,
): Amount | Nothing {
  if (!limits) return orNothing(earned, found);
  const { currency } = limits;
  if (currency !== earned.currency) {
    found('maximum', 'limit_in_other_currency', { currency: earned.currency, limit: currency });
    return orNothing(earned, found);
  }
  let { amount } = earned;
  amount = bounded(amount, limits, netIn(earned, facts), found);
  const caps = [
    ['referralMaximum', before.earnedByReferral],
    ['periodMaximum', before.earnedInPeriod],
  ] as const;
  for (const [rule, used] of caps) {
    const most = limits[rule];
    if (most === null) continue;
    const left = Math.max(0, sum([most, -used]));
    const parameters = { most, used, left, currency, period: limits.period };
    if (left === 0) return CAPS[rule](found, parameters);
    if (amount > left) found(rule, 'clamped', parameters);
    amount = Math.min(amount, left);
  }
  return orNothing({ ...earned, amount }, found);
}

/** The line's own bounds; the minimum, too, is never more than what was paid. */
function bounded(amount: number, limits: Limits, net: number, found: Found): number {
  const { lineMinimum, lineMaximum, currency } = limits;
  const least = lineMinimum === null ? null : Math.min(lineMinimum, net);
  if (least !== null && amount < least) found('minimum', 'raised', { least, currency });
  if (lineMaximum !== null && amount > lineMaximum)
    found('maximum', 'clamped', { most: lineMaximum, currency });
  return clamp(amount, least, lineMaximum);
}

/** What was paid for the line, in the currency of what it earns. */
function netIn({ currency, conversion }: Amount, { price }: LineFacts): number {
  if (!conversion) return price.net;
  return convert({ amount: price.net, currency: conversion.currency }, currency, conversion.rate);
}

/** How each cap says that it is used up. */
const CAPS = {
  referralMaximum: (found: Found, parameters: Step['parameters']) =>
    endsAt(found, 'referralMaximum', 'referral_maximum_reached', parameters),
  periodMaximum: (found: Found, parameters: Step['parameters']) =>
    endsAt(found, 'periodMaximum', 'period_maximum_reached', parameters),
};

function orNothing(earned: Amount, found: Found): Amount | Nothing {
  return earned.amount > 0 ? earned : endsAt(found, 'rate', 'rounds_to_nothing');
}
