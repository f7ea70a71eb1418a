import type { Knex } from 'knex';
import { setTimeout as pause } from 'node:timers/promises';
import { AffiliatesError } from '../errors';
import { MIGRATIONS, type Migration } from './migrations';

const LONGEST_WAIT_MS = 60_000;
const BETWEEN_LOOKS_MS = 100;

/** Names are fixed in the list: Knex's own source records file names, and '.ts' against '.js' looks like a loss. */
const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: (migration) => migration.name,
  getMigration: ({ up }) =>
    Promise.resolve({ up, down: () => Promise.reject(new Error('there is no way back')) }),
};

/**
 * Brings the tables up to date. Safe to call from several processes at once: one migrates, the others wait.
 * @throws AffiliatesError database_unusable when another process holds the migration lock for a minute
 */
export async function migrate(knex: Knex): Promise<void> {
  for (let waited = 0; ; waited += BETWEEN_LOOKS_MS) {
    try {
      await knex.migrate.latest({
        migrationSource: source,
        tableName: 'mod_affiliates_migrations',
        // MySQL commits DDL at once, so a transaction would promise what it cannot keep; each migration is one
        // change that does nothing when its end is reached.
        disableTransactions: true,
      });
      return;
    } catch (error) {
      if (!isOtherProcess(error)) throw error;
      if (waited >= LONGEST_WAIT_MS)
        throw new AffiliatesError('database_unusable', { reason: 'migration_lock' });
      await pause(BETWEEN_LOOKS_MS);
    }
  }
}

/** The lock is held, or both made the bookkeeping tables at the same moment. */
function isOtherProcess(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errno } = error as Error & { errno?: number };
  return (
    error.name === 'MigrationLocked' ||
    errno === 1050 ||
    errno === 1062 ||
    /already exists|UNIQUE constraint failed: mod_affiliates_migrations/.test(error.message)
  );
}
