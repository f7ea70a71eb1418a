/** All the SQL of the outbox. */
import type { Knex } from 'knex';
import { insertRows } from '../database/insertRows';
import type { Command, CommandAnswer, CommandKind, CommandPayloads } from './rules';

const COMMANDS = 'mod_affiliates_commands';

interface CommandRow {
  readonly id: string;
  readonly key: string;
  readonly kind: CommandKind;
  readonly payload: string;
  readonly attempts: number;
}

/** A command that this process has claimed. */
export type ClaimedCommand = Command & { readonly id: string; readonly attempts: number };

/** Writes commands; one whose key is there already is the same request and is left alone. */
export async function insertCommands(
  trx: Knex.Transaction,
  commands: readonly (Command & { id: string })[],
  now: number,
): Promise<void> {
  const rows = commands.map(({ id, key, kind, payload }) => ({
    id,
    key,
    kind,
    payload: JSON.stringify(payload),
    status: 'waiting',
    attempts: 0,
    due_at: now,
    claimed_until: 0,
    created_at: now,
  }));
  await insertRows(trx, COMMANDS, rows, ['key']);
}

/** What is told to listeners is for this process; everything else is for the host. */
const OURS: CommandKind = 'announce';

export interface Claim {
  readonly now: number;
  readonly until: number;
  readonly most: number;
  /** Whom the commands are for; 'all' where one process serves both. */
  readonly whose: 'host' | 'ours' | 'all';
}

/**
 * Claims waiting commands that are due, so that no other process asks the host for them before `until`.
 * @returns those whose guarded update this process won
 */
export async function claimDue(knex: Knex, { now, until, most, whose }: Claim): Promise<ClaimedCommand[]> {
  const due: CommandRow[] = await knex(COMMANDS)
    .where({ status: 'waiting' })
    .modify((query) => {
      if (whose !== 'all') void query.andWhere('kind', whose === 'ours' ? '=' : '<>', OURS);
    })
    .andWhere('due_at', '<=', now)
    .andWhere('claimed_until', '<=', now)
    .orderBy([{ column: 'due_at' }, { column: 'id' }])
    .limit(most)
    .select('id', 'key', 'kind', 'payload', 'attempts');
  const claimed: ClaimedCommand[] = [];
  for (const row of due) {
    const won = await knex(COMMANDS)
      .where({ id: row.id, status: 'waiting' })
      .andWhere('claimed_until', '<=', now)
      .update({ claimed_until: until });
    if (won === 1) claimed.push(toCommand(row));
  }
  return claimed;
}

// The payload was written by `insertCommands` from the type that belongs to its kind.
const toCommand = (row: CommandRow): ClaimedCommand =>
  ({ ...row, payload: JSON.parse(row.payload) as CommandPayloads[CommandKind] }) as ClaimedCommand;

/** @returns a command, and whether it still waits for an answer */
export async function commandOf(
  knex: Knex,
  id: string,
): Promise<{ command: ClaimedCommand; waits: boolean } | null> {
  const row: (CommandRow & { status: string }) | undefined = await knex(COMMANDS)
    .where({ id })
    .first('id', 'key', 'kind', 'payload', 'attempts', 'status');
  if (!row) return null;
  const { status, ...command } = row;
  return { command: toCommand(command), waits: status === 'waiting' };
}

/** Ends a command with the host's answer. @returns whether it was still waiting */
export async function finish(knex: Knex, id: string, answer: CommandAnswer): Promise<boolean> {
  const status = 'refused' in answer ? 'refused' : 'done';
  const ended = await knex(COMMANDS)
    .where({ id, status: 'waiting' })
    .update({ status, answer: JSON.stringify(answer), claimed_until: 0 });
  return ended === 1;
}

/** @returns what the host answered to the command of that key; null when it has not yet. */
export async function answerTo(knex: Knex, key: string): Promise<CommandAnswer | null> {
  const row: { answer: string | null } | undefined = await knex(COMMANDS).where({ key }).first('answer');
  // Answers are written by `finish` alone.
  return row?.answer ? (JSON.parse(row.answer) as CommandAnswer) : null;
}

/** Puts a command back to be asked for again at `dueAt`. */
export async function postpone(knex: Knex, id: string, attempts: number, dueAt: number): Promise<void> {
  await knex(COMMANDS).where({ id, status: 'waiting' }).update({ attempts, due_at: dueAt, claimed_until: 0 });
}

/** As `postpone`, of a command that somebody claimed and could not carry out. @returns whether it was claimed */
export async function putBack(knex: Knex, id: string, attempts: number, dueAt: number): Promise<boolean> {
  const back = await knex(COMMANDS)
    .where({ id, status: 'waiting' })
    .andWhere('claimed_until', '>', 0)
    .update({ attempts, due_at: dueAt, claimed_until: 0 });
  return back === 1;
}

/** A command that the host could not be asked for yet, or refused, as staff see it. */
export interface TroubledCommand {
  readonly id: string;
  readonly kind: CommandKind;
  readonly status: 'waiting' | 'refused';
  readonly attempts: number;
  readonly created_at: number;
}

/** @returns commands that failed at least once, or were refused; newest first. */
export async function troubledCommands(knex: Knex, most: number): Promise<TroubledCommand[]> {
  return knex(COMMANDS)
    .where((waiting) => {
      void waiting.where({ status: 'waiting' }).andWhere('attempts', '>', 0);
    })
    .orWhere({ status: 'refused' })
    .orderBy('id', 'desc')
    .limit(most)
    .select('id', 'kind', 'status', 'attempts', 'created_at');
}

/** @returns how many commands wait, for the host or for us */
export async function countWaitingCommands(knex: Knex): Promise<number> {
  const row = (await knex(COMMANDS).where({ status: 'waiting' }).count({ count: '*' }).first()) as
    { count: number | string } | undefined;
  return Number(row?.count ?? 0);
}

/** Lets everything that waits for the host be asked for now, whenever it was due. */
export async function makeDue(knex: Knex, now: number): Promise<void> {
  await knex(COMMANDS).where({ status: 'waiting' }).andWhere('due_at', '>', now).update({ due_at: now });
}
