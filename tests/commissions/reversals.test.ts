import fc from 'fast-check';
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import type { AffiliateView } from '../../module/views';
import { commissions } from './findings';

async function paid(test: TestProgram, total = '100.00') {
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate);
  await test.pays({ invoiceid: 'A', userid, total });
  return { affiliate, userid };
}

async function paidOut(test: TestProgram, affiliate: AffiliateView): Promise<void> {
  const withdrawalId = await test.withdrawal(affiliate, { method: 'paypal', details: 'me' });
  const act = { requestId: requestId(), staff: STAFF, withdrawalId };
  await test.acts.approveWithdrawal({ ...act, transactionId: `TX-${withdrawalId}` });
}

describeOnEachDatabase('A refund', (database) => {
  afterEach(async () => {
    await Promise.all(sound.splice(0).map(({ knex, clock }) => expectSound(knex, clock.now)));
  });
  const sound: TestProgram[] = [];
  /** Audited after the test. */
  const program = async () => {
    const test = await given.program(database);
    sound.push(test);
    return test;
  };

  it('takes back its share of the commission', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00' });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 250] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 750 });
  });

  it('in several parts that make the whole takes back exactly the whole', async () => {
    const test = await program();
    const { affiliate } = await paid(test, '0.10');
    // A third of one cent each: rounded one by one they would take back nothing.
    for (const [index, amount] of ['0.03', '0.03', '0.04'].entries()) {
      await test.refunds({ invoiceid: 'A', refundid: `R${index}`, amount });
    }
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1, 1] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
  });

  it('without an amount is one of everything', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
  });

  it('beyond what was paid takes back no more than was earned', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '90.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'S', amount: '90.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'T' });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 1000] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
  });

  it('of an invoice with tax is a share of what was charged with tax', async () => {
    const test = await program();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '119.00', items: [{ amount: '100.00' }] });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '59.50' });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 500] });
  });

  it('of one line takes back only from that line', async () => {
    const test = await program();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = [{ amount: '60.00' }, { amount: '40.00' }];
    await test.pays({ invoiceid: 'A', userid, total: '119.00', items });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '20.00', lineid: 2 });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [600, 0], 'A/2': [400, 200] });
    await test.refunds({ invoiceid: 'A', refundid: 'S', lineid: 2 });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [600, 0], 'A/2': [400, 400] });
  });

  it('of all of one line is not that of all of another', async () => {
    const test = await program();
    const userid = await test.referral(await test.affiliate());
    await test.pays({ invoiceid: 'A', userid, items: [{ amount: '60.00' }, { amount: '40.00' }] });
    for (const lineid of [1, 2, 2]) await test.refunds({ invoiceid: 'A', lineid });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [600, 600], 'A/2': [400, 400] });
  });

  it('whose money comes back, as after a chargeback that was won, gives again just what it took', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'CB-1', amount: '40.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 350 });
    const back = { invoiceid: 'A', refundid: 'CB-1' };
    expect(await test.hooks.InvoiceRefundReversed(back)).toMatchObject({ status: 'processed' });
    await test.hooks.InvoiceRefundReversed(back);
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 250] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 750 });
  });

  it('whose money came back before the refund was reported takes nothing', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.hooks.InvoiceRefundReversed({ invoiceid: 'A', refundid: 'CB-1' });
    await test.refunds({ invoiceid: 'A', refundid: 'CB-1' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
  });

  it('that was paid out already and comes back ends the debt that it left', async () => {
    const test = await program();
    const { affiliate } = await paid(test, '600.00');
    await paidOut(test, affiliate);
    await test.refunds({ invoiceid: 'A', refundid: 'CB-1' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: -6000, withdrawn: 6000 });
    await test.hooks.InvoiceRefundReversed({ invoiceid: 'A', refundid: 'CB-1' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0, withdrawn: 6000 });
  });

  it('that is reported before its payment waits for it', async () => {
    const test = await program();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    expect(await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00' })).toMatchObject({
      status: 'processed',
    });
    await test.pays({ invoiceid: 'A', userid, total: '100.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 750 });
  });

  it('counts once under one number of the host’s, whatever the events are called', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    for (const eventId of ['one', 'two', 'one']) {
      await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00', eventId });
    }
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 750 });
  });

  it('counts twice under two numbers, even of one amount', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'S', amount: '25.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
  });

  it('without a number is told from another by its long event id', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    const prefix = `urn:portal:${'x'.repeat(100)}:refund:`;
    for (const number of ['1', '2', '2']) {
      await test.refunds({ invoiceid: 'A', amount: '25.00', eventId: `${prefix}${number}` });
    }
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
  });

  it('takes back from what the referral is shown to have paid and brought', async () => {
    const test = await program();
    const { affiliate } = await paid(test);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '25.00' });
    const shown = async () => {
      const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'all' as const } };
      const list = await test.reads.referrals({ ...query, sort: 'earned', descending: true, limit: 5 });
      return list.rows[0];
    };
    expect(await shown()).toMatchObject({
      paid: 7500,
      earned: 750,
      lastCommissionAt: test.clock.now().getTime(),
    });
    await test.refunds({ invoiceid: 'A', refundid: 'S' });
    expect(await shown()).toMatchObject({ paid: 0, earned: 0, lastCommissionAt: null });
  });

  it('after a payout leaves a debt, which blocks withdrawals until it is earned back', async () => {
    const test = await program();
    const { affiliate, userid } = await paid(test, '600.00');
    await paidOut(test, affiliate);
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    expect(await test.accounts(affiliate)).toEqual({
      clearing: 0,
      cleared: -6000,
      reserved: 0,
      withdrawn: 6000,
    });
    const [statement] = await test.reads.statements(affiliate.id);
    expect(statement).toMatchObject({ belowThreshold: -6000, available: 0, missing: 11_000 });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({ code: 'below_threshold' });
    await test.pays({ invoiceid: 'B', userid, total: '1099.90' });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({
      code: 'below_threshold',
      parameters: { missing: 1, currency: 'USD' },
    });
    await test.pays({ invoiceid: 'C', userid, total: '0.10' });
    await test.withdrawal(affiliate);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0, reserved: 5000 });
  });

  it('during an open withdrawal leaves the reserved money alone', async () => {
    const test = await program();
    const { affiliate } = await paid(test, '600.00');
    const withdrawalId = await test.withdrawal(affiliate);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '300.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: -3000, reserved: 6000 });
    const act = { requestId: requestId(), staff: STAFF, withdrawalId };
    await test.acts.denyWithdrawal({ ...act, reason: 'refunded' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 3000, reserved: 0 });
  });
});

