/** What must hold in the ledger by itself: I1, I2, I3, I9 and I13. */
import type { Knex } from 'knex';
import { ACCOUNTS, checkSeals, lastSeal, sealsAfter, type Seal } from '../ledger';
import { firstOf, firstRow, type Check, type Finding, type ProofRun } from './check';
import { TABLE } from './tables';

const balanced: Check = {
  name: 'transactions_balance',
  run: firstOf(
    firstRow(TABLE.transactions, 'unbalanced', (knex) =>
      knex(TABLE.entries)
        .select({ row: 'transaction_id' })
        .groupBy('transaction_id', 'currency')
        .havingRaw('sum(amount) <> 0')
        .orderBy('transaction_id'),
    ),
    firstRow(TABLE.transactions, 'without_entries', (knex) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ e: TABLE.entries }, 'e.transaction_id', 't.id')
        .groupBy('t.id')
        .havingRaw('count(e.transaction_id) < 2')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
    firstRow(TABLE.entries, 'without_transaction', (knex) =>
      knex({ e: TABLE.entries })
        .leftJoin({ t: TABLE.transactions }, 't.id', 'e.transaction_id')
        .whereNull('t.id')
        .orderBy('e.transaction_id')
        .select({ row: 'e.transaction_id' }),
    ),
    firstRow(TABLE.entries, 'other_currency', (knex) =>
      knex({ e: TABLE.entries })
        .join({ t: TABLE.transactions }, 't.id', 'e.transaction_id')
        .whereRaw('e.currency <> t.currency')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

/** Everything that counts minor units, with what names its rows. */
const MONEY: readonly (readonly [table: string, row: string, columns: readonly string[]])[] = [
  [TABLE.entries, 'transaction_id', ['amount']],
  [TABLE.transactions, 'id', ['amount']],
  [TABLE.balances, 'affiliate_id', ACCOUNTS],
  [TABLE.commissions, 'id', ['earned', 'reversed']],
  [TABLE.withdrawals, 'id', ['amount']],
  [TABLE.corrections, 'id', ['amount']],
  [TABLE.imports, 'legacy_id', ['clearing', 'cleared', 'withdrawn']],
  [TABLE.importLines, 'line_id', ['amount']],
];

/** SQLite keeps a fraction in a column of integers when it is given one. */
const wholeUnits: Check = {
  name: 'amounts_are_whole',
  run: firstOf(
    ...MONEY.map(([table, row, columns]) =>
      firstRow(table, 'not_whole', (knex) =>
        knex(table)
          .whereRaw(
            columns.map(() => '?? <> round(??)').join(' or '),
            columns.flatMap((name) => [name, name]),
          )
          .orderBy(row)
          .select({ row }),
      ),
    ),
    firstRow(TABLE.entries, 'moves_nothing', (knex) =>
      knex(TABLE.entries).where('amount', 0).orderBy('transaction_id').select({ row: 'transaction_id' }),
    ),
  ),
};

/** Each account's column against the sum of its entries, both ways: a lost row is found as well as a wrong one. */
const balances: Check = {
  name: 'balances_are_sums',
  run: firstOf(
    ...ACCOUNTS.flatMap((account) => [
      firstRow(TABLE.balances, `wrong_${account}`, (knex) =>
        knex({ b: TABLE.balances })
          .leftJoin({ e: TABLE.entries }, (on) => {
            on.on('e.affiliate_id', 'b.affiliate_id')
              .andOn('e.currency', 'b.currency')
              .andOnVal('e.account', account);
          })
          .groupBy('b.affiliate_id', 'b.currency', `b.${account}`)
          .havingRaw('?? <> coalesce(sum(e.amount), 0)', [`b.${account}`])
          .orderBy('b.affiliate_id')
          .select({ row: 'b.affiliate_id' }),
      ),
    ]),
    // What was earned and taken back in one go never had a balance, and needs none.
    firstRow(TABLE.balances, 'balance_missing', (knex) =>
      knex({ e: TABLE.entries })
        .leftJoin({ b: TABLE.balances }, (on) => {
          on.on('e.affiliate_id', 'b.affiliate_id').andOn('e.currency', 'b.currency');
        })
        .whereNull('b.affiliate_id')
        .groupBy('e.affiliate_id', 'e.currency', 'e.account')
        .havingRaw('sum(e.amount) <> 0')
        .orderBy('e.affiliate_id')
        .select({ row: 'e.affiliate_id' }),
    ),
  ),
};

const noneNegative: Check = {
  name: 'nothing_overdrawn',
  run: firstOf(
    firstRow(TABLE.balances, 'negative', (knex) =>
      knex(TABLE.balances)
        .whereRaw('clearing < 0 or reserved < 0 or withdrawn < 0')
        .orderBy('affiliate_id')
        .select({ row: 'affiliate_id' }),
    ),
    // The program's own side is above zero only by a debt that an affiliate brought along.
    firstRow(TABLE.balances, 'negative', (knex) =>
      knex({ b: TABLE.balances })
        .where('b.expense', '>', 0)
        .where('b.expense', '>', (brought: Knex.QueryBuilder) => {
          void brought
            .from({ e: TABLE.entries })
            .join({ t: TABLE.transactions }, 't.id', 'e.transaction_id')
            .whereRaw('e.affiliate_id = b.affiliate_id and e.currency = b.currency')
            .where('e.account', 'expense')
            .andWhere('e.amount', '>', 0)
            .whereIn('t.kind', ['opening', 'transfer'])
            .select(knex.raw('coalesce(sum(e.amount), 0)'));
        })
        .orderBy('b.affiliate_id')
        .select({ row: 'b.affiliate_id' }),
    ),
    // Cleared money may be owed back, but only after something was taken back, here or in an earlier program.
    firstRow(TABLE.balances, 'negative_without_reversal', (knex) =>
      knex({ b: TABLE.balances })
        .where('b.cleared', '<', 0)
        .whereNotExists((reversal) => {
          void reversal
            .from({ t: TABLE.transactions })
            .whereRaw('t.affiliate_id = b.affiliate_id and t.currency = b.currency')
            .whereIn('t.kind', ['reverse', 'transfer', 'opening'])
            .select('t.id');
        })
        .orderBy('b.affiliate_id')
        .select({ row: 'b.affiliate_id' }),
    ),
  ),
};

const SEALS_AT_ONCE = 100;
/** As many as a seal holds at most, so that no more than twice as many are ever in memory. */
const TRANSACTIONS_AT_ONCE = 500;
/** Longer than a night: the nightly order seals what was posted. */
const LONGEST_UNSEALED_MS = 2 * 24 * 60 * 60_000;

const chain: Check = {
  name: 'chain_is_whole',
  run: firstOf(
    verifyChain,
    firstRow(TABLE.sealed, 'seal_missing', (knex) =>
      knex({ t: TABLE.sealed })
        .leftJoin({ s: TABLE.seals }, 's.number', 't.seal')
        .whereNull('s.number')
        .orderBy('t.transaction_id')
        .select({ row: 't.transaction_id' }),
    ),
    firstRow(TABLE.transactions, 'unsealed', (knex, now) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ s: TABLE.sealed }, 's.transaction_id', 't.id')
        .whereNull('s.transaction_id')
        .andWhere('t.posted_at', '<', now - LONGEST_UNSEALED_MS)
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

async function verifyChain({ knex, progress }: ProofRun): Promise<Finding | null> {
  const newest = await lastSeal(knex);
  let before: Seal | null = null;
  for (;;) {
    const seals = fewTransactions(await sealsAfter(knex, before?.number ?? 0, SEALS_AT_ONCE));
    const last = seals.at(-1);
    if (!newest || !last) return null;
    const broken = await checkSeals(knex, seals, before);
    if (broken) {
      const table = broken.problem === 'seal_gone' ? TABLE.transactions : TABLE.seals;
      return { table, row: broken.row, problem: broken.problem };
    }
    before = last;
    progress(last.number / newest.number);
  }
}

/** @returns the first of the seals, as many as hold no more than so many transactions together, and at least one. */
function fewTransactions(seals: readonly Seal[]): Seal[] {
  let transactions = 0;
  const end = seals.findIndex((seal) => (transactions += seal.transactions) > TRANSACTIONS_AT_ONCE);
  return seals.slice(0, end === -1 ? seals.length : Math.max(end, 1));
}

export const LEDGER_CHECKS: readonly Check[] = [balanced, wholeUnits, balances, noneNegative, chain];
