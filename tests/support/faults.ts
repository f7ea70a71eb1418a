/** Breaks a database on purpose, and mends it again: faults that no code of the program knows of. */
import type { Knex } from 'knex';

const isMysql = (knex: Knex) => String((knex.client as { dialect?: unknown }).dialect) === 'mysql';

/**
 * Makes every new row of a table fail, or those for which an SQL condition on NEW holds.
 * @returns what mends it
 */
export async function breakTable(knex: Knex, table: string, when = '1 = 1'): Promise<() => Promise<void>> {
  const name = `broken_${table}`;
  const body = isMysql(knex)
    ? `FOR EACH ROW BEGIN IF ${when} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the disk is on fire'; END IF; END`
    : `WHEN ${when} BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END`;
  await knex.raw(`CREATE TRIGGER ${name} BEFORE INSERT ON ${table} ${body}`);
  return async () => {
    await knex.raw(`DROP TRIGGER ${name}`);
  };
}
