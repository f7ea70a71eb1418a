import { reportOf } from './faults';
import type { Logger } from './host';

/** What a night's work came to. */
export interface DailyReport {
  readonly cleared: number;
  /** Affiliates whose conversions led them into a higher group. */
  readonly promoted: number;
  /** Affiliates whose referrals refund unusually often, and who were not marked for it yet. */
  readonly marked: number;
  readonly retried: { readonly processed: number; readonly waiting: number };
  /** Raw clicks, visitors and messages to those who subscribed that were past their time. */
  readonly purged: number;
  /** Ledger transactions joined to the hash chain. */
  readonly sealed: number;
  /** Whether every invariant holds; null when the proof could not be made. */
  readonly holds: boolean | null;
  /** Steps that a fault kept from their work; the next run tries them again. */
  readonly failed: readonly string[];
}

/** The parts of the nightly order, as `createModule` hands them in. */
export interface DailyOrder {
  readonly logger: Logger;
  /** Clears one batch of what is due. @returns how many; 0 when none is left */
  readonly clearBatch: () => Promise<number>;
  /** Puts affiliates with enough conversions into higher groups. @returns how many */
  readonly promote: () => Promise<number>;
  /** Marks affiliates whose referrals refund unusually often. @returns how many */
  readonly review: () => Promise<number>;
  readonly retry: () => Promise<{ processed: number; waiting: number }>;
  /** Deletes raw clicks, where people were seen, and used tokens, past their time. @returns how many rows */
  readonly purge: () => Promise<number>;
  /** Deletes messages to those who subscribed, past their time. @returns how many */
  readonly purgeMessages: () => Promise<number>;
  /** Joins what was posted to the chain. @returns how many transactions */
  readonly seal: () => Promise<number>;
  /** Proves the invariants and keeps the report. */
  readonly prove: () => Promise<{ holds: boolean }>;
}

/**
 * The nightly order: try again what waits, clear what is due, promote, review refunds, forget what may not be kept,
 * seal the journal, prove. Safe to run at any time, as often as one likes, and from several processes at once; after a crash the next run goes
 * on where it stopped.
 */
export async function runDaily(order: DailyOrder): Promise<DailyReport> {
  const { logger } = order;
  const failed: string[] = [];
  const attempt = async <T>(step: string, run: () => Promise<T>, nothing: T): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      // One step's fault must not keep the others from their work.
      failed.push(step);
      logger.error({ step, ...reportOf(error) }, 'a step of the nightly order failed');
      return nothing;
    }
  };
  const retried = await attempt('retry', order.retry, { processed: 0, waiting: 0 });
  const cleared = await attempt('clear', () => untilNone(order.clearBatch), 0);
  const promoted = await attempt('promote', order.promote, 0);
  const marked = await attempt('review', order.review, 0);
  const rows = await attempt('purge', order.purge, 0);
  const messages = await attempt('purge_messages', order.purgeMessages, 0);
  const purged = rows + messages;
  const sealed = await attempt('seal', order.seal, 0);
  const proof = await attempt('prove', order.prove, null);
  const report = { cleared, promoted, marked, retried, purged, sealed, holds: proof?.holds ?? null, failed };
  if (proof && !proof.holds) logger.error(report, 'the proof found a row that breaks an invariant');
  else logger.info(report, 'nightly order done');
  return report;
}

async function untilNone(batch: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const done = await batch();
    if (done === 0) return total;
    total += done;
  }
}
