/** Looks into the database of a program that is not running here, without a way to change it. */
import type { Knex } from 'knex';
import { AffiliatesError, isAffiliatesError } from '../errors';
import { connectForReading } from './connection';
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
  const { knex, close } = connectForReading(address);
  try {
    await checkTables(knex);
    return await read(knex);
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

/** A missing table is no finding: it means that the program was never installed, or not upgraded. */
async function checkTables(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable(MIGRATED))) {
    throw new AffiliatesError('database_unusable', { reason: 'no_program' });
  }
  const done = new Set(await knex(MIGRATED).pluck<string[]>('name'));
  if (done.size !== MIGRATIONS.length || !MIGRATIONS.every(({ name }) => done.has(name))) {
    throw new AffiliatesError('database_unusable', { reason: 'other_version' });
  }
}

/** The database's own message may repeat its address or a statement; its code says enough. */
function unusable(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (isAffiliatesError(error) || typeof code !== 'string') return error;
  return new AffiliatesError('database_unusable', { reason: code });
}
