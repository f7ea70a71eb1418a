/** Conditions and terms, printed back as sentences. */
import type { Condition, TermsContent } from '../../module/terms/rules';
import { AffiliatesError } from '../../module/errors';
import { readWrittenParts, writeParts } from '../../module/terms';
import { loadLanguages } from '../../pages/language';
import { describeCondition, describeTerms } from '../../pages/terms-text';

const languages = loadLanguages({ language: 'english', timeZone: 'UTC' });
const english = languages.of('en');
const usd = (amount: number) => ({ amount, currency: 'USD' });
const product = (value: string): Condition => ({ field: 'product', operator: 'is', value });
const many: Condition = { field: 'quantity', operator: 'atLeast', value: 2 };
const abroad: Condition = { field: 'country', operator: 'notIn', value: ['DE', 'AT'] };

describe('a condition reads', () => {
  it.each<[string, Condition]>([
    ['the product is “4”', product('4')],
    ['the kind of line is not “setup”', { field: 'kind', operator: 'isNot', value: 'setup' }],
    [
      'the billing cycle is one of “annually” and “biennially”',
      { field: 'cycle', operator: 'in', value: ['annually', 'biennially'] },
    ],
    ['the client’s country is none of “DE” and “AT”', abroad],
    ['the client’s age in days is less than 30', { field: 'clientDays', operator: 'less', value: 30 }],
    ['the quantity is at least 2', many],
    [
      'the line’s net amount is more than $1,000.50',
      { field: 'amount', operator: 'more', value: usd(100050) },
    ],
    ['the invoice’s total is at most $0.00', { field: 'total', operator: 'atMost', value: usd(0) }],
    ['the coupon is “”', { field: 'coupon', operator: 'is', value: '' }],
    ['all of these hold: (the product is “4”; the quantity is at least 2)', { all: [product('4'), many] }],
    [
      'at least one of these holds: (the product is “4”; the product is “5”; the quantity is at least 2)',
      { any: [product('4'), product('5'), many] },
    ],
    [
      'all of these hold: (at least one of these holds: (the product is “4”; the product is “5”); the quantity is at least 2)',
      { all: [{ any: [product('4'), product('5')] }, many] },
    ],
    [
      'at least one of these holds: (the product is “4”; all of these hold: (the product is “5”; the quantity is at least 2))',
      { any: [product('4'), { all: [product('5'), many] }] },
    ],
    ['the quantity is at least 2', { all: [{ any: [many] }] }],
  ])('%s', (sentence, condition) => {
    expect(describeCondition(condition, english)).toBe(sentence);
  });

  it('in German and Arabic as well', () => {
    expect(describeCondition({ all: [product('4'), many] }, languages.of('de'))).toBe(
      'alles davon trifft zu: (das Produkt ist „4“; die Menge ist mindestens 2)',
    );
    expect(describeCondition({ all: [product('4'), many] }, languages.of('ar'))).toContain('\u20684\u2069');
  });
});

const INHERITS: TermsContent = { rate: null, recurring: null, clearingDays: null };
const RICH: TermsContent = {
  rate: {
    kind: 'steps',
    by: 'payments',
    steps: [
      { upTo: 3, rate: { kind: 'percent', basisPoints: 4000 } },
      { upTo: null, rate: { kind: 'fixed', amount: 500, currency: 'USD', per: 'unit' } },
    ],
  },
  recurring: { months: 12 },
  clearingDays: 0,
  base: { discount: true, credit: false, tax: true },
  limits: {
    currency: 'USD',
    lineMinimum: 100,
    lineMaximum: 5000,
    referralMaximum: null,
    periodMaximum: 90000,
    period: 'year',
  },
  when: { any: [abroad, { all: [many, { field: 'total', operator: 'more', value: usd(1) }] }] },
  shares: [500, 125],
  bonuses: { currency: 'USD', signup: 1000, milestones: [{ conversions: 10, amount: 2500 }] },
};

describe('terms', () => {
  it('read as a sentence for each thing they say', () => {
    expect(describeTerms(RICH, english)).toEqual([
      'Earns by the referral’s payments: 40% of the amount up to number 3 and $5.00 for each unit after that.',
      'Payments earn for 12 months after the referral’s first commission.',
      'Cleared at once.',
      'The amount is what is paid and, in addition, the discount and the tax.',
      'At least $1.00 for a line.',
      'At most $50.00 for a line.',
      'At most $900.00 for an affiliate in a calendar year.',
      'Only where at least one of these holds: (the client’s country is none of “DE” and “AT”; all of these hold: (the quantity is at least 2; the invoice’s total is more than $0.01)).',
      '5% of what an affiliate earns goes to whoever brought it in.',
      '1.25% of it goes to whoever brought that one in.',
      '$10.00 once for joining the program.',
      '$25.00 once at 10 conversions.',
    ]);
  });

  it('say nothing where they inherit, and 0% where that is the rate', () => {
    expect(describeTerms(INHERITS, english)).toEqual([]);
    const none: TermsContent = { ...INHERITS, rate: { kind: 'percent', basisPoints: 0 } };
    expect(describeTerms(none, english)).toEqual(['Earns 0% of the amount.']);
  });

  it('are written so that reading them gives the same terms', () => {
    expect(readWrittenParts('group', writeParts(RICH), 'USD')).toEqual(RICH);
    expect(writeParts(INHERITS)).toBe('');
  });

  it.each([
    ['JPY', '500 JPY'],
    ['USD', '5.00 USD'],
    ['KWD', '0.500 KWD'],
  ])(
    'keep their currency when they are written and read where the program’s is another: %s',
    (currency, text) => {
      const money = { amount: 500, currency };
      const perUnit = { kind: 'fixed', ...money, per: 'unit' } as const;
      const terms: TermsContent = {
        ...INHERITS,
        rate: { kind: 'steps', by: 'payments', steps: [{ upTo: null, rate: perUnit }] },
        limits: {
          currency,
          lineMinimum: 500,
          lineMaximum: null,
          referralMaximum: null,
          periodMaximum: null,
          period: 'month',
        },
        when: { field: 'amount', operator: 'more', value: money },
        bonuses: { currency, signup: 0, milestones: [{ conversions: 10, amount: 500 }] },
      };
      expect(writeParts(terms)).toContain(text);
      expect(readWrittenParts('group', writeParts(terms), 'EUR')).toEqual(terms);
    },
  );

  it.each([
    ['limits: { lineMinimum: 1.00 USD, lineMaximum: 5.00 EUR }', 'limits'],
    ['bonuses: { signup: 1.00 USD, milestones: [{ conversions: 10, amount: 5.00 }] }', 'bonuses'],
    ['rate: 5.00 XXQ', 'rate'],
    ['rate: 5.50 JPY', 'rate'],
    ['rate: 10% EUR', 'rate'],
  ])('have one currency each, which exists: %s', (text, part) => {
    expect(() => readWrittenParts('group', text, 'EUR')).toThrow(
      new AffiliatesError('terms_unreadable', { place: 1, part, problem: 'invalid' }),
    );
  });
});
