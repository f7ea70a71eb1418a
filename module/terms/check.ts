/** Checks what a version of terms says before it is kept: shapes, ranges, and that its parts agree. */
import { z } from 'zod';
import { AffiliatesError } from '../errors';
import { isCurrency } from '../money';
import { COUNTERS, FIELDS, OPERATORS, SCOPES, type Condition, type Scope, type TermsContent } from './rules';

const MOST_CONDITIONS = 50;
const DEEPEST = 5;
const LARGEST = 1_000_000_000_000;

const basisPoints = z.int().min(0).max(10_000);
const amount = z.int().min(0).max(LARGEST);
const currency = z.string().refine(isCurrency);
const count = z.int().min(1).max(1_000_000);

const rate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), basisPoints }),
  z.strictObject({ kind: z.literal('fixed'), amount, currency, per: z.literal('unit').optional() }),
]);

const steps = z
  .array(z.strictObject({ upTo: count.nullable(), rate }))
  .min(1)
  .max(20)
  // Ends rise, and only the last is open: each count falls into one step.
  .refine((list) =>
    list.every(({ upTo }, index) => {
      const isLast = index === list.length - 1;
      return isLast ? upTo === null : upTo !== null && upTo > (list[index - 1]?.upTo ?? 0);
    }),
  );

// Not empty: what the host did not tell is no word that something could be compared with.
const word = z.string().trim().min(1).max(64);
const money = z.strictObject({ amount: z.int().min(-LARGEST).max(LARGEST), currency });
const comparison = z
  .strictObject({
    field: z.enum(Object.keys(FIELDS) as [keyof typeof FIELDS, ...(keyof typeof FIELDS)[]]),
    operator: z.enum(OPERATORS),
    value: z.union([word, z.int(), z.array(word).min(1).max(100), money]),
  })
  .refine(({ field, operator, value }) => {
    if (FIELDS[field] === 'money')
      return typeof value === 'object' && 'amount' in value && !isListed(operator);
    if (FIELDS[field] === 'number') return typeof value === 'number' && !isListed(operator);
    if (isListed(operator)) return Array.isArray(value);
    return typeof value === 'string' && (operator === 'is' || operator === 'isNot');
  });
const isListed = (operator: (typeof OPERATORS)[number]) => operator === 'in' || operator === 'notIn';

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).min(1) }),
    z.strictObject({ any: z.array(condition).min(1) }),
    comparison,
  ]),
);

const bound = amount.nullable();
const orderable = SCOPES.filter((scope) => scope !== 'program') as [
  Exclude<(typeof SCOPES)[number], 'program'>,
];

const CONTENT = {
  rate: z.union([rate, z.strictObject({ kind: z.literal('steps'), by: z.enum(COUNTERS), steps })]).nullable(),
  recurring: z
    .union([
      z.enum(['every', 'once']),
      z.strictObject({ payments: count }),
      z.strictObject({ months: z.int().min(1).max(1200) }),
    ])
    .nullable(),
  clearingDays: z.int().min(0).max(365).nullable(),
  base: z.strictObject({ discount: z.boolean(), credit: z.boolean(), tax: z.boolean() }).nullish(),
  limits: z
    .strictObject({
      currency,
      lineMinimum: bound,
      lineMaximum: bound,
      referralMaximum: bound,
      periodMaximum: bound,
      period: z.enum(['month', 'year']),
    })
    .refine(({ lineMinimum, lineMaximum }) => (lineMinimum ?? 0) <= (lineMaximum ?? LARGEST))
    .nullish(),
  when: condition.refine((tree) => sizeOf(tree, 1).fits).nullish(),
  shares: z.array(basisPoints).max(2).nullish(),
  bonuses: z
    .strictObject({
      currency,
      signup: amount,
      milestones: z.array(z.strictObject({ conversions: count, amount })).max(50),
    })
    .refine(({ milestones }) => new Set(milestones.map((one) => one.conversions)).size === milestones.length)
    .nullish(),
  order: z
    .array(z.enum(orderable))
    .refine((scopes) => new Set(scopes).size === scopes.length && scopes.length === orderable.length)
    .nullish(),
  paysIn: currency.nullish(),
};

/** What only some scopes can say, since nothing else is asked for it. */
const SAID_BY: Partial<Record<keyof TermsContent, readonly Scope[]>> = {
  order: ['program'],
  paysIn: ['program'],
  shares: ['affiliate', 'group', 'program'],
  bonuses: ['affiliate', 'group', 'program'],
};

/** A condition and its comparison's list, for each of the conditions that may stand in another. */
const DEEPEST_DATA = 2 * DEEPEST + 1;

/** Goes down level by level, not by recursion: the stack holds what is a million deep no longer than what is six. */
function isTooDeep(data: unknown): boolean {
  let level: unknown[] = [data];
  for (let depth = 0; depth <= DEEPEST_DATA && level.length > 0; depth++) {
    level = level.flatMap((each): unknown[] =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return level.length > 0;
}

function sizeOf(tree: Condition, depth: number): { nodes: number; fits: boolean } {
  const children = 'all' in tree ? tree.all : 'any' in tree ? tree.any : [];
  const sizes = children.map((child) => sizeOf(child, depth + 1));
  const nodes = sizes.reduce((total, size) => total + size.nodes, 1);
  return { nodes, fits: depth <= DEEPEST && nodes <= MOST_CONDITIONS && sizes.every(({ fits }) => fits) };
}

/**
 * @param scope whose terms they are
 * @param content as a form or an event brings it; what TermsContent does not know is refused
 * @throws AffiliatesError rate_invalid for the rate, field_invalid naming another part: 'limits.lineMaximum'; also for
 *   a part that the scope cannot say
 */
export function checkContent(scope: Scope, content: TermsContent): void {
  if (isTooDeep(content.when)) throw new AffiliatesError('field_invalid', { field: 'when' });
  const parsed = z.strictObject(CONTENT).safeParse(content);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    if (path[0] === 'rate') throw new AffiliatesError('rate_invalid', { field: path.join('.') });
    throw new AffiliatesError('field_invalid', { field: path.join('.') || 'terms' });
  }
  const field = unsayable(scope, content);
  if (field) throw new AffiliatesError('field_invalid', { field });
}

/** @returns the part of the content that its scope cannot say */
function unsayable(scope: Scope, content: TermsContent): keyof TermsContent | undefined {
  // A program that answers only under a condition would leave lines without an answer.
  if (scope === 'program' && content.when) return 'when';
  const limited = Object.keys(SAID_BY) as (keyof typeof SAID_BY)[];
  return limited.find((part) => (content[part] ?? null) !== null && !SAID_BY[part]?.includes(scope));
}
