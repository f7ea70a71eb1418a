/**
 * Which database a command looks at, and with which settings its program runs: both are what its service runs with, or
 * what is handed over where a program runs in a portal of its own.
 */
import { readSettings, type Settings } from '../module/settings';
import { settingsSent } from '../module/wire';
import { readConfig, type Config } from './config';
import { readSettingsFile } from './files';
import { Unusable } from './terminal';

export interface PlaceOptions {
  /** The file that the service runs with; the environment wins over it, and may say all of it. */
  readonly config?: string;
  /** Wins over what the configuration says. */
  readonly database?: string;
}

export interface ProgramOptions extends PlaceOptions {
  /** A file of settings, in the place of the configuration's and of what the host sent. */
  readonly settings?: string;
}

/** @returns the address of the database. @throws Unusable */
export function databaseOf(options: PlaceOptions): string {
  return options.database ?? configOf(options).database;
}

/**
 * @param otherwise the settings where nothing but a database was named; without them, that is not enough
 * @throws Unusable, AffiliatesError setting_invalid
 */
export async function programOf(
  options: ProgramOptions,
  otherwise?: () => Settings,
): Promise<{ database: string; settings: Settings }> {
  if (options.settings !== undefined)
    return { database: databaseOf(options), settings: readSettingsFile(options.settings) };
  if (otherwise && options.database !== undefined && !hasConfig(options))
    return { database: options.database, settings: otherwise() };
  const { database, settings } = configOf(options);
  const sent = await settingsSent(database);
  return { database, settings: readSettings({ portalUrl: 'http://localhost', ...sent, ...settings }) };
}

/** Whether somebody said what the service runs with. */
export const hasConfig = ({ config }: PlaceOptions): boolean =>
  config !== undefined || Boolean(process.env['AFFILIATES_DATABASE']);

function configOf(options: PlaceOptions): Config {
  if (!hasConfig(options))
    throw new Unusable(
      'Give the program: --config with what its service runs with (or the AFFILIATES_ variables), or --database and, where a command needs them, --settings.',
    );
  return configNamed(options);
}

/** What a command's service runs with. @throws Unusable */
export const configNamed = (options: PlaceOptions): Config =>
  readConfig(options.config, environmentWith(options));

/** The environment, with the database that the call names. */
export const environmentWith = ({ database }: PlaceOptions): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(database !== undefined && { AFFILIATES_DATABASE: database }),
});
