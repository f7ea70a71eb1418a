import type { Knex } from 'knex';
import type { Logger } from '../host';
import { isMysql } from './dialect';

/** SQLite's own number for `synchronous = FULL`. */
const FULL = 2;

/**
 * Warns when the database may lose what it has acknowledged. Durability is a setting of the server's, which the
 * program cannot change, and whose owner should know what it costs.
 */
export async function checkDurability(knex: Knex, logger: Logger): Promise<void> {
  const weak = await weakDurability(knex);
  if (weak)
    logger.warn(
      { setting: weak },
      'a power cut may lose acknowledged events: this setting is weaker than it could be',
    );
}

/** @returns the setting with its value by which acknowledged events may be lost; null where none is */
export async function weakDurability(knex: Knex): Promise<string | null> {
  return isMysql(knex) ? weakMysql(knex) : weakSqlite(knex);
}

async function weakMysql(knex: Knex): Promise<string | null> {
  const name = 'innodb_flush_log_at_trx_commit';
  const [[row]] = (await knex.raw('SHOW VARIABLES LIKE ?', [name])) as [{ Value: string }[]];
  return row && row.Value !== '1' ? `${name}=${row.Value}` : null;
}

async function weakSqlite(knex: Knex): Promise<string | null> {
  const [row] = await knex.raw<{ synchronous: number }[]>('PRAGMA synchronous');
  return row && row.synchronous < FULL ? `synchronous=${row.synchronous}` : null;
}
