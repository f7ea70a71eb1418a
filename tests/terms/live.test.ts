/**
 * Terms as they live: said by staff, kept in a database, and applied to what the host reports. What each rule earns in
 * every case is in the table tests beside this one; here is that it comes to the affiliate's account.
 */
import type { TermsChange } from '../../module/events/rules';
import type { AffiliateView } from '../../module/views';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { number, type PaidInvoice, type Refund } from '../support/payloads';
import { commissions, findings } from '../commissions/findings';
import { fixed, limits, percent } from './given';

const staff = STAFF;

/** Says terms of a scope; what is not said is inherited, and the program's earn 10 % of every payment. */
async function say(
  { acts }: TestProgram,
  scope: TermsChange['scope'],
  scopeKey: string,
  said: Partial<TermsChange>,
): Promise<void> {
  const simple =
    scope === 'program'
      ? { rate: percent(1000), recurring: 'every' as const, clearingDays: 0 }
      : { rate: null, recurring: null, clearingDays: null };
  await acts.changeTerms({ requestId: requestId(), staff, scope, scopeKey, ...simple, ...said });
}

/** An affiliate with one referral, and what that one pays: a day later each time. */
async function referred(test: TestProgram) {
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate);
  const pays = async (invoice: PaidInvoice) => {
    test.clock.advance({ days: 1 });
    await test.pays({ userid, ...invoice });
  };
  return { affiliate, userid, pays };
}

async function refunds({ refunds }: TestProgram, refund: Omit<Refund, 'refundid'>): Promise<void> {
  expect(await refunds({ refundid: number(), ...refund })).toEqual({ accepted: true, status: 'processed' });
}

const clearedOf = async (test: TestProgram, affiliate: AffiliateView, currency = 'USD') =>
  (await test.accounts(affiliate, currency)).cleared;

const GOLD = { key: 'gold', name: 'Gold', rank: 1, promoteAt: null };
const makeGold = ({ acts }: TestProgram) => acts.changeGroup({ requestId: requestId(), staff, ...GOLD });
const moveToGold = ({ acts }: TestProgram, { id }: AffiliateView) =>
  acts.moveToGroup({ requestId: requestId(), staff, affiliateId: id, groupKey: GOLD.key });

