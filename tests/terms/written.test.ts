import { readWrittenTerms } from '../../module/terms';

const read = (yaml: string) => readWrittenTerms(yaml, 'USD');
const percent = (basisPoints: number) => ({ kind: 'percent', basisPoints });

describe('Terms as a person writes them', () => {
  it('are read entry by entry, and inherit what they leave out', () => {
    const yaml = `
      # From January on
      - scope: program
        rate: 12.5%
        recurring: every
        clearingDays: 14
      - scope: product
        key: 3
        rate: 5.00
      - scope: kind
        key: domain
        rate: 1.50 per unit
    `;
    const inherited = { recurring: null, clearingDays: null };
    expect(read(yaml)).toEqual([
      { scope: 'program', scopeKey: '', rate: percent(1250), recurring: 'every', clearingDays: 14 },
      {
        scope: 'product',
        scopeKey: '3',
        rate: { kind: 'fixed', amount: 500, currency: 'USD' },
        ...inherited,
      },
      {
        ...{ scope: 'kind', scopeKey: 'domain', ...inherited },
        rate: { kind: 'fixed', amount: 150, currency: 'USD', per: 'unit' },
      },
    ]);
  });

  it('can say everything that terms can', () => {
    const yaml = `
      - scope: group
        key: gold
        rate:
          by: payments
          steps: [{ upTo: 3, rate: 40% }, { rate: 20% }]
        recurring: { months: 12 }
        base: { tax: true }
        limits: { lineMinimum: 0.50, periodMaximum: 1000.00, period: year }
        when:
          all:
            - { field: country, operator: in, value: [DE, AT] }
            - { field: amount, operator: atLeast, value: 20.00 }
            - { field: quantity, operator: less, value: 5 }
        shares: [5%, 1%]
        bonuses: { signup: 10.00, milestones: [{ conversions: 10, amount: 50.00 }] }
    `;
    expect(read(yaml)).toEqual([
      {
        scope: 'group',
        scopeKey: 'gold',
        rate: {
          kind: 'steps',
          by: 'payments',
          steps: [
            { upTo: 3, rate: percent(4000) },
            { upTo: null, rate: percent(2000) },
          ],
        },
        recurring: { months: 12 },
        clearingDays: null,
        base: { discount: false, credit: false, tax: true },
        limits: {
          currency: 'USD',
          lineMinimum: 50,
          lineMaximum: null,
          referralMaximum: null,
          periodMaximum: 100_000,
          period: 'year',
        },
        when: {
          all: [
            { field: 'country', operator: 'in', value: ['DE', 'AT'] },
            { field: 'amount', operator: 'atLeast', value: { amount: 2000, currency: 'USD' } },
            { field: 'quantity', operator: 'less', value: 5 },
          ],
        },
        shares: [500, 100],
        bonuses: { currency: 'USD', signup: 1000, milestones: [{ conversions: 10, amount: 5000 }] },
      },
    ]);
  });

  it.each([
    ['what is no YAML', '- scope: program\n- [', { place: 2, part: '', problem: 'not_yaml' }],
    ['no list', 'scope: program', { place: 1, part: '', problem: 'no_list' }],
    ['nothing', '', { place: 1, part: '', problem: 'no_list' }],
    ['an entry that is none', '- program', { place: 1, part: '', problem: 'invalid' }],
    [
      'a scope that there is not',
      '- { scope: planet, key: 1 }',
      { place: 1, part: 'scope', problem: 'invalid' },
    ],
    ['no scope', '- { rate: 10% }', { place: 1, part: 'scope', problem: 'missing' }],
    [
      'a part that there is not',
      '- { scope: product, key: 1, rat: 1% }',
      { place: 1, part: 'rat', problem: 'unknown' },
    ],
    [
      'a product without its key',
      '- { scope: product, rate: 1% }',
      { place: 1, part: 'key', problem: 'missing' },
    ],
    ['a program with a key', '- { scope: program, key: 1 }', { place: 1, part: 'key', problem: 'unknown' }],
    [
      'a program that leaves out a part',
      '- { scope: program, rate: 1%, recurring: once }',
      { place: 1, part: 'clearingDays', problem: 'missing' },
    ],
    [
      'a rate beyond all',
      '- { scope: product, key: 1, rate: 101% }',
      { place: 1, part: 'rate', problem: 'invalid' },
    ],
    [
      'a negative rate',
      '- { scope: product, key: 1, rate: -5.00 }',
      { place: 1, part: 'rate', problem: 'invalid' },
    ],
    [
      'an amount finer than the currency',
      '- { scope: product, key: 1, rate: 5.005 }',
      { place: 1, part: 'rate', problem: 'invalid' },
    ],
    [
      'too many days',
      '- { scope: product, key: 1, clearingDays: 999 }',
      { place: 1, part: 'clearingDays', problem: 'invalid' },
    ],
    [
      'steps without an end',
      '- { scope: product, key: 1, rate: { by: payments, steps: [{ upTo: 3, rate: 1% }] } }',
      { place: 1, part: 'rate.steps', problem: 'invalid' },
    ],
    [
      'what only the program can say wrongly',
      '- { scope: program, rate: 1%, recurring: every, clearingDays: 0, order: [product] }',
      { place: 1, part: 'order', problem: 'invalid' },
    ],
    [
      'the second entry',
      '- { scope: product, key: 1, rate: 1% }\n- { scope: product, key: 2, rate: x }',
      { place: 2, part: 'rate', problem: 'invalid' },
    ],
    [
      'a prototype',
      '- { scope: product, key: 1, __proto__: { rate: 1% } }',
      { place: 1, part: '__proto__', problem: 'unknown' },
    ],
  ])('refuse %s', (_what, yaml, parameters) => {
    expect(() => read(yaml)).toThrow(
      expect.objectContaining({ code: 'terms_unreadable', parameters }) as Error,
    );
  });

  it('are not blown up by aliases', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const before = 'abcdefgh'[index];
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(() => read(bomb)).toThrow();
  });
});
