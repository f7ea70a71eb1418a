import { createTable, LENGTH } from './tables';

export const INTAKE_TABLES = [
  createTable('0020_events', 'mod_affiliates_events', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('source', LENGTH.word).notNullable();
    t.string('source_id', LENGTH.key).notNullable();
    t.string('type', LENGTH.code).notNullable();
    t.bigInteger('occurred_at').notNullable();
    t.bigInteger('received_at').notNullable();
    t.text('actor').notNullable();
    t.text('payload', 'mediumtext').notNullable();
    t.string('digest', LENGTH.hash).notNullable();
    t.unique(['source', 'source_id'], { indexName: 'events_source' }); // each event is accepted once
  }),
  createTable('0021_event_answers', 'mod_affiliates_event_answers', (t) => {
    t.string('event_id', LENGTH.id).primary();
    t.string('status', LENGTH.word).notNullable();
    t.text('answer').notNullable();
    t.bigInteger('answered_at').notNullable();
    t.index(['status', 'event_id'], 'event_answers_status'); // staff: what was set aside
  }),
  createTable('0022_event_failures', 'mod_affiliates_event_failures', (t) => {
    t.string('event_id', LENGTH.id).primary();
    t.integer('attempts').notNullable();
    t.string('code', LENGTH.code).notNullable();
    t.bigInteger('due_at').notNullable();
    t.index(['due_at'], 'event_failures_due'); // retry: what waits
  }),
  createTable('0023_event_personal', 'mod_affiliates_event_personal', (t) => {
    t.string('event_id', LENGTH.id).primary();
    t.string('client_id', LENGTH.hostId).notNullable();
    t.text('data').notNullable();
    t.index(['client_id'], 'event_personal_client'); // erasing a client
  }),
  createTable('0024_commands', 'mod_affiliates_commands', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('key', LENGTH.key).notNullable();
    t.string('kind', LENGTH.word).notNullable();
    t.text('payload').notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.integer('attempts').notNullable();
    t.bigInteger('due_at').notNullable();
    t.bigInteger('claimed_until').notNullable();
    t.text('answer');
    t.bigInteger('created_at').notNullable();
    t.unique(['key'], { indexName: 'commands_key' }); // a command is asked for once
    t.index(['status', 'due_at', 'id'], 'commands_due'); // delivery: what waits for the host
  }),
  createTable('0025_audit', 'mod_affiliates_audit', (t) => {
    t.string('id', LENGTH.id).primary();
    t.bigInteger('at').notNullable();
    t.string('actor', LENGTH.key).notNullable();
    t.string('action', LENGTH.code).notNullable();
    t.integer('affiliate_id').unsigned();
    t.text('parameters').notNullable();
    t.index(['affiliate_id', 'id'], 'audit_affiliate'); // what was done about one affiliate
  }),
  createTable('0026_keys', 'mod_affiliates_keys', (t) => {
    t.string('name', LENGTH.word).primary();
    t.string('value', LENGTH.key).notNullable();
  }),
];
