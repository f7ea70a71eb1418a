/** Payouts that take two people. */
import { describeOnEachDatabase, describeOnMariaDb, type TestDatabase } from '../support/databases';
import { requestId, SECOND, STAFF, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { decisions, earned, outcomes } from './given';

const AVAILABLE = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };
const RESERVED = { clearing: 0, cleared: 0, reserved: 6000, withdrawn: 0 };
const WITHDRAWN = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 6000 };
const BY_HAND = { method: 'paypal', details: 'me@paypal.example' } as const;

/** 60.00 in an open withdrawal, of which one person may decide on so much. */
async function requested(database: TestDatabase, asked = {}, approvalAbove = '59.99') {
  const { test, affiliate, userid } = await earned(database, '600.00', { settings: { approvalAbove } });
  const id = await test.withdrawal(affiliate, asked);
  await test.program.deliver();
  return { test, affiliate, userid, id, first: decisions(test), second: decisions(test, SECOND) };
}

const actions = async ({ reads }: TestProgram) =>
  (await reads.audit({ limit: 20 })).rows.map(({ action }) => action);

describeOnEachDatabase('A payout above the amount for one person', (database) => {
  it('is reserved until a second person approves the credit, and is then paid once', async () => {
    const { test, affiliate, id, first, second } = await requested(database);
    expect(await first.approve(id)).toEqual({ waitsForSecond: true });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toEqual([]);
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    expect(await test.reads.withdrawal(id)).toMatchObject({
      status: 'requested',
      decidedAt: null,
      firstApproval: { by: STAFF.name, byId: STAFF.id, transactionId: '' },
    });
    expect((await test.reads.waitingForSecond()).withdrawals.map((one) => one.id)).toEqual([id]);
    expect(await second.approve(id)).toEqual({ waitsForSecond: false });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toHaveLength(1);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    expect((await test.reads.waitingForSecond()).withdrawals).toEqual([]);
    expect(await actions(test)).toEqual(expect.arrayContaining(['withdrawal.first_approved']));
    await expectSound(test.knex, test.clock.now);
  });

  it('is paid by hand once a second person approves it under the same transaction id', async () => {
    const { test, affiliate, id, first, second } = await requested(database, BY_HAND);
    await expect(first.approve(id)).rejects.toMatchObject({ code: 'field_required' });
    await first.approve(id, 'TX-1');
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    for (const other of ['', 'TX-2']) {
      await expect(second.approve(id, other)).rejects.toMatchObject({ code: 'approval_differs' });
    }
    await second.approve(id, 'TX-1');
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'paid', reference: 'TX-1' });
    await expectSound(test.knex, test.clock.now);
  });

  it('of exactly the amount takes one person', async () => {
    const { test, affiliate, id, first } = await requested(database, BY_HAND, '60.00');
    expect(await first.approve(id, 'TX-1')).toEqual({ waitsForSecond: false });
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    expect(await test.reads.withdrawal(id)).toMatchObject({ firstApproval: null });
    await expectSound(test.knex, test.clock.now);
  });

  it('takes two in another currency, whatever the amount', async () => {
    const { test, affiliate, userid, first, second } = await requested(database, {}, '1000000.00');
    await test.pays({ userid, total: '500', currency: 'JPY' });
    const id = await test.withdrawal(affiliate, { ...BY_HAND, currency: 'JPY' });
    expect(await first.approve(id, 'TX-1')).toEqual({ waitsForSecond: true });
    await second.approve(id, 'TX-1');
    expect(await test.accounts(affiliate, 'JPY')).toMatchObject({ withdrawn: 50 });
    await expectSound(test.knex, test.clock.now);
  });

  it('is not paid by the same person approving again, whatever name is given', async () => {
    const { test, id, first } = await requested(database);
    await first.approve(id);
    const before = await everythingKept(test.knex);
    const renamed = decisions(test, { id: STAFF.id, name: 'Somebody else' });
    for (const again of [first, renamed]) {
      await expect(again.approve(id)).rejects.toMatchObject({ code: 'second_person_needed' });
    }
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('keeps taking two when the setting is raised in between', async () => {
    const { test, id, first } = await requested(database);
    await first.approve(id);
    const raised = await test.another({ settings: { approvalAbove: '' } });
    const refusal = { code: 'second_person_needed' };
    await expect(decisions(raised).approve(id)).rejects.toMatchObject(refusal);
  });

  it('approved twice from one form is approved once', async () => {
    const { test, affiliate, id } = await requested(database);
    const form = { requestId: requestId(), staff: STAFF, withdrawalId: id, transactionId: '' };
    expect(await test.acts.approveWithdrawal(form)).toEqual({ waitsForSecond: true });
    expect(await test.acts.approveWithdrawal(form)).toEqual({ waitsForSecond: true });
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
  });

  it.each([
    ['the first person denies', 'deny', STAFF],
    ['a second person denies', 'deny', SECOND],
    ['the affiliate cancels', 'cancel', STAFF],
  ] as const)(
    'that %s after the first approval is available again, and never paid',
    async (_who, end, by) => {
      const { test, affiliate, userid, id, first, second } = await requested(database, BY_HAND);
      await first.approve(id, 'TX-1');
      const deciding = decisions(test, by);
      await (end === 'deny' ? deciding.deny(id) : deciding.cancel(affiliate, id));
      expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
      await expect(second.approve(id, 'TX-1')).rejects.toMatchObject({ code: 'withdrawal_not_open' });
      expect((await test.reads.waitingForSecond()).withdrawals).toEqual([]);
      // The number it would have been paid under pays another, which needs two approvals of its own.
      await test.pays({ userid, total: '10.00' });
      const next = await test.withdrawal(affiliate, BY_HAND);
      expect(await second.approve(next, 'TX-1')).toEqual({ waitsForSecond: true });
      await first.approve(next, 'TX-1');
      expect(await test.accounts(affiliate)).toEqual({ ...WITHDRAWN, withdrawn: 6100 });
      await expectSound(test.knex, test.clock.now);
    },
  );

  it('keeps its transaction id from another payout while it waits', async () => {
    const { test, id, first, second } = await requested(database, BY_HAND);
    const other = await test.affiliate({ clientId: '6' });
    await test.pays({ userid: await test.referral(other), total: '600.00' });
    const elsewhere = await test.withdrawal(other, BY_HAND);
    await first.approve(id, 'TX-1');
    await expect(first.approve(elsewhere, 'TX-1')).rejects.toMatchObject({ code: 'transaction_id_used' });
    await second.approve(id, 'TX-1');
  });

  it('that the host refuses after two approvals is available again, and takes two the next time', async () => {
    const { test, affiliate, id, first, second } = await requested(database);
    test.host.refuses('addCredit', 'the account is locked');
    await first.approve(id);
    await second.approve(id);
    await test.program.deliver();
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'failed' });
    expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
    const next = await test.withdrawal(affiliate);
    expect(await second.approve(next)).toEqual({ waitsForSecond: true });
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnEachDatabase('A payout that the host is asked for', (database) => {
  it('cannot be booked as paid by hand as well', async () => {
    const { test, affiliate, id, first } = await requested(database, {}, '');
    test.host.fails('addCredit');
    await first.approve(id);
    await expect(first.approve(id, 'TX-1')).rejects.toMatchObject({
      code: 'withdrawal_not_open',
      parameters: { status: 'paying' },
    });
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
  });
});

describeOnMariaDb('Approvals of one payout at the same moment in two processes', (database) => {
  it('by two people pay it once, whichever of them came first', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, affiliate, id, first } = await requested(database);
      const other = await test.another();
      const second = decisions(other, SECOND);
      const ended = await Promise.allSettled([first.approve(id), second.approve(id)]);
      expect(outcomes(ended)).toEqual(['done', 'done']);
      await Promise.all([test.program.deliver(), other.program.deliver()]);
      expect(test.host.doneBy('addCredit')).toHaveLength(1);
      expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
      await expectSound(test.knex, test.clock.now);
      await other.close();
      await test.close();
    }
  });

  it('as the second person pay it once, and never after a denial or a cancellation', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, affiliate, id, first, second } = await requested(database, BY_HAND);
      const other = await test.another();
      const third = decisions(other, { id: '3', name: 'Kim' });
      await first.approve(id, 'TX-1');
      const ended = outcomes(
        await Promise.allSettled([
          ...(round % 2 ? [third.cancel(affiliate, id), second.deny(id)] : []),
          second.approve(id, 'TX-1'),
          third.approve(id, 'TX-1'),
          first.approve(id, 'TX-1'),
        ]),
      );
      expect(ended.filter((outcome) => outcome === 'done')).toHaveLength(1);
      const { status } = (await test.reads.withdrawal(id))!;
      expect(await test.accounts(affiliate)).toEqual(status === 'paid' ? WITHDRAWN : AVAILABLE);
      await expectSound(test.knex, test.clock.now);
      await other.close();
      await test.close();
    }
  });
});
