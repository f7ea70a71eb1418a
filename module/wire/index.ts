/**
 * What a service keeps and sees of the database beside the program itself. It holds the one connection of the process,
 * so that a program can be put together anew, with other settings, while the one before it finishes its work.
 */
import type { Knex } from 'knex';
import { countWaitingCommands } from '../commands';
import { connect } from '../database/connection';
import { migrate } from '../database/migrate';
import { checkTables, readProgram } from '../database/reading';
import { transact } from '../database/transact';
import { isAffiliatesError } from '../errors';
import { countWaiting, oldestWaitingAt } from '../events';
import { insertSettings, settingsOf, settingsVersion, type UsedToken } from './queries';
import { createSpending, type Spent } from './tokens';

export { LEEWAY_MS, purgeUsedTokens, type Spent } from './tokens';

/** The settings that the host sent last. */
export interface HostSettings {
  /** Higher with every change; 0 when it has sent none. */
  readonly version: number;
  readonly settings: Readonly<Record<string, string>>;
}

const sorted = (settings: HostSettings['settings']) =>
  Object.fromEntries(Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1)));

/**
 * Looks up what the host sent last in a database that is not open yet, and changes nothing in it.
 * @param address as for `affiliates({ database })`
 * @returns nothing where there is no program of this version, or where it cannot be read
 */
export async function settingsSent(address: string): Promise<HostSettings['settings']> {
  try {
    return await readProgram(address, async (knex) => settingsOf(knex, await settingsVersion(knex)));
  } catch (error) {
    // Why not, `diagnoseDatabase` says.
    if (isAffiliatesError(error, 'database_unusable')) return {};
    throw error;
  }
}

/** What waits, for whoever watches a service. */
export interface Backlog {
  readonly commands: number;
  readonly events: number;
  /** When the oldest event that waits was accepted; ms; null when none waits. */
  readonly oldestEventAt: number | null;
}

export interface WireStore {
  /** For `affiliates({ database })`. */
  readonly database: Knex;
  /** Makes or upgrades the tables; safe to run from several processes at once. */
  install(): Promise<void>;
  /** Uses up a token for a request; `holder` is unique to that request. */
  spend(token: UsedToken): Promise<Spent>;
  hostSettings(): Promise<HostSettings>;
  settingsVersion(): Promise<number>;
  /** Keeps what the host sent; the same again is no new version. @param now ms @returns the version */
  keepSettings(settings: Readonly<Record<string, string>>, now: number): Promise<number>;
  /** @throws AffiliatesError database_unusable when the tables are not ours or not up to date; or the driver's error */
  checkReady(): Promise<void>;
  backlog(): Promise<Backlog>;
  /** How many of the process's connections are busy, idle, and asked for. */
  pool(): { readonly used: number; readonly free: number; readonly pending: number };
  /** Finishes what is under way, and closes the connection. */
  close(): Promise<void>;
}

/** The part of Knex's pool that is looked at. */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

/**
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable for an address of another kind
 */
export function openWireStore(address: string): WireStore {
  const { knex, close } = connect(address);
  const spend = createSpending(knex);
  const hostSettings = async (): Promise<HostSettings> => {
    const version = await settingsVersion(knex);
    return { version, settings: await settingsOf(knex, version) };
  };
  return {
    database: knex,
    install: async () => {
      await migrate(knex);
    },
    spend,
    hostSettings,
    settingsVersion: () => settingsVersion(knex),
    keepSettings: (settings, now) =>
      transact(knex, async (trx) => {
        const version = await settingsVersion(trx);
        const sent = sorted(settings);
        const kept = JSON.stringify(await settingsOf(trx, version));
        if (version > 0 && kept === JSON.stringify(sent)) return version;
        await insertSettings(trx, version + 1, sent, now);
        return version + 1;
      }),
    checkReady: () => checkTables(knex),
    backlog: async () => ({
      commands: await countWaitingCommands(knex),
      events: await countWaiting(knex),
      oldestEventAt: await oldestWaitingAt(knex),
    }),
    pool: () => {
      const { pool } = knex.client as { pool: Pool };
      return { used: pool.numUsed(), free: pool.numFree(), pending: pool.numPendingAcquires() };
    },
    close: async () => {
      await spend.drain();
      await close();
    },
  };
}
