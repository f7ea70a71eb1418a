import type { Knex } from 'knex';

/** SQLite builds a multi-row insert as a compound of at most 500 terms. */
const MOST_ROWS = 400;

/**
 * Inserts any number of rows in as few statements as the databases allow; none for none.
 * @param known columns of a unique key: a row whose key is there already is left alone
 */
export async function insertRows(
  trx: Knex.Transaction,
  table: string,
  rows: readonly object[],
  known: string[] = [],
): Promise<void> {
  for (let start = 0; start < rows.length; start += MOST_ROWS) {
    const insert = trx(table).insert(rows.slice(start, start + MOST_ROWS));
    await (known.length > 0 ? insert.onConflict(known).ignore() : insert);
  }
}
