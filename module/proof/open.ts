import { readProgram } from '../database/reading';
import { prove, type ProofReport } from './prove';

/**
 * Proves a database that is not open yet. Nothing can be written to it: it is opened for reading alone.
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable as `readProgram` does
 */
export async function proveDatabase(
  address: string,
  now: number,
  told: Parameters<typeof prove>[2] = {},
): Promise<ProofReport> {
  return readProgram(address, (knex) => prove(knex, now, told));
}
