import type { Knex } from 'knex';
import { isMysql } from './dialect';

/**
 * Runs work that answers a question. It sees one state of the database throughout, and leaves no trace: MySQL refuses
 * it every write, and wherever one got through it would be undone.
 */
export async function withoutWriting<T>(knex: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  const trx = await knex.transaction(isMysql(knex) ? { readOnly: true } : {});
  try {
    return await work(trx);
  } finally {
    await trx.rollback();
  }
}
