/** Whose terms hold: every pair of scopes, in the usual order and in another, part by part, and as of a date. */
import type { OrderedScope, Scope } from '../../module/terms/rules';
import { earn, itEarns, PAID_AT, percent, termsOfCase, version, type Case } from './given';

/** From the most specific on, with what 1 % to 9 % of $100.00 earn. */
const LEVELS: readonly (readonly [
  name: string,
  scope: Scope,
  key: string,
  basisPoints: number,
  earned: number,
])[] = [
  ['the affiliate', 'affiliate', '7', 900, 900],
  ['its group', 'group', 'gold', 800, 800],
  ['the coupon', 'coupon', 'save10', 700, 700],
  ['the campaign', 'campaign', 'spring', 600, 600],
  ['the product', 'product', 'web-1', 500, 500],
  ['the product group', 'productGroup', 'hosting', 400, 400],
  ['domains under .co.uk', 'kind', 'domain:.co.uk', 300, 300],
  ['domains', 'kind', 'domain', 200, 200],
  ['the program', 'program', '', 100, 100],
];
const SPECIFIC = LEVELS.filter(([, scope]) => scope !== 'program');

const termsOf = (levels: typeof LEVELS): Case => ({
  group: 'gold',
  program: { rate: percent(100) },
  more: levels
    .filter(([, scope]) => scope !== 'program')
    .map(([, scope, key, basisPoints]) => version(scope, key, percent(basisPoints))),
});

const PAIRS = LEVELS.flatMap((more, index) => LEVELS.slice(index + 1).map((less) => [more, less] as const));

describe('The more specific terms hold', () => {
  itEarns(
    PAIRS.map(([more, less]) => [`${more[0]} before ${less[0]}`, termsOf([less, more]), more[4]] as const),
  );

  itEarns([['the affiliate before all others at once', termsOf(LEVELS), 900]]);

  const kept = (scope: Scope, key: string): Case => ({
    context: { campaign: 'Spring' },
    more: [version(scope, key, percent(600))],
  });
  itEarns([
    ['the campaign in any case, also as it was kept before', kept('campaign', 'Spring'), 600],
    ['the coupon in any case, also as it was kept before', kept('coupon', 'SAVE10'), 600],
    ['a product by its very id: the host’s may differ in case alone', kept('product', 'WEB-1'), 1000],
  ]);
});

describe('0 % is a rate', () => {
  itEarns(
    SPECIFIC.map(
      ([name, scope, key]) =>
        [
          `0 % for ${name} never falls through to the program`,
          { group: 'gold', more: [version(scope, key, percent(0))] },
          0,
          'rate_is_zero',
        ] as const,
    ),
  );
});

const REVERSED: readonly OrderedScope[] = [
  'kind',
  'productGroup',
  'product',
  'campaign',
  'coupon',
  'group',
  'affiliate',
];
const reversed = (levels: typeof LEVELS): Case => ({
  ...termsOf(levels),
  program: { rate: percent(100), order: REVERSED },
});

describe('In the order that the program says', () => {
  const isOfOneScope = ([more, less]: (typeof PAIRS)[number]) => more[1] === less[1] || less[1] === 'program';
  itEarns(
    PAIRS.filter((pair) => !isOfOneScope(pair)).map(
      ([more, less]) =>
        [`${less[0]} before ${more[0]}, turned round`, reversed([more, less]), less[4]] as const,
    ),
  );
  itEarns([
    ['domains under .co.uk still before domains', reversed(LEVELS.slice(6, 8)), 300],
    ['the program still last', reversed(LEVELS.slice(7)), 200],
  ]);
});

