import { connect } from './database/connection';
import { migrate } from './database/migrate';
import { readProgram, tablesVersion, unusable, type TablesVersion } from './database/reading';
import { AffiliatesError } from './errors';
import { makeIdentityKey } from './keys';

export interface InstallReport {
  /** What was there before. */
  readonly found: Exclude<TablesVersion, 'newer'>;
  /** What this process made, in order; another may have made the rest at the same time. */
  readonly migrations: readonly string[];
}

/**
 * Makes or upgrades a program's tables and its key, and nothing that depends on settings: its first terms are made when
 * it starts. Safe to run from several processes at once.
 * @param address as for `affiliates({ database })`
 * @param progress is told how many of all steps are done
 * @throws AffiliatesError database_unusable: `address` is of no known kind, a `newer_version` made the tables, another
 *   process holds the `migration_lock` for a minute, or else the database's own code
 */
export async function installDatabase(
  address: string,
  progress?: (done: number, total: number) => void,
): Promise<InstallReport> {
  const { knex, close } = connect(address);
  try {
    const found = await tablesVersion(knex);
    if (found === 'newer') throw new AffiliatesError('database_unusable', { reason: 'newer_version' });
    const migrations = await migrate(knex, progress);
    await makeIdentityKey(knex);
    return { found, migrations };
  } catch (error) {
    throw unusable(error);
  } finally {
    await close();
  }
}

/** @throws AffiliatesError database_unusable as `readProgram` does: for whoever would not make or upgrade tables */
export async function checkInstalled(address: string): Promise<void> {
  await readProgram(address, () => Promise.resolve());
}
