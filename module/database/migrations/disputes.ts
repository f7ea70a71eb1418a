import { isMysql } from '../dialect';
import { createTable, LENGTH, type Migration } from './tables';

/** Clients who signed up, or changed their address, before this table was there: theirs stand beside the events. */
const ADDRESSES_KNOWN: Migration = {
  name: '0052_client_addresses_known',
  up: async (knex) => {
    const hash = knex.raw(isMysql(knex) ? 'json_unquote(json_extract(??, ?))' : 'json_extract(??, ?)', [
      'p.data',
      '$.emailHash',
    ]);
    const missing = knex({ p: 'mod_affiliates_event_personal' })
      .join({ e: 'mod_affiliates_events' }, 'e.id', 'p.event_id')
      .leftJoin({ a: 'mod_affiliates_client_addresses' }, (on) => {
        on.on('a.client_id', 'p.client_id').andOn('a.email_hash', hash);
      })
      .whereIn('e.type', ['client.signed_up', 'client.edited'])
      .andWhere(hash, '<>', '')
      .whereNull('a.client_id')
      .groupBy('p.client_id', hash)
      .select('p.client_id', hash, knex.raw('min(??)', ['e.occurred_at']));
    const columns = ['client_id', 'email_hash', 'known_since'];
    await knex(knex.raw('?? (??, ??, ??)', ['mod_affiliates_client_addresses', ...columns])).insert(missing);
  },
};

export const DISPUTE_TABLES: readonly Migration[] = [
  createTable('0050_disputes', 'mod_affiliates_disputes', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('event_id', LENGTH.id).notNullable(); // beside it stands what identifies a person
    t.string('slot', LENGTH.key).notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.boolean('by_email').notNullable();
    t.string('email_hash', LENGTH.hash).notNullable();
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('day', 10).notNullable();
    t.string('note', 1000).notNullable();
    t.text('clicks').notNullable();
    t.string('ticket_id', LENGTH.hostId).notNullable();
    t.bigInteger('opened_at').notNullable();
    t.bigInteger('answered_at');
    t.string('answered_by', LENGTH.key).notNullable();
    t.string('answer', LENGTH.text).notNullable();
    t.unique(['slot'], { indexName: 'disputes_slot' }); // so many a day, also of requests at the same moment
    t.index(['affiliate_id', 'status', 'id'], 'disputes_affiliate'); // an affiliate's own, and how many are open
    t.index(['status', 'id'], 'disputes_status'); // staff: what waits for an answer
    t.index(['email_hash'], 'disputes_email'); // erasing a client: who named its address
    t.index(['invoice_id'], 'disputes_invoice'); // erasing a client: who named one of its invoices
  }),
  createTable('0051_client_addresses', 'mod_affiliates_client_addresses', (t) => {
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('email_hash', LENGTH.hash).notNullable();
    t.bigInteger('known_since').notNullable();
    t.primary(['client_id', 'email_hash']);
    t.index(['email_hash'], 'client_addresses_email'); // disputes: whose address was named
  }),
  ADDRESSES_KNOWN,
];
