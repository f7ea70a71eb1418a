/** Joins the outbox to the host, whether it is called or fetches; to whoever listens; and to what follows from answers. */
import type { Knex } from 'knex';
import {
  acknowledge,
  answerTo,
  askHost,
  createDeliveries,
  fetchCommands,
  requestOf,
  runCommands,
  type Acknowledged,
  type Acknowledgement,
  type Asking,
  type ClaimedCommand,
  type CommandAnswer,
  type FetchedCommand,
  type Listeners,
} from './commands';
import type { Host, Logger } from './host';

export interface OutboxParts {
  readonly knex: Knex;
  readonly logger: Logger;
  /** null where the host fetches what it must do. */
  readonly host: Host | null;
  readonly department: string;
  /** Writes what people read, which this side of the house cannot. */
  readonly words: Pick<Asking, 'write' | 'writeMail'>;
  readonly announce: Listeners['tell'];
  now(): number;
  /** Records what follows from the host's answer to a command. */
  follow(command: ClaimedCommand, answer: CommandAnswer): Promise<void>;
  /** Processes again what waits inside. @returns how many did not wait any longer */
  retry(): Promise<number>;
}

/** Both ways in which a host hears what it must do. */
export interface Outbox {
  /** Does everything that waits. Never rejects: what could not be done waits for the next time. */
  deliver(): Promise<void>;
  /** Claims what is due for a host that cannot be called, for 5 minutes. */
  fetch(most: number): Promise<FetchedCommand[]>;
  /** Takes what the host says of commands it fetched. @throws AffiliatesError field_invalid */
  acknowledge(acknowledgements: readonly Acknowledgement[]): Promise<Acknowledged[]>;
}

/**
 * What waits inside is due with what waits for the host: the next thing that happens is when both are tried again.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { knex, logger, host, now, follow } = parts;
  const asking: Asking = {
    ...parts.words,
    host,
    department: parts.department,
    announce: parts.announce,
    answerTo: (key) => answerTo(knex, key),
  };
  const runner = {
    knex,
    logger,
    now,
    follow,
    whose: host ? ('all' as const) : ('ours' as const),
    perform: (command: ClaimedCommand) => askHost(asking, command),
  };
  const remote = { knex, logger, now, follow, request: requestOf.bind(null, asking) };
  const deliveries = createDeliveries(async () => {
    await runCommands(runner);
    // An answer of the host may be what an event was waiting for; what that leads to is for the host again.
    if ((await parts.retry()) > 0) await runCommands(runner);
  }, logger);
  return {
    deliver: () => deliveries.now(),
    fetch: (most) => fetchCommands(remote, most),
    acknowledge: async (acknowledgements) => {
      const taken = await acknowledge(remote, acknowledgements);
      await deliveries.now();
      return taken;
    },
  };
}
