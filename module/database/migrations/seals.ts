import { createTable, LENGTH } from './tables';

export const SEAL_TABLES = [
  createTable('0028_ledger_seals', 'mod_affiliates_ledger_seals', (t) => {
    t.integer('number').unsigned().primary();
    t.integer('transactions').unsigned().notNullable();
    t.string('last_id', LENGTH.id).notNullable();
    t.string('previous', LENGTH.hash).notNullable();
    t.string('hash', LENGTH.hash).notNullable();
    t.bigInteger('sealed_at').notNullable();
  }),
  createTable('0029_ledger_sealed', 'mod_affiliates_ledger_sealed', (t) => {
    t.string('transaction_id', LENGTH.id).primary();
    t.integer('seal').unsigned().notNullable();
    t.integer('position').unsigned().notNullable();
    t.unique(['seal', 'position'], { indexName: 'ledger_sealed_order' }); // proof: a seal's transactions in order
  }),
  createTable('0030_proofs', 'mod_affiliates_proofs', (t) => {
    t.string('id', LENGTH.id).primary();
    t.text('report').notNullable();
  }),
];
