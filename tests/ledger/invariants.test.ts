import type { Knex } from 'knex';
import { describeOnSqlite } from '../support/databases';
import { corrections } from '../corrections/given';
import { given, SECOND, type TestProgram } from '../support/given';
import { auditorOf } from '../support/invariants';

describeOnSqlite('The auditor', (database) => {
  /** A history with a bit of everything: paid, refunded, corrected by two, withdrawn, still clearing. */
  async function livedIn(): Promise<TestProgram> {
    const test = await given.program(database, { settings: { clearingDays: 10, approvalAbove: '1.00' } });
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '700.00' });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '70.00' });
    test.clock.advance({ days: 10 });
    await test.program.daily();
    const { correctionId } = await corrections(test).debit(affiliate, 200);
    await corrections(test, SECOND).approve(correctionId);
    await test.withdrawal(affiliate);
    await test.pays({ invoiceid: 'B', userid, total: '90.00' });
    await test.hooks.InvoicePaid({ invoiceid: 'C' });
    return test;
  }

  it('finds nothing wrong with an honest history', async () => {
    const { knex, clock } = await livedIn();
    expect(await auditorOf(knex, () => clock.now().getTime()).audit()).toEqual([]);
  });

  const entries = (knex: Knex) => knex('mod_affiliates_ledger_entries');
  const where = async (knex: Knex) => {
    const entry = await knex<{ transaction_id: string; position: number; amount: number }>(
      'mod_affiliates_ledger_entries',
    )
      .where('amount', '>', 0)
      .first('transaction_id', 'position');
    return entry!;
  };

  /** Each fault is what a bug would leave behind: planted with SQL, and named by the invariant that it breaks. */
  const faults: [string, string, (knex: Knex, now: number) => Promise<unknown>][] = [
    [
      'an entry was changed',
      'I1',
      async (knex) =>
        entries(knex)
          .where(await where(knex))
          .increment('amount', 1),
    ],
    [
      'an entry was deleted',
      'I1',
      async (knex) =>
        entries(knex)
          .where(await where(knex))
          .delete(),
    ],
    [
      'all entries of a transaction were deleted',
      'I1',
      async (knex) =>
        entries(knex)
          .where({ transaction_id: (await where(knex))['transaction_id'] })
          .delete(),
    ],
    [
      'a transaction was deleted under its entries',
      'I1',
      (knex) => knex('mod_affiliates_ledger_transactions').where({ kind: 'earn' }).delete(),
    ],
    [
      'both sides of an entry were changed alike',
      'I8',
      async (knex) => {
        const { transaction_id } = await where(knex);
        await entries(knex)
          .where({ transaction_id })
          .update({ amount: knex.raw('amount * 2') });
      },
    ],
    [
      'an entry moved to another currency',
      'I1',
      async (knex) =>
        entries(knex)
          .where(await where(knex))
          .update({ currency: 'EUR' }),
    ],
    [
      'a balance was written back a cent too high',
      'I2',
      (knex) => knex('mod_affiliates_balances').increment('cleared', 1),
    ],
    ['a balance was lost', 'I2', (knex) => knex('mod_affiliates_balances').delete()],
    [
      'a balance became a fraction',
      'I13',
      (knex) => knex('mod_affiliates_balances').update({ cleared: knex.raw("'0.5'") }),
    ],
    [
      'a commission earned more than its terms allow',
      'I4',
      (knex) => knex('mod_affiliates_commissions').increment('earned', 1),
    ],
    [
      'a line counts for more than was paid',
      'I4',
      (knex) => knex('mod_affiliates_invoice_lines').increment('net', 1),
    ],
    [
      'a commission was reversed beyond what it earned',
      'I5',
      (knex) => knex('mod_affiliates_commissions').increment('reversed', 100_000),
    ],
    [
      'a reversal was noted and not posted',
      'I2',
      (knex) => knex('mod_affiliates_commissions').where({ state: 'clearing' }).increment('reversed', 1),
    ],
    [
      'a line earned twice',
      'I6',
      async (knex) => {
        const [first] = await knex<Record<string, unknown>>('mod_affiliates_commissions');
        await knex('mod_affiliates_commissions').insert({ ...first, id: 'again', affiliate_id: 2 });
      },
    ],
    ['an event vanished from every queue', 'I7', (knex) => knex('mod_affiliates_event_answers').delete()],
    [
      'an event is answered and still waits',
      'I7',
      async (knex) => {
        const [event] = await knex<{ id: string }>('mod_affiliates_events');
        await knex('mod_affiliates_event_failures').insert({
          event_id: event!.id,
          attempts: 1,
          code: 'fault',
          due_at: 0,
        });
      },
    ],
    [
      'an evaluation was rewritten',
      'I8',
      (knex) => knex('mod_affiliates_evaluations').update({ code: 'earned late' }),
    ],
    [
      'an accepted event was deleted',
      'I8',
      (knex) => knex('mod_affiliates_events').where({ type: 'invoice.paid' }).delete(),
    ],
    [
      'a denied withdrawal stands as paid',
      'I10',
      (knex) => knex('mod_affiliates_withdrawals').update({ status: 'paid' }),
    ],
    [
      'a correction says more than it moved',
      'I2',
      (knex) => knex('mod_affiliates_corrections').increment('amount', 1),
    ],
    ['a correction was lost', 'I2', (knex) => knex('mod_affiliates_corrections').delete()],
    [
      'a correction that took two people had one',
      'I10',
      (knex) => knex('mod_affiliates_corrections').update({ decided_by_id: '1' }),
    ],
    [
      'a commission cleared a moment early',
      'I14',
      (knex, now) =>
        knex('mod_affiliates_commissions')
          .where({ state: 'cleared' })
          .update({ clears_at: now + 1 }),
    ],
    [
      'a referral shows more than it earned',
      'I2',
      (knex) => knex('mod_affiliates_referral_totals').increment('earned', 1),
    ],
    [
      'an account was overdrawn',
      'I3',
      async (knex) => {
        await knex('mod_affiliates_balances').decrement('reserved', 100_000);
      },
    ],
  ];

  it.each(faults)('notices that %s', async (_fault, invariant, plant) => {
    const { knex, clock } = await livedIn();
    const now = () => clock.now().getTime();
    const auditor = auditorOf(knex, now);
    expect(await auditor.audit()).toEqual([]);
    await plant(knex, now());
    expect(await auditor.audit()).toContainEqual(expect.stringMatching(`^${invariant} `));
  });
});
