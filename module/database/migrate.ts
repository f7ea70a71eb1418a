import type { Knex } from 'knex';
import { setTimeout as pause } from 'node:timers/promises';
import { AffiliatesError } from '../errors';
import { MIGRATIONS, type Migration } from './migrations';

const TABLE = 'mod_affiliates_migrations';
/** The name that Knex gives it. */
const LOCK = `${TABLE}_lock`;
const LONGEST_WAIT_MS = 60_000;
const BETWEEN_LOOKS_MS = 100;

type Progress = (done: number, total: number) => void;

/** Names are fixed in the list: Knex's own source records file names, and '.ts' against '.js' looks like a loss. */
const sourceOf = (progress: Progress): Knex.MigrationSource<Migration> => ({
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) =>
    Promise.resolve({
      up: async (knex) => {
        await migration.up(knex);
        progress(MIGRATIONS.indexOf(migration) + 1, MIGRATIONS.length);
      },
      down: () => Promise.reject(new Error('there is no way back')),
    }),
});

/**
 * Brings the tables up to date. Safe to call from several processes at once: one migrates, the others wait.
 * @param progress is told how many of all migrations are there
 * @returns the names of the migrations that this process made
 * @throws AffiliatesError database_unusable when another process holds the migration lock for a minute
 */
export async function migrate(knex: Knex, progress: Progress = () => undefined): Promise<readonly string[]> {
  for (let waited = 0; ; waited += BETWEEN_LOOKS_MS) {
    try {
      await makeLock(knex);
      const [, made] = (await knex.migrate.latest({
        migrationSource: sourceOf(progress),
        tableName: TABLE,
        // MySQL commits DDL at once, so a transaction would promise what it cannot keep; each migration is one
        // change that does nothing when its end is reached.
        disableTransactions: true,
      })) as [batch: number, made: string[]];
      return made;
    } catch (error) {
      if (!isOtherProcess(error)) throw error;
      if (waited >= LONGEST_WAIT_MS)
        throw new AffiliatesError('database_unusable', { reason: 'migration_lock' });
      await pause(BETWEEN_LOOKS_MS);
    }
  }
}

/**
 * Makes the row that Knex locks. Left to Knex, two first starts at the same moment make two such rows, and then nobody
 * ever gets the lock.
 */
async function makeLock(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable(LOCK))) {
    await knex.schema.createTable(LOCK, (table) => {
      table.increments('index');
      table.integer('is_locked');
    });
  }
  await knex(LOCK).insert({ index: 1, is_locked: 0 }).onConflict(['index']).ignore();
}

/** The lock is held, or both made the bookkeeping tables at the same moment. */
function isOtherProcess(error: unknown): boolean {
  // By what it says, not by its class: the driver's errors may come from another realm than ours.
  const { name, message = '', errno } = Object(error) as Partial<Error> & { errno?: number };
  return (
    name === 'MigrationLocked' ||
    errno === 1050 ||
    errno === 1062 ||
    /already exists|UNIQUE constraint failed: mod_affiliates_migrations/.test(message)
  );
}
