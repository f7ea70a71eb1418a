/** What if: lives the history again under other terms, and says what everybody would have earned. */
import type { Knex } from 'knex';
import { inSnapshot, readProgram } from '../database/reading';
import { AffiliatesError } from '../errors';
import { countAnswered } from '../events';
import type { Settings } from '../settings';
import { sumUp, type EarnedDifference } from './earned';
import { openCopy, replay } from './replay';
import { suppose, type Supposition } from './suppose';

export interface Simulation extends EarnedDifference {
  /** How many events were lived again. */
  readonly replayed: number;
  /** How many of them could not have happened: a debit of what would not have been there. */
  readonly impossible: number;
}

export interface SimulateOptions {
  readonly settings: Settings;
  readonly supposed: Supposition;
  /** Told of every event; what it throws ends the simulation. */
  readonly progress: (done: number, total: number) => void;
}

/**
 * Simulates on a database that is not open yet. It is only read, and as it is at one moment.
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable as `readProgram` does; affiliate_missing for terms of an affiliate that
 *   never was; and what refuses a change of terms
 */
export async function simulateDatabase(address: string, options: SimulateOptions): Promise<Simulation> {
  return readProgram(address, (knex) =>
    inSnapshot(knex, (kept) => simulate(kept, options, (finish) => finish(kept))),
  );
}

/** More than this takes longer than a person waits for a page. */
const MOST_EVENTS = 5000;
const LONGEST_SECONDS = 15;

/**
 * Makes the simulation of a program that is running: bounded, and one at a time, so that nobody else has to wait for it.
 * @returns a function that throws as `simulateDatabase` does, and AffiliatesError simulation_busy,
 *   simulation_too_large, simulation_too_long
 */
export function createSimulation(
  knex: Knex,
  settings: Settings,
): (supposed: Supposition) => Promise<Simulation> {
  let busy = false;
  return async (supposed) => {
    if (busy) throw new AffiliatesError('simulation_busy', {});
    busy = true;
    try {
      const events = await countAnswered(knex);
      if (events > MOST_EVENTS)
        throw new AffiliatesError('simulation_too_large', { events, most: MOST_EVENTS });
      const options = { settings, supposed, progress: stopwatch() };
      return await simulate(knex, options, (finish) => inSnapshot(knex, finish));
    } finally {
      busy = false;
    }
  };
}

function stopwatch(): () => void {
  const started = performance.now();
  return () => {
    if (performance.now() - started > LONGEST_SECONDS * 1000)
      throw new AffiliatesError('simulation_too_long', { seconds: LONGEST_SECONDS });
  };
}

/**
 * @param atOnce reads what is kept at one moment: what was accepted meanwhile is lived again as well, and then both are
 *   compared
 */
async function simulate(
  kept: Knex,
  { settings, supposed, progress }: SimulateOptions,
  atOnce: (finish: (kept: Knex) => Promise<Simulation>) => Promise<Simulation>,
): Promise<Simulation> {
  const copy = await openCopy();
  try {
    const total = await countAnswered(kept);
    const { course, end } = suppose(settings, supposed, (done) => progress(done, total));
    const place = await replay(kept, copy.knex, course);
    return await atOnce(async (present) => {
      await replay(present, copy.knex, course, place);
      return { ...(await sumUp(present, copy.knex)), ...end() };
    });
  } finally {
    await copy.close();
  }
}
