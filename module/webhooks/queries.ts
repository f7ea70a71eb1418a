/** All the SQL of the messages, and of whom they were sent to. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { insertRows } from '../database/insertRows';
import type { MessageType, Disabled } from './rules';

const MESSAGES = 'mod_affiliates_webhook_messages';
const DELIVERIES = 'mod_affiliates_webhook_deliveries';
const ENDPOINTS = 'mod_affiliates_webhook_endpoints';

export interface NewMessage {
  readonly id: string;
  readonly type: MessageType;
  readonly affiliateId: number;
  /** The JSON that is sent. */
  readonly body: string;
  /** ms, UTC */
  readonly createdAt: number;
}

export async function insertMessages(trx: Knex.Transaction, messages: readonly NewMessage[]): Promise<void> {
  await insertRows(
    trx,
    MESSAGES,
    messages.map(({ id, type, affiliateId, body, createdAt }) => ({
      id,
      number: null,
      type,
      affiliate_id: affiliateId,
      body,
      created_at: createdAt,
    })),
  );
}

export interface UnnumberedMessage {
  readonly id: string;
  readonly type: MessageType;
  readonly created_at: number;
}

/** @returns messages that are committed and have no number yet, in the order in which they were written. */
export async function unnumberedMessages(knex: Knex, most: number): Promise<UnnumberedMessage[]> {
  return knex(MESSAGES)
    .whereNull('number')
    .orderBy([{ column: 'created_at' }, { column: 'id' }])
    .limit(most)
    .select('id', 'type', 'created_at');
}

export async function lastNumber(knex: Knex): Promise<number> {
  const row: { last?: number | null } | undefined = await knex(MESSAGES).max({ last: 'number' }).first();
  return row?.last ?? 0;
}

/** Numbers messages in one statement. @throws WriteConflict when another process numbered one of them meanwhile */
export async function numberMessages(
  trx: Knex.Transaction,
  numbers: readonly (readonly [id: string, number: number])[],
): Promise<void> {
  const cases = numbers.map(() => 'when ? then ?').join(' ');
  const number = trx.raw(`case id ${cases} end`, numbers.flat());
  const ids = numbers.map(([id]) => id);
  const changed = await trx(MESSAGES).whereIn('id', ids).whereNull('number').update({ number });
  if (changed !== numbers.length) throw new WriteConflict('messages were numbered by another process');
}

/** What a delivery is kept by: which message, and to whom. */
export interface DeliveryKey {
  readonly number: number;
  readonly endpoint: string;
}

export async function insertDeliveries(
  trx: Knex.Transaction,
  deliveries: readonly (DeliveryKey & { readonly messageId: string; readonly createdAt: number })[],
  now: number,
): Promise<void> {
  await insertRows(
    trx,
    DELIVERIES,
    deliveries.map(({ number, endpoint, messageId, createdAt }) => ({
      number,
      endpoint,
      message_id: messageId,
      status: 'waiting',
      attempts: 0,
      due_at: now,
      claimed_until: 0,
      answer: '',
      answered_at: null,
      created_at: createdAt,
    })),
  );
}

export interface DueDelivery extends DeliveryKey {
  readonly message_id: string;
  readonly attempts: number;
  readonly body: string;
}

/** @returns what is due to an endpoint and claimed by nobody, the longest due first. */
export async function dueDeliveries(
  knex: Knex,
  endpoint: string,
  now: number,
  most: number,
): Promise<DueDelivery[]> {
  return knex({ d: DELIVERIES })
    .join({ m: MESSAGES }, 'm.number', 'd.number')
    .where({ 'd.endpoint': endpoint, 'd.status': 'waiting' })
    .andWhere('d.due_at', '<=', now)
    .andWhere('d.claimed_until', '<=', now)
    .orderBy([{ column: 'd.due_at' }, { column: 'd.number' }])
    .limit(most)
    .select('d.number', 'd.endpoint', 'd.message_id', 'd.attempts', 'm.body');
}

