import type { Knex } from 'knex';
import { reportOf } from '../faults';
import type { Logger } from '../host';
import { claimDue, finish, postpone, type Claim, type ClaimedCommand } from './queries';
import { CLAIM_MS, delayAfter, type CommandAnswer } from './rules';

const BATCH = 20;

export interface CommandRunner {
  readonly knex: Knex;
  readonly logger: Logger;
  /** 'ours' where the host fetches what it must do. */
  readonly whose: Claim['whose'];
  now(): number;
  /** Asks the host, under the command's key. A rejection means "not known": it is asked again later. */
  perform(command: ClaimedCommand): Promise<CommandAnswer>;
  /** Records what follows from the answer; must be safe to repeat, since a crash may come right after it. */
  follow(command: ClaimedCommand, answer: CommandAnswer): Promise<void>;
}

/**
 * Asks the host for everything that is due, one command at a time in the order they were written.
 * @returns how many were answered, and how many must be asked again
 */
export async function runCommands(runner: CommandRunner): Promise<{ answered: number; postponed: number }> {
  const count = { answered: 0, postponed: 0 };
  for (;;) {
    const now = runner.now();
    const claimed = await claimDue(runner.knex, {
      now,
      until: now + CLAIM_MS,
      most: BATCH,
      whose: runner.whose,
    });
    if (claimed.length === 0) return count;
    for (const command of claimed) {
      if (await runOne(runner, command)) count.answered++;
      else count.postponed++;
    }
  }
}

async function runOne(runner: CommandRunner, command: ClaimedCommand): Promise<boolean> {
  const { knex } = runner;
  try {
    const answer = await runner.perform(command);
    // What follows comes before the end of the command: after a crash in between, the host is asked again,
    // gives the same answer to the same key, and what follows is found to be recorded.
    await runner.follow(command, answer);
    await finish(knex, command.id, answer);
    return true;
  } catch (error) {
    await postponed(runner, command, error);
    return false;
  }
}

/** Puts back a command whose outcome is not known. */
export async function postponed(
  { knex, logger, now }: Pick<CommandRunner, 'knex' | 'logger' | 'now'>,
  command: ClaimedCommand,
  error: unknown,
): Promise<void> {
  const attempts = command.attempts + 1;
  await postpone(knex, command.id, attempts, now() + delayAfter(attempts));
  logger.warn({ command: command.kind, id: command.id, attempts, ...reportOf(error) }, 'command postponed');
}
