/** All the SQL of what a service keeps beside the program: used tokens, and the settings that the host sent. */
import type { Knex } from 'knex';
import { insertRows } from '../database/insertRows';
import { purgeBefore } from '../database/purge';

const TOKENS = 'mod_affiliates_used_tokens';
const SETTINGS = 'mod_affiliates_host_settings';

/** A token as it is used up: by the request of that holder, which is unique. */
export interface UsedToken {
  readonly id: string;
  readonly holder: string;
  /** ms */
  readonly expiresAt: number;
}

/** Notes tokens as used; one that is noted already stays its first holder's. */
export async function insertTokens(trx: Knex.Transaction, tokens: readonly UsedToken[]): Promise<void> {
  const rows = tokens.map(({ id, holder, expiresAt }) => ({ id, holder, expires_at: expiresAt }));
  await insertRows(trx, TOKENS, rows, ['id']);
}

/** @returns the holder of each token, by its id */
export async function holdersOf(
  trx: Knex.Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows: { id: string; holder: string }[] = await trx(TOKENS).whereIn('id', ids).select('id', 'holder');
  return new Map(rows.map(({ id, holder }) => [id, holder]));
}

/** @returns how many are gone */
export const purgeTokensBefore = (knex: Knex, before: number): Promise<number> =>
  purgeBefore(knex, TOKENS, 'expires_at', before);

/** @returns the number of the newest settings; 0 when the host has sent none */
export async function settingsVersion(knex: Knex): Promise<number> {
  const row = (await knex(SETTINGS).max({ version: 'version' }).first()) as
    { version: number | null } | undefined;
  return row?.version ?? 0;
}

/** @returns the settings of a version as they were sent */
export async function settingsOf(knex: Knex, version: number): Promise<Readonly<Record<string, string>>> {
  const row: { settings: string } | undefined = await knex(SETTINGS).where({ version }).first('settings');
  // Written by `insertSettings` alone.
  return row ? (JSON.parse(row.settings) as Record<string, string>) : {};
}

/** @throws a unique violation when somebody else was first with that version */
export async function insertSettings(
  trx: Knex.Transaction,
  version: number,
  settings: Readonly<Record<string, string>>,
  now: number,
): Promise<void> {
  await trx(SETTINGS).insert({ version, settings: JSON.stringify(settings), created_at: now });
}
