/** How much a rate gives: percentages, fixed amounts, steps, what they are taken of, and into which currency. */
import type { TermsRate } from '../../module/terms/rules';
import { earnTogether, fixed, itEarns, limits, percent, perUnit, type Case, type Row } from './given';

const of = (rate: TermsRate, net = 10_000, more: Case = {}): Case => ({ ...more, net, program: { rate } });

describe('A percentage', () => {
  itEarns([
    ['10 % of $9.99 is $1.00', of(percent(1000), 999), 100],
    ['10 % of $9.94 is $0.99', of(percent(1000), 994), 99],
    ['10 % of $9.95 is a half cent over $0.99, and rounds up to $1.00', of(percent(1000), 995), 100],
    ['10 % of $120.00 is $12.00', of(percent(1000), 12_000), 1200],
    ['12.5 % of $0.99 is $0.12', of(percent(1250), 99), 12],
    ['33.33 % of $10.00 is $3.33', of(percent(3333), 1000), 333],
    ['0.01 % of $50.00 is half a cent, and rounds up to $0.01', of(percent(1), 5000), 1],
    ['0.01 % of $49.99 rounds to nothing', of(percent(1), 4999), 0, 'rounds_to_nothing'],
    ['100 % of $10.00 is all of it', of(percent(10_000), 1000), 1000],
    ['10 % of one cent rounds to nothing', of(percent(1000), 1), 0, 'rounds_to_nothing'],
    ['10 % of five cents rounds up to one', of(percent(1000), 5), 1],
    ['10 % of nothing paid is nothing', of(percent(1000), 0), 0, 'nothing_paid'],
    ['0 % is a rate, and earns nothing', of(percent(0)), 0, 'rate_is_zero'],
    ['25 % of $99,999,999.99 is $25,000,000.00', of(percent(2500), 9_999_999_999), 2_500_000_000],
  ]);
});

const quantity = (count: number): Case => ({ facts: { quantity: count } });

describe('A fixed amount', () => {
  itEarns([
    ['$5.00 on a line of $100.00 is $5.00', of(fixed(500)), 500],
    ['$5.00 on three units in one line stays $5.00', of(fixed(500), 10_000, quantity(3)), 500],
    ['$5.00 for each of three units is $15.00', of(perUnit(500), 10_000, quantity(3)), 1500],
    ['$5.00 for each of one unit is $5.00', of(perUnit(500)), 500],
    ['$5.00 on a line of $3.00 is clamped to the $3.00 paid', of(fixed(500), 300), 300],
    [
      '$5.00 for each of ten units of a line of $20.00 is clamped to $20.00',
      of(perUnit(500), 2000, quantity(10)),
      2000,
    ],
    [
      '€5.00 earns nothing where the invoice is in dollars',
      of(fixed(500, 'EUR')),
      0,
      'rate_in_other_currency',
    ],
    ['$0.00 is a rate, and earns nothing', of(fixed(0)), 0, 'rate_is_zero'],
    ['$0.00 for each unit earns nothing', of(perUnit(0)), 0, 'rate_is_zero'],
  ]);
});

const PHASES: TermsRate = {
  kind: 'steps',
  by: 'payments',
  steps: [
    { upTo: 3, rate: percent(4000) },
    { upTo: null, rate: percent(2000) },
  ],
};
const payment = (number: number): Case => of(PHASES, 10_000, { before: { payments: number - 1 } });

const VOLUME: TermsRate = {
  kind: 'steps',
  by: 'monthConversions',
  steps: [
    { upTo: 20, rate: percent(1000) },
    { upTo: null, rate: percent(1500) },
  ],
};
const LIFETIME: TermsRate = {
  kind: 'steps',
  by: 'conversions',
  steps: [
    { upTo: 1, rate: fixed(2000) },
    { upTo: 10, rate: percent(1000) },
    { upTo: null, rate: percent(500) },
  ],
};
const EARNED_BEFORE = Date.parse('2026-01-15T12:00:00Z');
const volume = (monthConversions: number, firstEarnedAt: number | null = null): Case =>
  of(VOLUME, 10_000, { before: { monthConversions, firstEarnedAt } });
const lifetime = (conversions: number): Case => of(LIFETIME, 10_000, { before: { conversions } });

