/** What must hold of what staff decide by hand: corrections stand in the ledger, and what takes two people had two. */
import { firstOf, firstRow, type Check } from './check';
import { TABLE } from './tables';

const posted: Check = {
  name: 'corrections_are_posted',
  run: firstOf(
    // A correction is posted or has no key, and its key leads to one transaction that says the same.
    firstRow(TABLE.corrections, 'not_as_corrected', (knex) =>
      knex({ c: TABLE.corrections })
        .leftJoin({ t: TABLE.transactions }, 't.key', 'c.posted_key')
        .leftJoin({ e: TABLE.entries }, (on) => {
          on.on('e.transaction_id', 't.id').andOnVal('e.account', 'cleared');
        })
        .whereRaw("(c.status = 'posted') <> (t.id is not null)")
        .orWhereRaw(
          `t.kind <> 'correct' or t.amount <> c.amount or t.currency <> c.currency or t.affiliate_id <> c.affiliate_id
           or t.id is not null and coalesce(e.amount, 0) <> case when c.direction = 'credit' then c.amount else -c.amount end`,
        )
        .orderBy('c.id')
        .select({ row: 'c.id' }),
    ),
    firstRow(TABLE.corrections, 'unknown_state', (knex) =>
      knex(TABLE.corrections)
        .whereNotIn('status', ['proposed', 'posted', 'rejected', 'retracted'])
        .orWhereNotIn('direction', ['credit', 'debit'])
        .orderBy('id')
        .select({ row: 'id' }),
    ),
    firstRow(TABLE.transactions, 'without_correction', (knex) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ c: TABLE.corrections }, 'c.posted_key', 't.key')
        .where('t.kind', 'correct')
        .whereNull('c.id')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

const twoPeople: Check = {
  name: 'two_people_approved',
  run: firstOf(
    firstRow(TABLE.corrections, 'one_person', (knex) =>
      knex(TABLE.corrections)
        .where({ status: 'posted', needs_approval: true })
        .whereRaw("(proposed_by_id = '' or decided_by_id in ('', proposed_by_id))")
        .orderBy('id')
        .select({ row: 'id' }),
    ),
    firstRow(TABLE.withdrawals, 'one_person', (knex) =>
      knex(TABLE.withdrawals)
        .where({ needs_approval: true })
        .whereIn('status', ['paying', 'paid', 'failed'])
        .whereRaw("(first_approved_by_id = '' or decided_by_id in ('', first_approved_by_id))")
        .orderBy('id')
        .select({ row: 'id' }),
    ),
  ),
};

export const CORRECTION_CHECKS: readonly Check[] = [posted, twoPeople];
