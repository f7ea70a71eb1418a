import { isCurrency } from '../../module/money';
import { SHORTEST_SECRET } from '../../module/secrets';
import { readListen } from '../config';
import { readHostUrl } from '../hostToken';
import { Unusable, whyNot } from '../terminal';
import { CASES } from './cases';
import { tryCase, type Result } from './run';
import { createPortal, NotOffered, Wrong, type Portal } from './steps';
import { startTrial } from './trial';

export interface ConformanceOptions {
  readonly url: string;
  readonly secret: string;
  readonly listen: string;
  readonly currency: string;
  readonly case?: readonly string[];
  readonly json?: true;
}

/** A person waits for what a step does; what is sent for it may not hold it up for longer. */
const LIMIT_MS = 10_000;

/**
 * `affiliates conformance`: tries a portal with what portals get wrong.
 * @returns the exit code: 1 where something is wrong
 */
export async function conformanceCommand(options: ConformanceOptions): Promise<0 | 1 | 2> {
  try {
    const results: Result[] = [];
    const say = (line: string) => {
      if (!options.json) process.stdout.write(`${line}\n`);
    };
    for await (const result of tryPortal(options, say)) {
      results.push(result);
      for (const line of describe(result)) say(line);
    }
    if (options.json) process.stdout.write(`${JSON.stringify({ cases: results }, null, 2)}\n`);
    say(summaryOf(results));
    return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

/**
 * Tries a portal, case by case.
 * @param say is told where the portal must send to, before anything else
 * @throws Unusable, or the system's error when it cannot listen
 */
export async function* tryPortal(
  options: ConformanceOptions,
  say: (line: string) => void,
): AsyncGenerator<Result> {
  const { secret, currency } = options;
  const url = readHostUrl(options.url, '--url');
  if (secret.length < SHORTEST_SECRET)
    throw new Unusable(`--secret must have ${SHORTEST_SECRET} characters or more.`);
  if (!isCurrency(currency)) throw new Unusable('--currency must be an ISO 4217 code such as USD.');
  const cases = casesNamed(options.case ?? []);
  // eslint-disable-next-line no-restricted-syntax -- a portal is tried in the present
  const now = () => Date.now();
  const trial = await startTrial({ listen: readListen(options.listen, '--listen'), secret, currency, now });
  try {
    say(`The portal is to send to ${trial.address}.`);
    const portal = createPortal({ url, secret, now, limitMs: LIMIT_MS });
    await checkPortal(portal);
    for (const one of cases) yield await tryCase(one, { portal, trial, currency, now });
  } finally {
    await trial.close();
  }
}

/** @throws Unusable where nothing would come of the cases */
async function checkPortal(portal: Portal): Promise<void> {
  try {
    await portal.step('deliver', {});
  } catch (error) {
    if (error instanceof NotOffered)
      throw new Unusable('The portal does not take the step deliver, which is needed.');
    if (error instanceof Wrong) throw new Unusable(error.message);
    throw error;
  }
}

/** @throws Unusable */
function casesNamed(names: readonly string[]): typeof CASES {
  const unknown = names.find((name) => CASES.every((one) => one.name !== name));
  if (unknown !== undefined)
    throw new Unusable(`${unknown} is no case; the cases are: ${CASES.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? CASES : CASES.filter(({ name }) => names.includes(name));
}

const MARKS: Readonly<Record<Result['outcome'], string>> = { passed: '✓', failed: '✗', not_tried: '–' };

function describe({ name, title, outcome, problems, came }: Result): string[] {
  const lines = [`${MARKS[outcome]} ${name}: ${title}`];
  if (outcome === 'not_tried')
    lines.push(`    not tried: the portal does not take the step ${problems.join()}`);
  if (outcome === 'failed')
    lines.push(
      ...problems.map((problem) => `    ${problem}`),
      `    What came: ${came.join(', ') || 'nothing'}`,
    );
  return lines;
}

function summaryOf(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']) => results.filter((one) => one.outcome === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not_tried')} not tried.`;
}
