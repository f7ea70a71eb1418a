/** All the SQL of events, their answers, and what was handed in beside them. */
import type { Knex } from 'knex';
import type { Answer, EventPayloads, EventType, Personal, ProgramEvent } from './rules';
import { digestOf } from './rules';

const EVENTS = 'mod_affiliates_events';
const ANSWERS = 'mod_affiliates_event_answers';
const FAILURES = 'mod_affiliates_event_failures';
const PERSONAL = 'mod_affiliates_event_personal';
const ORDER = 'mod_affiliates_event_order';

/** An event that has its row. */
export interface AcceptedEvent {
  readonly id: string;
  readonly receivedAt: number;
  readonly event: ProgramEvent;
}

/** What is known of an event that was accepted before. */
export interface KnownEvent {
  readonly digest: string;
  readonly answer: Answer;
}

/** @returns the key under which an event is known. */
export const sourceKey = ({ source, id }: Pick<ProgramEvent, 'source' | 'id'>): string => `${source}\n${id}`;

/** @returns those of the events that were accepted before, by `sourceKey`, with the answer they got. */
export async function knownEvents(
  knex: Knex,
  events: readonly Pick<ProgramEvent, 'source' | 'id'>[],
): Promise<Map<string, KnownEvent>> {
  if (events.length === 0) return new Map();
  const rows: { source: string; source_id: string; digest: string; answer: string | null }[] = await knex({
    e: EVENTS,
  })
    .leftJoin({ a: ANSWERS }, 'a.event_id', 'e.id')
    .whereIn(
      ['e.source', 'e.source_id'],
      events.map(({ source, id }) => [source, id]),
    )
    .select('e.source', 'e.source_id', 'e.digest', 'a.answer');
  return new Map(
    rows.map(({ source, source_id, digest, answer }) => [
      sourceKey({ source, id: source_id }),
      // Answers are written by `insertAnswers` alone.
      { digest, answer: answer === null ? { status: 'waiting' } : (JSON.parse(answer) as Answer) },
    ]),
  );
}

/** Inserts events and what came beside them, two statements for all. @throws a unique violation for a known one */
export async function insertEvents(
  trx: Knex.Transaction,
  accepted: readonly AcceptedEvent[],
  key: string,
): Promise<void> {
  if (accepted.length === 0) return;
  await trx(EVENTS).insert(
    accepted.map(({ id, receivedAt, event }) => ({
      id,
      source: event.source,
      source_id: event.id,
      type: event.type,
      occurred_at: event.occurredAt,
      received_at: receivedAt,
      actor: JSON.stringify(event.by),
      payload: JSON.stringify(event.payload),
      digest: digestOf(event, key),
    })),
  );
  await insertPersonal(trx, accepted);
}

/** Inserts what came beside events, in one statement. */
export async function insertPersonal(
  trx: Knex.Transaction,
  accepted: readonly Pick<AcceptedEvent, 'id' | 'event'>[],
): Promise<void> {
  const personal = accepted.filter(({ event }) => event.personal && event.personalOf);
  if (personal.length === 0) return;
  await trx(PERSONAL).insert(
    personal.map(({ id, event }) => ({
      event_id: id,
      client_id: event.personalOf,
      data: JSON.stringify(event.personal),
    })),
  );
}

/** An event's answer, and when the attempt was made that led to it; ms, UTC. */
export interface Answered {
  readonly eventId: string;
  readonly answer: Answer;
  readonly at: number;
}

/**
 * Keeps answers, and in which order events were processed. An event is answered once; waiting is the absence of an
 * answer. Comes last in a transaction: whoever had to wait for another's rows must get the later place.
 */
export async function insertAnswers(trx: Knex.Transaction, answers: readonly Answered[]): Promise<void> {
  const ended = answers.filter(({ answer }) => answer.status !== 'waiting');
  if (ended.length === 0) return;
  await trx(ANSWERS).insert(
    ended.map(({ eventId, answer, at }) => ({
      event_id: eventId,
      status: answer.status,
      answer: JSON.stringify(answer),
      answered_at: at,
    })),
  );
  await trx(ORDER).insert(ended.map(({ eventId }) => ({ event_id: eventId })));
}

/** Notes that an event waits to be tried again. */
export async function noteFailure(
  trx: Knex.Transaction,
  eventId: string,
  { attempts, code, dueAt }: { attempts: number; code: string; dueAt: number },
): Promise<void> {
  await trx(FAILURES)
    .insert({ event_id: eventId, attempts, code, due_at: dueAt })
    .onConflict(['event_id'])
    .merge(['attempts', 'code', 'due_at']);
}

export async function clearFailure(trx: Knex.Transaction, eventId: string): Promise<void> {
  await trx(FAILURES).where({ event_id: eventId }).delete();
}

/** @returns waiting events that are due, oldest first; of one that is named that one. */
export async function waitingEvents(
  knex: Knex,
  { dueBy, most, eventId }: { dueBy: number; most: number; eventId?: string },
): Promise<(AcceptedEvent & { attempts: number })[]> {
  const due = knex({ f: FAILURES })
    .join({ e: EVENTS }, 'e.id', 'f.event_id')
    .leftJoin({ p: PERSONAL }, 'p.event_id', 'e.id')
    .where('f.due_at', '<=', dueBy)
    .orderBy('e.id')
    .limit(most)
    .select('e.*', 'f.attempts', 'p.data', 'p.client_id');
  if (eventId !== undefined) void due.andWhere({ 'f.event_id': eventId });
  const rows = (await due) as (EventRow & { attempts: number })[];
  return rows.map((row) => ({ ...toAccepted(row), attempts: row.attempts }));
}

