import { createTable, LENGTH } from './tables';

export const WIRE_TABLES = [
  createTable('0100_used_tokens', 'mod_affiliates_used_tokens', (t) => {
    t.string('id', LENGTH.hostId).primary(); // a request is taken once
    t.string('holder', LENGTH.id).notNullable();
    t.bigInteger('expires_at').notNullable();
    t.index(['expires_at'], 'used_tokens_expired'); // purge: what no longer verifies anyway
  }),
  createTable('0101_host_settings', 'mod_affiliates_host_settings', (t) => {
    t.integer('version').unsigned().primary();
    t.text('settings').notNullable();
    t.bigInteger('created_at').notNullable();
  }),
];
