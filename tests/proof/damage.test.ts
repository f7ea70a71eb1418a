/** What somebody with a database client, a restored backup or a bug can do to the books, and that the proof finds it. */
import type { Knex } from 'knex';
import { prove } from '../../module/proof';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { livedIn } from './given';

const TRANSACTIONS = 'mod_affiliates_ledger_transactions';
const ENTRIES = 'mod_affiliates_ledger_entries';
const BALANCES = 'mod_affiliates_balances';
const SEALS = 'mod_affiliates_ledger_seals';
const SEALED = 'mod_affiliates_ledger_sealed';
const COMMISSIONS = 'mod_affiliates_commissions';
const EVALUATIONS = 'mod_affiliates_evaluations';
const WITHDRAWALS = 'mod_affiliates_withdrawals';
const CORRECTIONS = 'mod_affiliates_corrections';
const EVENTS = 'mod_affiliates_events';

/** Does the damage. @returns the row that should be named */
type Damage = (knex: Knex) => Promise<string | number>;

/** @returns the first transaction of a kind: its id */
const first = async (knex: Knex, kind: string): Promise<string> =>
  (await knex<{ id: string; kind: string }>(TRANSACTIONS).where({ kind }).orderBy('id').first())!.id;

/** @returns an affiliate with its balances */
const balance = async (knex: Knex) =>
  (await knex<{ affiliate_id: number; cleared: number }>(BALANCES).first())!;

const commission = async (knex: Knex, state: string) =>
  (await knex<{ id: string; line_key: string; state: string; referral_id: string }>(COMMISSIONS)
    .where({ state })
    .first())!;

/** @returns the first correction of a kind: its id */
const correction = async (knex: Knex, which: object): Promise<string> =>
  (await knex<{ id: string }>(CORRECTIONS).where(which).orderBy('id').first())!.id;

