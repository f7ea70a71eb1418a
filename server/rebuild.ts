import { checkRebuild, type Compared, type Difference, type RebuildReport } from '../module/replay';
import { readSettingsFile } from './files';
import { hasConfig, programOf, type ProgramOptions } from './place';
import { showingProgress, whyNot } from './terminal';

export interface RebuildOptions extends ProgramOptions {
  readonly json?: true;
}

/** `affiliates rebuild --check`: a line per comparison. @returns the exit code */
export async function rebuildCommand(options: RebuildOptions): Promise<0 | 1 | 2> {
  const { json } = options;
  let report: RebuildReport;
  try {
    const { database, settings } = await programOf(options, () => readSettingsFile(undefined));
    report = await showingProgress((progress, now) => checkRebuild(database, { settings, now, progress }));
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
  const lines = json ? [JSON.stringify(report, null, 2)] : describe(report, options);
  process.stdout.write(`${lines.join('\n')}\n`);
  return report.same ? 0 : 1;
}

function describe({ events, comparisons }: RebuildReport, options: RebuildOptions): string[] {
  const { replayed, setAside, waiting } = events;
  const isByDefault = options.settings === undefined && !hasConfig(options);
  const differing = comparisons.filter((comparison) => comparison.differing > 0);
  return [
    `Events: ${replayed} replayed; ${setAside} set aside and ${waiting} waiting, which have no effect.`,
    ...comparisons.map(describeOne),
    differing.length === 0
      ? 'The history makes everything again as it is kept.'
      : `${differing.length} of ${comparisons.length} differ.`,
    ...(differing.length > 0 && isByDefault ? [HINT] : []),
  ];
}

const HINT =
  'This was replayed with the default settings. If yours say another currency or time zone, hand them in with --config or --settings.';

function describeOne({ name, rows, differing, first }: Compared): string {
  const what = name.replaceAll('_', ' ');
  if (!first) return `✓ ${what}: ${rows}, all the same`;
  return `✗ ${what}: ${rows}, and ${differing} differ; first ${describeDifference(first)}`;
}

function describeDifference({ table, row, column, kept, replayed }: Difference): string {
  const where = `${table}, ${row}`;
  if (column === '') return `${where}: ${kept === null ? 'only the replay makes it' : 'no replay makes it'}`;
  return `${where}: ${column} is ${String(kept)}, and ${String(replayed)} when replayed`;
}
