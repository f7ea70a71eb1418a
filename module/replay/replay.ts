/**
 * Lives a program's history again: the accepted events, in the order in which they were processed, through the same
 * handlers into an empty database. Time, ids, keys and whatever an event answered for good are those of the first time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Knex } from 'knex';
import { connectToScratch, type Connection } from '../database/connection';
import { migrate } from '../database/migrate';
import { isAffiliatesError } from '../errors';
import {
  answeredAfter,
  handle,
  insertPersonal,
  type Attempt,
  type Intake,
  type ProcessedEvent,
} from '../events';
import type { ProgramEvent } from '../events/rules';
import { reportOf } from '../faults';
import { HANDLERS } from '../handlers';
import { identityKeyReader } from '../keys';
import type { Settings } from '../settings';

/** Enough that a commit costs little, few enough that their payloads fit into memory whatever the history. */
const BATCH = 200;

/** What an event came to when it was processed again. */
export type Outcome =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly refused: string; readonly error: unknown };

/** Processes one event in the copy, so that it fails alone. */
export type Perform = (
  event: { readonly id: string; readonly receivedAt: number; readonly event: ProgramEvent },
  attempt: Attempt,
) => Promise<Outcome>;

/** What is done with a history. */
export interface Course {
  /** Those of today: rates are in the history, the time zone and the program's currency are not. */
  readonly settings: Settings;
  /** Hears of every event in turn, and performs it or not. */
  readonly play: (event: ProcessedEvent, perform: Perform) => Promise<void>;
}

/** @returns an empty database of this version, which vanishes when it is closed. */
export async function openCopy(): Promise<Connection> {
  const copy = connectToScratch();
  try {
    await migrate(copy.knex);
    return copy;
  } catch (error) {
    await copy.close();
    throw error;
  }
}

/**
 * Lets a course run over the history of `source`, writing to `copy` alone.
 * @param after the place after which it begins
 * @returns the place of the last event, after which it could go on
 */
export async function replay(
  source: Knex,
  copy: Knex,
  { settings, play }: Course,
  after = 0,
): Promise<number> {
  const key = await identityKeyReader()(source);
  const intake: Intake = {
    knex: copy,
    settings,
    logger: SILENT,
    handlers: HANDLERS,
    now: unused,
    newId: unused,
    identityKey: () => Promise.resolve(key),
  };
  for (let place = after; ;) {
    const events = await answeredAfter(source, place, BATCH);
    const last = events.at(-1);
    if (!last) return place;
    place = last.sequence;
    await copy.transaction(async (trx) => {
      const perform: Perform = (event, attempt) => performAlone(intake, trx, event, attempt);
      for (const event of events) {
        await play(event, perform);
        // SQLite never yields to the network by itself, and a server may have visitors meanwhile.
        await nextTurn();
      }
    });
  }
}

const silent = (): void => undefined;
const SILENT: Intake['logger'] = { info: silent, warn: silent, error: silent };

/** All times and ids come from the history. */
const unused = (): never => {
  throw new Error('a replay has no present');
};

async function performAlone(
  intake: Intake,
  trx: Knex.Transaction,
  event: Parameters<Perform>[0],
  attempt: Attempt,
): Promise<Outcome> {
  await trx.raw('SAVEPOINT one_event');
  try {
    // A later event may look at what came beside this one, unless it is erased since.
    await insertPersonal(trx, [event]);
    const result = await handle(intake, trx, event, attempt);
    await trx.raw('RELEASE SAVEPOINT one_event');
    return { result };
  } catch (error) {
    await trx.raw('ROLLBACK TO SAVEPOINT one_event');
    return { refused: isAffiliatesError(error) ? error.code : reportOf(error).fault, error };
  }
}