/** What was done, the check that finds it, and what it says about the row. */
const DAMAGES: readonly (readonly [done: string, check: string, problem: string, damage: Damage])[] = [
  [
    'the amount of one entry was changed',
    'transactions_balance',
    'unbalanced',
    async (knex) => {
      const transaction_id = await first(knex, 'earn');
      await knex(ENTRIES).where({ transaction_id, position: 1 }).increment('amount', 1);
      return transaction_id;
    },
  ],
  [
    'both sides of a posting were changed alike, so that it still sums to zero',
    'chain_is_whole',
    'seal_changed',
    async (knex) => {
      await knex(ENTRIES)
        .where({ transaction_id: await first(knex, 'earn') })
        .update({ amount: knex.raw('amount * 2') });
      return 1;
    },
  ],
  [
    'an entry was moved to another account of the same affiliate',
    'chain_is_whole',
    'seal_changed',
    async (knex) => {
      await knex(ENTRIES)
        .where({ transaction_id: await first(knex, 'release'), position: 1 })
        .update({ account: 'clearing' });
      return 2;
    },
  ],
  [
    'an entry was deleted',
    'transactions_balance',
    'unbalanced',
    async (knex) => {
      const transaction_id = await first(knex, 'clear');
      await knex(ENTRIES).where({ transaction_id, position: 0 }).delete();
      return transaction_id;
    },
  ],
  [
    'all entries of a transaction were deleted',
    'transactions_balance',
    'without_entries',
    async (knex) => {
      const transaction_id = await first(knex, 'clear');
      await knex(ENTRIES).where({ transaction_id }).delete();
      return transaction_id;
    },
  ],
  [
    'a transaction was deleted together with its entries',
    'chain_is_whole',
    'seal_gone',
    async (knex) => {
      const id = await first(knex, 'reverse');
      await knex(ENTRIES).where({ transaction_id: id }).delete();
      await knex(TRANSACTIONS).where({ id }).delete();
      return id;
    },
  ],
  [
    'a transaction was deleted under its entries',
    'transactions_balance',
    'without_transaction',
    async (knex) => {
      const id = await first(knex, 'reverse');
      await knex(TRANSACTIONS).where({ id }).delete();
      return id;
    },
  ],
  [
    'an entry was given another currency',
    'transactions_balance',
    'other_currency',
    async (knex) => {
      const transaction_id = await first(knex, 'pay');
      await knex(ENTRIES).where({ transaction_id }).update({ currency: 'EUR' });
      return transaction_id;
    },
  ],
  [
    'two transactions of the chain changed places',
    'chain_is_whole',
    'seal_changed',
    async (knex) => {
      const swap = [
        [0, 90],
        [1, 0],
        [90, 1],
      ] as const;
      for (const [from, to] of swap)
        await knex(SEALED).where({ seal: 1, position: from }).update({ position: to });
      return 1;
    },
  ],
  [
    'a transaction was dated back',
    'chain_is_whole',
    'seal_changed',
    async (knex) => {
      await knex(TRANSACTIONS)
        .where({ id: await first(knex, 'pay') })
        .decrement('at', 86_400_000);
      return 3;
    },
  ],
  [
    'a seal in the middle was taken out',
    'chain_is_whole',
    'seal_gap',
    async (knex) => {
      await knex(SEALED).where({ seal: 2 }).delete();
      await knex(SEALS).where({ number: 2 }).delete();
      return 3;
    },
  ],
  [
    'a seal was computed anew over changed entries',
    'chain_is_whole',
    'seal_previous',
    async (knex) => {
      await knex(SEALS)
        .where({ number: 2 })
        .update({ previous: 'f'.repeat(64) });
      return 2;
    },
  ],
  [
    'a transaction was taken out of its seal',
    'chain_is_whole',
    'seal_lost',
    async (knex) => {
      await knex(SEALED).where({ seal: 1, position: 0 }).delete();
      return 1;
    },
  ],
  [
    'the last seal was taken out',
    'chain_is_whole',
    'seal_missing',
    async (knex) => {
      await knex(SEALS).where({ number: 3 }).delete();
      const [id] = await knex(SEALED)
        .where({ seal: 3 })
        .orderBy('transaction_id')
        .pluck<string[]>('transaction_id');
      return id!;
    },
  ],
  [
    'a transaction was put in between old ones, where no sealer looks any more',
    'chain_is_whole',
    'unsealed',
    async (knex) => {
      const id = '00000000000000000000000000';
      const [pattern] = await knex<Record<string, unknown>>(TRANSACTIONS).where({ kind: 'earn' });
      await knex(TRANSACTIONS).insert({ ...pattern, id, key: 'forged', posted_at: 0 });
      return id;
    },
  ],
  [
    'a transaction was put in without an event',
    'every_event_is_answered',
    'without_event',
    async (knex) => {
      const id = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ';
      const [pattern] = await knex<Record<string, unknown>>(TRANSACTIONS).where({ kind: 'earn' });
      await knex(TRANSACTIONS).insert({
        ...pattern,
        id,
        key: 'forged',
        event_id: 'none',
        commission_id: null,
      });
      return id;
    },
  ],
  [
    'a balance was raised by a cent',
    'balances_are_sums',
    'wrong_cleared',
    async (knex) => {
      await knex(BALANCES).increment('cleared', 1);
      return (await balance(knex)).affiliate_id;
    },
  ],
  [
    'a balance was lost',
    'balances_are_sums',
    'balance_missing',
    async (knex) => {
      const { affiliate_id } = await balance(knex);
      await knex(BALANCES).where({ affiliate_id }).delete();
      return affiliate_id;
    },
  ],
  [
    'an account was overdrawn',
    'nothing_overdrawn',
    'negative',
    async (knex) => {
      await knex(BALANCES).decrement('reserved', 100_000);
      return (await balance(knex)).affiliate_id;
    },
  ],
  [
    'an evaluation was deleted',
    'every_line_is_evaluated',
    'not_evaluated',
    async (knex) => {
      const { line_key } = await commission(knex, 'clearing');
      await knex(EVALUATIONS).where({ line_key }).delete();
      return line_key;
    },
  ],
  [
    'an evaluation was taken out between others',
    'every_line_is_evaluated',
    'evaluation_gap',
    async (knex) => {
      const { line_key } = await commission(knex, 'clearing');
      await knex(EVALUATIONS).where({ line_key }).increment('number', 1);
      return line_key;
    },
  ],
  [
    'a commission was raised',
    'commissions_within_terms',
    'without_evaluation',
    async (knex) => {
      const { id } = await commission(knex, 'clearing');
      await knex(COMMISSIONS).where({ id }).increment('earned', 1);
      return id;
    },
  ],
  [
    'a commission and its evaluation were raised alike',
    'commissions_are_posted',
    'not_in_ledger',
    async (knex) => {
      const { id, line_key } = await commission(knex, 'clearing');
      await knex(COMMISSIONS).where({ id }).increment('earned', 1);
      await knex(EVALUATIONS).where({ line_key }).increment('amount', 1);
      return id;
    },
  ],
  [
    'a commission was raised above what was paid',
    'commissions_within_terms',
    'more_than_paid',
    async (knex) => {
      const { id } = await commission(knex, 'clearing');
      await knex(COMMISSIONS).where({ id }).increment('earned', 1_000_000);
      return id;
    },
  ],
  [
    'more of a commission was reversed than it earned',
    'commissions_within_terms',
    'reversed_too_much',
    async (knex) => {
      const { id } = await commission(knex, 'cleared');
      await knex(COMMISSIONS).where({ id }).increment('reversed', 1_000_000);
      return id;
    },
  ],
  [
    'a commission was marked as cleared without a posting',
    'commissions_are_posted',
    'in_wrong_account',
    async (knex) => {
      const { id } = await commission(knex, 'clearing');
      await knex(COMMISSIONS).where({ id }).update({ state: 'cleared' });
      return id;
    },
  ],
  [
    'a commission was deleted under its postings',
    'commissions_are_posted',
    'without_commission',
    async (knex) => {
      const { id } = await commission(knex, 'clearing');
      await knex(COMMISSIONS).where({ id }).delete();
      const [transaction] = await knex(TRANSACTIONS).where({ commission_id: id }).pluck<string[]>('id');
      return transaction!;
    },
  ],
  [
    'a commission was cleared before its date',
    'nothing_cleared_early',
    'cleared_early',
    async (knex) => {
      const { id } = await commission(knex, 'cleared');
      await knex(COMMISSIONS).where({ id }).increment('clears_at', 86_400_000);
      return id;
    },
  ],
  [
    'what a referral is shown to have earned was changed',
    'kept_totals_are_sums',
    'wrong_total',
    async (knex) => {
      const { referral_id } = await commission(knex, 'clearing');
      await knex('mod_affiliates_referral_totals').where({ referral_id }).increment('earned', 1);
      return referral_id;
    },
  ],
  [
    'the signups of an affiliate were changed',
    'kept_totals_are_sums',
    'wrong_figures',
    async (knex) => {
      await knex('mod_affiliates_affiliate_totals').increment('signups', 1);
      return (await balance(knex)).affiliate_id;
    },
  ],
  [
    'a denied withdrawal was marked as paid',
    'withdrawals_are_posted',
    'wrong_postings',
    async (knex) => {
      const [id] = await knex(WITHDRAWALS).where({ status: 'denied' }).pluck<string[]>('id');
      await knex(WITHDRAWALS).where({ status: 'denied' }).update({ status: 'paid' });
      return id!;
    },
  ],
  [
    'the amount of a paid withdrawal was changed',
    'withdrawals_are_posted',
    'wrong_postings',
    async (knex) => {
      const [id] = await knex(WITHDRAWALS).where({ status: 'paid' }).pluck<string[]>('id');
      await knex(WITHDRAWALS).where({ status: 'paid' }).increment('amount', 1);
      return id!;
    },
  ],
  [
    'a withdrawal that ended was left marked as the open one',
    'one_open_withdrawal',
    'open_key',
    async (knex) => {
      const [id] = await knex(WITHDRAWALS).where({ status: 'paid' }).pluck<string[]>('id');
      await knex(WITHDRAWALS).where({ status: 'paid' }).update({ open_key: '1:USD' });
      return id!;
    },
  ],
  [
    'the amount of a booked correction was changed',
    'corrections_are_posted',
    'not_as_corrected',
    async (knex) => {
      const id = await correction(knex, { status: 'posted' });
      await knex(CORRECTIONS).where({ id }).increment('amount', 1);
      return id;
    },
  ],
  [
    'a debit was made to look like a credit',
    'corrections_are_posted',
    'not_as_corrected',
    async (knex) => {
      const id = await correction(knex, { status: 'posted', direction: 'debit' });
      await knex(CORRECTIONS).where({ id }).update({ direction: 'credit' });
      return id;
    },
  ],
  [
    'a rejected correction was marked as booked',
    'corrections_are_posted',
    'not_as_corrected',
    async (knex) => {
      const id = await correction(knex, { status: 'rejected' });
      await knex(CORRECTIONS).where({ id }).update({ status: 'posted', needs_approval: false });
      return id;
    },
  ],
  [
    'a booked correction was marked as rejected',
    'corrections_are_posted',
    'not_as_corrected',
    async (knex) => {
      const id = await correction(knex, { status: 'posted' });
      await knex(CORRECTIONS).where({ id }).update({ status: 'rejected' });
      return id;
    },
  ],
  [
    'a correction was deleted, and its posting left',
    'corrections_are_posted',
    'without_correction',
    async (knex) => {
      await knex(CORRECTIONS)
        .where({ id: await correction(knex, { status: 'posted' }) })
        .delete();
      return first(knex, 'correct');
    },
  ],
  [
    'a correction was put into a state that there is not',
    'corrections_are_posted',
    'unknown_state',
    async (knex) => {
      const id = await correction(knex, { status: 'rejected' });
      await knex(CORRECTIONS).where({ id }).update({ status: 'bribed' });
      return id;
    },
  ],
  [
    'a correction for two people was approved by its proposer',
    'two_people_approved',
    'one_person',
    async (knex) => {
      const id = await correction(knex, { needs_approval: true, status: 'posted' });
      await knex(CORRECTIONS)
        .where({ id })
        .update({ decided_by_id: knex.ref('proposed_by_id') });
      return id;
    },
  ],
  [
    'the first approval of a payout was taken out',
    'two_people_approved',
    'one_person',
    async (knex) => {
      const [id] = await knex(WITHDRAWALS).where({ status: 'paid' }).pluck<string[]>('id');
      await knex(WITHDRAWALS).where({ id }).update({ first_approved_by_id: '' });
      return id!;
    },
  ],
  [
    'a payout for two people was approved by one of them twice',
    'two_people_approved',
    'one_person',
    async (knex) => {
      const [id] = await knex(WITHDRAWALS).where({ status: 'paid' }).pluck<string[]>('id');
      await knex(WITHDRAWALS)
        .where({ id })
        .update({ decided_by_id: knex.ref('first_approved_by_id') });
      return id!;
    },
  ],
  [
    'the answer to an event was deleted',
    'every_event_is_answered',
    'vanished',
    async (knex) => {
      const [id] = await knex(EVENTS).where({ type: 'invoice.paid' }).orderBy('id').pluck<string[]>('id');
      await knex('mod_affiliates_event_answers').where({ event_id: id }).delete();
      return id!;
    },
  ],
  [
    'an accepted event was deleted',
    'every_event_is_answered',
    'without_event',
    async (knex) => {
      const [id] = await knex(EVENTS).where({ type: 'invoice.paid' }).orderBy('id').pluck<string[]>('id');
      await knex(EVENTS).where({ id }).delete();
      return id!;
    },
  ],
];