/** A row of the events' table, with what was handed in beside it. */
export interface EventRow {
  readonly id: string;
  readonly source: string;
  readonly source_id: string;
  readonly type: EventType;
  readonly occurred_at: number;
  readonly received_at: number;
  readonly actor: string;
  readonly payload: string;
  readonly data: string | null;
  readonly client_id: string | null;
}

export function toAccepted(row: EventRow): AcceptedEvent {
  return {
    id: row.id,
    receivedAt: row.received_at,
    event: {
      source: row.source,
      id: row.source_id,
      type: row.type,
      occurredAt: row.occurred_at,
      by: JSON.parse(row.actor) as ProgramEvent['by'],
      payload: JSON.parse(row.payload) as EventPayloads[EventType],
      ...(row.data !== null && { personal: JSON.parse(row.data) as Personal }),
      ...(row.client_id !== null && { personalOf: row.client_id }),
    },
  };
}

/** @returns what an accepted event said, without what was handed in beside it; null for an id that is none. */
export async function eventById(
  knex: Knex,
  id: string,
): Promise<Pick<ProgramEvent, 'type' | 'payload'> | null> {
  const row: { type: EventType; payload: string } | undefined = await knex(EVENTS)
    .where({ id })
    .first('type', 'payload');
  return row ? { type: row.type, payload: JSON.parse(row.payload) as EventPayloads[EventType] } : null;
}

/** @returns whether an event still waits; another process may have dealt with it. Locks its failure row. */
export async function claimWaiting(trx: Knex.Transaction, eventId: string): Promise<boolean> {
  const touched = await trx(FAILURES)
    .where({ event_id: eventId })
    .update({ attempts: trx.raw('?? + 1', ['attempts']) });
  return touched === 1;
}

export async function countWaiting(knex: Knex): Promise<number> {
  const row = (await knex(FAILURES).count({ count: '*' }).first()) as { count: number | string } | undefined;
  return Number(row?.count ?? 0);
}

/** @returns when the oldest of the events that wait was accepted, ms; null when none waits */
export async function oldestWaitingAt(knex: Knex): Promise<number | null> {
  const row = (await knex({ f: FAILURES })
    .join({ e: EVENTS }, 'e.id', 'f.event_id')
    .min({ at: 'e.received_at' })
    .first()) as { at: number | null } | undefined;
  return row?.at ?? null;
}

/** An event without a good end, as staff see it. */
export interface TroubleRow {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly received_at: number;
  readonly attempts: number | null;
  readonly code: string | null;
  readonly answer: string | null;
}

/** @returns what waits, and what was set aside last. */
export async function troubledEvents(knex: Knex, most: number): Promise<TroubleRow[]> {
  const columns = ['e.id', 'e.source', 'e.type', 'e.received_at', 'f.attempts', 'f.code', 'a.answer'];
  const waiting: TroubleRow[] = await knex({ f: FAILURES })
    .join({ e: EVENTS }, 'e.id', 'f.event_id')
    .leftJoin({ a: ANSWERS }, 'a.event_id', 'e.id')
    .orderBy('e.id', 'desc')
    .limit(most)
    .select(columns);
  const setAside: TroubleRow[] = await knex({ a: ANSWERS })
    .join({ e: EVENTS }, 'e.id', 'a.event_id')
    .leftJoin({ f: FAILURES }, 'f.event_id', 'e.id')
    .where('a.status', 'set_aside')
    .orderBy('a.event_id', 'desc')
    .limit(most)
    .select(columns);
  return [...waiting, ...setAside];
}

/** @returns what is kept about a client beside its events, the latest word on each thing. */
export async function personalOf(knex: Knex, clientId: string): Promise<Personal> {
  const rows: { data: string }[] = await knex(PERSONAL)
    .where({ client_id: clientId })
    .orderBy('event_id')
    .select('data');
  return Object.assign({}, ...rows.map(({ data }) => JSON.parse(data) as Personal)) as Personal;
}

/** @returns those of the clients whose signups were told, as far as anything was told with them. */
export async function signedUpAmong(knex: Knex, clientIds: readonly string[]): Promise<Set<string>> {
  const rows: { client_id: string }[] = await knex({ p: PERSONAL })
    .join({ e: EVENTS }, 'e.id', 'p.event_id')
    .whereIn('p.client_id', [...clientIds])
    .andWhere({ 'e.type': 'client.signed_up' })
    .select('p.client_id');
  return new Set(rows.map(({ client_id }) => client_id));
}

/** Takes away what was handed in about a client beside its events; the events themselves hold nothing personal. */
export async function erasePersonal(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(PERSONAL).where({ client_id: clientId }).delete();
}

/** Gives what was handed in about one client to another, so that erasing the one that stays reaches it. */
export async function movePersonal(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  await trx(PERSONAL).where({ client_id: from }).update({ client_id: to });
}

/** Takes away one part of what was handed in beside an event, which is not needed once the event is processed. */
export async function forgetPart(trx: Knex.Transaction, eventId: string, part: string): Promise<void> {
  const row: { data: string } | undefined = await trx(PERSONAL).where({ event_id: eventId }).first('data');
  if (!row) return;
  const { [part]: forgotten, ...rest } = JSON.parse(row.data) as Personal;
  if (forgotten === undefined) return;
  if (Object.keys(rest).length === 0) await forgetPersonal(trx, eventId);
  else
    await trx(PERSONAL)
      .where({ event_id: eventId })
      .update({ data: JSON.stringify(rest) });
}

/** Takes away what was handed in beside one event. */
export async function forgetPersonal(trx: Knex.Transaction, eventId: string): Promise<void> {
  await trx(PERSONAL).where({ event_id: eventId }).delete();
}
