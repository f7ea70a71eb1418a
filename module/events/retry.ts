import { transact } from '../database/transact';
import { processAlone, type Intake } from './process';
import {
  claimWaiting,
  clearFailure,
  countWaiting,
  insertAnswers,
  noteFailure,
  waitingEvents,
} from './queries';

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
  const due = await waitingEvents(intake.knex, Math.min(dueBy, Number.MAX_SAFE_INTEGER), MOST_AT_ONCE);
  let processed = 0;
  for (const waiting of due) {
    const ended = await transact(intake.knex, async (trx) => {
      // Another process may have dealt with it since it was listed.
      if (!(await claimWaiting(trx, waiting.id))) return false;
      const { answer, waitsFor } = await processAlone(intake, trx, waiting);
      const attempts = waiting.attempts + 1;
      if (waitsFor) {
        const dueAt = intake.now() + delayOfRetry(attempts);
        await noteFailure(trx, waiting.id, { attempts, code: waitsFor, dueAt });
        return false;
      }
      await insertAnswers(trx, [{ eventId: waiting.id, answer }], intake.now());
      await clearFailure(trx, waiting.id);
      return true;
    });
    if (ended) processed++;
  }
  return { processed, waiting: await countWaiting(intake.knex) };
}
