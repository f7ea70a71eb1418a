import type { Logger } from '../host';
import { createDeliveries } from '../commands';

/** Other processes and their clocks are looked in on so often while something waits. */
const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 1000;

export interface Schedule {
  /** Runs, or lets one run follow the one under way; never rejects. */
  now(): Promise<void>;
  /** Waits for the run under way; nothing runs afterwards. */
  end(): Promise<void>;
}

/**
 * Runs when it is asked to, and again by itself when what waits is due.
 * @param run gives when it wants to run again, null for not; ms, UTC
 */
export function createSchedule(
  run: () => Promise<number | null>,
  { now, logger }: { now: () => number; logger: Logger },
): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const hasEnded = () => ended;
  const again = (ms: number) => {
    clearTimeout(timer);
    // Nobody's process is kept alive by what waits: the next one sends it.
    timer = setTimeout(() => void deliveries.now(), ms).unref();
  };
  const deliveries = createDeliveries(async () => {
    if (hasEnded()) return;
    // Should this run fail, another is tried.
    again(LONGEST_WAIT_MS);
    const due = await run();
    clearTimeout(timer);
    if (due !== null && !hasEnded())
      again(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, due - now())));
  }, logger);
  return {
    now: () => deliveries.now(),
    end: async () => {
      ended = true;
      await deliveries.now();
      clearTimeout(timer);
    },
  };
}