describeOnEachDatabase('Terms', (database) => {
  it('of the most specific scope hold for each line of one invoice', async () => {
    const test = await given.program(database);
    const { affiliate, pays } = await referred(test);
    await say(test, 'kind', 'domain', { rate: percent(300) });
    await say(test, 'kind', 'domain:.co.uk', { rate: percent(400) });
    await say(test, 'productGroup', 'mail', { rate: percent(500) });
    await say(test, 'product', 'gift', { rate: percent(0) });
    await say(test, 'campaign', 'spring', { rate: percent(9900) });
    await pays({
      invoiceid: 'A',
      items: [
        { amount: '100.00', type: 'Hosting' },
        { amount: '100.00', type: 'DomainRegister', domain: 'example.de' },
        { amount: '100.00', type: 'DomainRegister', domain: 'example.co.uk' },
        { amount: '100.00', productid: 'mail-1', productgroupid: 'mail' },
        { amount: '100.00', productid: 'gift', productgroupid: 'mail' },
      ],
    });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['earned', 1000],
      'A/2': ['earned', 300],
      'A/3': ['earned', 400],
      'A/4': ['earned', 500],
      'A/5': ['rate_is_zero', 0],
    });
    expect(await clearedOf(test, affiliate)).toBe(2200);
    await expectSound(test.knex, test.clock.now);
  });

  it('of a coupon, a group and an affiliate each go before the next, and the program may say another order', async () => {
    const test = await given.program(database);
    const { affiliate, pays } = await referred(test);
    await makeGold(test);
    await test.acts.changeCoupon({
      requestId: requestId(),
      staff,
      code: 'SAVE10',
      affiliateId: affiliate.id,
      on: true,
    });
    await say(test, 'coupon', 'SAVE10', { rate: percent(1100) });
    await say(test, 'group', 'gold', { rate: percent(1200) });
    const invoice = { promocode: 'SAVE10', total: '100.00' };
    await pays(invoice);
    await moveToGold(test, affiliate);
    await pays(invoice);
    await say(test, 'affiliate', String(affiliate.id), { rate: percent(1300) });
    await pays(invoice);
    await say(test, 'program', '', {
      order: ['coupon', 'affiliate', 'group', 'campaign', 'product', 'productGroup', 'kind'],
    });
    await pays(invoice);
    expect(
      Object.values(await commissions(test.knex))
        .map(([earned]) => earned)
        .sort(),
    ).toEqual([1100, 1100, 1200, 1300]);
    await expectSound(test.knex, test.clock.now);
  });

  it('stop after so many payments, change with phases, and clamp at a cap', async () => {
    const test = await given.program(database);
    const { affiliate, pays } = await referred(test);
    const phases = {
      kind: 'steps',
      by: 'payments',
      steps: [
        { upTo: 2, rate: percent(4000) },
        { upTo: null, rate: percent(2000) },
      ],
    } as const;
    const capped = limits({ referralMaximum: 9000 });
    await say(test, 'program', '', { rate: phases, recurring: { payments: 4 }, limits: capped });
    for (const invoiceid of ['A', 'B', 'C', 'D']) await pays({ invoiceid, total: '100.00' });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['earned', 4000],
      'B/1': ['earned', 4000],
      'C/1': ['earned', 1000],
      'D/1': ['referral_maximum_reached', 0],
    });
    // The cap is of what was earned: a refund makes no room under it.
    await refunds(test, { invoiceid: 'A', amount: '25.00' });
    expect(await clearedOf(test, affiliate)).toBe(8000);
    await expectSound(test.knex, test.clock.now);
  });

  it('by volume count the affiliate’s conversions of the month', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const volume = {
      kind: 'steps',
      by: 'monthConversions',
      steps: [
        { upTo: 2, rate: percent(1000) },
        { upTo: null, rate: percent(1500) },
      ],
    } as const;
    await say(test, 'program', '', { rate: volume });
    for (const invoiceid of ['A', 'B', 'C']) {
      test.clock.advance({ hours: 1 });
      await test.pays({ invoiceid, userid: await test.referral(affiliate), total: '10.00' });
    }
    test.clock.advance({ months: 1 });
    await test.pays({ invoiceid: 'D', userid: await test.referral(affiliate), total: '10.00' });
    expect(await findings(test.knex)).toMatchObject({
      'A/1': ['earned', 100],
      'B/1': ['earned', 100],
      'C/1': ['earned', 150],
      'D/1': ['earned', 100],
    });
    await expectSound(test.knex, test.clock.now);
  });

  it('hold under their condition alone', async () => {
    const test = await given.program(database);
    const { pays } = await referred(test);
    const annually = { field: 'cycle', operator: 'is', value: 'annually' } as const;
    const german = { field: 'country', operator: 'in', value: ['DE', 'AT'] } as const;
    await say(test, 'product', 'web-1', { rate: percent(2000), when: { all: [annually, german] } });
    const item = (billingcycle: string) => [{ amount: '100.00', billingcycle }];
    await pays({ invoiceid: 'A', country: 'de', items: item('Annually') });
    await pays({ invoiceid: 'B', country: 'US', items: item('Annually') });
    await pays({ invoiceid: 'C', country: 'AT', items: item('Monthly') });
    await pays({ invoiceid: 'D', items: item('Annually') });
    const earned = await findings(test.knex);
    expect(Object.values(earned).map(([, amount]) => amount)).toEqual([2000, 1000, 1000, 1000]);
  });

  it('take a percentage of what they say, and pay by the unit', async () => {
    const test = await given.program(database);
    const { pays } = await referred(test);
    await say(test, 'program', '', { base: { discount: true, credit: true, tax: false } });
    await say(test, 'product', 'seats', { rate: { ...fixed(150), per: 'unit' } });
    const seats = { amount: '60.00', productid: 'seats', quantity: 12 };
    await pays({
      invoiceid: 'A',
      total: '95.20',
      credit: '11.90',
      discount: '20.00',
      items: [{ amount: '100.00' }],
    });
    await pays({ invoiceid: 'B', total: '60.00', items: [seats] });
    expect(await findings(test.knex)).toEqual({ 'A/1': ['earned', 1000], 'B/1': ['earned', 1800] });
  });

  it('from a later date hold from that date on, and never for what was earned', async () => {
    const test = await given.program(database);
    const { affiliate, pays } = await referred(test);
    const from = test.clock.now().getTime() + 3 * 24 * 60 * 60 * 1000;
    await say(test, 'program', '', { rate: percent(5000), from });
    for (const invoiceid of ['A', 'B', 'C']) await pays({ invoiceid, total: '10.00' });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['earned', 100],
      'B/1': ['earned', 100],
      // Paid at that very moment.
      'C/1': ['earned', 500],
    });
    await refunds(test, { invoiceid: 'A', amount: '5.00' });
    expect(await clearedOf(test, affiliate)).toBe(650);
    await expectSound(test.knex, test.clock.now);
  });

  it('pay in one currency where the invoice brings its rate', async () => {
    const test = await given.program(database);
    const { affiliate, pays } = await referred(test);
    await say(test, 'program', '', { paysIn: 'USD' });
    await pays({ invoiceid: 'A', currency: 'EUR', exchangerate: '1.0842', total: '100.00' });
    await pays({ invoiceid: 'B', currency: 'EUR', total: '100.00' });
    await refunds(test, { invoiceid: 'A', currency: 'EUR', amount: '50.00' });
    expect(await clearedOf(test, affiliate)).toBe(542);
    expect(await clearedOf(test, affiliate, 'EUR')).toBe(1000);
    await expectSound(test.knex, test.clock.now);
  });

  it('give bonuses once, at joining and at a milestone', async () => {
    const test = await given.program(database);
    const bonuses = { currency: 'USD', signup: 500, milestones: [{ conversions: 2, amount: 2500 }] };
    await say(test, 'program', '', { bonuses });
    const affiliate = await test.affiliate();
    expect(await clearedOf(test, affiliate)).toBe(500);
    for (const invoiceid of ['A', 'B', 'C'])
      await test.pays({ invoiceid, userid: await test.referral(affiliate), total: '10.00' });
    expect(await clearedOf(test, affiliate)).toBe(500 + 3 * 100 + 2500);
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnSqlite('Terms for a key that no line can have', (database) => {
  it.each([
    ['kind', 'kitchen'],
    ['kind', 'service:.de'],
    ['kind', 'domain:de'],
    ['product', ' '],
    ['program', 'everything'],
  ] as const)('are refused: %s %s', async (scope, key) => {
    const test = await given.program(database);
    await expect(say(test, scope, key, { rate: percent(100) })).rejects.toMatchObject({
      code: 'field_invalid',
      parameters: { field: 'scopeKey' },
    });
  });
});

describeOnEachDatabase('A share of what those earn whom an affiliate brought in', (database) => {
  /** Three affiliates, each brought in by the one before, and a referral of the last. */
  async function chain(test: TestProgram) {
    const first = await test.affiliate();
    const second = await test.affiliate({ clientId: await test.referral(first) });
    const third = await test.affiliate({ clientId: await test.referral(second) });
    const userid = await test.referral(third);
    const all = () => Promise.all([first, second, third].map((one) => clearedOf(test, one)));
    return { first, second, third, userid, all };
  }

  it('reaches two tiers up, and is taken back with a refund', async () => {
    const test = await given.program(database);
    await say(test, 'program', '', { shares: [1000, 500] });
    const { userid, all } = await chain(test);
    await test.pays({ invoiceid: 'A', userid, total: '100.00' });
    expect(await all()).toEqual([50, 100, 1000]);
    await refunds(test, { invoiceid: 'A', amount: '50.00' });
    expect(await all()).toEqual([25, 50, 500]);
    await refunds(test, { invoiceid: 'A' });
    expect(await all()).toEqual([0, 0, 0]);
    await expectSound(test.knex, test.clock.now);
  });

  it('is the affiliate’s own before its group’s before the program’s, and none is a share as well', async () => {
    const test = await given.program(database);
    const { first, second, userid, all } = await chain(test);
    const pay = async (invoiceid: string) => {
      test.clock.advance({ days: 1 });
      await test.pays({ invoiceid, userid, total: '100.00' });
    };
    await say(test, 'affiliate', String(second.id), { shares: [2000] });
    await pay('A');
    expect(await all()).toEqual([0, 200, 1000]);
    await say(test, 'program', '', { shares: [1000, 500] });
    await makeGold(test);
    await say(test, 'group', 'gold', { shares: [0, 700] });
    await moveToGold(test, first);
    await pay('B');
    expect(await all()).toEqual([70, 400, 2000]);
    await say(test, 'affiliate', String(second.id), { shares: [] });
    await pay('C');
    expect(await all()).toEqual([140, 400, 3000]);
    await expectSound(test.knex, test.clock.now);
  });
});
