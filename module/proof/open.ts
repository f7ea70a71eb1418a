import type { Knex } from 'knex';
import { connectForReading } from '../database/connection';
import { MIGRATIONS } from '../database/migrations';
import { AffiliatesError, isAffiliatesError } from '../errors';
import { prove, type ProofReport } from './prove';

const MIGRATED = 'mod_affiliates_migrations';

/**
 * Proves a database that is not open yet. Nothing can be written to it: it is opened for reading alone.
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable: `address` is of no known kind, `no_program` is in the database,
 *   its tables are `other_version`, or else the database's own code (`ECONNREFUSED`)
 */
export async function proveDatabase(
  address: string,
  now: number,
  told: Parameters<typeof prove>[2] = {},
): Promise<ProofReport> {
  const { knex, close } = connectForReading(address);
  try {
    await checkTables(knex);
    return await prove(knex, now, told);
  } catch (error) {
    throw unusable(error);
  } finally {
    await close();
  }
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
