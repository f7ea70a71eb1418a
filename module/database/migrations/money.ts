import { createTable, LENGTH } from './tables';

export const MONEY_TABLES = [
  createTable('0010_terms', 'mod_affiliates_terms', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('scope', LENGTH.word).notNullable();
    t.string('scope_key', LENGTH.hostId).notNullable();
    t.string('rate_kind', LENGTH.word).notNullable();
    t.integer('basis_points');
    t.bigInteger('amount');
    t.string('currency', 3);
    t.string('recurring', LENGTH.word);
    t.integer('clearing_days');
    t.bigInteger('from_at').notNullable();
    t.string('made_by', LENGTH.key).notNullable();
    t.index(['scope', 'scope_key', 'from_at'], 'terms_scope'); // evaluation: the version that held when a line was paid
  }),
  createTable('0011_invoices', 'mod_affiliates_invoices', (t) => {
    t.string('id', LENGTH.hostId).primary();
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('charged').notNullable();
    t.bigInteger('counted').notNullable();
    t.bigInteger('paid_at').notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.bigInteger('status_at').notNullable();
    t.integer('version').notNullable();
    t.index(['client_id'], 'invoices_client'); // a signup seen late: what the client has paid already
  }),
  createTable('0012_invoice_lines', 'mod_affiliates_invoice_lines', (t) => {
    t.string('line_key', LENGTH.lineKey).primary();
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('line_id', LENGTH.hostId).notNullable();
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('kind', LENGTH.word).notNullable();
    t.bigInteger('net').notNullable();
    t.integer('quantity').notNullable();
    t.string('service_id', LENGTH.hostId).notNullable();
    t.string('product_id', LENGTH.hostId).notNullable();
    t.string('product_name', LENGTH.text).notNullable();
    t.bigInteger('paid_at').notNullable();
    t.index(['invoice_id'], 'invoice_lines_invoice'); // the lines of an invoice
    t.index(['client_id', 'service_id', 'paid_at'], 'invoice_lines_service'); // terms that pay once: the first payment of a service
  }),
  createTable('0013_refunds', 'mod_affiliates_refunds', (t) => {
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('refund_id', LENGTH.hostId).notNullable();
    t.bigInteger('amount');
    t.string('line_id', LENGTH.hostId).notNullable();
    t.bigInteger('at').notNullable();
    t.primary(['invoice_id', 'refund_id']);
  }),
  createTable('0014_evaluations', 'mod_affiliates_evaluations', (t) => {
    t.string('line_key', LENGTH.lineKey).notNullable();
    t.integer('number').notNullable();
    t.string('outcome', LENGTH.word).notNullable();
    t.string('code', LENGTH.code).notNullable();
    t.text('steps').notNullable();
    t.integer('affiliate_id').unsigned();
    t.string('referral_id', LENGTH.id);
    t.string('terms_id', LENGTH.id);
    t.bigInteger('amount').notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('evaluated_at').notNullable();
    t.primary(['line_key', 'number']);
    t.index(['affiliate_id', 'line_key'], 'evaluations_affiliate'); // why did this affiliate's lines earn or not
  }),
  createTable('0015_commissions', 'mod_affiliates_commissions', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('line_key', LENGTH.lineKey).notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.integer('tier').notNullable();
    t.string('referral_id', LENGTH.id).notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('earned').notNullable();
    t.bigInteger('reversed').notNullable();
    t.string('state', LENGTH.word).notNullable();
    t.bigInteger('paid_at').notNullable();
    t.bigInteger('clears_at').notNullable();
    t.text('terms').notNullable();
    t.unique(['line_key', 'affiliate_id', 'tier'], { indexName: 'commissions_line' }); // a line earns once
    t.index(['state', 'clears_at'], 'commissions_due'); // daily: what clears now
    t.index(['referral_id'], 'commissions_referral'); // what one referral earned
    t.index(['affiliate_id', 'state'], 'commissions_affiliate'); // merge: what moves to the other affiliate
  }),
  createTable('0016_ledger_transactions', 'mod_affiliates_ledger_transactions', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('key', LENGTH.key).notNullable();
    t.string('kind', LENGTH.word).notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('amount').notNullable();
    t.string('commission_id', LENGTH.id);
    t.string('withdrawal_id', LENGTH.id);
    t.string('event_id', LENGTH.id).notNullable();
    t.bigInteger('at').notNullable();
    t.bigInteger('posted_at').notNullable();
    t.string('digest', LENGTH.hash).notNullable();
    t.unique(['key'], { indexName: 'ledger_transactions_key' }); // posting is idempotent
    t.index(['affiliate_id', 'currency', 'id'], 'ledger_transactions_affiliate'); // the statement's entries
  }),
  createTable('0017_ledger_entries', 'mod_affiliates_ledger_entries', (t) => {
    t.string('transaction_id', LENGTH.id).notNullable();
    t.integer('position').notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('account', LENGTH.word).notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('amount').notNullable();
    t.primary(['transaction_id', 'position']);
    t.index(['affiliate_id', 'currency', 'account'], 'ledger_entries_account'); // proof: the sum of an account's entries
  }),
  createTable('0018_balances', 'mod_affiliates_balances', (t) => {
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('currency', 3).notNullable();
    for (const account of ['expense', 'clearing', 'cleared', 'reserved', 'withdrawn']) {
      t.bigInteger(account).notNullable();
    }
    t.primary(['affiliate_id', 'currency']);
  }),
  createTable('0019_withdrawals', 'mod_affiliates_withdrawals', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('amount').notNullable();
    t.string('method', LENGTH.word).notNullable();
    t.text('details').notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.string('open_key', LENGTH.code);
    t.string('paid_key', LENGTH.key);
    t.string('ticket_id', LENGTH.hostId).notNullable();
    t.bigInteger('requested_at').notNullable();
    t.bigInteger('decided_at');
    t.string('decided_by', LENGTH.key).notNullable();
    t.string('reason', LENGTH.text).notNullable();
    t.string('reference', LENGTH.key).notNullable();
    t.unique(['open_key'], { indexName: 'withdrawals_open' }); // one open request per affiliate and currency
    t.unique(['paid_key'], { indexName: 'withdrawals_paid' }); // a transaction id pays one withdrawal
    t.index(['affiliate_id', 'id'], 'withdrawals_affiliate'); // an affiliate's requests
    t.index(['status', 'id'], 'withdrawals_status'); // staff: what waits for a decision
  }),
];
