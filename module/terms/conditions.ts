/** Evaluates conditions: comparisons of named facts, joined by all and any. Data, never code. */
import type { Money } from '../money';
import { FIELDS, type Comparison, type Condition, type Field } from './rules';

/** What a condition can ask of a line and of whom and what it belongs to; '' and null where the host did not tell. */
export interface LineContext {
  readonly kind: string;
  readonly product: string;
  readonly productGroup: string;
  readonly cycle: string;
  readonly tld: string;
  readonly currency: string;
  readonly country: string;
  readonly campaign: string;
  readonly coupon: string;
  readonly quantity: number;
  readonly clientDays: number | null;
  readonly amount: Money;
  readonly total: Money;
}

/** @returns whether a condition is met. What the host did not tell meets no comparison but isNot and notIn. */
export function isMet(condition: Condition, context: LineContext): boolean {
  if ('all' in condition) return condition.all.every((each) => isMet(each, context));
  if ('any' in condition) return condition.any.some((each) => isMet(each, context));
  return compare(condition, context);
}

function compare({ field, operator, value }: Comparison, context: LineContext): boolean {
  if (FIELDS[field] === 'word') {
    // A field of words is a word in the context.
    const word = fold(context[field] as string);
    const words = (Array.isArray(value) ? value : [value]).map((each) => fold(String(each)));
    const isOneOf = word !== '' && words.includes(word);
    return operator === 'isNot' || operator === 'notIn' ? !isOneOf : isOneOf;
  }
  const [fact, bound] = FIELDS[field] === 'money' ? amounts(context, field, value) : [context[field], value];
  if (typeof fact !== 'number' || typeof bound !== 'number') return operator === 'isNot';
  return ORDER[operator](fact, bound);
}

/** Amounts of two currencies have no order: such a comparison is never met. */
function amounts(
  context: LineContext,
  field: Field,
  value: Comparison['value'],
): [number | null, number | null] {
  const [fact, bound] = [context[field] as Money, value as Money];
  return fact.currency === bound.currency ? [fact.amount, bound.amount] : [null, null];
}

const never = () => false;
const ORDER: Readonly<Record<Comparison['operator'], (fact: number, bound: number) => boolean>> = {
  is: (fact, bound) => fact === bound,
  isNot: (fact, bound) => fact !== bound,
  less: (fact, bound) => fact < bound,
  atMost: (fact, bound) => fact <= bound,
  more: (fact, bound) => fact > bound,
  atLeast: (fact, bound) => fact >= bound,
  in: never,
  notIn: never,
};

const fold = (word: string) => word.trim().toLowerCase();
