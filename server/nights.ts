/** The nightly order as a host calls for it over the wire: one at a time, and not longer in a request than is polite. */
import { setTimeout as after } from 'node:timers/promises';
import type { Programs } from './programs';

export interface NightAnswer {
  readonly accepted: true;
  /** `waiting`: it goes on after the answer. */
  readonly status: 'processed' | 'waiting';
  readonly retry: false;
}

export interface Nights {
  /** Runs the order, or joins the one under way. Never rejects: what failed is logged, and done the next night. */
  run(): Promise<NightAnswer>;
  /** Resolves when none is under way. */
  drain(): Promise<void>;
}

/** Below what hosts wait for an answer. */
const POLITE_MS = 5000;

export function createNights(programs: Programs): Nights {
  let running: Promise<unknown> | undefined;
  const start = () =>
    programs
      .use((program) => program.daily())
      .finally(() => {
        running = undefined;
      });
  return {
    async run() {
      running ??= start();
      const patience = new AbortController();
      const late = after(POLITE_MS, 'late' as const, { signal: patience.signal }).catch(
        () => 'late' as const,
      );
      const first = await Promise.race([running.then(() => 'done' as const), late]);
      patience.abort();
      return { accepted: true, status: first === 'done' ? 'processed' : 'waiting', retry: false };
    },
    async drain() {
      await running;
    },
  };
}
