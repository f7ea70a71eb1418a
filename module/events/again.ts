/**
 * Trying events again that came to no good end, on somebody's word. One that waits is tried as it would be by itself.
 * One that was set aside keeps its answer for ever: what it said is accepted once more, under an id that names it, so
 * that the history tells that it was tried again, and a replay of the history lives both.
 */
import {
  acceptedEvent,
  allTroubled,
  lastFrom,
  type AnsweredEvent,
  type TroubledEvent,
  type TroubleQuery,
} from './againQueries';
import type { Intake } from './process';
import { retryEvent } from './retry';
import type { Answer, ProgramEvent } from './rules';

/** The source of events that were accepted once more; their ids are the first one's and the number of the try. */
const AGAIN = 'replay';

/** What became of an event that was tried again. */
export type TriedAgain =
  | { readonly status: 'processed' | 'waiting' }
  | { readonly status: 'set_aside'; readonly code: string }
  /** Nothing was done: there is no such event, it has its effect already, or it is no fact that could be told again. */
  | { readonly status: 'unknown' | 'done' | 'no_fact' };

export interface Trials {
  /** Events that came to no good end, oldest first. */
  troubled(query: TroubleQuery): AsyncIterable<TroubledEvent>;
  /** Tries one of them again, by its id. @throws whatever keeps the database from taking anything at all */
  tryAgain(eventId: string): Promise<TriedAgain>;
}

export function createTrials(intake: Intake, accept: (event: ProgramEvent) => Promise<Answer>): Trials {
  return {
    troubled: (query) => allTroubled(intake.knex, query),
    tryAgain: (eventId) => tryAgain(intake, accept, eventId),
  };
}

/** Acts of people are refused to their face, and the night's own work comes again by itself. */
const FACTS: ReadonlySet<string> = new Set(['host', 'commands']);

/** @param eventId ours, as the staff page of events in trouble shows it */
async function tryAgain(
  intake: Intake,
  accept: (event: ProgramEvent) => Promise<Answer>,
  eventId: string,
): Promise<TriedAgain> {
  const named = await acceptedEvent(intake.knex, eventId);
  // Whoever names a try means what was tried.
  const first = named?.event.source === AGAIN ? await acceptedEvent(intake.knex, firstOf(named)) : named;
  if (!first) return { status: 'unknown' };
  const last = (await lastFrom(intake.knex, AGAIN, `${first.id}:`)) ?? first;
  if (last.answer === null) return retried(await retryEvent(intake, last.id));
  if (last.answer.status !== 'set_aside') return { status: 'done' };
  if (!FACTS.has(first.event.source)) return { status: 'no_fact' };
  // Two who ask at once ask for the same try.
  const id = `${first.id}:${String(last === first ? 1 : numberOf(last) + 1).padStart(4, '0')}`;
  return resultOf(await accept({ ...first.event, source: AGAIN, id }));
}

const firstOf = ({ event }: AnsweredEvent): string => event.id.slice(0, event.id.indexOf(':'));
const numberOf = ({ event }: AnsweredEvent): number => Number(event.id.slice(event.id.indexOf(':') + 1));

/** Without an answer another process dealt with it meanwhile. */
const retried = (answer: Answer | null): TriedAgain => (answer ? resultOf(answer) : { status: 'done' });

const resultOf = (answer: Answer): TriedAgain =>
  answer.status === 'set_aside' ? { status: 'set_aside', code: answer.code } : { status: answer.status };
