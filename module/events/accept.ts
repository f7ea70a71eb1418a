import type { Knex } from 'knex';
import { groupCommit, type GroupCommit, type Outcome } from '../database/groupCommit';
import { transact } from '../database/transact';
import { AffiliatesError } from '../errors';
import { reportOf } from '../faults';
import type { Told } from '../webhooks/rules';
import { processAlone, type Intake, type Processed } from './process';
import {
  insertAnswers,
  insertEvents,
  knownEvents,
  noteFailure,
  sourceKey,
  type AcceptedEvent,
  type Answered,
  type KnownEvent,
} from './queries';
import { delayOfRetry } from './retry';
import { digestOf, type Answer, type ProgramEvent } from './rules';

/** Bounds the statements that hold a whole batch, and how long its transaction is open. */
const MOST_IN_BATCH = 50;

/**
 * Makes the way in for the host's facts. Events that arrive together share one transaction; each is kept for ever,
 * once, with the answer it got; one that fails in a batch fails alone.
 * @returns a function that rejects with AffiliatesError event_conflict when an id comes back with another content
 */
export function createAcceptance(intake: Intake): GroupCommit<ProgramEvent, Answer> {
  return groupCommit((events) => acceptBatch(intake, events), { most: MOST_IN_BATCH });
}

async function acceptBatch(intake: Intake, events: readonly ProgramEvent[]): Promise<Outcome<Answer>[]> {
  try {
    return await transact(intake.knex, (trx) => acceptIn(intake, trx, events));
  } catch (error) {
    const [only] = events;
    if (events.length === 1 && only) return [await keepWaiting(intake, only, error)];
    // Something in the batch cannot be committed: find out which, so that the others are not held up by it.
    const outcomes: Outcome<Answer>[] = [];
    for (const event of events) outcomes.push(...(await acceptBatch(intake, [event])));
    return outcomes;
  }
}

async function acceptIn(
  intake: Intake,
  trx: Knex.Transaction,
  events: readonly ProgramEvent[],
): Promise<Outcome<Answer>[]> {
  const key = await intake.identityKey(trx);
  const known = await knownEvents(trx, events);
  const fresh = firstDeliveries(events, known);
  const accepted = fresh.map((event): AcceptedEvent => ({
    id: intake.newId(),
    receivedAt: intake.now(),
    event,
  }));
  await insertEvents(trx, accepted, key);
  const answers: Answered[] = [];
  const told: Told[] = [];
  for (const one of accepted) {
    const processed = await processAlone(intake, trx, one, one.receivedAt);
    if (processed.waitsFor) await noteWaiting(intake, trx, one, processed);
    told.push(...processed.told);
    answers.push({ eventId: one.id, answer: processed.answer, at: one.receivedAt });
    known.set(sourceKey(one.event), { digest: digestOf(one.event, key), answer: processed.answer });
  }
  await insertAnswers(trx, answers);
  await intake.tell?.(trx, told);
  return events.map((event) => answerFor(event, known.get(sourceKey(event)), key));
}

/** @returns the events not known before, each once; of two deliveries in one batch the first decides. */
function firstDeliveries(
  events: readonly ProgramEvent[],
  known: ReadonlyMap<string, KnownEvent>,
): ProgramEvent[] {
  const seen = new Set(known.keys());
  return events.filter((event) => {
    const key = sourceKey(event);
    return !seen.has(key) && seen.add(key);
  });
}

function answerFor(event: ProgramEvent, known: KnownEvent | undefined, key: string): Outcome<Answer> {
  if (known?.digest === digestOf(event, key)) return { value: known.answer };
  return { error: new AffiliatesError('event_conflict', { source: event.source, id: event.id }) };
}

async function noteWaiting(
  intake: Intake,
  trx: Knex.Transaction,
  { id }: AcceptedEvent,
  { waitsFor }: Pick<Processed, 'waitsFor'>,
): Promise<void> {
  await noteFailure(trx, id, { attempts: 1, code: waitsFor, dueAt: intake.now() + delayOfRetry(1) });
}

/** Keeps an event whose transaction could not be committed at all, so that it is not lost and is tried again. */
async function keepWaiting(intake: Intake, event: ProgramEvent, cause: unknown): Promise<Outcome<Answer>> {
  intake.logger.error({ type: event.type, ...reportOf(cause) }, 'event could not be committed and waits');
  try {
    return await transact(intake.knex, async (trx) => {
      const key = await intake.identityKey(trx);
      const known = (await knownEvents(trx, [event])).get(sourceKey(event));
      if (known) return answerFor(event, known, key);
      const accepted = { id: intake.newId(), receivedAt: intake.now(), event };
      await insertEvents(trx, [accepted], key);
      const answer: Answer = { status: 'waiting' };
      await noteWaiting(intake, trx, accepted, { waitsFor: 'fault' });
      return { value: answer };
    });
  } catch (error) {
    // The database takes nothing at all: the host hears of it, and keeps the event itself.
    return { error };
  }
}
