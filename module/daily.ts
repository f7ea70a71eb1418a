import { reportOf } from './faults';
import type { Logger } from './host';

/** What a night's work came to. */
export interface DailyReport {
  readonly cleared: number;
  readonly retried: { readonly processed: number; readonly waiting: number };
  readonly purged: number;
  /** Steps that a fault kept from their work; the next run tries them again. */
  readonly failed: readonly string[];
}

/** The parts of the nightly order, as `createModule` hands them in. */
export interface DailyOrder {
  readonly logger: Logger;
  /** Clears one batch of what is due. @returns how many; 0 when none is left */
  readonly clearBatch: () => Promise<number>;
  readonly retry: () => Promise<{ processed: number; waiting: number }>;
  /** Deletes raw clicks past their time. @returns how many */
  readonly purgeClicks: () => Promise<number>;
}

/**
 * The nightly order: clear what is due, try again what waits, forget what may not be kept. Safe to run at any time, as
 * often as one likes, and from several processes at once; after a crash the next run goes on where it stopped.
 */
export async function runDaily({ logger, clearBatch, retry, purgeClicks }: DailyOrder): Promise<DailyReport> {
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
  const retried = await attempt('retry', retry, { processed: 0, waiting: 0 });
  const cleared = await attempt('clear', () => untilNone(clearBatch), 0);
  const purged = await attempt('purge', purgeClicks, 0);
  const report = { cleared, retried, purged, failed };
  logger.info(report, 'nightly order done');
  return report;
}

async function untilNone(batch: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const done = await batch();
    if (done === 0) return total;
    total += done;
  }
}
