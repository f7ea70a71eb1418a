/** The SQL of events that came to no good end. */
import type { Knex } from 'knex';
import { encodeTime } from 'ulid';
import { toAccepted, type AcceptedEvent, type EventRow } from './queries';
import type { Answer, EventType } from './rules';

const EVENTS = 'mod_affiliates_events';
const ANSWERS = 'mod_affiliates_event_answers';
const FAILURES = 'mod_affiliates_event_failures';
const PERSONAL = 'mod_affiliates_event_personal';

/** An event with what became of it; null while it waits. */
export interface AnsweredEvent extends AcceptedEvent {
  readonly answer: Answer | null;
}

type Row = EventRow & { answer: string | null };

const eventRows = (knex: Knex): Knex.QueryBuilder =>
  knex({ e: EVENTS })
    .leftJoin({ p: PERSONAL }, 'p.event_id', 'e.id')
    .leftJoin({ a: ANSWERS }, 'a.event_id', 'e.id')
    .select('e.*', 'p.data', 'p.client_id', 'a.answer');

const toAnswered = (row: Row | undefined): AnsweredEvent | null =>
  // Answers are written by `insertAnswers` alone.
  row
    ? { ...toAccepted(row), answer: row.answer === null ? null : (JSON.parse(row.answer) as Answer) }
    : null;

export async function acceptedEvent(knex: Knex, id: string): Promise<AnsweredEvent | null> {
  return toAnswered((await eventRows(knex).where({ 'e.id': id }).first()) as Row | undefined);
}

/** @returns the last event of a source whose id there begins so */
export async function lastFrom(knex: Knex, source: string, beginning: string): Promise<AnsweredEvent | null> {
  const rows = eventRows(knex)
    .where({ 'e.source': source })
    .andWhere('e.source_id', '>=', beginning)
    // Of the characters that ids are made of none comes after this one.
    .andWhere('e.source_id', '<', `${beginning}~`)
    .orderBy('e.source_id', 'desc');
  return toAnswered((await rows.first()) as Row | undefined);
}

/** Which events in trouble are meant; times are when they were accepted, ms, UTC, from inclusive, until exclusive. */
export interface TroubleQuery {
  readonly status: 'waiting' | 'set_aside';
  readonly type?: string;
  readonly from: number;
  readonly to: number;
}

/** An event in trouble, without what it says. */
export interface TroubledEvent {
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly status: TroubleQuery['status'];
  /** Why it waits, or was set aside. */
  readonly code: string;
  /** ms, UTC */
  readonly receivedAt: number;
}

/** Ids are ULIDs, and begin with the time, for which they have ten letters. */
const idAt = (time: number): string => encodeTime(Math.min(Math.max(0, time), MAX_TIME)).padEnd(26, '0');
const MAX_TIME = 2 ** 48 - 1;

/** @returns so many events at most, oldest first, after one by its id */
async function troubledOf(
  knex: Knex,
  { status, type, from, to }: TroubleQuery,
  { after, limit }: { after: string; limit: number },
): Promise<TroubledEvent[]> {
  const rows =
    status === 'waiting'
      ? knex({ f: FAILURES }).join({ e: EVENTS }, 'e.id', 'f.event_id').select({ code: 'f.code' })
      : knex({ a: ANSWERS })
          .join({ e: EVENTS }, 'e.id', 'a.event_id')
          .where({ 'a.status': 'set_aside' })
          .select('a.answer');
  const key = status === 'waiting' ? 'f.event_id' : 'a.event_id';
  void rows
    .andWhere(key, '>', after)
    .andWhere(key, '>=', idAt(from))
    .andWhere(key, '<', idAt(to))
    .orderBy(key)
    .limit(limit)
    .select('e.id', 'e.source', 'e.type', { receivedAt: 'e.received_at' });
  if (type !== undefined) void rows.andWhere({ 'e.type': type });
  const found = (await rows) as (Omit<TroubledEvent, 'status' | 'code'> & {
    code?: string;
    answer?: string;
  })[];
  return found.map(({ answer, code, ...event }) => ({ ...event, status, code: code ?? codeIn(answer) }));
}

function codeIn(written: string | undefined): string {
  const answer = JSON.parse(written ?? '{}') as Partial<Extract<Answer, { status: 'set_aside' }>>;
  return answer.code ?? '';
}

const BATCH = 500;

/** @returns all of them as they are found; what was tried again meanwhile changes nothing about the others. */
export async function* allTroubled(knex: Knex, query: TroubleQuery): AsyncGenerator<TroubledEvent> {
  for (let after = ''; ;) {
    const events = await troubledOf(knex, query, { after, limit: BATCH });
    yield* events;
    const last = events.at(-1);
    if (!last || events.length < BATCH) return;
    after = last.id;
  }
}
