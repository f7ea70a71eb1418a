/** Where SQLite and MySQL differ: in what they can be asked, and in how they report the same thing. */
import type { Knex } from 'knex';

/** @returns whether the database is MySQL, MariaDB or compatible; otherwise it is SQLite. */
export function isMysql(knex: Knex): boolean {
  return String((knex.client as { dialect?: unknown }).dialect) === 'mysql';
}

interface DatabaseError {
  readonly code?: string;
  readonly errno?: number;
}

const asDatabaseError = (error: unknown): DatabaseError =>
  typeof error === 'object' && error !== null ? error : {};

/** @returns whether a unique key refused the row: somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  const { code, errno } = asDatabaseError(error);
  return errno === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** MySQL: deadlock, lock wait timeout, record changed since read; Galera reports a lost certification as 1213. */
const RETRYABLE_NUMBERS = new Set([1213, 1205, 1020]);
const RETRYABLE_CODES = new Set([
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
  // A connection lost at COMMIT leaves the outcome unknown. Running the same work again settles it, because
  // everything it writes is guarded by an idempotency key.
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
]);

/** @returns whether running the whole transaction again can succeed. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof WriteConflict) return true;
  const { code, errno } = asDatabaseError(error);
  return (
    (errno !== undefined && RETRYABLE_NUMBERS.has(errno)) || (code !== undefined && RETRYABLE_CODES.has(code))
  );
}

/** Thrown when a guarded update found that another writer was faster: read again, decide again. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
}
