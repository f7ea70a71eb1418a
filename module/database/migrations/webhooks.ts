import { addColumns, createTable, LENGTH } from './tables';

export const WEBHOOK_TABLES = [
  createTable('0090_webhook_messages', 'mod_affiliates_webhook_messages', (t) => {
    t.string('id', LENGTH.code).primary();
    t.bigInteger('number');
    t.string('type', LENGTH.word).notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.text('body').notNullable();
    t.bigInteger('created_at').notNullable();
    t.unique(['number'], { indexName: 'webhook_messages_number' }); // reading again; what has no number yet
    t.index(['created_at'], 'webhook_messages_age'); // forgetting after 30 days
  }),
  createTable('0091_webhook_deliveries', 'mod_affiliates_webhook_deliveries', (t) => {
    t.bigInteger('number').notNullable();
    t.string('endpoint', LENGTH.code).notNullable();
    t.string('message_id', LENGTH.code).notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.integer('attempts').notNullable();
    t.bigInteger('due_at').notNullable();
    t.bigInteger('claimed_until').notNullable();
    t.string('answer', LENGTH.word).notNullable();
    t.bigInteger('answered_at');
    t.bigInteger('created_at').notNullable();
    t.primary(['number', 'endpoint']);
    t.index(['endpoint', 'status', 'due_at', 'number'], 'webhook_deliveries_due'); // delivery: what waits
    t.index(['status', 'number', 'endpoint'], 'webhook_deliveries_status'); // staff: deliveries by their state
    t.index(['message_id', 'endpoint'], 'webhook_deliveries_message'); // staff: sending one again
  }),
  createTable('0092_webhook_endpoints', 'mod_affiliates_webhook_endpoints', (t) => {
    t.string('key', LENGTH.code).primary();
    t.string('url', LENGTH.text).notNullable();
    t.bigInteger('failing_since');
    t.bigInteger('disabled_at');
    t.string('disabled_for', LENGTH.word).notNullable();
  }),
  addColumns('0110_webhook_rests', 'mod_affiliates_webhook_endpoints', {
    resting_until: (t, column) => t.bigInteger(column),
  }),
];
