import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import type { AffiliateView } from '../../module/views';
import { findings } from '../commissions/findings';

const merge = (test: TestProgram, fromUserID: string, toUserID: string, eventId?: string) =>
  test.hooks.AfterClientMerge({ fromUserID, toUserID, ...(eventId !== undefined && { eventId }) });

/** What the affiliate's page shows of its referrals: [shown name, earned, status] */
async function shownReferrals(test: TestProgram, { id }: AffiliateView) {
  const query = { affiliateId: id, currency: 'USD', filter: { status: 'all' as const }, limit: 25 };
  const list = await test.reads.referrals({ ...query, sort: 'name', descending: false });
  return list.rows.map(({ name, earned, status }) => [name, earned, status]);
}

describeOnEachDatabase('A merge of two clients', (database) => {
  const program = async () => {
    const test = await given.program(database);
    audited.push(test);
    return test;
  };
  const audited: TestProgram[] = [];
  afterEach(async () => {
    await Promise.all(audited.splice(0).map(({ knex, clock }) => expectSound(knex, clock.now)));
  });

  it('of whom neither has to do with the program changes nothing', async () => {
    const test = await program();
    expect(await merge(test, '1', '2')).toEqual({ accepted: true, status: 'processed' });
    expect(await merge(test, '1', '1')).toEqual({ accepted: true, status: 'processed' });
  });

  it('takes an affiliate along to the account that stays, with its link and its money', async () => {
    const test = await program();
    const affiliate = await test.affiliate({ clientId: 'from' });
    const userid = await test.referral(affiliate);
    await test.pays({ userid, total: '600.00' });
    await merge(test, 'from', 'to');
    expect(await test.reads.affiliateOfClient('from')).toBeNull();
    const moved = (await test.reads.affiliateOfClient('to'))!;
    expect(moved).toMatchObject({ id: affiliate.id, code: affiliate.code, status: 'active' });
    const next = await test.referral(affiliate);
    await test.pays({ userid: next, total: '100.00' });
    expect(await test.accounts(moved)).toMatchObject({ cleared: 7000 });
    await test.withdrawal(moved);
    expect(await test.reads.withdrawalsOf(moved.id)).toMatchObject([{ clientId: 'to', amount: 7000 }]);
  });

  it('leaves the affiliate alone that stays', async () => {
    const test = await program();
    const affiliate = await test.affiliate({ clientId: 'to' });
    await merge(test, 'from', 'to');
    expect(await test.reads.affiliateOfClient('to')).toEqual(affiliate);
  });

  it('of two affiliates gives everything of the one to the other, in every currency', async () => {
    const test = await program();
    const [from, to] = [await test.affiliate({ clientId: 'from' }), await test.affiliate({ clientId: 'to' })];
    const [one, two] = [
      await test.referral(from, { firstname: 'One', lastname: '' }),
      await test.referral(to, { firstname: 'Two', lastname: '' }),
    ];
    await test.pays({ invoiceid: 'A', userid: one, total: '600.00' });
    await test.pays({ userid: one, total: '30.00', currency: 'EUR' });
    await test.pays({ userid: two, total: '50.00' });
    const paid = await test.withdrawal(from, { method: 'bank', details: 'IBAN' });
    const act = { requestId: requestId(), staff: STAFF, withdrawalId: paid };
    await test.acts.approveWithdrawal({ ...act, transactionId: 'TX' });
    await merge(test, 'from', 'to', 'once');
    await merge(test, 'from', 'to', 'told again');
    const none = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 0 };
    expect(await test.accounts(from)).toEqual(none);
    expect(await test.accounts(from, 'EUR')).toEqual(none);
    expect(await test.accounts(to)).toEqual({ ...none, cleared: 500, withdrawn: 6000 });
    expect(await test.accounts(to, 'EUR')).toEqual({ ...none, cleared: 300 });
    expect(await test.reads.figures(from.id)).toEqual({ clicks: 0, signups: 0, conversions: 0 });
    expect(await test.reads.figures(to.id)).toEqual({ clicks: 2, signups: 2, conversions: 2 });
    expect(await shownReferrals(test, from)).toEqual([]);
    expect(await shownReferrals(test, to)).toEqual([
      ['O.', 6000, 'active'],
      ['T.', 500, 'active'],
    ]);
    expect(await test.reads.affiliate(from.id)).toMatchObject({ status: 'closed' });
    // What comes later of the one's referrals is the other's as well: also a refund, which leaves a debt.
    await test.pays({ userid: one, total: '100.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    expect(await test.accounts(to)).toEqual({ ...none, cleared: -4500, withdrawn: 6000 });
    expect(await test.accounts(from)).toEqual(none);
  });

  it('of two affiliates keeps the link and the cookies of the one good, for the other', async () => {
    const test = await program();
    const [from, to] = [await test.affiliate({ clientId: 'from' }), await test.affiliate({ clientId: 'to' })];
    const cookie = await test.click(from);
    test.clock.advance({ days: 1 });
    await merge(test, 'from', 'to');
    await test.hooks.ClientAdd(given.signup({ client_id: 'by cookie', cookie }));
    await test.pays({ userid: 'by cookie', total: '10.00' });
    await test.pays({ userid: await test.referral(from), total: '10.00' });
    expect(await test.accounts(to)).toMatchObject({ cleared: 200 });
    expect(await test.reads.figures(to.id)).toEqual({ clicks: 2, signups: 2, conversions: 2 });
  });

  it('of two affiliates carries a debt over', async () => {
    const test = await program();
    const [from, to] = [await test.affiliate({ clientId: 'from' }), await test.affiliate({ clientId: 'to' })];
    const userid = await test.referral(from);
    await test.pays({ invoiceid: 'A', userid, total: '600.00' });
    await test.withdrawal(from);
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    await merge(test, 'from', 'to');
    expect(await test.accounts(to)).toEqual({ clearing: 0, cleared: 0, reserved: 0, withdrawn: 0 });
    expect(await test.accounts(from)).toMatchObject({ cleared: 0, reserved: 0 });
    expect(await test.reads.withdrawalsOf(to.id)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('of two affiliates waits while the host is paying the one, and is done afterwards', async () => {
    const test = await program();
    const [from, to] = [await test.affiliate({ clientId: 'from' }), await test.affiliate({ clientId: 'to' })];
    const userid = await test.referral(from);
    await test.pays({ userid, total: '600.00' });
    test.host.fails('addCredit');
    const withdrawalId = await test.withdrawal(from);
    const act = { requestId: requestId(), staff: STAFF, withdrawalId };
    await test.acts.approveWithdrawal({ ...act, transactionId: '' });
    expect(await merge(test, 'from', 'to')).toEqual({ accepted: true, status: 'waiting' });
    expect(await test.reads.trouble()).toContainEqual(
      expect.objectContaining({ status: 'waiting', code: 'merge_waits_for_payout' }),
    );
    test.host.works('addCredit');
    test.clock.advance({ hours: 1 });
    await test.program.deliver();
    expect(await test.reads.trouble()).toEqual([]);
    expect(await test.accounts(to)).toMatchObject({ cleared: 0, withdrawn: 6000 });
  });

  it('keeps self-referral out under both addresses', async () => {
    const test = await program();
    const from = await test.affiliate({ clientId: 'from', email: 'one@example.org' });
    const to = await test.affiliate({ clientId: 'to', email: 'two@example.org' });
    await merge(test, 'from', 'to');
    for (const email of ['one@example.org', 'two@example.org']) {
      const userid = await test.referral(from, { email });
      await test.pays({ userid, total: '100.00' });
    }
    expect(await test.accounts(to)).toMatchObject({ cleared: 0 });
  });

  it('takes a referral along: the account that stays earns its affiliate from then on', async () => {
    const test = await program();
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 'from' });
    await test.pays({ invoiceid: 'A', userid: 'from', total: '100.00' });
    await test.pays({ invoiceid: 'B', userid: 'to', total: '100.00' });
    test.clock.advance({ days: 1 });
    await merge(test, 'from', 'to');
    await test.pays({ invoiceid: 'C', userid: 'to', total: '100.00' });
    // Looked at again, what was paid before stays what it was.
    await test.hooks.InvoiceUnpaid({ invoiceid: 'B' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '10.00' });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['earned', 1000],
      'B/1': ['paid_before_referral', 0],
      'C/1': ['earned', 1000],
    });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1900 });
  });

  it('into a referral earns nothing from what the other client paid before, also when that is refunded', async () => {
    const test = await program();
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 'to' });
    await test.pays({ invoiceid: 'A', userid: 'stranger', total: '100.00' });
    test.clock.advance({ days: 1 });
    await merge(test, 'stranger', 'to');
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '10.00' });
    await test.pays({ invoiceid: 'B', userid: 'to', total: '100.00' });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['paid_before_referral', 0],
      'B/1': ['earned', 1000],
    });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
  });

  it('of two referrals ends the one that goes', async () => {
    const test = await program();
    const [first, second] = [await test.affiliate(), await test.affiliate()];
    await test.referral(first, { client_id: 'from', firstname: 'From', lastname: '' });
    await test.referral(second, { client_id: 'to', firstname: 'To', lastname: '' });
    await test.pays({ userid: 'from', total: '100.00' });
    await merge(test, 'from', 'to');
    await test.pays({ userid: 'to', total: '100.00' });
    expect(await shownReferrals(test, first)).toEqual([['', 1000, 'closed']]);
    expect(await shownReferrals(test, second)).toEqual([['T.', 1000, 'active']]);
  });

  it.each([
    ['its own affiliate', 'referral', 'affiliate', 'no_referral'],
    ['the client it brought', 'affiliate', 'referral', 'self_referral'],
  ])('into %s makes nobody earn from itself', async (_who, from, to, reason) => {
    const test = await program();
    const affiliate = await test.affiliate({ clientId: 'affiliate' });
    await test.referral(affiliate, { client_id: 'referral' });
    await test.pays({ invoiceid: 'before', userid: 'referral', total: '100.00' });
    test.clock.advance({ days: 1 });
    await merge(test, from, to);
    await test.pays({ invoiceid: 'after', userid: to, total: '100.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
    expect((await findings(test.knex))['after/1']).toEqual([reason, 0]);
    expect(await shownReferrals(test, affiliate)).toMatchObject([[expect.anything(), 1000, 'closed']]);
  });

  it('of an affiliate into another that was its referral makes nobody earn from itself', async () => {
    const test = await program();
    const from = await test.affiliate({ clientId: 'from' });
    await test.referral(from, { client_id: 'to' });
    const to = await test.affiliate({ clientId: 'to' });
    test.clock.advance({ days: 1 });
    await merge(test, 'from', 'to');
    await test.pays({ userid: 'to', total: '100.00' });
    expect(await test.accounts(to)).toMatchObject({ cleared: 0 });
  });

  it('back into an account that was merged away is no riddle', async () => {
    const test = await program();
    const [one, two] = [await test.affiliate({ clientId: 'one' }), await test.affiliate({ clientId: 'two' })];
    await merge(test, 'one', 'two');
    await merge(test, 'two', 'one');
    await test.pays({ userid: await test.referral(one), total: '10.00' });
    const sum = (await test.accounts(one)).cleared + (await test.accounts(two)).cleared;
    expect([0, 100]).toContain(sum);
  });
});

