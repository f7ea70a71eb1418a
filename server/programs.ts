/**
 * The program that the service runs, put together anew whenever the host sent other settings, here or at another
 * process. Who works with the one before keeps it until the work is done.
 */
import { affiliates, type AffiliateProgram } from '../index';
import { isAffiliatesError } from '../module/errors';
import { reportOf } from '../module/faults';
import type { Clock, Logger } from '../module/host';
import type { SettingsInput } from '../module/settings';
import type { WireStore } from '../module/wire';
import type { Config, WrittenSettings } from './config';
import { Unusable } from './terminal';

export interface Programs {
  /** Works with the present program; it is kept open until the work has ended. */
  use<T>(work: (program: AffiliateProgram) => Promise<T>): Promise<T>;
  /** Takes up the host's settings of that version, if they are newer than those in use. Never rejects. */
  refresh(version: number): Promise<void>;
  /** Finishes what every program has under way. */
  close(): Promise<void>;
}

interface Running {
  readonly program: AffiliateProgram;
  readonly version: number;
  users: number;
}

export interface ProgramsParts {
  readonly config: Config;
  readonly store: WireStore;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Installs the program and starts it.
 * @throws Unusable when nothing says where the portal is; AffiliatesError setting_invalid, database_unusable
 */
export async function startPrograms(parts: ProgramsParts): Promise<Programs> {
  const { logger } = parts;
  const open = new Set<Running>();
  const start = async (): Promise<Running> => {
    const running = { ...(await startProgram(parts)), users: 0 };
    open.add(running);
    return running;
  };
  // Makes the tables, where the settings are: they are read once there is something to read.
  await parts.store.install();
  let present = await start();
  let newest = present.version;
  let changing = Promise.resolve();

  const retire = async (running: Running): Promise<void> => {
    if (running === present || running.users > 0 || !open.delete(running)) return;
    await running.program.close();
  };
  const change = async (version: number): Promise<void> => {
    if (version <= newest) return;
    newest = version;
    try {
      const before = present;
      present = await start();
      newest = present.version;
      await retire(before);
      logger.info({ version: newest }, 'the host’s settings are in use');
    } catch (error) {
      const setting = isAffiliatesError(error, 'setting_invalid') ? error.parameters.setting : undefined;
      logger.error({ version, setting, ...reportOf(error) }, 'the host’s settings cannot be used');
    }
  };
  return {
    async use(work) {
      const running = present;
      running.users++;
      try {
        return await work(running.program);
      } finally {
        running.users--;
        await retire(running);
      }
    },
    refresh(version) {
      if (version > newest) changing = changing.then(() => change(version));
      return changing;
    },
    async close() {
      await changing;
      for (const { program } of open) await program.close();
    },
  };
}

async function startProgram({
  config,
  store,
  logger,
  clock,
}: ProgramsParts): Promise<Pick<Running, 'program' | 'version'>> {
  const { version, settings } = await store.hostSettings();
  const program = affiliates({
    database: store.database,
    host: 'remote',
    settings: mergeSettings(settings, config.settings),
    secrets: config.secrets,
    webhooks: config.webhooks,
    logger,
    clock,
  });
  await program.install();
  return { program, version };
}

/** What the service's own file says wins. @throws Unusable when nothing says where the portal is */
export function mergeSettings(sent: WrittenSettings, own: WrittenSettings): SettingsInput {
  const { portalUrl, ...settings } = { ...sent, ...own };
  if (portalUrl !== undefined) return { ...settings, portalUrl };
  throw new Unusable(
    'settings.portalUrl (AFFILIATES_SETTINGS_PORTAL_URL) must be the http(s) address of the portal.',
  );
}
