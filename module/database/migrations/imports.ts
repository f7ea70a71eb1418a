import { addColumns, createTable, LENGTH, type Migration } from './tables';

const INVOICES = 'mod_affiliates_earlier_invoices';

/** Notes the invoices of what came over before they were noted. */
const fillEarlierInvoices: Migration = {
  name: '0112_earlier_invoices_filled',
  up: async (knex) => {
    for (const table of ['mod_affiliates_import_lines', 'mod_affiliates_import_history']) {
      const unknown = knex(table)
        .distinct('invoice_id')
        .whereNot({ invoice_id: '' })
        .whereNotIn('invoice_id', (known) => void known.from(INVOICES).select('invoice_id'));
      await knex(INVOICES).insert(unknown);
    }
  },
};

export const IMPORT_TABLES = [
  createTable('0095_legacy_ids', 'mod_affiliates_legacy_ids', (t) => {
    t.string('legacy_id', LENGTH.hostId).primary(); // an old link or cookie: whose it is
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('imported_at').notNullable();
  }),
  createTable('0096_imports', 'mod_affiliates_imports', (t) => {
    t.string('legacy_id', LENGTH.hostId).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('currency', 3).notNullable();
    for (const account of ['clearing', 'cleared', 'withdrawn']) t.bigInteger(account).notNullable();
    t.bigInteger('visitors').notNullable();
    t.text('terms').notNullable();
    t.integer('version').notNullable();
    t.bigInteger('imported_at').notNullable();
    t.index(['affiliate_id'], 'imports_affiliate'); // merge: what moves to the other affiliate
  }),
  createTable('0097_import_lines', 'mod_affiliates_import_lines', (t) => {
    t.string('line_id', LENGTH.hostId).primary();
    t.string('legacy_id', LENGTH.hostId).notNullable();
    t.bigInteger('amount').notNullable();
    t.bigInteger('clears_at').notNullable();
    t.string('state', LENGTH.word).notNullable();
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('service_id', LENGTH.hostId).notNullable();
    t.index(['state', 'clears_at'], 'import_lines_due'); // daily: what clears now
    t.index(['legacy_id'], 'import_lines_legacy'); // import: what is known of one affiliate's lines
  }),
  createTable('0098_import_history', 'mod_affiliates_import_history', (t) => {
    t.string('kind', LENGTH.word).notNullable();
    t.string('entry_id', LENGTH.hostId).notNullable();
    t.string('legacy_id', LENGTH.hostId).notNullable();
    t.bigInteger('at').notNullable();
    t.bigInteger('amount').notNullable();
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('service_id', LENGTH.hostId).notNullable();
    t.primary(['kind', 'entry_id']);
    t.index(['legacy_id', 'kind'], 'import_history_legacy'); // import: what is known of one affiliate's history
  }),
  createTable('0099_referral_services', 'mod_affiliates_referral_services', (t) => {
    t.string('service_id', LENGTH.hostId).primary(); // terms that pay once: what earned in the earlier program
    t.string('client_id', LENGTH.hostId).notNullable();
    t.bigInteger('earned_at').notNullable();
  }),
  createTable('0111_earlier_invoices', INVOICES, (t) => {
    t.string('invoice_id', LENGTH.hostId).primary(); // evaluation: what earned in the earlier program
  }),
  fillEarlierInvoices,
  addColumns('0113_import_beginnings', 'mod_affiliates_imports', {
    earns_from: (t, column) => t.bigInteger(column), // null: from when it came over
  }),
];
