import { createTable, LENGTH, type Migration } from './tables';

export const HOLD_TABLES: readonly Migration[] = [
  createTable('0055_suspicions', 'mod_affiliates_suspicions', (t) => {
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('code', LENGTH.word).notNullable();
    t.bigInteger('noted_at').notNullable();
    t.primary(['client_id', 'code']);
  }),
  createTable('0056_hold_decisions', 'mod_affiliates_hold_decisions', (t) => {
    t.string('line_key', LENGTH.lineKey).primary(); // a hold is decided once
    t.string('decision', LENGTH.word).notNullable();
    t.string('reason', LENGTH.text).notNullable();
    t.bigInteger('decided_at').notNullable();
    t.string('decided_by', LENGTH.key).notNullable();
    t.string('decided_by_id', LENGTH.hostId).notNullable();
  }),
  createTable('0080_seen_networks', 'mod_affiliates_seen_networks', (t) => {
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('network', LENGTH.hash).notNullable();
    t.integer('day').unsigned().notNullable();
    t.primary(['client_id', 'network', 'day']);
    t.index(['day'], 'seen_networks_day'); // the nightly purge
  }),
  createTable('0081_client_traits', 'mod_affiliates_client_traits', (t) => {
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('kind', LENGTH.word).notNullable();
    t.string('trait_hash', LENGTH.hash).notNullable();
    t.bigInteger('known_since').notNullable();
    t.primary(['client_id', 'kind', 'trait_hash']);
    t.index(['trait_hash'], 'client_traits_hash'); // whoever shares it
  }),
  createTable('0082_marks', 'mod_affiliates_marks', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('marked_at').notNullable();
    t.integer('refunded').unsigned().notNullable();
    t.integer('paid').unsigned().notNullable();
    t.bigInteger('lifted_at');
    t.string('lifted_by', LENGTH.key).notNullable();
    t.string('lifted_by_id', LENGTH.hostId).notNullable();
    t.string('reason', LENGTH.text).notNullable();
    t.index(['affiliate_id'], 'marks_affiliate'); // evaluation: whether the affiliate is marked
  }),
];
