import type { Knex } from 'knex';
import { transact } from '../database/transact';
import { reportOf } from '../faults';
import { processAlone, type Intake } from './process';
import type { Answer } from './rules';
import {
  claimWaiting,
  clearFailure,
  countWaiting,
  insertAnswers,
  noteFailure,
  waitingEvents,
  type AcceptedEvent,
} from './queries';

type WaitingEvent = AcceptedEvent & { readonly attempts: number };

const MINUTE = 60_000;
const DELAYS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * 60 * MINUTE];
const LONGEST_DELAY = 12 * 60 * MINUTE;
const MOST_AT_ONCE = 500;

/** @returns ms until a waiting event is tried again, after so many attempts. */
export function delayOfRetry(attempts: number): number {
  return DELAYS[attempts - 1] ?? LONGEST_DELAY;
}

/**
 * Tries waiting events again, oldest first, each in a transaction of its own.
 * @param dueBy ms, UTC: those due until then; Infinity for all of them
 */
export async function retryWaiting(
  intake: Intake,
  dueBy: number,
): Promise<{ processed: number; waiting: number }> {
  const due = await waitingEvents(intake.knex, {
    dueBy: Math.min(dueBy, Number.MAX_SAFE_INTEGER),
    most: MOST_AT_ONCE,
  });
  let processed = 0;
  for (const waiting of due) {
    const answer = await retryOne(intake, waiting);
    if (answer && answer.status !== 'waiting') processed++;
  }
  return { processed, waiting: await countWaiting(intake.knex) };
}

/** Tries one waiting event again, whenever it was due. @returns null where it does not wait any more */
export async function retryEvent(intake: Intake, eventId: string): Promise<Answer | null> {
  const [waiting] = await waitingEvents(intake.knex, { dueBy: Number.MAX_SAFE_INTEGER, most: 1, eventId });
  return waiting ? retryOne(intake, waiting) : null;
}

async function retryOne(intake: Intake, waiting: WaitingEvent): Promise<Answer | null> {
  try {
    return await process(intake, waiting);
  } catch (error) {
    // One that cannot be committed at all must not keep those after it waiting.
    await keepWaiting(intake, waiting, error);
    return { status: 'waiting' };
  }
}

/** @returns null where another process has dealt with it since it was listed */
async function process(intake: Intake, waiting: WaitingEvent): Promise<Answer | null> {
  return transact(intake.knex, async (trx) => {
    if (!(await claimWaiting(trx, waiting.id))) return null;
    const at = intake.now();
    const { answer, waitsFor, told } = await processAlone(intake, trx, waiting, at);
    if (waitsFor) {
      await postpone(intake, trx, waiting, waitsFor);
      return answer;
    }
    await clearFailure(trx, waiting.id);
    await insertAnswers(trx, [{ eventId: waiting.id, answer, at }]);
    await intake.tell?.(trx, told);
    return answer;
  });
}

async function keepWaiting(intake: Intake, waiting: WaitingEvent, cause: unknown): Promise<void> {
  const { id, event } = waiting;
  intake.logger.error(
    { event: id, type: event.type, ...reportOf(cause) },
    'event could not be committed and waits',
  );
  await transact(intake.knex, async (trx) => {
    if (await claimWaiting(trx, id)) await postpone(intake, trx, waiting, 'fault');
  });
}

async function postpone(
  intake: Intake,
  trx: Knex.Transaction,
  waiting: WaitingEvent,
  code: string,
): Promise<void> {
  const attempts = waiting.attempts + 1;
  await noteFailure(trx, waiting.id, { attempts, code, dueAt: intake.now() + delayOfRetry(attempts) });
}
