/** Corrections that take two people. */
import type { AffiliateView } from '../../module/views';
import { describeOnEachDatabase, describeOnMariaDb, type TestDatabase } from '../support/databases';
import { requestId, SECOND, STAFF, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { earned, outcomes } from '../withdrawals/given';
import { corrections } from './given';

const EARNED = { clearing: 0, cleared: 6000, reserved: 0, withdrawn: 0 };
const ABOVE_TEN = { settings: { approvalAbove: '10.00' } };

/** An affiliate with 60.00, and two of staff with the same name. */
async function program(database: TestDatabase) {
  const { test, affiliate } = await earned(database, '600.00', ABOVE_TEN);
  await test.program.deliver();
  return { test, affiliate, first: corrections(test), second: corrections(test, SECOND) };
}

async function proposed(database: TestDatabase) {
  const all = await program(database);
  const { correctionId: id } = await all.first.credit(all.affiliate, 1001);
  return { ...all, id };
}

const statusOf = async ({ reads }: TestProgram, id: string) => (await reads.correction(id))?.status;

async function actionsAbout({ reads }: TestProgram, { id }: AffiliateView): Promise<string[]> {
  const { rows } = await reads.audit({ affiliateId: id, limit: 20 });
  return rows.map(({ action }) => action).filter((action) => action.startsWith('correction.'));
}

describeOnEachDatabase('A correction above the amount for one person', (database) => {
  it('waits, where one of exactly the amount is booked', async () => {
    const { test, affiliate, first } = await program(database);
    expect(await first.credit(affiliate, 1000)).toMatchObject({ posted: true });
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 7000 });
    const { correctionId, posted } = await first.credit(affiliate, 1001);
    expect(posted).toBe(false);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 7000 });
    expect(await test.reads.correction(correctionId)).toMatchObject({
      status: 'proposed',
      needsApproval: true,
    });
    const { corrections: waiting } = await test.reads.waitingForSecond();
    expect(waiting.map(({ id }) => id)).toEqual([correctionId]);
    await expectSound(test.knex, test.clock.now);
  });

  it('waits in another currency whatever the amount, since nobody knows what it is worth', async () => {
    const { test, affiliate, first, second } = await program(database);
    const { correctionId, posted } = await first.credit(affiliate, 1, { currency: 'JPY' });
    expect(posted).toBe(false);
    await second.approve(correctionId);
    expect(await test.accounts(affiliate, 'JPY')).toMatchObject({ cleared: 1 });
  });

  it('is booked once a second person approves, and told apart by id and not by name', async () => {
    const { test, affiliate, first, second, id } = await proposed(database);
    const before = await everythingKept(test.knex);
    await expect(first.approve(id)).rejects.toMatchObject({ code: 'second_person_needed' });
    await expect(first.reject(id)).rejects.toMatchObject({ code: 'second_person_needed' });
    await expect(corrections(test, { id: '1', name: 'Else' }).approve(id)).rejects.toMatchObject({
      code: 'second_person_needed',
    });
    expect(await everythingKept(test.knex)).toBe(before);
    await second.approve(id);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 7001 });
    expect(await test.reads.correction(id)).toMatchObject({ status: 'posted', decidedBy: SECOND.name });
    expect(await actionsAbout(test, affiliate)).toEqual(['correction.approved', 'correction.proposed']);
    expect((await test.reads.waitingForSecond()).corrections).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });

  it('is rejected by a second person with a reason, and moves nothing', async () => {
    const { test, affiliate, second, id } = await proposed(database);
    await expect(second.reject(id, '')).rejects.toMatchObject({ code: 'reason_required' });
    await expect(second.reject(id, 'x'.repeat(501))).rejects.toMatchObject({ code: 'field_too_long' });
    await second.reject(id, 'There was no referral');
    expect(await test.accounts(affiliate)).toEqual(EARNED);
    expect(await test.reads.correction(id)).toMatchObject({
      status: 'rejected',
      decisionReason: 'There was no referral',
    });
    expect(await actionsAbout(test, affiliate)).toEqual(['correction.rejected', 'correction.proposed']);
    await expectSound(test.knex, test.clock.now);
  });

  it('is taken back by its proposer alone', async () => {
    const { test, affiliate, first, second, id } = await proposed(database);
    await expect(second.retract(id)).rejects.toMatchObject({ code: 'proposer_only' });
    await first.retract(id);
    expect(await statusOf(test, id)).toBe('retracted');
    expect(await test.accounts(affiliate)).toEqual(EARNED);
    expect(await actionsAbout(test, affiliate)).toEqual(['correction.retracted', 'correction.proposed']);
    await expectSound(test.knex, test.clock.now);
  });

  it.each(['approve', 'reject', 'retract'] as const)(
    'that has ended stays as it is: it was to %s',
    async (end) => {
      const { test, affiliate, first, second, id } = await proposed(database);
      await (end === 'retract' ? first : second)[end](id);
      const [before, status] = [await test.accounts(affiliate), await statusOf(test, id)];
      const more = [() => second.approve(id), () => second.reject(id), () => first.retract(id)];
      for (const decide of more) {
        await expect(decide()).rejects.toMatchObject({ code: 'correction_not_open', parameters: { status } });
      }
      expect(await test.accounts(affiliate)).toEqual(before);
      await expectSound(test.knex, test.clock.now);
    },
  );

  it('that does not exist cannot be decided', async () => {
    const { second } = await program(database);
    for (const decide of [second.approve, (id: string) => second.reject(id), second.retract]) {
      await expect(decide('none')).rejects.toMatchObject({ code: 'correction_missing' });
    }
  });

  it('takes nothing that is not there, when it is proposed and again when it is approved', async () => {
    const { test, affiliate, first, second } = await program(database);
    const overdrawn = { code: 'correction_overdraws', parameters: { available: 6000, currency: 'USD' } };
    await expect(first.debit(affiliate, 6001)).rejects.toMatchObject(overdrawn);
    const { correctionId } = await first.debit(affiliate, 6000);
    await first.debit(affiliate, 500);
    await expect(second.approve(correctionId)).rejects.toMatchObject({
      code: 'correction_overdraws',
      parameters: { available: 5500, currency: 'USD' },
    });
    expect(await statusOf(test, correctionId)).toBe('proposed');
    await first.credit(affiliate, 500);
    await second.approve(correctionId);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('goes along when its affiliate is merged into another', async () => {
    const { test, affiliate, second, id } = await proposed(database);
    const other = await test.affiliate({ clientId: '6' });
    await test.hooks.AfterClientMerge({ toUserID: '6', fromUserID: affiliate.clientId });
    await second.approve(id);
    expect(await test.accounts(other)).toEqual({ ...EARNED, cleared: 7001 });
    await expectSound(test.knex, test.clock.now);
  });

  it('gives nothing to an affiliate that was closed while it waited', async () => {
    const { test, affiliate, second, id } = await proposed(database);
    await test.hooks.ClientClose({ userid: affiliate.clientId });
    await expect(second.approve(id)).rejects.toMatchObject({ code: 'affiliate_not_active' });
    await second.reject(id);
    await expectSound(test.knex, test.clock.now);
  });

  it('keeps needing two people when the setting is raised while it waits', async () => {
    const { test, id } = await proposed(database);
    const raised = corrections(await test.another({ settings: { approvalAbove: '' } }));
    await expect(raised.approve(id)).rejects.toMatchObject({ code: 'second_person_needed' });
  });

  it('approved twice from one form is booked once', async () => {
    const { test, affiliate, id } = await proposed(database);
    const form = { requestId: requestId(), staff: SECOND, correctionId: id };
    await test.acts.approveCorrection(form);
    await test.acts.approveCorrection(form);
    expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: 7001 });
  });

  it('is no business of somebody whom the host gives no id', async () => {
    const { test, affiliate, id } = await proposed(database);
    const before = await everythingKept(test.knex);
    const stranger = corrections(test, { id: '', name: STAFF.name });
    await expect(stranger.credit(affiliate, 1)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(stranger.approve(id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await everythingKept(test.knex)).toBe(before);
  });
});

describeOnMariaDb('Approvals of one correction at the same moment in two processes', (database) => {
  it('book it once, and never after it was rejected or taken back', async () => {
    for (let round = 0; round < 4; round++) {
      const { test, affiliate, first, second, id } = await proposed(database);
      const other = await test.another();
      const third = corrections(other, { id: '3', name: 'Kim' });
      const ended = outcomes(
        await Promise.allSettled([
          second.approve(id),
          third.approve(id),
          ...(round % 2 ? [third.reject(id), first.retract(id)] : []),
          second.approve(id),
        ]),
      );
      expect(ended.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(new Set(ended)).toEqual(new Set(['done', 'correction_not_open']));
      const isPosted = (await statusOf(test, id)) === 'posted';
      expect(await test.accounts(affiliate)).toEqual({ ...EARNED, cleared: isPosted ? 7001 : 6000 });
      await expectSound(test.knex, test.clock.now);
      await other.close();
      await test.close();
    }
  });
});