describe('Terms of somebody or something else', () => {
  itEarns([
    ['another affiliate’s do not hold', { more: [version('affiliate', '8', percent(900))] }, 1000],
    [
      'those of a group that it is not in do not hold',
      { group: 'silver', more: [version('group', 'gold', percent(900))] },
      1000,
    ],
    [
      'those of a group do not hold for who is in none',
      { more: [version('group', 'gold', percent(900))] },
      1000,
    ],
    ['those of another product do not hold', { more: [version('product', 'web-2', percent(900))] }, 1000],
    ['those of another kind do not hold', { more: [version('kind', 'service', percent(900))] }, 1000],
    ['those of .uk do not hold for .co.uk', { more: [version('kind', 'domain:.uk', percent(900))] }, 1000],
    [
      'those of a kind under a top level do not hold where there is none',
      { context: { tld: '' }, more: [version('kind', 'domain:.co.uk', percent(900))] },
      1000,
    ],
    [
      'those of a coupon do not hold without one',
      { context: { coupon: '' }, more: [version('coupon', 'save10', percent(900))] },
      1000,
    ],
    [
      'those of a campaign do not hold without one',
      { context: { campaign: '' }, more: [version('campaign', 'spring', percent(900))] },
      1000,
    ],
  ]);
});

describe('What terms do not say is inherited', () => {
  const parts = (...more: readonly ReturnType<typeof version>[]) => {
    const { rate, recurring, clearingDays, base, limits } = termsOfCase({ group: 'gold', more });
    return { rate, recurring, clearingDays, base, limits };
  };
  const net = { discount: false, credit: false, tax: false };
  const PROGRAM = { rate: percent(1000), recurring: 'every', clearingDays: 30, base: net, limits: null };

  it.each([
    ['nothing said: all is the program’s', [version('affiliate', '7', {})], {}],
    ['only a rate', [version('affiliate', '7', percent(2000))], { rate: percent(2000) }],
    ['only a duration', [version('product', 'web-1', { recurring: 'once' })], { recurring: 'once' }],
    ['only the clearing days', [version('product', 'web-1', { clearingDays: 45 })], { clearingDays: 45 }],
    [
      'no clearing days at all are said, too',
      [version('group', 'gold', { clearingDays: 0 })],
      { clearingDays: 0 },
    ],
    [
      'only the base',
      [version('kind', 'domain', { base: { ...net, tax: true } })],
      { base: { ...net, tax: true } },
    ],
    [
      'each part from another scope',
      [
        version('affiliate', '7', { clearingDays: 7 }),
        version('group', 'gold', { recurring: { payments: 3 }, clearingDays: 14 }),
        version('product', 'web-1', { rate: percent(500), recurring: 'once', clearingDays: 21 }),
      ],
      { rate: percent(500), recurring: { payments: 3 }, clearingDays: 7 },
    ],
  ])('%s', (_sentence, more, said) => {
    expect(parts(...more)).toEqual({ ...PROGRAM, ...said });
  });
});

describe('The version as of the payment holds', () => {
  const product = (basisPoints: number, from: number) =>
    version('product', 'web-1', { rate: percent(basisPoints), from });
  const MINUTE = 60_000;

  itEarns([
    ['one that begins a millisecond later does not hold yet', { more: [product(900, PAID_AT + 1)] }, 1000],
    ['one that begins with the payment holds', { more: [product(900, PAID_AT)] }, 900],
    ['one that began long ago holds', { more: [product(900, PAID_AT - MINUTE)] }, 900],
    ['of two the later one holds', { more: [product(900, PAID_AT - MINUTE), product(800, PAID_AT)] }, 800],
    [
      'of two in the wrong order the later one holds',
      { more: [product(800, PAID_AT), product(900, PAID_AT - MINUTE)] },
      800,
    ],
    [
      'a future one leaves the one before in force',
      { more: [product(900, 0), product(800, PAID_AT + MINUTE)] },
      900,
    ],
    [
      'of two of one millisecond the one made later holds',
      { more: [product(900, PAID_AT), product(800, PAID_AT)] },
      800,
    ],
    [
      'a newer one that says nothing gives the program back its word',
      { more: [product(900, 0), version('product', 'web-1', { from: PAID_AT })] },
      1000,
    ],
  ]);

  it('keeps the version, its scope and its key with what was earned', () => {
    const more = [product(900, PAID_AT)];
    expect(termsOfCase({ more }).rateFrom).toEqual({ id: more[0]?.id, scope: 'product', scopeKey: 'web-1' });
    expect(earn({ more }).termsId).toBe(more[0]?.id);
  });
});
