/** The database of a program that is not running here: looked into without a way to change it, or worked on. */
import type { Knex } from 'knex';
import { AffiliatesError, isAffiliatesError } from '../errors';
import { codeOf } from '../faults';
import { connect, connectForReading, type Connection } from './connection';
import { isMysql } from './dialect';
import { MIGRATIONS } from './migrations';

const MIGRATED = 'mod_affiliates_migrations';

/**
 * Opens a program's database for reading alone, and closes it afterwards.
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable: `address` is of no known kind, `no_program` is in the database,
 *   its tables are `other_version`, or else the database's own code (`ECONNREFUSED`); and whatever `read` throws
 */
export async function readProgram<T>(address: string, read: (knex: Knex) => Promise<T>): Promise<T> {
  return within(connectForReading(address), read);
}

/**
 * Opens a program's database for work on it, and closes it afterwards.
 * @throws as `readProgram`
 */
export async function changeProgram<T>(address: string, change: (knex: Knex) => Promise<T>): Promise<T> {
  return within(connect(address), change);
}

async function within<T>({ knex, close }: Connection, use: (knex: Knex) => Promise<T>): Promise<T> {
  try {
    await checkTables(knex);
    return await use(knex);
  } catch (error) {
    throw unusable(error);
  } finally {
    await close();
  }
}

/** Lets everything that is read be of one moment, however long it takes and whatever is written meanwhile. */
export async function inSnapshot<T>(knex: Knex, read: (snapshot: Knex) => Promise<T>): Promise<T> {
  return knex.transaction(read, isMysql(knex) ? { isolationLevel: 'repeatable read' } : {});
}

/** Which version made the tables; `none`: nobody, `newer`: one that knows more than this. */
export type TablesVersion = 'none' | 'older' | 'same' | 'newer';

export async function tablesVersion(knex: Knex): Promise<TablesVersion> {
  if (!(await knex.schema.hasTable(MIGRATED))) return 'none';
  const done = new Set(await knex(MIGRATED).pluck<string[]>('name'));
  // A first installation makes this table before any other.
  if (done.size === 0) return 'none';
  const ours = new Set(MIGRATIONS.map(({ name }) => name));
  if ([...done].some((name) => !ours.has(name))) return 'newer';
  return done.size === ours.size ? 'same' : 'older';
}

/**
 * A missing table is no finding: it means that the program was never installed, or not upgraded.
 * @throws AffiliatesError database_unusable: no_program, other_version
 */
export async function checkTables(knex: Knex): Promise<void> {
  const version = await tablesVersion(knex);
  if (version === 'same') return;
  const reason = version === 'none' ? 'no_program' : 'other_version';
  throw new AffiliatesError('database_unusable', { reason });
}

/** @returns what to throw: the database's own message may repeat its address or a statement, and its code says enough. */
export function unusable(error: unknown): unknown {
  const code = driverCode(error);
  if (isAffiliatesError(error) || code === undefined) return error;
  return new AffiliatesError('database_unusable', { reason: code });
}

/** @returns the driver's code for a fault; undefined for a fault of another kind */
export function driverCode(error: unknown): string | undefined {
  const { message } = Object(error) as { message?: unknown };
  // SQLite's driver looks for the folder itself, before SQLite could say the same.
  if (typeof message === 'string' && message.includes('directory does not exist')) return 'SQLITE_CANTOPEN';
  return codeOf(error);
}
