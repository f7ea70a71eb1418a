/**
 * Ids of what events make. They follow from the event and from when it was processed, so that a replay gives each
 * commission, withdrawal and posting the id that it had, and whatever refers to one finds it.
 */
import { encodeTime } from 'ulid';

const TIME_LETTERS = 10;
/** What is left of a ULID's random letters to tell one event from the next of the same millisecond: 60 bits. */
const EVENT_LETTERS = 12;
const COUNTER_LETTERS = 4;
const MOST = 32 ** COUNTER_LETTERS;

/**
 * @param eventId the event's ULID
 * @param at when the event is processed; ms, UTC
 * @returns a function that gives ULIDs of that time: each larger than the one before it, and all of them larger than
 *   those of an event that was processed before
 */
export function idsOf(eventId: string, at: number): () => string {
  const beginning = encodeTime(at, TIME_LETTERS) + eventId.slice(-EVENT_LETTERS);
  let count = 0;
  return () => {
    if (count === MOST) throw new Error(`an event makes more than ${MOST} rows`);
    // The letters of a ULID are the digits of its number, which time is one of.
    return beginning + encodeTime(count++, COUNTER_LETTERS);
  };
}
