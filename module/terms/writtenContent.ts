/** What an entry of written terms can say, part by part: from text to what versions keep. */
import { z } from 'zod';
import { isCurrency, parseMoney, type BasisPoints, type Currency, type Money } from '../money';
import { parseRate } from '../settings';
import {
  COUNTERS,
  FIELDS,
  OPERATORS,
  SCOPES,
  type Bonuses,
  type Comparison,
  type Condition,
  type Limits,
} from './rules';
import { readRate } from './writtenRate';

/** Reads text, and refuses what cannot be read. */
const read = <T>(reader: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return reader(text);
    } catch {
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    }
  });

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('not a whole number');
  return Number(text);
}

function percentage(text: string, currency: Currency): BasisPoints {
  const rate = parseRate(text, currency, 'shares');
  if (rate.kind !== 'percent') throw new Error('not a percentage');
  return rate.basisPoints;
}

const count = read(wholeNumber);
const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
const ordered = z.enum(SCOPES).exclude(['program']);

/** @param currency the program's, which an amount without one is in */
export function contentSchema(currency: Currency) {
  const amount = read((text) => parseMoney(text, currency, 'amount'));
  const rate = read((text) => readRate(text, currency));
  const step = z.strictObject({ upTo: count.nullable().default(null), rate });
  const stepped = z.strictObject({ by: z.enum(COUNTERS), steps: z.array(step) });
  const bound = amount.nullable().default(null);
  return z.strictObject({
    rate: z
      .union([rate, stepped.transform((steps) => ({ kind: 'steps' as const, ...steps }))])
      .nullable()
      .default(null),
    recurring: z
      .union([
        z.enum(['every', 'once']),
        z.strictObject({ payments: count }),
        z.strictObject({ months: count }),
      ])
      .nullable()
      .default(null),
    clearingDays: count.nullable().default(null),
    base: z
      .strictObject({ discount: flag.default(false), credit: flag.default(false), tax: flag.default(false) })
      .exactOptional(),
    limits: z
      .strictObject({
        lineMinimum: bound,
        lineMaximum: bound,
        referralMaximum: bound,
        periodMaximum: bound,
        period: z.enum(['month', 'year']).default('month'),
      })
      .transform(({ period, ...bounds }, context): Limits => {
        const { lineMinimum, lineMaximum, referralMaximum, periodMaximum } = bounds;
        return {
          currency: oneCurrency(Object.values(bounds), currency, context),
          lineMinimum: lineMinimum?.amount ?? null,
          lineMaximum: lineMaximum?.amount ?? null,
          referralMaximum: referralMaximum?.amount ?? null,
          periodMaximum: periodMaximum?.amount ?? null,
          period,
        };
      })
      .exactOptional(),
    when: conditionSchema(currency).exactOptional(),
    shares: z.array(read((text) => percentage(text, currency))).exactOptional(),
    bonuses: z
      .strictObject({
        signup: bound,
        milestones: z.array(z.strictObject({ conversions: count, amount })).default([]),
      })
      .transform(({ signup, milestones }, context): Bonuses => ({
        currency: oneCurrency([signup, ...milestones.map((each) => each.amount)], currency, context),
        signup: signup?.amount ?? 0,
        milestones: milestones.map((each) => ({ ...each, amount: each.amount.amount })),
      }))
      .exactOptional(),
    order: z.array(ordered).exactOptional(),
    paysIn: z.string().refine(isCurrency).exactOptional(),
  });
}

/** Limits and bonuses have one currency, however often it is written; without any it is the program's. */
function oneCurrency(
  moneys: readonly (Money | null)[],
  currency: Currency,
  context: z.RefinementCtx,
): Currency {
  const codes = new Set(moneys.flatMap((money) => (money ? [money.currency] : [])));
  if (codes.size > 1) context.addIssue({ code: 'custom' });
  return [...codes][0] ?? currency;
}

function conditionSchema(currency: Currency): z.ZodType<Condition> {
  const fields = z.enum(Object.keys(FIELDS) as [keyof typeof FIELDS]);
  const comparison = z
    .strictObject({
      field: fields,
      operator: z.enum(OPERATORS),
      value: z.union([z.string(), z.array(z.string())]),
    })
    .transform(({ field, operator, value }, context): Comparison => {
      try {
        return { field, operator, value: valueOf(field, value, currency) };
      } catch {
        context.addIssue({ code: 'custom', path: ['value'] });
        return z.NEVER;
      }
    });
  const condition: z.ZodType<Condition> = z.lazy(() =>
    z.union([
      z.strictObject({ all: z.array(condition) }),
      z.strictObject({ any: z.array(condition) }),
      comparison,
    ]),
  );
  return condition;
}

function valueOf(
  field: keyof typeof FIELDS,
  written: string | string[],
  currency: Currency,
): Comparison['value'] {
  if (FIELDS[field] === 'word' || typeof written !== 'string') return written;
  if (FIELDS[field] === 'number') return wholeNumber(written);
  return parseMoney(written, currency, 'value');
}
