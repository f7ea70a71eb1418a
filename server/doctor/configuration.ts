/** What is wrong with the configuration, as far as it can be told from the file and the environment alone. */
import { statSync } from 'node:fs';
import { readConfig, type Config } from '../config';
import { Unusable, whyNot } from '../terminal';
import type { Problem } from './sentences';

/** Anybody but the owner and the group. */
const OTHERS = 0o007;
/** A random secret of 32 characters has more than 15 different ones in all but one of a million million cases. */
const LEAST_DIFFERENT = 12;
const EXAMPLES = /change.?me|example|password|secret|123456|qwerty|xxxx/i;

/** @returns the configuration, null where it cannot be used, and what is wrong with it */
export function examineConfiguration(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): { config: Config | null; problems: Problem[] } {
  const problems = file === undefined ? [] : examineMode(file);
  try {
    const config = readConfig(file, environment);
    return { config, problems: [...problems, ...examineSecrets(config)] };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return {
      config: null,
      problems: [...problems, { code: 'configuration', parameters: { sentence: whyNot(error) } }],
    };
  }
}

function examineMode(file: string): Problem[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  // Windows has no such modes, and says that everybody may.
  if (!stat || process.platform === 'win32' || (stat.mode & OTHERS) === 0) return [];
  const mode = (stat.mode & 0o777).toString(8).padStart(3, '0');
  return [{ code: 'configuration_readable', parameters: { file, mode } }];
}

function examineSecrets({ secrets, hostSecrets }: Config): Problem[] {
  const lists = { secrets, hostSecrets };
  const problems = Object.entries(lists).flatMap(([list, all]) =>
    all.flatMap((secret, index): Problem[] => {
      const parameters = { list, place: index + 1 };
      if (all.indexOf(secret) !== index) return [{ code: 'secret_twice', parameters }];
      return isGuessable(secret) ? [{ code: 'secret_weak', parameters }] : [];
    }),
  );
  const isShared = secrets.some((secret) => hostSecrets.includes(secret));
  return isShared ? [...problems, { code: 'secret_shared', parameters: {} }] : problems;
}

const isGuessable = (secret: string): boolean =>
  new Set(secret).size < LEAST_DIFFERENT || EXAMPLES.test(secret);
