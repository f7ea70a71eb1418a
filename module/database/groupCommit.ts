/**
 * Group commit: many callers, each waiting for its own answer, share one durable write. A batch gathers while the
 * one before it is being flushed, so it grows with the load by itself; nothing ever waits for a timer.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a flush says of one item: its result, or why this item alone failed. */
export type Outcome<Result> = { readonly value: Result } | { readonly error: unknown };

export interface GroupCommit<Item, Result> {
  /** @returns the item's own result, once the batch it went with is flushed */
  (item: Item): Promise<Result>;
  /** Resolves when nothing is waiting or being flushed any more, whether it succeeded or not; for closing. */
  drain(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @param flush writes a batch and answers for each item, in the items' order; one that rejects rejects its whole
 *   batch, and the next batch is flushed all the same
 * @param most how many items a batch may hold, so that one statement stays within the database's limits
 */
export function groupCommit<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
  { most }: { readonly most: number },
): GroupCommit<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      // One turn of the event loop lets requests that are already here join: SQLite flushes without ever yielding
      // to the network, so without this turn each of its batches would hold a single item.
      await nextTurn();
      await settle(waiting.splice(0, most), flush);
    }
    running = undefined;
  };

  const commit = (item: Item): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      running ??= run();
    });

  const drain = async (): Promise<void> => {
    while (running) await running;
  };

  return Object.assign(commit, { drain });
}

/** Flushes one batch and answers each of its callers; never rejects itself. */
async function settle<Item, Result>(
  batch: readonly Waiting<Item, Result>[],
  flush: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
): Promise<void> {
  try {
    const outcomes = await flush(batch.map(({ item }) => item));
    if (outcomes.length !== batch.length) {
      throw new Error(`a flush of ${batch.length} items answered for ${outcomes.length}`);
    }
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome && 'value' in outcome) resolve(outcome.value);
      else reject(outcome?.error);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
