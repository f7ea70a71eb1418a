/**
 * What a replay must come to: every table that the history makes, row by row. Columns are compared unless they are
 * named here, so that a new one is compared by itself.
 */
import type { Knex } from 'knex';

export interface Comparison {
  readonly name: string;
  readonly table: string;
  /** Columns that say which row it is, the same in both databases; another table's as 'alias.column'. */
  readonly key: readonly [string, ...string[]];
  /**
   * Columns that are not compared. Ids and what holds them were random before they followed from the event, and a
   * history may be older than that.
   */
  readonly without: readonly string[];
  /** Tells rows of the same key apart, where the key does not; not the same in both databases. */
  readonly tie?: string;
  /** Another table that gives a part of the key: its alias, its name, its column, and ours. */
  readonly joined?: readonly [alias: string, table: string, theirs: string, ours: string];
}

const T = 'mod_affiliates_';

const comparison = (
  name: string,
  key: Comparison['key'],
  without: readonly string[] = [],
  more: Pick<Comparison, 'tie' | 'joined'> = {},
): Comparison => ({ name, table: T + name, key, without, ...more });

/** Everything compared, what people ask about first. */
export const COMPARISONS: readonly Comparison[] = [
  comparison('balances', ['affiliate_id', 'currency']),
  comparison('commissions', ['line_key', 'affiliate_id', 'tier'], ['id', 'referral_id', 'terms']),
  // The number of the ticket is the host's answer to the request for one.
  comparison('withdrawals', ['id'], ['ticket_id']),
  comparison('corrections', ['id']),
  comparison('referrals', ['client_id'], ['id']),
  comparison('referral_totals', ['r.client_id', 'currency'], ['referral_id'], {
    joined: ['r', `${T}referrals`, 'id', 'referral_id'],
  }),
  // Clicks are counted as they come, and are no events.
  comparison('affiliate_totals', ['affiliate_id'], ['clicks']),
  comparison('affiliates', ['id']),
  comparison('affiliate_states', ['affiliate_id', 'at'], ['id'], { tie: 'id' }),
  comparison('program_requests', ['ticket_id']),
  comparison('attributions', ['client_id']),
  comparison('client_states', ['client_id']),
  // By when it was told, because the hash of an address stays out of what is printed.
  comparison('client_addresses', ['client_id', 'known_since'], [], { tie: 'email_hash' }),
  comparison('client_traits', ['client_id', 'known_since'], [], { tie: 'trait_hash' }),
  comparison('suspicions', ['client_id', 'code']),
  comparison('marks', ['id']),
  comparison('hold_decisions', ['line_key']),
  comparison('disputes', ['id'], ['ticket_id']),
  comparison('terms', ['scope', 'scope_key', 'from_at'], ['id'], { tie: 'id' }),
  comparison('coupons', ['code']),
  comparison('groups', ['key']),
  comparison('group_members', ['affiliate_id', 'from_at'], ['id'], { tie: 'id' }),
  comparison('legacy_ids', ['legacy_id']),
  comparison('imports', ['legacy_id']),
  comparison('import_lines', ['line_id']),
  comparison('import_history', ['kind', 'entry_id']),
  comparison('referral_services', ['service_id']),
  comparison('earlier_invoices', ['invoice_id']),
  comparison('invoices', ['id'], ['version']),
  comparison('invoice_lines', ['line_key']),
  comparison('refunds', ['invoice_id', 'refund_id']),
  comparison('refund_reversals', ['invoice_id', 'refund_id']),
  comparison('evaluations', ['line_key', 'number'], ['referral_id', 'terms_id']),
  comparison('ledger_transactions', ['key'], ['id', 'commission_id']),
  comparison('ledger_entries', ['t.key', 'position'], ['transaction_id'], {
    joined: ['t', `${T}ledger_transactions`, 'id', 'transaction_id'],
  }),
];

/** Tables that no replay makes, each with the reason. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  [`${T}migrations`]: 'says which tables there are',
  [`${T}migrations_lock`]: 'says which tables there are',
  [`${T}keys`]: 'given, not made',
  [`${T}events`]: 'the history itself',
  [`${T}event_order`]: 'the history itself',
  [`${T}event_personal`]: 'the history itself',
  [`${T}event_answers`]: 'compared while the history is replayed',
  [`${T}event_failures`]: 'waits, and has made nothing yet',
  [`${T}clicks`]: 'counted as they come, and forgotten after a while',
  [`${T}visitors`]: 'counted as they come, and forgotten after a while',
  [`${T}seen_networks`]: 'found once, and forgotten after a while',
  [`${T}commands`]: 'says how far the host has been asked',
  [`${T}webhook_messages`]: 'tells of the history in other words, to those who subscribed at its time',
  [`${T}webhook_deliveries`]: 'says how far they have been told',
  [`${T}webhook_endpoints`]: 'says whether they listen',
  [`${T}used_tokens`]: 'says which requests of the host were taken',
  [`${T}host_settings`]: 'given, not made',
  [`${T}audit`]: 'tells of the history in other words',
  [`${T}ledger_seals`]: 'made of the ledger by night, and proved by themselves',
  [`${T}ledger_sealed`]: 'made of the ledger by night, and proved by themselves',
  [`${T}proofs`]: 'tells what was found',
};

/** What is about a person: that it differs is told, and not what it says. */
export const PERSONAL: ReadonlySet<string> = new Set([
  'details',
  'email_hash',
  'first_name',
  'initials',
  'last_name',
  'note',
  'trait_hash',
  'user_id',
]);

/** @returns the comparison's rows with their key columns, as a query. */
export function rowsOf(knex: Knex, { table, joined, key }: Comparison): Knex.QueryBuilder {
  const rows = knex({ x: table }).select('x.*', ...key.filter((column) => column.includes('.')));
  if (!joined) return rows;
  const [alias, other, theirs, ours] = joined;
  return rows.join({ [alias]: other }, `${alias}.${theirs}`, `x.${ours}`);
}