/** Claims a delivery, so that no other process sends it before `until`. @returns whether this one got it */
export async function claimDelivery(
  knex: Knex,
  { number, endpoint }: DeliveryKey,
  now: number,
  until: number,
): Promise<boolean> {
  const won = await knex(DELIVERIES)
    .where({ number, endpoint, status: 'waiting' })
    .andWhere('claimed_until', '<=', now)
    .update({ claimed_until: until });
  return won === 1;
}

export interface DeliveryChange {
  readonly status: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly due_at?: number;
  readonly answer: string;
  readonly answered_at: number;
}

/** Keeps what came of an attempt; does nothing where the claim ran out and somebody else has taken over. */
export async function endAttempt(
  knex: Knex,
  { number, endpoint }: DeliveryKey,
  until: number,
  change: DeliveryChange,
): Promise<void> {
  await knex(DELIVERIES)
    .where({ number, endpoint, status: 'waiting', claimed_until: until })
    .update({ ...change, claimed_until: 0 });
}

/**
 * @returns when the next delivery is due to any of the endpoints that is not disabled, and not before it has rested;
 *   null when nothing waits; ms, UTC
 */
export async function nextDueAt(knex: Knex, endpoints: readonly string[]): Promise<number | null> {
  const rows: { due: number; resting_until: number | null }[] = await knex({ d: DELIVERIES })
    .join({ e: ENDPOINTS }, 'e.key', 'd.endpoint')
    .whereIn('d.endpoint', [...endpoints])
    .andWhere({ 'd.status': 'waiting', 'e.disabled_at': null })
    .groupBy('d.endpoint', 'e.resting_until')
    .select('e.resting_until')
    .min({ due: 'd.due_at' });
  const dues = rows.map(({ due, resting_until }) => Math.max(due, resting_until ?? 0));
  return dues.length === 0 ? null : Math.min(...dues);
}

export interface EndpointRow {
  readonly key: string;
  /** As staff see it. */
  readonly url: string;
  readonly failing_since: number | null;
  readonly disabled_at: number | null;
  readonly disabled_for: Disabled | '';
  readonly resting_until: number | null;
}

/** Makes the rows of endpoints that are not known yet. */
export async function keepEndpoints(
  knex: Knex,
  endpoints: readonly { readonly key: string; readonly url: string }[],
): Promise<void> {
  if (endpoints.length === 0) return;
  const rows = endpoints.map(({ key, url }) => ({
    key,
    url,
    failing_since: null,
    disabled_at: null,
    disabled_for: '',
    resting_until: null,
  }));
  await knex(ENDPOINTS).insert(rows).onConflict(['key']).ignore();
}

/** @returns endpoints by key. */
export async function endpointRows(
  knex: Knex,
  keys: readonly string[],
): Promise<ReadonlyMap<string, EndpointRow>> {
  const rows: EndpointRow[] = await knex<EndpointRow>(ENDPOINTS).whereIn('key', [...keys]);
  return new Map(rows.map((row) => [row.key, row]));
}

/** An endpoint accepted something. */
export async function noteWorking(knex: Knex, key: string): Promise<void> {
  await knex(ENDPOINTS).where({ key }).whereNotNull('failing_since').update({ failing_since: null });
}

/** An endpoint failed. @returns since when it does; ms, UTC */
export async function noteFailing(knex: Knex, key: string, now: number): Promise<number> {
  await knex(ENDPOINTS).where({ key }).whereNull('failing_since').update({ failing_since: now });
  return (await endpointRows(knex, [key])).get(key)?.failing_since ?? now;
}

export async function disableEndpoint(
  knex: Knex,
  key: string,
  disabled_for: Disabled,
  now: number,
): Promise<void> {
  await knex(ENDPOINTS).where({ key }).whereNull('disabled_at').update({ disabled_at: now, disabled_for });
}

/** Sends nothing to an endpoint before a time that it named; ms, UTC. */
export async function restEndpoint(knex: Knex, key: string, until: number): Promise<void> {
  await knex(ENDPOINTS).where({ key }).update({ resting_until: until });
}