/** Thrown to undo a damage. */
class Undo extends Error {}

/** Does a damage, proves, and undoes it. */
async function provedAfter(knex: Knex, now: number, damage: Damage) {
  const found = { row: '', report: await prove(knex, now) };
  expect(found.report.holds).toBe(true);
  await knex
    .transaction(async (trx) => {
      found.row = String(await damage(trx));
      found.report = await prove(trx, now);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return found;
}

describeOnEachDatabase('The proof', (database) => {
  let knex: Knex;
  let now = 0;
  beforeAll(async () => {
    const { test, url } = await livedIn(database);
    now = test.clock.now().getTime();
    knex = database.connect(url);
  });

  it('holds for a program that lived through a bit of everything', async () => {
    const { holds, checks, seal } = await prove(knex, now);
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
    expect(holds).toBe(true);
    expect(seal).toEqual({ number: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  it.each(DAMAGES)('finds that %s', async (_done, name, problem, damage) => {
    const { row, report } = await provedAfter(knex, now, damage);
    expect(report.holds).toBe(false);
    const finding = report.checks.find(({ check }) => check === name)?.finding;
    expect(finding).toMatchObject({ problem, row });
  });
});

describeOnSqlite('The proof', (database) => {
  it('finds that an amount became a fraction, which only SQLite takes', async () => {
    const { test, url } = await livedIn(database);
    const { row, report } = await provedAfter(
      database.connect(url),
      test.clock.now().getTime(),
      async (knex) => {
        const transaction_id = await first(knex, 'earn');
        await knex(ENTRIES)
          .where({ transaction_id })
          .update({ amount: knex.raw('amount * 1.001') });
        return transaction_id;
      },
    );
    const finding = report.checks.find(({ check }) => check === 'amounts_are_whole')?.finding;
    expect(finding).toEqual({ table: ENTRIES, row, problem: 'not_whole' });
  });
});
