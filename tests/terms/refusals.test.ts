/** What terms may not say: each refusal names the part. */
import { AffiliatesError } from '../../module/errors';
import { checkContent } from '../../module/terms/check';
import { readWrittenParts } from '../../module/terms/written';
import type { Scope } from '../../module/terms/rules';
import { fixed, limits, percent } from './given';

/** As a form could send it: whatever has the shape of JSON. */
type Sent = Readonly<Record<string, unknown>>;

function refusalOf(sent: Sent, scope: Scope = 'group'): [code: string, field: unknown] | null {
  try {
    checkContent(scope, { rate: null, recurring: null, clearingDays: null, ...sent });
    return null;
  } catch (error) {
    if (!(error instanceof AffiliatesError)) throw error;
    const { field } = error.parameters as { field?: unknown };
    return [error.code, field];
  }
}

const steps = (...ends: readonly (number | null)[]) => ({
  rate: { kind: 'steps', by: 'payments', steps: ends.map((upTo) => ({ upTo, rate: percent(1000) })) },
});
const when = (field: string, operator: string, value: unknown) => ({ when: { field, operator, value } });
const nested = (depth: number): unknown =>
  depth === 1 ? { field: 'kind', operator: 'is', value: 'domain' } : { all: [nested(depth - 1)] };
const bonuses = (...milestones: readonly unknown[]) => ({
  bonuses: { currency: 'USD', signup: 0, milestones },
});
const base = { discount: false, credit: false, tax: false };
const ORDER = ['affiliate', 'group', 'coupon', 'campaign', 'product', 'productGroup', 'kind'];

describe('Terms are refused', () => {
  const rows: readonly (readonly [sentence: string, sent: Sent, code: string, field: string])[] = [
    ['over 100 %', { rate: percent(10_001) }, 'rate_invalid', 'rate.basisPoints'],
    ['under 0 %', { rate: percent(-1) }, 'rate_invalid', 'rate.basisPoints'],
    ['for half a basis point', { rate: percent(0.5) }, 'rate_invalid', 'rate'],
    ['for a fixed amount below zero', { rate: fixed(-1) }, 'rate_invalid', 'rate.amount'],
    ['for a currency that does not exist', { rate: fixed(1, 'XXQ') }, 'rate_invalid', 'rate.currency'],
    ['for a fixed amount per month', { rate: { ...fixed(1), per: 'month' } }, 'rate_invalid', 'rate'],
    ['for no steps', steps(), 'rate_invalid', 'rate.steps'],
    ['for steps that end', steps(3), 'rate_invalid', 'rate.steps'],
    ['for steps that do not rise', steps(3, 3, null), 'rate_invalid', 'rate.steps'],
    ['for steps that are open in the middle', steps(3, null, 5, null), 'rate_invalid', 'rate.steps'],
    ['for a step up to 0', steps(0, null), 'rate_invalid', 'rate.steps.0.upTo'],
    ['for zero payments', { recurring: { payments: 0 } }, 'field_invalid', 'recurring.payments'],
    ['for one and a half months', { recurring: { months: 1.5 } }, 'field_invalid', 'recurring'],
    ['for a duration of its own making', { recurring: 'sometimes' }, 'field_invalid', 'recurring'],
    ['for negative clearing days', { clearingDays: -1 }, 'field_invalid', 'clearingDays'],
    ['for more than a year of clearing', { clearingDays: 366 }, 'field_invalid', 'clearingDays'],
    ['for a base that leaves something open', { base: { discount: true } }, 'field_invalid', 'base.credit'],
    [
      'for a negative minimum',
      { limits: limits({ lineMinimum: -1 }) },
      'field_invalid',
      'limits.lineMinimum',
    ],
    [
      'for a minimum over the maximum',
      { limits: limits({ lineMinimum: 2, lineMaximum: 1 }) },
      'field_invalid',
      'limits',
    ],
    ['for a cap per week', { limits: { ...limits({}), period: 'week' } }, 'field_invalid', 'limits.period'],
    ['for a field that no condition knows', when('password', 'is', 'x'), 'field_invalid', 'when'],
    ['for comparing words by size', when('kind', 'less', 'x'), 'field_invalid', 'when'],
    ['for comparing a number with a word', when('quantity', 'is', '3'), 'field_invalid', 'when'],
    ['for comparing an amount without a currency', when('amount', 'more', 5), 'field_invalid', 'when'],
    ['for one of a single word', when('kind', 'in', 'domain'), 'field_invalid', 'when'],
    ['for one of no words', when('kind', 'in', []), 'field_invalid', 'when.value'],
    ['for all of nothing', { when: { all: [] } }, 'field_invalid', 'when.all'],
    ['for conditions six deep', { when: nested(6) }, 'field_invalid', 'when'],
    [
      'for more than fifty conditions',
      { when: { any: Array.from({ length: 50 }, () => nested(1)) } },
      'field_invalid',
      'when',
    ],
    ['for a third share', { shares: [1000, 500, 250] }, 'field_invalid', 'shares'],
    ['for a share over 100 %', { shares: [10_001] }, 'field_invalid', 'shares.0'],
    [
      'for the same milestone twice',
      bonuses({ conversions: 10, amount: 1 }, { conversions: 10, amount: 2 }),
      'field_invalid',
      'bonuses',
    ],
    [
      'for a milestone at no conversions',
      bonuses({ conversions: 0, amount: 1 }),
      'field_invalid',
      'bonuses.milestones.0.conversions',
    ],
    ['for comparing with what was not told', when('coupon', 'is', ' '), 'field_invalid', 'when.value'],
    [
      'for one of words of which one is empty',
      when('tld', 'in', ['.uk', '']),
      'field_invalid',
      'when.value.1',
    ],
    ['for an order that leaves a scope out', { order: ORDER.slice(1) }, 'field_invalid', 'order'],
    ['for an order with a scope twice', { order: [...ORDER.slice(1), 'kind'] }, 'field_invalid', 'order'],
    [
      'for an order with the program in it',
      { order: [...ORDER.slice(1), 'program'] },
      'field_invalid',
      'order.6',
    ],
    ['for paying in a currency that does not exist', { paysIn: 'DOLLARS' }, 'field_invalid', 'paysIn'],
    ['for a part that terms do not know', { discount: 5 }, 'field_invalid', 'terms'],
  ];
  it.each(rows)('%s', (_sentence, sent, code, field) => {
    const refusal = refusalOf(sent);
    expect(refusal?.[0]).toBe(code);
    // Where no shape of a choice comes near, it is the choice that is named.
    expect(refusal?.[1]).toBe(field);
  });
});