/** Lets an endpoint be sent to again, everything that waits for it at once. @returns whether it was disabled */
export async function enableEndpoint(trx: Knex.Transaction, key: string, now: number): Promise<boolean> {
  const enabled = await trx(ENDPOINTS)
    .where({ key })
    .whereNotNull('disabled_at')
    .update({ disabled_at: null, disabled_for: '', failing_since: null, resting_until: null });
  if (enabled !== 1) return false;
  await trx(DELIVERIES)
    .where({ endpoint: key, status: 'waiting' })
    .andWhere('due_at', '>', now)
    .update({ due_at: now });
  return true;
}

/** Lets a message be sent to an endpoint again, with all its attempts. @returns whether there is such a delivery */
export async function restartDelivery(
  trx: Knex.Transaction,
  messageId: string,
  endpoint: string,
  now: number,
): Promise<boolean> {
  const restarted = await trx(DELIVERIES)
    .where({ message_id: messageId, endpoint })
    .update({ status: 'waiting', attempts: 0, due_at: now, claimed_until: 0 });
  return restarted === 1;
}

export interface MessageRow {
  readonly id: string;
  readonly number: number;
  readonly body: string;
}

/** @returns a message's number; null for one that is not kept, or has none yet */
export async function numberOf(knex: Knex, id: string): Promise<number | null> {
  const row: { number: number | null } | undefined = await knex(MESSAGES).where({ id }).first('number');
  return row?.number ?? null;
}

export async function messagesAfter(knex: Knex, number: number, most: number): Promise<MessageRow[]> {
  return knex(MESSAGES)
    .where('number', '>', number)
    .orderBy('number')
    .limit(most)
    .select('id', 'number', 'body');
}

export type DeliveryStatus = DeliveryChange['status'];

/** One message's way to one endpoint, as staff see it. */
export interface DeliveryRow extends DeliveryKey {
  readonly id: string;
  readonly type: MessageType;
  /** As staff see it. */
  readonly url: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly answer: string;
  readonly answered_at: number | null;
  readonly due_at: number;
  readonly created_at: number;
  readonly disabled_at: number | null;
  readonly resting_until: number | null;
}

/** @returns deliveries as a query for a list to narrow and page through by `d.number` and `d.endpoint`. */
export function deliveryRows(knex: Knex): Knex.QueryBuilder<object, DeliveryRow[]> {
  return knex({ d: DELIVERIES })
    .join({ m: MESSAGES }, 'm.number', 'd.number')
    .join({ e: ENDPOINTS }, 'e.key', 'd.endpoint')
    .select(
      'm.id',
      'm.type',
      'd.number',
      'd.endpoint',
      'd.status',
      'd.attempts',
      'd.answer',
      'd.answered_at',
      'd.due_at',
      'd.created_at',
      'e.url',
      'e.disabled_at',
      'e.resting_until',
    ) as Knex.QueryBuilder<object, DeliveryRow[]>;
}

/**
 * Deletes a batch of the oldest messages from before a time, with their deliveries. The newest of all stays, so that
 * whoever has read it can go on after it.
 * @returns how many messages
 */
export async function deleteOldest(trx: Knex.Transaction, before: number, most: number): Promise<number> {
  const last = await lastNumber(trx);
  const old: { id: string; number: number | null }[] = await trx(MESSAGES)
    .where('created_at', '<', before)
    // Without a number are those that nobody was left to be told of.
    .andWhere((gone) => void gone.where('number', '<', last).orWhereNull('number'))
    .orderBy('created_at')
    .limit(most)
    .select('id', 'number');
  if (old.length === 0) return 0;
  const numbers = old.flatMap(({ number }) => number ?? []);
  await trx(DELIVERIES).whereIn('number', numbers).delete();
  return trx(MESSAGES)
    .whereIn(
      'id',
      old.map(({ id }) => id),
    )
    .delete();
}
