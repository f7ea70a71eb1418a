/** Coupon codes: whose they are, what they bring, and the list that staff read. */
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF as staff, type TestProgram } from '../support/given';
import { expectReplayable } from '../support/replay';

const give = ({ acts }: TestProgram, code: string, affiliateId: number, on = true) =>
  acts.changeCoupon({ requestId: requestId(), staff, code, affiliateId, on });

describeOnEachDatabase('Coupon codes', (database) => {
  it('count whom they bring, once each, and not whom a link brought', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await give(test, 'SAVE10', affiliate.id);
    await give(test, 'never', affiliate.id);
    for (const userid of ['801', '802', '801']) await test.pays({ userid, promocode: 'Save10' });
    await test.pays({ userid: await test.referral(affiliate), promocode: 'SAVE10' });
    const { rows } = await test.reads.coupons({ limit: 10 });
    expect(rows.map(({ code, referrals }) => [code, referrals])).toEqual([
      ['never', 0],
      ['save10', 2],
    ]);
    await expectReplayable(test.knex);
  });

  it('keep a client whose signup through a link is told after it has paid with one', async () => {
    const test = await given.program(database);
    const [link, coupon] = [await test.affiliate(), await test.affiliate()];
    await give(test, 'SAVE10', coupon.id);
    const signedUp = given.signup({ client_id: '801', cookie: await test.click(link), at: test.clock.now() });
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'A', userid: '801', promocode: 'SAVE10' });
    await test.hooks.ClientAdd(signedUp);
    await test.pays({ invoiceid: 'B', userid: '801' });
    expect(await test.accounts(link)).toMatchObject({ cleared: 0 });
    expect(await test.accounts(coupon)).toMatchObject({ cleared: 2000 });
    await expectReplayable(test.knex);
  });

  it('are ended before they are another’s, who starts to count anew', async () => {
    const test = await given.program(database);
    const [first, second] = [await test.affiliate(), await test.affiliate()];
    await give(test, 'spring', first.id);
    await test.pays({ userid: '801', promocode: 'spring' });
    await expect(give(test, 'SPRING', second.id)).rejects.toThrow('coupon_taken');
    await give(test, 'spring', first.id, false);
    const ended = (await test.reads.coupons({ limit: 10 })).rows;
    expect(ended).toMatchObject([
      { affiliate: { id: first.id }, until: Number(test.clock.now()), referrals: 1 },
    ]);
    expect(await test.reads.couponsOf(first.id)).toEqual([]);
    await test.pays({ userid: '802', promocode: 'spring' });
    await give(test, 'spring', second.id);
    await test.pays({ userid: '803', promocode: 'spring' });
    const again = (await test.reads.coupons({ limit: 10 })).rows;
    expect(again).toMatchObject([{ affiliate: { code: second.code }, until: null, referrals: 1 }]);
    await expectReplayable(test.knex);
  });

  it('are listed page by page, there and back', async () => {
    const test = await given.program(database);
    const { id } = await test.affiliate();
    for (const code of ['e', 'b', 'd', 'a', 'c']) await give(test, code, id);
    const codes = async (cursor?: string | null) => {
      const page = await test.reads.coupons({ limit: 2, ...(cursor && { cursor }) });
      return { ...page, codes: page.rows.map(({ code }) => code).join('') };
    };
    const first = await codes();
    const second = await codes(first.next);
    const third = await codes(second.next);
    expect([first.codes, second.codes, third.codes, third.next]).toEqual(['ab', 'cd', 'e', null]);
    expect((await codes(third.previous)).codes).toBe('cd');
  });
});
