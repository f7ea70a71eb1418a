/** What can be wrong with a program's database, and from when on it is. */

/** Each problem with what there is to say of it. Times are whole hours or seconds. */
export interface DatabaseProblems {
  database_address: Record<never, never>;
  database_unreachable: { code: string };
  database_password: Record<never, never>;
  database_forbidden: Record<never, never>;
  database_missing: Record<never, never>;
  /** `code` is the database's own. */
  database_unreadable: { code: string };
  tables_missing: Record<never, never>;
  tables_older: Record<never, never>;
  tables_newer: Record<never, never>;
  /** The tables are there, and what belongs into them from the beginning is not. */
  install_unfinished: Record<never, never>;
  database_readonly: { code: string };
  durability_weak: { setting: string };
  table_characters: { table: string; collation: string };
  table_engine: { table: string; engine: string };
  database_clock: { seconds: number };
  host_silent: Record<never, never>;
  /** `hours` since the last night, or since the installation before the first. */
  nightly_late: { hours: number; ever: boolean };
  proof_failed: { check: string; table: string; row: string };
  events_waiting: { count: number; hours: number; code: string };
  /** `attempts`: the most that were made at one of them; 0: nobody asked for any. */
  commands_waiting: { count: number; hours: number; attempts: number };
}

export type DatabaseProblem = {
  [C in keyof DatabaseProblems]: { readonly code: C; readonly parameters: DatabaseProblems[C] };
}[keyof DatabaseProblems];

const HOUR = 3_600_000;
/** A day, and time for a cron job that begins late and takes long. */
export const NIGHTLY_LIMIT_MS = 26 * HOUR;
/** Whatever waits longer than this did not wait for a moment's fault or for the host's next round. */
export const WAITING_LIMIT_MS = HOUR;
/** Tokens are refused from 60 s on; half of that leaves time to act. */
export const SKEW_LIMIT_MS = 30_000;

export const wholeHours = (ms: number): number => Math.floor(ms / HOUR);
export const wholeSeconds = (ms: number): number => Math.trunc(ms / 1000);

/** What keeps somebody from connecting, by the drivers' codes. */
const BY_CODE: Readonly<Record<string, 'database_password' | 'database_forbidden' | 'database_missing'>> = {
  ER_ACCESS_DENIED_ERROR: 'database_password',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'database_password',
  ER_DBACCESS_DENIED_ERROR: 'database_forbidden',
  ER_BAD_DB_ERROR: 'database_missing',
  SQLITE_CANTOPEN: 'database_missing',
};
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/** @returns the problem behind a code that connecting failed with */
export function connectionProblem(code: string): DatabaseProblem {
  const known = BY_CODE[code];
  if (known) return { code: known, parameters: {} };
  // To read, SQLite keeps an index of its log beside the file, and cannot in a folder that it may not write to.
  if (code.startsWith('SQLITE_READONLY')) return { code: 'database_readonly', parameters: { code } };
  return {
    code: UNREACHABLE.has(code) ? 'database_unreachable' : 'database_unreadable',
    parameters: { code },
  };
}
