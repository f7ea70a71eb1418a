import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { requestId, STAFF } from '../support/given';
import { expectSound } from '../support/invariants';
import { decisions, earned, outcomes } from './given';

const AVAILABLE = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };
const WITHDRAWN = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 6000 };
const BY_HAND = { method: 'paypal', details: 'me@paypal.example' } as const;

describeOnEachDatabase('A withdrawal', (database) => {
  it('that is denied is available again, and its affiliate is told why', async () => {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate, BY_HAND);
    await decisions(test).deny(id, 'Please complete your tax form');
    expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
    const [statement] = await test.reads.statements(affiliate.id);
    expect(statement).toMatchObject({ available: 6000 });
    await test.program.deliver();
    expect(test.host.doneBy('sendMail').at(-1)?.text).toContain('Please complete your tax form');
    expect(test.host.doneBy('replyTicket').at(-1)).toMatchObject({
      ticketId: (await test.reads.withdrawal(id))?.ticketId,
      message: expect.stringContaining('Please complete your tax form') as string,
    });
    await test.withdrawal(affiliate, BY_HAND);
    await expectSound(test.knex, test.clock.now);
  });

  it('is not denied without a reason', async () => {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate);
    await expect(decisions(test).deny(id, '')).rejects.toMatchObject({ code: 'reason_required' });
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'requested' });
  });

  it('that its affiliate takes back is available again', async () => {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate);
    await decisions(test).cancel(affiliate, id);
    expect(await test.accounts(affiliate)).toEqual(AVAILABLE);
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'cancelled', decidedBy: 'client 5' });
    await expectSound(test.knex, test.clock.now);
  });

  it('of somebody else does not exist', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.affiliate({ clientId: '6' });
    const id = await test.withdrawal(affiliate);
    await expect(decisions(test).cancel(other, id)).rejects.toMatchObject({ code: 'withdrawal_missing' });
    await expect(decisions(test).cancel(affiliate, 'no such')).rejects.toMatchObject({
      code: 'withdrawal_missing',
    });
    expect(await test.reads.withdrawal(id)).toMatchObject({ status: 'requested' });
  });

  it('paid by hand is paid under its transaction id', async () => {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate, BY_HAND);
    await expect(decisions(test).approve(id)).rejects.toMatchObject({
      code: 'field_required',
      parameters: { field: 'transactionId' },
    });
    await decisions(test).approve(id, 'TX-1');
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    expect(await test.reads.withdrawal(id)).toMatchObject({
      status: 'paid',
      reference: 'TX-1',
      decidedBy: STAFF.name,
    });
    await test.program.deliver();
    expect(test.host.doneBy('addCredit')).toEqual([]);
    expect(test.host.doneBy('sendMail').at(-1)?.text).toContain('60.00');
    await expectSound(test.knex, test.clock.now);
  });

  it('is not paid by hand under a transaction id that paid another', async () => {
    const { test, affiliate, userid } = await earned(database);
    await decisions(test).approve(await test.withdrawal(affiliate, BY_HAND), 'TX-1');
    await test.pays({ userid, total: '600.00' });
    const second = await test.withdrawal(affiliate, BY_HAND);
    await expect(decisions(test).approve(second, 'TX-1')).rejects.toMatchObject({
      code: 'transaction_id_used',
    });
    expect(await test.accounts(affiliate)).toEqual({ ...WITHDRAWN, reserved: 6000 });
    await decisions(test).approve(second, 'TX-2');
    expect(await test.accounts(affiliate)).toEqual({ ...WITHDRAWN, withdrawn: 12_000 });
    await expectSound(test.knex, test.clock.now);
  });

  it.each([
    ['paid', 'paid'],
    ['denied', 'denied'],
    ['cancelled', 'cancelled'],
  ])('that is %s stays so', async (end, status) => {
    const { test, affiliate } = await earned(database);
    const id = await test.withdrawal(affiliate, BY_HAND);
    const { approve, deny, cancel } = decisions(test);
    if (end === 'paid') await approve(id, 'TX-1');
    else await (end === 'denied' ? deny(id) : cancel(affiliate, id));
    const before = await test.accounts(affiliate);
    const more = [() => approve(id, 'TX-2'), () => deny(id), () => cancel(affiliate, id)];
    for (const decide of more) {
      await expect(decide()).rejects.toMatchObject({ code: 'withdrawal_not_open', parameters: { status } });
    }
    expect(await test.accounts(affiliate)).toEqual(before);
    expect(await test.reads.withdrawal(id)).toMatchObject({ status });
  });

  it('decided twice from one form is decided once', async () => {
    const { test, affiliate } = await earned(database);
    const withdrawalId = await test.withdrawal(affiliate, BY_HAND);
    const form = { requestId: requestId(), staff: STAFF, withdrawalId, transactionId: 'TX-1' };
    await test.acts.approveWithdrawal(form);
    await test.acts.approveWithdrawal(form);
    expect(await test.accounts(affiliate)).toEqual(WITHDRAWN);
    const other = { requestId: form.requestId, staff: STAFF, withdrawalId, reason: 'no' };
    await expect(test.acts.denyWithdrawal(other)).rejects.toMatchObject({ code: 'event_conflict' });
  });
});

describeOnMariaDb('Decisions at the same moment in two processes', (database) => {
  it('on one withdrawal: exactly one wins', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, affiliate } = await earned(database);
      const other = await test.another();
      const id = await test.withdrawal(affiliate, BY_HAND);
      const [one, two] = [decisions(test), decisions(other)];
      const ended = outcomes(
        await Promise.allSettled([
          two.cancel(affiliate, id),
          one.approve(id, 'TX-1'),
          two.deny(id),
          two.approve(id, 'TX-2'),
          one.deny(id),
          one.cancel(affiliate, id),
        ]),
      );
      expect(ended.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(new Set(ended)).toEqual(new Set(['done', 'withdrawal_not_open']));
      const { status } = (await test.reads.withdrawal(id))!;
      expect(await test.accounts(affiliate)).toEqual(status === 'paid' ? WITHDRAWN : AVAILABLE);
      await expectSound(test.knex, test.clock.now);
      await other.close();
      await test.close();
    }
  });

  it('on two withdrawals with one transaction id: one is paid', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const second = await test.affiliate({ clientId: '6' });
    await test.pays({ userid: await test.referral(second), total: '600.00' });
    const ids = [await test.withdrawal(affiliate, BY_HAND), await test.withdrawal(second, BY_HAND)];
    const ended = await Promise.allSettled([
      decisions(test).approve(ids[0]!, 'TX-1'),
      decisions(other).approve(ids[1]!, 'TX-1'),
    ]);
    expect(outcomes(ended).sort()).toEqual(['done', 'transaction_id_used']);
    await expectSound(test.knex, test.clock.now);
  });
});
