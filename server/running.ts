/** The program as the service runs it, for a command that does a piece of its work. */
import pino, { type Logger } from 'pino';
import { affiliates, type AffiliateProgram } from '../index';
import { checkInstalled } from '../module/install';
import { readSettings, type Settings } from '../module/settings';
import { openWireStore } from '../module/wire';
import type { Config } from './config';
import { mergeSettings } from './programs';

export interface Running {
  readonly program: AffiliateProgram;
  readonly settings: Settings;
}

/**
 * Works with the program of a configuration, with the settings that the host sent as well.
 * @param changes whether it is more than a look: then what waits is tried by the way, and what is left for the host to do,
 *   the host fetches from the service
 * @throws Unusable; AffiliatesError database_unusable for tables that are not there or not of this version, which a
 *   command does not upgrade by the way
 */
export async function withProgram<T>(
  config: Config,
  changes: boolean,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  await checkInstalled(config.database);
  const store = openWireStore(config.database);
  try {
    const sent = await store.hostSettings();
    const settings = mergeSettings(sent.settings, config.settings);
    const { secrets, webhooks } = config;
    const logger = toStandardError(config);
    // Not installed: terms are made of settings by the service alone.
    const program = affiliates({
      database: store.database,
      host: 'remote',
      settings,
      secrets,
      webhooks,
      logger,
    });
    try {
      return await work({ program, settings: readSettings(settings) });
    } finally {
      await program.close({ deliver: changes });
    }
  } finally {
    await store.close();
  }
}

/** What a command prints is its answer, so what it logs goes elsewhere. */
function toStandardError({ logLevel }: Config): Logger {
  const level = logLevel === 'info' ? 'warn' : logLevel;
  return pino({ level }, pino.destination(process.stderr.fd));
}
