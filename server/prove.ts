import { PROOF_LENGTH, proveDatabase, type Finding, type ProofReport } from '../module/proof';
import { loadLanguages, type Language } from '../pages/language';
import { databaseOf, type PlaceOptions } from './place';
import { showingProgress, whyNot } from './terminal';

export interface ProveOptions extends PlaceOptions {
  readonly json?: true;
}

/** `affiliates prove`: a line per invariant. @returns the exit code */
export async function proveCommand({ json, ...options }: ProveOptions): Promise<0 | 1 | 2> {
  const language = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en');
  let report: ProofReport;
  try {
    const database = databaseOf(options);
    report = await showingProgress((progress, now) =>
      proveDatabase(database, now, { progress: (done) => progress(done, PROOF_LENGTH) }),
    );
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
  const lines = json ? [JSON.stringify(report, null, 2)] : describe(language, report);
  process.stdout.write(`${lines.join('\n')}\n`);
  return report.holds ? 0 : 1;
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
