import { addColumns, createTable, LENGTH } from './tables';

export const CORRECTION_TABLES = [
  createTable('0045_corrections', 'mod_affiliates_corrections', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('currency', 3).notNullable();
    t.bigInteger('amount').notNullable();
    t.string('direction', LENGTH.word).notNullable();
    t.string('reason', LENGTH.text).notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.boolean('needs_approval').notNullable();
    t.bigInteger('proposed_at').notNullable();
    t.string('proposed_by', LENGTH.key).notNullable();
    t.string('proposed_by_id', LENGTH.hostId).notNullable();
    t.bigInteger('decided_at');
    t.string('decided_by', LENGTH.key).notNullable();
    t.string('decided_by_id', LENGTH.hostId).notNullable();
    t.string('decision_reason', LENGTH.text).notNullable();
    t.string('posted_key', LENGTH.key);
    t.unique(['posted_key'], { indexName: 'corrections_posted' }); // the statement: why was this entry posted
    t.index(['status', 'id'], 'corrections_status'); // staff: what waits for a second person
    t.index(['affiliate_id', 'id'], 'corrections_affiliate'); // merge: what still waits moves to the other affiliate
  }),
  addColumns('0046_withdrawal_approvals', 'mod_affiliates_withdrawals', {
    needs_approval: (t, name) => t.boolean(name).notNullable().defaultTo(false),
    first_approved_at: (t, name) => t.bigInteger(name),
    first_approved_by: (t, name) => t.string(name, LENGTH.key).notNullable().defaultTo(''),
    first_approved_by_id: (t, name) => t.string(name, LENGTH.hostId).notNullable().defaultTo(''),
    first_transaction_id: (t, name) => t.string(name, LENGTH.key).notNullable().defaultTo(''),
    decided_by_id: (t, name) => t.string(name, LENGTH.hostId).notNullable().defaultTo(''),
  }),
];
