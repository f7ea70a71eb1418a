import type { Knex } from 'knex';
import type { Actor, Personal } from './events/rules';
import type { Settings } from './settings';
import type { News } from './webhooks/rules';

/**
 * What a verb works in: one event, being processed in one transaction. Everything a verb reads or writes goes
 * through `trx`; a query outside it would wait for ever on SQLite's single connection.
 */
export interface UnitOfWork {
  readonly trx: Knex.Transaction;
  readonly settings: Settings;
  /** The event's row, which whatever it causes refers to. */
  readonly eventId: string;
  /** When it happened at its source; ms since the epoch, UTC. Rules that ask "as of when" use this. */
  readonly at: number;
  /** When it was accepted; ms since the epoch, UTC. */
  readonly now: number;
  readonly by: Actor;
  /** What came with the event about a person, and is kept apart from it. */
  readonly personal: Personal;
  /** The program's own key, from which codes are derived; made at installation and kept in the database. */
  readonly identityKey: string;
  /**
   * In a replay, what the event answered when it was first processed; null that first time. It holds what no replay can
   * find out again: a number that the database gave, what was decided by personal data that is erased since. Whoever
   * lets processing depend on such a thing must answer it.
   */
  readonly recorded: Readonly<Record<string, unknown>> | null;
  /** Tells those who subscribed, if the transaction commits; in a replay nobody is told. */
  tell(news: News): void;
  /** @returns a new ULID, the same again in a replay; ids made later sort later. */
  newId(): string;
}

/** @returns how the audit log and the pages name an actor; a staff member by name, a client by id. */
export function nameOf(actor: Actor): string {
  if (actor.kind === 'staff') return actor.name;
  return actor.kind === 'client' ? `client ${actor.id}` : actor.kind;
}
