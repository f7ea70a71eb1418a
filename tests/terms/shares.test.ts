/** What the tiers above earn of what an affiliate earns. */
import { evaluateShare, type ShareFacts } from '../../module/commissions/shares';
import { earn, type Case } from './given';

const share = (basisPoints: number, more: Partial<ShareFacts> = {}): ShareFacts => ({
  tier: 2,
  share: basisPoints,
  isActive: true,
  isPayer: false,
  termsId: 'T',
  ...more,
});

const ROWS: readonly (readonly [
  sentence: string,
  facts: ShareFacts,
  of: Case,
  earned: number,
  code: string,
])[] = [
  ['the second tier’s 10 % of $10.00 is $1.00', share(1000), {}, 100, 'earned'],
  ['the third tier’s 5 % of $10.00 is $0.50', share(500, { tier: 3 }), {}, 50, 'earned'],
  ['10 % of $0.95 is 9.5 cents, and rounds up to $0.10', share(1000), { net: 950 }, 10, 'earned'],
  ['10 % of $0.94 is $0.09', share(1000), { net: 940 }, 9, 'earned'],
  ['100 % of $10.00 is $10.00 more', share(10_000), {}, 1000, 'earned'],
  ['0.01 % of $10.00 rounds to nothing', share(1), {}, 0, 'rounds_to_nothing'],
  ['a suspended affiliate has no share', share(1000, { isActive: false }), {}, 0, 'affiliate_suspended'],
  ['nobody has a share of his own purchase', share(1000, { isPayer: true }), {}, 0, 'own_purchase'],
  ['of nothing there is no share', share(1000), { net: 0 }, 0, 'nothing_to_share'],
];

describe('A share', () => {
  it.each(ROWS)('%s', (_sentence, facts, of, earned, code) => {
    expect(evaluateShare(facts, earn(of))).toMatchObject({ amount: earned, code });
  });

  it('is of what was earned after conversion, in its currency', () => {
    const of = { facts: { currency: 'EUR', exchangeRate: '1.1' }, program: { paysIn: 'USD' } };
    expect(evaluateShare(share(1000), earn(of))).toMatchObject({ amount: 110, currency: 'USD' });
  });

  it('is held together with what it is a share of', () => {
    const of: Case = { facts: { suspicions: ['same_network'] } };
    expect(evaluateShare(share(1000), earn(of))).toMatchObject({ amount: 100, outcome: 'on_hold' });
  });
});
