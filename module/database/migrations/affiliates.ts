import { createTable, LENGTH } from './tables';

export const AFFILIATE_TABLES = [
  createTable('0001_affiliates', 'mod_affiliates_affiliates', (t) => {
    t.increments('id');
    t.string('client_id', LENGTH.hostId).notNullable();
    t.string('code', LENGTH.code).notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.string('status_reason', LENGTH.text).notNullable();
    t.string('locale', 35).notNullable();
    t.string('email_hash', LENGTH.hash).notNullable();
    t.string('user_id', LENGTH.hostId).notNullable();
    t.bigInteger('enrolled_at').notNullable();
    t.integer('merged_into').unsigned();
    t.unique(['client_id'], { indexName: 'affiliates_client' }); // the affiliate of the signed-in client
    t.unique(['code'], { indexName: 'affiliates_code' }); // whose link was clicked
    t.index(['email_hash'], 'affiliates_email'); // self-referral and concerns: who else has this address
    t.index(['user_id'], 'affiliates_user'); // self-referral and concerns: who else has this login
  }),
  createTable('0002_affiliate_states', 'mod_affiliates_affiliate_states', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.bigInteger('at').notNullable();
    t.index(['affiliate_id', 'at'], 'affiliate_states_at'); // evaluation: what the affiliate was when a line was paid
  }),
  createTable('0003_affiliate_totals', 'mod_affiliates_affiliate_totals', (t) => {
    t.integer('affiliate_id').unsigned().primary();
    t.bigInteger('clicks').notNullable().defaultTo(0);
    t.bigInteger('signups').notNullable().defaultTo(0);
    t.bigInteger('conversions').notNullable().defaultTo(0);
  }),
  createTable('0004_program_requests', 'mod_affiliates_program_requests', (t) => {
    t.string('ticket_id', LENGTH.hostId).primary();
    t.string('client_id', LENGTH.hostId).notNullable();
    t.bigInteger('asked_at').notNullable();
    t.boolean('answered').notNullable();
    t.index(['client_id', 'answered'], 'program_requests_client'); // has this client asked already
    t.index(['answered', 'asked_at'], 'program_requests_open'); // staff: who waits for an answer
  }),
  createTable('0005_clicks', 'mod_affiliates_clicks', (t) => {
    t.string('id', LENGTH.id).primary();
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('at').notNullable();
    t.string('visitor', LENGTH.hash).notNullable();
    t.string('network', 45).notNullable();
    t.string('referrer_host', 253).notNullable();
    t.string('landing', LENGTH.text).notNullable();
    t.string('campaign', LENGTH.hostId).notNullable();
    t.boolean('counted').notNullable();
    t.string('reason', LENGTH.word).notNullable();
    t.index(['affiliate_id', 'at'], 'clicks_affiliate'); // one affiliate's clicks in a period
    t.index(['at'], 'clicks_at'); // daily: raw clicks past their 30 days
  }),
  createTable('0006_visitors', 'mod_affiliates_visitors', (t) => {
    t.integer('affiliate_id').unsigned().notNullable();
    t.string('visitor', LENGTH.hash).notNullable();
    t.bigInteger('counted_at').notNullable();
    t.string('click_id', LENGTH.id).notNullable(); // the click that was counted: tells writers of one moment which of them it was
    t.primary(['affiliate_id', 'visitor']);
    t.index(['counted_at'], 'visitors_counted'); // daily: visitors past their window
  }),
  createTable('0007_attributions', 'mod_affiliates_attributions', (t) => {
    t.string('client_id', LENGTH.hostId).primary();
    t.integer('affiliate_id').unsigned();
    t.string('outcome', LENGTH.word).notNullable();
    t.bigInteger('signed_up_at').notNullable();
    t.string('click_id', LENGTH.id).notNullable();
    t.string('campaign', LENGTH.hostId).notNullable();
  }),
  createTable('0008_referrals', 'mod_affiliates_referrals', (t) => {
    t.string('id', LENGTH.id).primary();
    t.string('client_id', LENGTH.hostId).notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('signed_up_at').notNullable();
    t.bigInteger('holds_from').notNullable();
    t.string('status', LENGTH.word).notNullable();
    t.bigInteger('closed_at');
    t.string('first_name', LENGTH.text).notNullable();
    t.string('last_name', LENGTH.text).notNullable();
    t.string('initials', LENGTH.word).notNullable();
    t.string('product', LENGTH.text).notNullable();
    t.bigInteger('product_at').notNullable();
    t.string('campaign', LENGTH.hostId).notNullable();
    t.boolean('converted').notNullable();
    t.unique(['client_id'], { indexName: 'referrals_client' }); // whose referral is the client who paid
    t.index(['affiliate_id', 'signed_up_at', 'id'], 'referrals_signed_up'); // list by signup
    t.index(['affiliate_id', 'status', 'id'], 'referrals_status'); // list by status
  }),
  createTable('0009_referral_totals', 'mod_affiliates_referral_totals', (t) => {
    t.string('referral_id', LENGTH.id).notNullable();
    t.string('currency', 3).notNullable();
    t.integer('affiliate_id').unsigned().notNullable();
    t.bigInteger('paid').notNullable();
    t.bigInteger('earned').notNullable();
    t.bigInteger('last_commission_at').notNullable();
    t.primary(['referral_id', 'currency']);
    t.index(['affiliate_id', 'currency', 'earned', 'referral_id'], 'referral_totals_earned'); // list by commission
    t.index(['affiliate_id', 'currency', 'paid', 'referral_id'], 'referral_totals_paid'); // list by what they paid
    t.index(['affiliate_id', 'currency', 'last_commission_at', 'referral_id'], 'referral_totals_last'); // list by last commission
  }),
  createTable('0027_client_states', 'mod_affiliates_client_states', (t) => {
    t.string('client_id', LENGTH.hostId).primary();
    t.string('status', LENGTH.word).notNullable();
    t.bigInteger('status_at').notNullable();
  }),
];
