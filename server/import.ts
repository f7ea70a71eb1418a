import { DateTime } from 'luxon';
import { importInto, type ImportReport } from '../module/importing';
import { readRows, readWhmcs, type Rows } from '../module/imports';
import { isAffiliatesError } from '../module/errors';
import { loadLanguages } from '../pages/language';
import { readText } from './files';
import { describeImport } from './importText';
import { parseJson } from './json';
import { programOf, type ProgramOptions } from './place';
import { showingProgress, Unusable, whyNot } from './terminal';

export interface ImportOptions extends ProgramOptions {
  readonly from?: string;
  readonly file?: string;
  readonly offSince?: string;
  readonly apply?: true;
  readonly json?: true;
}

/** `affiliates import`: what comes over of each affiliate, and whether both sides agree. @returns the exit code */
export async function importCommand(options: ImportOptions): Promise<0 | 1 | 2> {
  const { json, offSince: moment, apply = false } = options;
  try {
    // Never the program's defaults: days begin in its time zone.
    const { database, settings } = await programOf(options);
    const rows = await readSource(options);
    const report = await showingProgress((progress, started) => {
      const begun = performance.now();
      const now = () => started + Math.floor(performance.now() - begun);
      const offSince = moment === undefined ? undefined : readMoment(moment, settings.timeZone, started);
      return importInto(database, rows, { settings, now, offSince, apply, progress });
    });
    const lines = json ? [JSON.stringify(report, null, 2)] : describe(report, settings.timeZone);
    process.stdout.write(`${lines.join('\n')}\n`);
    return report.whole ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

/**
 * A day alone would not do: what was paid earlier on that day has earned there.
 * @returns ms, UTC
 * @throws Unusable
 */
function readMoment(written: string, zone: string, now: number): number {
  const time = DateTime.fromISO(written, { zone });
  if (!time.isValid || !/\dT\d/.test(written))
    throw new Unusable('--off-since must be a day and a time, such as 2026-03-01T14:30.');
  if (time.toMillis() > now)
    throw new Unusable('--off-since is in the future: switch it off, then say when.');
  return time.toMillis();
}

function describe(report: ImportReport, timeZone: string): string[] {
  return describeImport(loadLanguages({ language: 'english', timeZone }).of('en'), report);
}

async function readSource({ from, file }: ImportOptions): Promise<Rows> {
  if ((from === undefined) === (file === undefined))
    throw new Unusable('Give the source: either --from with its database, or --file with an export.');
  if (from !== undefined) return readWhmcs(from);
  const name = file ?? '';
  try {
    const written = parseJson(readText(name));
    if (written === undefined) throw new Unusable(`${name} is no JSON.`);
    return readRows(written);
  } catch (error) {
    if (!isAffiliatesError(error, 'field_invalid')) throw error;
    throw new Unusable(`${name} has no shape that is known: ${error.parameters.field} cannot be read.`);
  }
}
