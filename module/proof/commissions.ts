/** What must hold between lines, evaluations, commissions and the ledger: I4, I5, I6, I10 and I14. */
import type { Knex } from 'knex';
import { firstOf, firstRow, type Check } from './check';
import { TABLE } from './tables';

const evaluated: Check = {
  name: 'every_line_is_evaluated',
  run: firstOf(
    firstRow(TABLE.lines, 'not_evaluated', (knex) =>
      knex({ l: TABLE.lines })
        .leftJoin({ e: TABLE.evaluations }, (on) => {
          on.on('e.line_key', 'l.line_key').andOnVal('e.tier', 1);
        })
        .whereNull('e.line_key')
        .orderBy('l.line_key')
        .select({ row: 'l.line_key' }),
    ),
    // Numbered without a gap: none was taken out.
    firstRow(TABLE.evaluations, 'evaluation_gap', (knex) =>
      knex(TABLE.evaluations)
        .groupBy('line_key')
        .havingRaw('max(number) <> count(*)')
        .orderBy('line_key')
        .select({ row: 'line_key' }),
    ),
    firstRow(TABLE.evaluations, 'without_line', (knex) =>
      knex({ e: TABLE.evaluations })
        .leftJoin({ l: TABLE.lines }, 'l.line_key', 'e.line_key')
        .whereNull('l.line_key')
        .orderBy('e.line_key')
        .select({ row: 'e.line_key' }),
    ),
  ),
};

const withinTerms: Check = {
  name: 'commissions_within_terms',
  run: firstOf(
    firstRow(TABLE.commissions, 'more_than_paid', (knex) =>
      knex({ c: TABLE.commissions })
        .join({ l: TABLE.lines }, 'l.line_key', 'c.line_key')
        .whereNull('c.conversion')
        .whereRaw('(c.earned > l.net or c.earned < 0)')
        .orderBy('c.id')
        .select({ row: 'c.id' }),
    ),
    firstRow(TABLE.commissions, 'without_evaluation', (knex) =>
      knex({ c: TABLE.commissions })
        .whereNotExists((evaluation) => {
          void evaluation
            .from({ e: TABLE.evaluations })
            .whereRaw('e.line_key = c.line_key and e.tier = c.tier and e.amount = c.earned')
            .select('e.line_key');
        })
        .orderBy('c.id')
        .select({ row: 'c.id' }),
    ),
    firstRow(TABLE.commissions, 'reversed_too_much', (knex) =>
      knex(TABLE.commissions)
        .whereRaw('reversed < 0 or reversed > earned')
        .orderBy('id')
        .select({ row: 'id' }),
    ),
    firstRow(TABLE.commissions, 'twice', (knex) =>
      knex(TABLE.commissions)
        .groupBy('line_key', 'affiliate_id', 'tier')
        .havingRaw('count(*) > 1')
        .orderBy('line_key')
        .select({ row: 'line_key' }),
    ),
  ),
};

/** What is posted of each commission, in all and in clearing: one pass over the journal, however long it is. */
const posted = (knex: Knex) =>
  knex({ t: TABLE.transactions })
    .join({ e: TABLE.entries }, 'e.transaction_id', 't.id')
    .whereNotNull('t.commission_id')
    .groupBy('t.commission_id')
    .select(
      't.commission_id',
      knex.raw("sum(case when e.account in ('clearing', 'cleared') then e.amount else 0 end) as total"),
      knex.raw("sum(case when e.account = 'clearing' then e.amount else 0 end) as clearing"),
    )
    .as('p');

const inLedger: Check = {
  name: 'commissions_are_posted',
  run: firstOf(
    firstRow(TABLE.commissions, 'not_in_ledger', (knex) =>
      knex({ c: TABLE.commissions })
        .leftJoin(posted(knex), 'p.commission_id', 'c.id')
        .whereRaw('c.earned - c.reversed <> coalesce(p.total, 0)')
        .orderBy('c.id')
        .select({ row: 'c.id' }),
    ),
    firstRow(TABLE.commissions, 'in_wrong_account', (knex) =>
      knex({ c: TABLE.commissions })
        .join(posted(knex), 'p.commission_id', 'c.id')
        .whereRaw(
          "p.clearing <> case when c.state in ('clearing', 'held') then c.earned - c.reversed else 0 end",
        )
        .orderBy('c.id')
        .select({ row: 'c.id' }),
    ),
    firstRow(TABLE.transactions, 'without_commission', (knex) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ c: TABLE.commissions }, 'c.id', 't.commission_id')
        .whereNotNull('t.commission_id')
        .whereNull('c.id')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

const clearedInTime: Check = {
  name: 'nothing_cleared_early',
  run: firstRow(TABLE.commissions, 'cleared_early', (knex) =>
    knex({ c: TABLE.commissions })
      .join({ t: TABLE.transactions }, 't.commission_id', 'c.id')
      .where('t.kind', 'clear')
      .whereRaw('t.at < c.clears_at')
      .orderBy('c.id')
      .select({ row: 'c.id' }),
  ),
};

const totals: Check = {
  name: 'kept_totals_are_sums',
  run: firstOf(
    firstRow(TABLE.referralTotals, 'wrong_total', (knex) =>
      knex({ r: TABLE.referralTotals })
        .leftJoin({ c: TABLE.commissions }, (on) => {
          on.on('c.referral_id', 'r.referral_id').andOn('c.currency', 'r.currency');
        })
        .groupBy('r.referral_id', 'r.currency', 'r.earned')
        .havingRaw('r.earned <> coalesce(sum(c.earned - c.reversed), 0)')
        .orderBy('r.referral_id')
        .select({ row: 'r.referral_id' }),
    ),
    firstRow(TABLE.affiliateTotals, 'wrong_figures', (knex) =>
      knex({ a: TABLE.affiliateTotals })
        .leftJoin({ r: TABLE.referrals }, 'r.affiliate_id', 'a.affiliate_id')
        .leftJoin({ c: TABLE.commissions }, (on) => {
          on.on('c.referral_id', 'r.id').andOnVal('c.tier', 1).andOnVal('c.earned', '>', 0);
        })
        .groupBy('a.affiliate_id', 'a.signups', 'a.conversions')
        // Who converted in an earlier program has no commission here that says so.
        .havingRaw(
          `a.signups <> count(distinct r.id) or a.conversions <>
           count(distinct case when c.id is not null or r.converted_by = 'earlier' then r.id end)`,
        )
        .orderBy('a.affiliate_id')
        .select({ row: 'a.affiliate_id' }),
    ),
  ),
};

export const COMMISSION_CHECKS: readonly Check[] = [evaluated, withinTerms, inLedger, clearedInTime, totals];
