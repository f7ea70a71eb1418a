/** The SQL of the history as a replay reads it. */
import type { Knex } from 'knex';
import { toAccepted, type AcceptedEvent, type EventRow } from './queries';
import type { Answer } from './rules';

const EVENTS = 'mod_affiliates_events';
const ANSWERS = 'mod_affiliates_event_answers';
const PERSONAL = 'mod_affiliates_event_personal';
const ORDER = 'mod_affiliates_event_order';

/** An event with what became of it, in the place it was processed in. */
export interface ProcessedEvent extends AcceptedEvent {
  readonly sequence: number;
  readonly answer: Answer;
  /** When it was processed; ms, UTC. */
  readonly answeredAt: number;
}

/** @returns answered events after a place, so many at most, in the order in which they were processed. */
export async function answeredAfter(knex: Knex, sequence: number, most: number): Promise<ProcessedEvent[]> {
  const rows: (EventRow & { sequence: number; answer: string; answered_at: number })[] = await knex({
    o: ORDER,
  })
    .join({ e: EVENTS }, 'e.id', 'o.event_id')
    .join({ a: ANSWERS }, 'a.event_id', 'o.event_id')
    .leftJoin({ p: PERSONAL }, 'p.event_id', 'o.event_id')
    .where('o.sequence', '>', sequence)
    .orderBy('o.sequence')
    .limit(most)
    .select('e.*', 'o.sequence', 'a.answer', 'a.answered_at', 'p.data', 'p.client_id');
  return rows.map((row) => ({
    ...asItCame(toAccepted(row)),
    sequence: row.sequence,
    // Answers are written by `insertAnswers` alone.
    answer: JSON.parse(row.answer) as Answer,
    answeredAt: row.answered_at,
  }));
}

/** Since then, a merge may have given what came beside the event to another client; a replay merges again. */
function asItCame({ event, ...accepted }: AcceptedEvent): AcceptedEvent {
  if (event.personalOf === undefined) return { ...accepted, event };
  const told = 'clientId' in event.payload ? event.payload.clientId : '';
  const own = event.by.kind === 'client' ? event.by.id : event.personalOf;
  return { ...accepted, event: { ...event, personalOf: told || own } };
}

/** @returns how many events came to an end. */
export async function countAnswered(knex: Knex): Promise<number> {
  const row = (await knex(ANSWERS).count({ count: '*' }).first()) as { count: number | string } | undefined;
  return Number(row?.count ?? 0);
}

/** @returns the first answered event that cannot be replayed, as the event or its place is gone; '' for none. */
export async function firstOutOfOrder(knex: Knex): Promise<string> {
  const row: { event_id: string } | undefined = await knex({ a: ANSWERS })
    .leftJoin({ e: EVENTS }, 'e.id', 'a.event_id')
    .leftJoin({ o: ORDER }, 'o.event_id', 'a.event_id')
    .where((gone) => void gone.whereNull('e.id').orWhereNull('o.event_id'))
    .orderBy('a.event_id')
    .first('a.event_id');
  return row?.event_id ?? '';
}
