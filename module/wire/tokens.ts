import type { Knex } from 'knex';
import { groupCommit, type GroupCommit } from '../database/groupCommit';
import { transact } from '../database/transact';
import { holdersOf, insertTokens, purgeTokensBefore, settingsVersion, type UsedToken } from './queries';

/** How long a token still verifies after it expired, for clocks that differ; ms. */
export const LEEWAY_MS = 60_000;

/** What using up a token tells. */
export interface Spent {
  /** Whether nobody used it before, at whichever process. */
  readonly fresh: boolean;
  /** The number of the newest settings that the host sent: read with it, so that no request asks for it alone. */
  readonly settingsVersion: number;
}

/** Far below what a statement may bind on any database. */
const MOST_IN_BATCH = 200;

/**
 * Uses tokens up, each once. Requests that come together share one transaction, so that a signature costs a busy
 * service little; a commit that a crash swallowed leaves the token unused, and its request undone as well.
 */
export function createSpending(knex: Knex): GroupCommit<UsedToken, Spent> {
  return groupCommit(
    (tokens) =>
      transact(knex, async (trx) => {
        // In one order, or two batches could wait for each other's keys.
        await insertTokens(
          trx,
          [...tokens].sort((one, other) => (one.id < other.id ? -1 : 1)),
        );
        const holders = await holdersOf(
          trx,
          tokens.map(({ id }) => id),
        );
        const version = await settingsVersion(trx);
        return tokens.map(({ id, holder }) => ({
          value: { fresh: holders.get(id) === holder, settingsVersion: version },
        }));
      }),
    { most: MOST_IN_BATCH },
  );
}

/** Forgets tokens that no longer verify. @returns how many */
export async function purgeUsedTokens(knex: Knex, now: number): Promise<number> {
  return purgeTokensBefore(knex, now - 2 * LEEWAY_MS);
}