describeOnMariaDb('A merge of two affiliates', (database) => {
  it('while their referrals pay and commissions clear leaves no cent behind', async () => {
    for (let round = 0; round < 4; round++) {
      const test = await given.program(database, { settings: { clearingDays: 1 } });
      const other = await test.another();
      const [from, to] = [
        await test.affiliate({ clientId: 'from' }),
        await test.affiliate({ clientId: 'to' }),
      ];
      const clients = [await test.referral(from), await test.referral(from), await test.referral(from)];
      for (const userid of clients) await test.pays({ userid, total: '10.00' });
      test.clock.advance({ days: 1 });
      const pay = (currency: string) =>
        clients.map((userid) => other.pays({ userid, total: '10.00', currency }));
      const cookie = await test.click(from);
      const signUp = (client_id: string) => other.hooks.ClientAdd(given.signup({ client_id, cookie }));
      await Promise.all([
        ...pay('USD'),
        signUp('early'),
        test.program.daily(),
        merge(test, 'from', 'to'),
        ...pay('EUR'),
        other.program.daily(),
        signUp('late'),
        ...pay('USD'),
      ]);
      await test.acts.retryEvents();
      await test.pays({ userid: 'early', total: '10.00' });
      await test.pays({ userid: 'late', total: '10.00' });
      test.clock.advance({ days: 1 });
      await test.program.daily();
      expect(await test.reads.trouble()).toEqual([]);
      await expectSound(test.knex, test.clock.now);
      expect(await test.accounts(to)).toEqual({ clearing: 0, cleared: 1100, reserved: 0, withdrawn: 0 });
      expect(await test.accounts(to, 'EUR')).toMatchObject({ cleared: 300 });
      expect(await test.accounts(from)).toMatchObject({ clearing: 0, cleared: 0 });
      expect(await test.reads.figures(to.id)).toMatchObject({ signups: 5, conversions: 5 });
      await other.close();
      await test.close();
    }
  });
});
