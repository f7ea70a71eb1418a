/** Terms that can say more: one text for all parts, and what evaluations under them look at and keep. */
import type { Knex } from 'knex';
import { addColumns, addIndex, createTable, LENGTH, type Migration } from './tables';

const TERMS = 'mod_affiliates_terms';
const REFERRALS = 'mod_affiliates_referrals';
const COMMISSIONS = 'mod_affiliates_commissions';

interface OldTermsRow {
  readonly id: string;
  readonly rate_kind: 'percent' | 'fixed' | 'inherit';
  readonly basis_points: number | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly recurring: string | null;
  readonly clearing_days: number | null;
}

/** Says in one text what a version said in columns. */
const gatherTerms: Migration = {
  name: '0032_terms_gathered',
  up: async (knex) => {
    if (!(await knex.schema.hasColumn(TERMS, 'rate_kind'))) return;
    for (const row of await knex<OldTermsRow>(TERMS)) {
      const { recurring, clearing_days: clearingDays } = row;
      const content = JSON.stringify({ rate: oldRate(row), recurring, clearingDays });
      await knex(TERMS).where({ id: row.id }).update({ content });
    }
  },
};

function oldRate({ rate_kind, basis_points, amount, currency }: OldTermsRow) {
  if (rate_kind === 'percent') return { kind: 'percent', basisPoints: basis_points };
  return rate_kind === 'fixed' ? { kind: 'fixed', amount, currency } : null;
}

/** rate_kind goes last: while it is there, the step before knows what to do. */
const OLD_COLUMNS = ['basis_points', 'amount', 'currency', 'recurring', 'clearing_days', 'rate_kind'];

const dropOldColumns: Migration = {
  name: '0033_terms_columns_dropped',
  up: async (knex) => {
    for (const column of OLD_COLUMNS) {
      // In the database's own words: Knex would build SQLite's table anew, indexes and all.
      if (await knex.schema.hasColumn(TERMS, column)) {
        await knex.raw('ALTER TABLE ?? DROP COLUMN ??', [TERMS, column]);
      }
    }
  },
};

/** Dates each referral's conversion by the first line that earned something. */
const dateConversions: Migration = {
  name: '0039_conversions_dated',
  up: async (knex) => {
    const first = firstEarning(knex);
    await knex(REFERRALS)
      .where({ converted: true, converted_at: null })
      .update({
        converted_at: first.clone().select('paid_at'),
        converted_by: first.clone().select('line_key'),
      });
  },
};

const firstEarning = (knex: Knex) =>
  knex(COMMISSIONS)
    .whereRaw('?? = ??', [`${COMMISSIONS}.referral_id`, `${REFERRALS}.id`])
    .andWhere({ tier: 1 })
    .andWhere('earned', '>', 0)
    .orderBy([{ column: 'paid_at' }, { column: 'line_key' }])
    .limit(1);

const amount = (t: Knex.AlterTableBuilder, column: string) => t.bigInteger(column).notNullable().defaultTo(0);
const word = (length: number) => (t: Knex.AlterTableBuilder, column: string) =>
  t.string(column, length).notNullable().defaultTo('');

export const TERMS_TABLES = [
  addColumns('0031_terms_content', TERMS, {
    content: (t, column) => t.text(column),
    counts_affiliate: (t, column) => t.boolean(column).notNullable().defaultTo(false),
  }),
  gatherTerms,
  dropOldColumns,
  addColumns('0034_line_prices', 'mod_affiliates_invoice_lines', {
    discount: amount,
    credit: amount,
    tax: amount,
    product_group: word(LENGTH.hostId),
    cycle: word(LENGTH.code),
    tld: word(LENGTH.hostId),
  }),
  addColumns('0035_invoice_facts', 'mod_affiliates_invoices', {
    coupon: word(LENGTH.hostId),
    country: word(LENGTH.word),
    exchange_rate: word(LENGTH.word),
  }),
  addColumns('0036_evaluation_tiers', 'mod_affiliates_evaluations', {
    tier: (t, column) => t.integer(column).notNullable().defaultTo(1),
  }),
  addColumns('0037_commission_conversions', COMMISSIONS, {
    conversion: (t, column) => t.text(column),
  }),
  addColumns('0038_conversion_dates', REFERRALS, {
    converted_at: (t, column) => t.bigInteger(column),
    converted_by: (t, column) => t.string(column, LENGTH.lineKey),
  }),
  dateConversions,
  createTable('0040_coupons', 'mod_affiliates_coupons', (t) => {
    t.string('code', LENGTH.hostId).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('from_at').notNullable();
    t.bigInteger('until_at');
    t.index(['affiliate_id'], 'coupons_affiliate'); // an affiliate's codes
  }),
  createTable('0041_groups', 'mod_affiliates_groups', (t) => {
    t.string('key', LENGTH.code).primary();
    t.string('name', LENGTH.key).notNullable();
    t.integer('rank').notNullable();
    t.integer('promote_at');
  }),
  createTable('0042_group_members', 'mod_affiliates_group_members', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('group_key', LENGTH.code).notNullable();
    t.bigInteger('from_at').notNullable();
    t.string('made_by', LENGTH.key).notNullable();
    t.index(['affiliate_id', 'from_at'], 'group_members_affiliate'); // evaluation: the group when a line was paid
  }),
  addIndex('0043_commissions_of_period', COMMISSIONS, 'commissions_period', ['affiliate_id', 'paid_at']), // caps: what an affiliate earned in a month
  addIndex('0044_referrals_converted', REFERRALS, 'referrals_converted', ['affiliate_id', 'converted_at']), // stepped rates: an affiliate's conversions of a month
];
