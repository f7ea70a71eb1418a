/** What must hold between withdrawals and the ledger: I10 and I17. */
import { firstOf, firstRow, type Check } from './check';
import { TABLE } from './tables';

/** What each state has posted, and nothing else: a denied withdrawal is never paid, a paid one never given back. */
const POSTINGS: Readonly<Record<string, readonly string[]>> = {
  requested: ['reserve'],
  paying: ['reserve'],
  paid: ['reserve', 'pay'],
  denied: ['reserve', 'release'],
  cancelled: ['reserve', 'release'],
  failed: ['reserve', 'release'],
};

const steps: Check = {
  name: 'withdrawals_are_posted',
  run: firstOf(
    ...Object.entries(POSTINGS).map(([status, kinds]) =>
      firstRow(TABLE.withdrawals, 'wrong_postings', (knex) =>
        knex({ w: TABLE.withdrawals })
          .leftJoin({ t: TABLE.transactions }, 't.withdrawal_id', 'w.id')
          .where('w.status', status)
          .groupBy('w.id', 'w.amount')
          .havingRaw(
            `count(t.id) <> ? or sum(case when t.kind in (${kinds.map(() => '?').join(', ')}) and t.amount = w.amount then 1 else 0 end) <> ?`,
            [kinds.length, ...kinds, kinds.length],
          )
          .orderBy('w.id')
          .select({ row: 'w.id' }),
      ),
    ),
    firstRow(TABLE.withdrawals, 'unknown_state', (knex) =>
      knex(TABLE.withdrawals).whereNotIn('status', Object.keys(POSTINGS)).orderBy('id').select({ row: 'id' }),
    ),
    firstRow(TABLE.transactions, 'without_withdrawal', (knex) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ w: TABLE.withdrawals }, 'w.id', 't.withdrawal_id')
        .whereNotNull('t.withdrawal_id')
        .whereNull('w.id')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

const open: Check = {
  name: 'one_open_withdrawal',
  run: firstRow(TABLE.withdrawals, 'open_key', (knex) =>
    knex(TABLE.withdrawals)
      .whereRaw("(status in ('requested', 'paying')) <> (open_key is not null)")
      .orderBy('id')
      .select({ row: 'id' }),
  ),
};

export const WITHDRAWAL_CHECKS: readonly Check[] = [steps, open];
