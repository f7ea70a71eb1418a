/** Files that are handed to the commands. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { reportOf } from '../module/faults';
import { readSettings, type Settings, type SettingsInput } from '../module/settings';
import { Unusable } from './terminal';

/**
 * Reads settings as they are handed to `affiliates({ settings })`, in YAML or JSON; without a file those that a program
 * has unless it is told otherwise.
 * @throws Unusable, AffiliatesError setting_invalid
 */
export function readSettingsFile(file: string | undefined): Settings {
  // The settings check themselves, whatever the file holds.
  const written = (file === undefined ? {} : readObject(file)) as Partial<SettingsInput>;
  return readSettings({ portalUrl: 'http://localhost', ...written });
}

/** @returns what a file in YAML or JSON holds by names. @throws Unusable */
export function readObject(file: string): Readonly<Record<string, unknown>> {
  const written: unknown = parseYaml(file, readText(file));
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) return { ...written };
  throw new Unusable(`${file} does not hold settings by their names.`);
}

/** @throws Unusable */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Unusable(`${file} cannot be read: ${reportOf(error).code ?? 'unknown'}.`);
  }
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [line = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new Unusable(`${file} is no YAML: ${line}`);
  }
}
