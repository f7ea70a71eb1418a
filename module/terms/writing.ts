/** Terms as a person writes them, the way back from `readWrittenParts`: for changing terms that are in force. */
import { stringify } from 'yaml';
import { writeMoney, type Currency } from '../money';
import type { Bonuses, Comparison, Condition, Limits, TermsContent, TermsRate } from './rules';
import { writeRate } from './writtenRate';

/** @returns the parts as YAML, '' where none says anything; `readWrittenParts` reads the same of it */
export function writeParts(content: Partial<TermsContent>): string {
  const { rate, recurring, clearingDays, base, limits, when, shares, bonuses, order, paysIn } = content;
  const parts = {
    rate: rate && termsRate(rate),
    recurring,
    clearingDays,
    base,
    limits: limits && writeLimits(limits),
    when: when && writeCondition(when),
    shares: shares?.map((basisPoints) => `${basisPoints / 100}%`),
    bonuses: bonuses && writeBonuses(bonuses),
    order,
    paysIn,
  };
  const said = Object.entries(parts).filter(([, part]) => (part ?? null) !== null);
  return said.length > 0 ? stringify(Object.fromEntries(said)) : '';
}

function termsRate(rate: TermsRate): object | string {
  if (rate.kind !== 'steps') return writeRate(rate);
  const steps = rate.steps.map((step) => ({
    ...(step.upTo !== null && { upTo: step.upTo }),
    rate: writeRate(step.rate),
  }));
  return { by: rate.by, steps };
}

function writeLimits({ currency, period, ...bounds }: Limits): object {
  const said = Object.entries(bounds).flatMap(([name, amount]) =>
    amount === null ? [] : [[name, written(amount, currency)] as const],
  );
  return { ...Object.fromEntries<string>(said), period };
}

const writeBonuses = ({ currency, signup, milestones }: Bonuses) => ({
  signup: written(signup, currency),
  milestones: milestones.map(({ conversions, amount }) => ({
    conversions,
    amount: written(amount, currency),
  })),
});

function writeCondition(condition: Condition): object {
  if ('all' in condition) return { all: condition.all.map(writeCondition) };
  if ('any' in condition) return { any: condition.any.map(writeCondition) };
  return { ...condition, value: writeValue(condition.value) };
}

function writeValue(value: Comparison['value']): unknown {
  return typeof value === 'object' && 'amount' in value ? writeMoney(value) : value;
}

const written = (amount: number, currency: Currency) => writeMoney({ amount, currency });
