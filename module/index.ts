/** Puts the business together: the history's way in, people's acts, reads, the nightly order, and the outbox. */
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { createActs } from './acts';
import { runCommands, type ClaimedCommand, type CommandAnswer } from './commands';
import { isAnythingDue } from './commissions';
import { runDaily, type DailyReport } from './daily';
import { act, createAcceptance, retryWaiting, type Intake } from './events';
import { followUp } from './followUp';
import { HANDLERS } from './handlers';
import type { Clock, Logger } from './host';
import { hashEmail, identityKeyReader, makeIdentityKey } from './keys';
import type { Module } from './module';
import { createReads } from './reads';
import type { Settings } from './settings';
import { seedTerms } from './seedTerms';

export interface ModuleParts {
  readonly knex: Knex;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks the host to carry out a command; a rejection means that the outcome is not known. */
  perform(command: ClaimedCommand): Promise<CommandAnswer>;
  /** Deletes raw clicks past their time. @returns how many rows went */
  purgeClicks(): Promise<number>;
}

/** The module with the ends that only the front door holds. */
export interface RunningModule extends Module {
  /** After the migrations: the program's key, the first version of the terms, a new one where the settings changed. */
  seed(): Promise<void>;
  daily(): Promise<DailyReport>;
  /** Asks the host for everything that waits. */
  deliver(): Promise<void>;
  /** Resolves when nothing that was handed in is still on its way into the database. */
  drain(): Promise<void>;
  newId(): string;
}

export function createModule(parts: ModuleParts): RunningModule {
  const { knex, settings, clock, logger } = parts;
  const now = () => clock().getTime();
  // Monotonic, so that what one event writes in a row also sorts in that row.
  const nextUlid = monotonicFactory();
  const newId = () => nextUlid(now());
  const identityKey = identityKeyReader();
  const intake: Intake = { knex, settings, logger, handlers: HANDLERS, now, newId, identityKey };
  const accept = createAcceptance(intake);
  const turnDay = async () => {
    if (!(await isAnythingDue(knex, now()))) return 0;
    const event = {
      source: 'daily',
      id: newId(),
      type: 'day.turned',
      occurredAt: now(),
      by: { kind: 'system' },
    } as const;
    const { cleared } = await act(intake, { ...event, payload: {} });
    return Number(cleared);
  };
  return {
    settings,
    now,
    newId,
    accept,
    hashEmail: async (address) => hashEmail(await identityKey(knex), address),
    acts: createActs(intake),
    reads: createReads(knex, settings),
    seed: async () => {
      await makeIdentityKey(knex);
      await seedTerms(intake);
    },
    daily: () =>
      runDaily({
        logger,
        clearBatch: turnDay,
        retry: () => retryWaiting(intake, now()),
        purgeClicks: () => parts.purgeClicks(),
      }),
    deliver: async () => {
      const follow = (command: ClaimedCommand, answer: CommandAnswer) =>
        followUp({ knex, accept, now }, command, answer);
      await runCommands({ knex, logger, now, perform: (command) => parts.perform(command), follow });
    },
    drain: () => accept.drain(),
  };
}
