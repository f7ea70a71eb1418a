import { Presets, SingleBar } from 'cli-progress';
import { isAffiliatesError } from '../module/errors';
import { reportOf } from '../module/faults';
import { PROOF_LENGTH, proveDatabase, type Finding, type ProofReport } from '../module/proof';
import { loadLanguages, type Language } from '../pages/language';

export interface ProveOptions {
  readonly database: string;
  readonly json?: true;
}

/** `affiliates prove`: a line per invariant. @returns the exit code */
export async function proveCommand({ database, json }: ProveOptions): Promise<0 | 1 | 2> {
  const language = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en');
  let report: ProofReport;
  try {
    report = await proveShowingProgress(database);
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
  const lines = json ? [JSON.stringify(report, null, 2)] : describe(language, report);
  process.stdout.write(`${lines.join('\n')}\n`);
  return report.holds ? 0 : 1;
}

/** The bar is for a person who waits: it goes to the terminal's error output, and nowhere when that is no terminal. */
async function proveShowingProgress(database: string): Promise<ProofReport> {
  const format = { format: '{bar} {percentage}%', clearOnComplete: true };
  const bar = new SingleBar(format, Presets.shades_classic);
  // eslint-disable-next-line no-restricted-syntax -- a command is run in the present
  const now = Date.now();
  try {
    bar.start(PROOF_LENGTH, 0);
    return await proveDatabase(database, now, { progress: (done) => bar.update(done) });
  } finally {
    bar.stop();
  }
}

function describe(language: Language, { checks, seal }: ProofReport): string[] {
  const findings = checks.flatMap(({ finding }) => finding ?? []);
  const [first] = findings;
  return [
    ...checks.map(({ check, finding }) => {
      const sentence = language.t(`proof.check.${check}`);
      return finding ? `✗ ${sentence} ${describeFinding(language, finding)}` : `✓ ${sentence}`;
    }),
    ...(seal ? [language.t('proof.seal', seal)] : []),
    first
      ? `${findings.length} of ${checks.length} found something; the first bad row is ${first.row} in ${first.table}.`
      : `All ${checks.length} hold.`,
  ];
}

function describeFinding(language: Language, { table, row, problem }: Finding): string {
  return language.t('proof.finding', { table, row, problem: language.t(`proof.problem.${problem}`) });
}

const UNUSABLE: Readonly<Record<string, string>> = {
  address:
    "The address is of no kind that is known: give 'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'.",
  no_program: 'There is no affiliate program in this database.',
  other_version:
    'The tables are of another version: start the program once, or use the command of the version that made them.',
};

/** A sentence for whoever typed the command; the address is left out, as it holds a password. */
function whyNot(error: unknown): string {
  if (!isAffiliatesError(error, 'database_unusable')) return `The proof broke off: ${reportOf(error).fault}.`;
  const { reason } = error.parameters;
  return UNUSABLE[reason] ?? `The database cannot be read: ${reason}.`;
}