describe('Steps', () => {
  itEarns([
    ['the first payment of three at 40 % earns $40.00', payment(1), 4000],
    ['the third payment of three still earns 40 %', payment(3), 4000],
    ['the fourth payment earns 20 %', payment(4), 2000],
    ['the hundredth payment still earns 20 %', payment(100), 2000],
    ['the first conversion of the month earns 10 %', volume(0), 1000],
    ['the twentieth conversion of the month still earns 10 %', volume(19), 1000],
    ['the twenty-first conversion of the month earns 15 %', volume(20), 1500],
    ['a renewal is no conversion: after twenty it still earns 10 %', volume(20, EARNED_BEFORE), 1000],
    ['a renewal after twenty-one conversions earns 15 %', volume(21, EARNED_BEFORE), 1500],
    ['a renewal in a month without conversions earns the first step', volume(0, EARNED_BEFORE), 1000],
    ['the first conversion ever earns $20.00', lifetime(0), 2000],
    ['the second conversion ever earns 10 %', lifetime(1), 1000],
    ['the tenth conversion ever still earns 10 %', lifetime(9), 1000],
    ['the eleventh conversion ever earns 5 %', lifetime(10), 500],
  ]);

  it.each([
    [
      'lines of one payment are one payment: both earn the third’s 40 %',
      [payment(3), payment(3)],
      [4000, 4000],
    ],
    ['lines of the twenty-first conversion earn the same step', [volume(20), volume(20)], [1500, 1500]],
    ['lines of the twentieth conversion earn the same step', [volume(19), volume(19)], [1000, 1000]],
    ['lines of the second conversion ever earn the same step', [lifetime(1), lifetime(1)], [1000, 1000]],
    ['lines of the eleventh conversion ever earn the same step', [lifetime(10), lifetime(10)], [500, 500]],
  ])('%s', (_sentence, lines, earned) => {
    expect(earnTogether(lines).map(({ amount }) => amount)).toEqual(earned);
  });
});

const price = { discount: 2000, credit: 1000, tax: 1900 };
const based = (discount: boolean, credit: boolean, tax: boolean): Case => ({
  price,
  program: { base: { discount, credit, tax } },
});

describe('What a percentage is taken of', () => {
  const rows: readonly Row[] = [
    ['10 % of $100.00 net leaves discount, credit and tax out, unless said otherwise', { price }, 1000],
    ['net alone, when said so, is $10.00', based(false, false, false), 1000],
    ['the $20.00 discount counted in makes it $12.00', based(true, false, false), 1200],
    ['the $10.00 of credit counted in makes it $11.00', based(false, true, false), 1100],
    ['the $19.00 of tax counted in makes it $11.90', based(false, false, true), 1190],
    ['everything counted in makes it $14.90', based(true, true, true), 1490],
    [
      'a line paid with credit alone earns nothing, also where credit counts',
      { ...based(false, true, false), net: 0 },
      0,
      'nothing_paid',
    ],
    [
      'with everything counted in it is still never more than the $1.00 paid',
      {
        price,
        net: 100,
        program: { rate: percent(5000), base: { discount: true, credit: true, tax: true } },
      },
      100,
    ],
  ];
  itEarns(rows);
});

const paysIn = (
  currency: string,
  [from, exchangeRate]: readonly [string, string],
  net: number,
  program: Case['program'] = {},
): Case => ({ net, facts: { currency: from, exchangeRate }, program: { paysIn: currency, ...program } });

describe('Where the program pays in one currency', () => {
  itEarns([
    ['10 % of €100.00 at 1.0842 is $10.84', paysIn('USD', ['EUR', '1.0842'], 10_000), 1084],
    ['10 % of €0.50 at 1.1 is 5.5 cents, and rounds up to $0.06', paysIn('USD', ['EUR', '1.1'], 50), 6],
    [
      '10 % of ¥10000 at 0.0067 is $6.70: a yen has no decimals',
      paysIn('USD', ['JPY', '0.0067'], 10_000),
      670,
    ],
    [
      '10 % of $100.00 at 149.35 is ¥1494, half a yen rounded up',
      paysIn('JPY', ['USD', '149.35'], 10_000),
      1494,
    ],
    [
      '10 % of KWD 10.000 at 3.25 is $3.25: a dinar has three decimals',
      paysIn('USD', ['KWD', '3.25'], 10_000),
      325,
    ],
    ['10 % of $100.00 at 0.3077 is KWD 3.077', paysIn('KWD', ['USD', '0.3077'], 10_000), 3077],
    [
      '10 % of ¥100 at 0.0001 rounds to nothing in dollars',
      paysIn('USD', ['JPY', '0.0001'], 100),
      0,
      'rounds_to_nothing',
    ],
    ['an invoice in that currency is not converted', paysIn('USD', ['USD', ''], 10_000), 1000],
    ['without the invoice’s rate it stays €10.00', paysIn('USD', ['EUR', ''], 10_000), 1000],
    [
      'a maximum of $5.00 holds for what is converted to $10.84',
      paysIn('USD', ['EUR', '1.0842'], 10_000, { limits: limits({ lineMaximum: 500 }) }),
      500,
    ],
    [
      'a minimum of $20.00 on a line of €10.00 is clamped to the $10.84 paid',
      paysIn('USD', ['EUR', '1.0842'], 1000, { limits: limits({ lineMinimum: 2000 }) }),
      1084,
    ],
  ]);
});