describeOnEachDatabase('An invoice that is no longer paid', (database) => {
  it.each(['InvoiceUnpaid', 'InvoiceCancelled'] as const)(
    'by %s earns nothing, and what it earned before when it is paid again',
    async (point) => {
      const test = await given.program(database);
      const { affiliate, userid } = await paid(test);
      for (let time = 0; time < 2; time++) {
        test.clock.advance({ days: 1 });
        await test.hooks[point]({ invoiceid: 'A' });
        await test.hooks[point]({ invoiceid: 'A' });
        expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
        test.clock.advance({ days: 1 });
        await test.pays({ invoiceid: 'A', userid });
        await test.pays({ invoiceid: 'A', userid });
        expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
      }
      expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 0] });
      expect(await test.reads.figures(affiliate.id)).toMatchObject({ conversions: 1 });
      await expectSound(test.knex, test.clock.now);
    },
  );

  it('and is paid again keeps what was refunded meanwhile', async () => {
    const test = await given.program(database);
    const { affiliate, userid } = await paid(test);
    await test.hooks.InvoiceUnpaid({ invoiceid: 'A' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '40.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
    test.clock.advance({ days: 1 });
    await test.pays({ invoiceid: 'A', userid });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 600 });
    await expectSound(test.knex, test.clock.now);
  });

  it('is paid when its payment is the later fact, though it is told first', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const now = test.clock.now().getTime();
    test.clock.advance({ hours: 1 });
    await test.pays({
      invoiceid: 'A',
      userid,
      at: now + 2,
      items: [{ amount: '10.00', productname: 'Big' }],
    });
    await test.pays({
      invoiceid: 'B',
      userid,
      at: now + 1,
      items: [{ amount: '10.00', productname: 'Last' }],
    });
    await test.hooks.InvoiceUnpaid({ invoiceid: 'A', at: now + 1 });
    await test.pays({ invoiceid: 'A', userid, at: now });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 200 });
    const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'all' as const } };
    const list = await test.reads.referrals({ ...query, sort: 'earned', descending: true, limit: 5 });
    // It was first paid before B, so B is the last that was bought and the last that earned.
    expect(list.rows).toEqual([expect.objectContaining({ product: 'Last', lastCommissionAt: now + 1 })]);
    await expectSound(test.knex, test.clock.now);
  });
});

describe('Partial refunds of every size', () => {
  it('that make the whole take back exactly what was earned, and never more on the way', async () => {
    const cents = fc.integer({ min: 1, max: 99_999 });
    const history = fc.record({
      total: cents,
      parts: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 6 }),
    });
    const decimal = (amount: number) =>
      `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
    await fc.assert(
      fc.asyncProperty(history, async ({ total, parts }) => {
        const test = await given.programInMemory({ settings: { defaultRate: '33.33%' } });
        const { affiliate } = await paid(test, decimal(total));
        let left = total;
        let before = (await test.accounts(affiliate)).cleared;
        for (const [index, part] of [...parts, 100].entries()) {
          const amount = Math.ceil((left * part) / 100);
          left -= amount;
          if (amount > 0)
            await test.refunds({ invoiceid: 'A', refundid: `R${index}`, amount: decimal(amount) });
          const { cleared } = await test.accounts(affiliate);
          expect(cleared).toBeLessThanOrEqual(before);
          expect(cleared).toBeGreaterThanOrEqual(0);
          before = cleared;
        }
        expect(left).toBe(0);
        expect(before).toBe(0);
        await expectSound(test.knex, test.clock.now);
        await test.close();
      }),
      { numRuns: 15 },
    );
  });
});
