import { diagnoseDatabase } from '../../module/diagnosis';
import { isBuiltInOn } from '../../module/imports';
import { settingsSent } from '../../module/wire';
import type { Config, WrittenSettings } from '../config';
import { environmentWith, type PlaceOptions } from '../place';
import { showingProgress, whyNot } from '../terminal';
import { examineConfiguration } from './configuration';
import { examineNode, examineTimeZone } from './machine';
import { examinePort, examinePortal, examineService } from './network';
import { describeProblem, type Problem } from './sentences';

export interface DoctorOptions extends PlaceOptions {
  /** The service is not started yet: its port must be free. */
  readonly beforeServing?: true;
  /** The address of WHMCS's database, whose own program should be off. */
  readonly whmcs?: string;
  /** Nothing but the database is asked. */
  readonly offline?: true;
  readonly json?: true;
}

/** `affiliates doctor`: what is wrong and what to do about it, a problem to a paragraph. @returns the exit code */
export async function doctorCommand(options: DoctorOptions): Promise<0 | 1 | 2> {
  try {
    const problems = await showingProgress((progress, began) => examine(options, progress, clockFrom(began)));
    const told = problems.map(({ code, parameters }) => ({
      code,
      parameters,
      // The same problem that was taken apart.
      ...describeProblem({ code, parameters } as Problem),
    }));
    const lines = options.json
      ? [JSON.stringify({ well: told.length === 0, problems: told }, null, 2)]
      : [...told.map(({ wrong, advice }) => `✗ ${wrong}\n  ${advice}`), summary(told.length)];
    process.stdout.write(`${lines.join('\n')}\n`);
    return told.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

const summary = (count: number): string => {
  if (count === 0) return '✓ Nothing is wrong that can be seen from here.';
  return count === 1 ? 'One thing is wrong.' : `${count} things are wrong.`;
};

/** A command begins in the present and goes on in it; a host's clock that jumps meanwhile changes nothing. */
function clockFrom(began: number): () => number {
  const started = performance.now();
  return () => began + (performance.now() - started);
}

const BUILT_IN: Problem = { code: 'builtin_program_on', parameters: {} };

/** @param now gives the present; ms, UTC */
export async function examine(
  options: DoctorOptions,
  progress: (done: number, total: number) => void,
  now: () => number,
): Promise<Problem[]> {
  const { database, beforeServing, whmcs, offline } = options;
  const { config, problems } = examineConfiguration(options.config, environmentWith(options));
  const found: Problem[] = [...examineNode(process.versions.node), ...problems];
  // Where the rest cannot be used, the database may have been named in the call.
  const address = config?.database ?? database;
  const looks: (() => Promise<Problem[]>)[] = [
    async () => (address === undefined ? [] : diagnoseDatabase(address, now)),
    async () => (whmcs !== undefined && (await isBuiltInOn(whmcs)) ? [BUILT_IN] : []),
    ...(config && !offline ? around(config, beforeServing === true, now) : []),
  ];
  for (const [index, look] of looks.entries()) {
    found.push(...(await look()));
    progress(index + 1, looks.length);
  }
  return found;
}

function around(config: Config, beforeServing: boolean, now: () => number): (() => Promise<Problem[]>)[] {
  let settings: WrittenSettings = {};
  return [
    async () => {
      // As in the service: what the portal sent holds where the configuration says nothing.
      settings = { ...(await settingsSent(config.database)), ...config.settings };
      return examineTimeZone(settings.timeZone ?? 'UTC');
    },
    async () => (settings.portalUrl === undefined ? [] : examinePortal(settings.portalUrl, now)),
    () => (beforeServing ? examinePort(config) : examineService(config, now)),
  ];
}