describe('A scope is refused what nobody asks it for', () => {
  it.each<readonly [Scope, string, Sent]>([
    ['product', 'shares', { shares: [1000] }],
    ['productGroup', 'shares', { shares: [1000] }],
    ['kind', 'shares', { shares: [1000] }],
    ['campaign', 'shares', { shares: [1000] }],
    ['coupon', 'shares', { shares: [1000] }],
    ['product', 'bonuses', bonuses()],
    ['coupon', 'bonuses', bonuses()],
    ['group', 'order', { order: [...ORDER].reverse() }],
    ['affiliate', 'paysIn', { paysIn: 'USD' }],
    ['program', 'when', when('kind', 'is', 'domain')],
  ])('%s: %s', (scope, field, sent) => {
    expect(refusalOf(sent, scope)).toEqual(['field_invalid', field]);
  });
});

describe('Conditions nested without end', () => {
  const MILLION = 1_000_000;

  it('are refused as data', () => {
    let tree: unknown = when('kind', 'is', 'domain').when;
    for (let depth = 0; depth < MILLION; depth++) tree = { all: [tree] };
    expect(refusalOf({ when: tree })).toEqual(['field_invalid', 'when']);
  });

  it('are refused as text, in the line where it is too much', () => {
    const text = `rate: 10%\nwhen: ${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const parameters = { place: 2, part: '', problem: 'not_yaml' } as const;
    expect(() => readWrittenParts('group', text, 'USD')).toThrow(
      new AffiliatesError('terms_unreadable', parameters),
    );
  });
});

describe('Terms are accepted', () => {
  it.each<readonly [string, Sent]>([
    ['at 100 %', { rate: percent(10_000) }],
    ['with rising steps', steps(3, 10, null)],
    ['with a fixed amount per unit', { rate: { ...fixed(500), per: 'unit' } }],
    ['without anything said', {}],
    ['with a minimum that is the maximum', { limits: limits({ lineMinimum: 1, lineMaximum: 1 }) }],
    ['with conditions five deep', { when: nested(5) }],
    ['with two shares', { shares: [1000, 500] }],
    ['with a base', { base: { ...base, tax: true } }],
    ['with bonuses', bonuses({ conversions: 10, amount: 1 })],
  ])('%s', (_sentence, sent) => {
    expect(refusalOf(sent)).toBeNull();
  });

  it('of the program with an order and a currency to pay in', () => {
    expect(refusalOf({ order: [...ORDER].reverse(), paysIn: 'EUR' }, 'program')).toBeNull();
  });

  it('of one affiliate with shares', () => {
    expect(refusalOf({ shares: [1500] }, 'affiliate')).toBeNull();
  });
});
