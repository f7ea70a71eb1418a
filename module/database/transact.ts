import type { Knex } from 'knex';
import { setTimeout as pause } from 'node:timers/promises';
import { isMysql, isRetryable, isUniqueViolation } from './dialect';

const MOST_ATTEMPTS = 8;

/**
 * Runs work in one transaction and commits it, from the beginning again when another writer got in the way
 * (deadlock, lost certification, a guarded update that found a changed row), also when that shows at COMMIT.
 * The work must therefore be safe to repeat: it reads everything inside, and writes under idempotency keys.
 */
export async function transact<T>(knex: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  // READ COMMITTED: after a guarded update, the next read must see what the other writer committed.
  const config: Knex.TransactionConfig = isMysql(knex) ? { isolationLevel: 'read committed' } : {};
  for (let attempt = 1; ; attempt++) {
    try {
      return await knex.transaction(work, config);
    } catch (error) {
      // A unique key that refuses means that somebody inserted between our look and our write: look again.
      const worthRepeating = isRetryable(error) || isUniqueViolation(error);
      if (!worthRepeating || attempt === MOST_ATTEMPTS) throw error;
      // Growing and uneven, so that two writers that met do not meet again.
      await pause(2 ** attempt * (1 + Math.random()));
    }
  }
}
