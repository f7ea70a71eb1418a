/** Corrections that one person may make alone. */
import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, requestId, STAFF } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { earned, outcomes } from '../withdrawals/given';
import { corrections } from './given';

const EARNED = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };

describeOnEachDatabase('A correction', (database) => {
  it('gives an amount, cleared at once', async () => {
    const { test, affiliate } = await earned(database);
    const { correctionId, posted } = await corrections(test).credit(affiliate, 1234, { reason: 'A gift' });
    expect(posted).toBe(true);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 7234 });
    expect(await test.reads.correction(correctionId)).toMatchObject({
      affiliate: { id: affiliate.id, code: affiliate.code },
      direction: 'credit',
      amount: 1234,
      reason: 'A gift',
      status: 'posted',
      needsApproval: false,
      proposedBy: STAFF.name,
      decidedAt: null,
    });
    await test.program.daily();
    await expectSound(test.knex, test.clock.now);
  });

  it('takes an amount, down to nothing', async () => {
    const { test, affiliate } = await earned(database);
    await corrections(test).debit(affiliate, 6000);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('takes no cent more than is cleared, says what is available, and leaves no trace', async () => {
    const { test, affiliate } = await earned(database);
    await test.program.deliver();
    const before = await everythingKept(test.knex);
    await expect(corrections(test).debit(affiliate, 6001)).rejects.toMatchObject({
      code: 'correction_overdraws',
      parameters: { available: 6000, currency: 'USD' },
    });
    await expect(corrections(test).debit(affiliate, 1, { currency: 'EUR' })).rejects.toMatchObject({
      parameters: { available: 0, currency: 'EUR' },
    });
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('takes nothing that still clears, is reserved for a withdrawal, or is owed', async () => {
    const { test, affiliate } = await earned(database);
    await test.withdrawal(affiliate);
    await expect(corrections(test).debit(affiliate, 1)).rejects.toMatchObject({
      parameters: { available: 0 },
    });
    const later = await given.program(database, { settings: { clearingDays: 5 } });
    const other = await later.affiliate();
    await later.pays({ userid: await later.referral(other), total: '600.00' });
    await expect(corrections(later).debit(other, 1)).rejects.toMatchObject({ parameters: { available: 0 } });
  });

  it('pays back a debt that a refund after a payout has left, and never makes one', async () => {
    const { test, affiliate } = await earned(database);
    const withdrawalId = await test.withdrawal(affiliate, { method: 'paypal', details: 'me' });
    const act = { requestId: requestId(), staff: STAFF, withdrawalId };
    await test.acts.approveWithdrawal({ ...act, transactionId: 'TX-1' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '100.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: -1000 });
    await expect(corrections(test).debit(affiliate, 1)).rejects.toMatchObject({
      parameters: { available: 0 },
    });
    await corrections(test).credit(affiliate, 1000);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0, withdrawn: 6000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('stands in the statement with its direction and its reason', async () => {
    const { test, affiliate } = await earned(database);
    test.clock.advance({ minutes: 1 });
    await corrections(test).credit(affiliate, 700, { reason: 'A gift' });
    await corrections(test).debit(affiliate, 300, { reason: 'Too much' });
    const entries = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 2 });
    expect(entries.rows).toMatchObject([
      { kind: 'correct', amount: 300, correction: { direction: 'debit', reason: 'Too much' } },
      { kind: 'correct', amount: 700, correction: { direction: 'credit', reason: 'A gift' } },
    ]);
    const older = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 50 });
    expect(older.rows.at(-1)).toMatchObject({ kind: 'earn', correction: null });
  });

  it('counts the smallest unit of its currency, whatever decimals that has', async () => {
    const { test, affiliate } = await earned(database);
    await corrections(test).credit(affiliate, 1, { currency: 'JPY' });
    await corrections(test).credit(affiliate, 1, { currency: 'KWD' });
    expect(await test.accounts(affiliate, 'JPY')).toMatchObject({ cleared: 1 });
    expect(await test.accounts(affiliate, 'KWD')).toMatchObject({ cleared: 1 });
    await expectSound(test.knex, test.clock.now);
  });

  it.each([
    ['nothing', { amount: 0 }, 'field_invalid'],
    ['less than nothing', { amount: -100 }, 'field_invalid'],
    ['a fraction', { amount: 0.5 }, 'field_invalid'],
    ['not a number', { amount: NaN }, 'field_invalid'],
    ['more than can be counted', { amount: 2 ** 53 }, 'field_invalid'],
    ['no currency', { currency: 'XYZ' }, 'currency_unknown'],
    ['no direction', { direction: 'sideways' as 'debit' }, 'field_invalid'],
    ['no reason', { reason: '' }, 'reason_required'],
    ['a reason too long to keep', { reason: 'x'.repeat(501) }, 'field_too_long'],
  ])('of %s is refused', async (_what, asked, code) => {
    const { test, affiliate } = await earned(database);
    await test.program.deliver();
    const before = await everythingKept(test.knex);
    await expect(corrections(test).propose(affiliate, asked)).rejects.toMatchObject({ code });
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('of somebody who is no affiliate is refused', async () => {
    const { test } = await earned(database);
    await expect(corrections(test).propose({ id: 999 })).rejects.toMatchObject({ code: 'affiliate_missing' });
  });

  it('sent twice from one form is made once, and with another content refused', async () => {
    const { test, affiliate } = await earned(database);
    const form = {
      requestId: requestId(),
      staff: STAFF,
      affiliateId: affiliate.id,
      direction: 'credit',
      currency: 'USD',
      amount: 500,
      reason: 'A gift',
    } as const;
    const first = await test.acts.proposeCorrection(form);
    expect(await test.acts.proposeCorrection(form)).toEqual(first);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 6500 });
    await expect(test.acts.proposeCorrection({ ...form, amount: 501 })).rejects.toMatchObject({
      code: 'event_conflict',
    });
  });

  it('is possible for a suspended affiliate; from a closed one it only takes', async () => {
    const { test, affiliate } = await earned(database);
    const facts = { clientId: affiliate.clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
    const off = { requestId: requestId(), staff: STAFF, on: false, reason: 'odd clicks' };
    await test.acts.switchAffiliate({ ...facts, ...off });
    await corrections(test).credit(affiliate, 100);
    await test.hooks.ClientClose({ userid: affiliate.clientId });
    await expect(corrections(test).credit(affiliate, 100)).rejects.toMatchObject({
      code: 'affiliate_not_active',
      parameters: { status: 'closed' },
    });
    await corrections(test).debit(affiliate, 6100);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('does not find an affiliate that was merged into another, whose money is elsewhere now', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.affiliate({ clientId: '6' });
    await corrections(test).credit(affiliate, 100);
    await test.hooks.AfterClientMerge({ toUserID: '6', fromUserID: affiliate.clientId });
    const refusal = { code: 'affiliate_not_active' };
    await expect(corrections(test).credit(affiliate, 100)).rejects.toMatchObject(refusal);
    await expect(corrections(test).debit(affiliate, 100)).rejects.toMatchObject(refusal);
    await corrections(test).debit(other, 6100);
    expect(await test.accounts(other)).toEqual({ ...EARNED, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('is recorded with who made it, which way it went, and why', async () => {
    const { test, affiliate } = await earned(database);
    await corrections(test).debit(affiliate, 250, { reason: 'Booked twice' });
    const { rows } = await test.reads.audit({ affiliateId: affiliate.id, limit: 1 });
    expect(rows).toMatchObject([
      {
        actor: STAFF.name,
        action: 'correction.posted',
        parameters: { amount: 250, currency: 'USD', direction: 'debit', reason: 'Booked twice' },
      },
    ]);
  });
});

describeOnMariaDb('Corrections at the same moment in two processes', (database) => {
  it('never take more together than there is', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const all = [test, other, test, other, test].map((each) => corrections(each).debit(affiliate, 2500));
    const ended = outcomes(await Promise.allSettled(all)).sort();
    expect(ended.filter((outcome) => outcome === 'done')).toHaveLength(2);
    expect(new Set(ended)).toEqual(new Set(['done', 'correction_overdraws']));
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('and a merge leave no cent with the affiliate that is gone', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, affiliate } = await earned(database);
      const other = await test.another();
      const standing = await test.affiliate({ clientId: '6' });
      const ended = outcomes(
        await Promise.allSettled([
          corrections(other).credit(affiliate, 500),
          test.hooks.AfterClientMerge({ toUserID: '6', fromUserID: affiliate.clientId }),
          corrections(other).credit(affiliate, 500),
        ]),
      );
      const credited = [ended[0], ended[2]].filter((outcome) => outcome === 'done').length;
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
      expect(await test.accounts(standing)).toMatchObject({ cleared: 6000 + credited * 500 });
      await expectSound(test.knex, test.clock.now);
      await other.close();
      await test.close();
    }
  });
});
