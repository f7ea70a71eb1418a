/** The outbox for a host that cannot be called: it fetches what it must do, and says later what came of it. */
import { AffiliatesError } from '../errors';
import { claimDue, commandOf, finish, putBack, type ClaimedCommand } from './queries';
import { readAnswer, type AnyHostAnswer, type HostCommand, type HostRequest } from './request';
import { CLAIM_MS, delayAfter, type CommandAnswer } from './rules';
import { postponed, type CommandRunner } from './run';

/** A request to the host, as it is fetched. The host answers a key it has seen with what it answered the first time. */
export type FetchedCommand = HostRequest & { readonly id: string; readonly key: string };

/** What the host says of a command that it fetched: its answer, or that it does not know and must be asked again. */
export type Acknowledgement =
  { readonly id: string; readonly answer: AnyHostAnswer } | { readonly id: string; readonly failed: true };

export interface Acknowledged {
  readonly id: string;
  /** `known`: it was answered before, or is not claimed; `unknown`: there is no such command. */
  readonly status: 'done' | 'postponed' | 'known' | 'unknown';
}

export interface RemoteOutbox extends Pick<CommandRunner, 'knex' | 'logger' | 'now' | 'follow'> {
  /** Puts a command into words, or gives the answer where an earlier one says all. */
  request(command: HostCommand): Promise<HostRequest | { readonly answer: CommandAnswer }>;
}

/**
 * Claims what is due for the host, so that nobody else is given it for 5 minutes; what is not acknowledged until then
 * is due again.
 */
export async function fetchCommands(outbox: RemoteOutbox, most: number): Promise<FetchedCommand[]> {
  const now = outbox.now();
  const claimed = await claimDue(outbox.knex, { now, until: now + CLAIM_MS, most, whose: 'host' });
  const fetched: FetchedCommand[] = [];
  for (const command of claimed) {
    const request = await prepare(outbox, command);
    if (request) fetched.push({ id: command.id, key: command.key, ...request });
  }
  return fetched;
}

async function prepare(outbox: RemoteOutbox, command: ClaimedCommand): Promise<HostRequest | null> {
  try {
    const asked = await outbox.request(forHost(command));
    if (!('answer' in asked)) return asked;
    await settle(outbox, command, asked.answer);
  } catch (error) {
    await postponed(outbox, command, error);
  }
  return null;
}

/**
 * Takes what the host says of commands, in its order. Safe to repeat.
 * @throws AffiliatesError field_invalid for an answer that does not belong to its command; what came before it is taken
 */
export async function acknowledge(
  outbox: RemoteOutbox,
  acknowledgements: readonly Acknowledgement[],
): Promise<Acknowledged[]> {
  const taken: Acknowledged[] = [];
  for (const [place, told] of acknowledgements.entries())
    taken.push({ id: told.id, status: await acknowledgeOne(outbox, told, place) });
  return taken;
}

async function acknowledgeOne(
  outbox: RemoteOutbox,
  told: Acknowledgement,
  place: number,
): Promise<Acknowledged['status']> {
  const known = await commandOf(outbox.knex, told.id);
  if (!known || known.command.kind === 'announce') return 'unknown';
  const { command, waits } = known;
  if (!waits) return 'known';
  if ('failed' in told) {
    const attempts = command.attempts + 1;
    const back = await putBack(outbox.knex, command.id, attempts, outbox.now() + delayAfter(attempts));
    return back ? 'postponed' : 'known';
  }
  const answer = readAnswer(command.kind, told.answer);
  if (!answer) throw new AffiliatesError('field_invalid', { field: `acks.${place}.answer` });
  return (await settle(outbox, command, answer)) ? 'done' : 'known';
}

/** As in `runCommands`: what follows comes before the end of the command, so that no crash can lose it. */
async function settle(outbox: RemoteOutbox, command: ClaimedCommand, answer: CommandAnswer) {
  await outbox.follow(command, answer);
  return finish(outbox.knex, command.id, answer);
}

function forHost(command: ClaimedCommand): HostCommand {
  if (command.kind === 'announce') throw new Error('what is for us was claimed for the host');
  return command;
}
