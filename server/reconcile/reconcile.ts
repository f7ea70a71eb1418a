import type { ListedFact, ReconcileReport } from '../../index';
import { spanNamed, type Span } from '../../module/calendar';
import { readHostUrl } from '../hostToken';
import { configNamed, type PlaceOptions } from '../place';
import { withProgram } from '../running';
import { showingProgress, Unusable, whyNot } from '../terminal';
import { factsInFile, factsOfHost } from './lists';

export interface ReconcileCommandOptions extends PlaceOptions {
  readonly from: string;
  readonly to: string;
  readonly file?: string;
  readonly hostUrl?: string;
  readonly apply?: true;
  readonly json?: true;
}

/**
 * `affiliates reconcile`: what the host says against what was accepted.
 * @returns the exit code: 1 where something is missing still, or is for people to look at
 */
export async function reconcileCommand(options: ReconcileCommandOptions): Promise<0 | 1 | 2> {
  try {
    const report = await reconcile(options);
    const lines = options.json ? [JSON.stringify(report, null, 2)] : describe(report, options.apply === true);
    process.stdout.write(`${lines.join('\n')}\n`);
    return isWell(report) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

const isWell = ({ missing, notes }: ReconcileReport): boolean =>
  notes.length === 0 && missing.every(({ applied }) => applied?.status === 'processed');

async function reconcile(options: ReconcileCommandOptions): Promise<ReconcileReport> {
  const { from, to, apply = false } = options;
  const config = configNamed(options);
  if ((options.file === undefined) === (options.hostUrl === undefined))
    throw new Unusable('Give either --file or --host-url.');
  if (options.hostUrl !== undefined) readHostUrl(options.hostUrl, '--host-url');
  return showingProgress((progress, began) =>
    withProgram(config, apply, async ({ program, settings }) => {
      const complete = spanOf(from, to, settings.timeZone);
      const now = clockFrom(began);
      const facts =
        options.file === undefined
          ? factsOfHost({ url: options.hostUrl ?? '', hostSecrets: config.hostSecrets, from, to, now })
          : within(factsInFile(options.file), complete);
      // How many there are, nobody knows before the end.
      return program.reconcile(facts, { apply, complete, progress: (done) => progress(done, done + 1) });
    }),
  );
}

function clockFrom(began: number): () => number {
  const started = performance.now();
  return () => Math.trunc(began + (performance.now() - started));
}

function spanOf(from: string, to: string, zone: string): Pick<Span, 'from' | 'to'> {
  const [first, last] = [from, to].map((day, index) => {
    const span = spanNamed('day', day, zone);
    if (!span) throw new Unusable(`${index === 0 ? '--from' : '--to'} must be a day such as 2026-01-31.`);
    return span;
  }) as [Span, Span];
  if (last.from < first.from) throw new Unusable('--to must not be before --from.');
  return { from: first.from, to: last.to };
}

/** A file may hold more than was asked for; what has no date is handed on, to be noted as that. */
async function* within(
  facts: AsyncIterable<ListedFact>,
  span: { from: number; to: number },
): AsyncGenerator<ListedFact> {
  for await (const fact of facts) {
    const { at } = Object(fact.payload) as { at?: unknown };
    const time = typeof at === 'number' ? at : typeof at === 'string' ? Date.parse(at) : NaN;
    if (Number.isNaN(time) || (time >= span.from && time < span.to)) yield fact;
  }
}

const NOTES: Readonly<Record<ReconcileReport['notes'][number]['note'], (detail: string) => string>> = {
  differs: (detail) =>
    DIFFERENCES[detail] ?? `is listed with another ${detail}; what was accepted first stands`,
  set_aside: (code) => `was accepted and set aside (${code})`,
  waiting: () => 'was accepted and waits: affiliates replay --waiting tries it again',
  unreadable: (field) => `cannot be read${field ? `: ${field}` : ''}`,
  unlisted: () => 'was accepted as paid, and the host does not list it',
};

const DIFFERENCES: Readonly<Record<string, string>> = {
  lines: 'is listed with other lines; those accepted first stand',
  status: 'is listed as paid, and was reported as no longer paid after that',
  eventId: 'is listed under an event id that an earlier fact had: the host must give it another',
};

function describe({ checked, missing, notes }: ReconcileReport, apply: boolean): string[] {
  const lines = [
    ...missing.map(({ hook, id, applied }) => {
      const outcome = applied
        ? `${applied.status}${applied.code === undefined ? '' : ` (${applied.code})`}`
        : 'is missing';
      return `${applied?.status === 'processed' ? '✓' : '✗'} ${hook} ${id}: ${outcome}`;
    }),
    ...notes.map(
      ({ hook, id, note, detail }) => `! ${[hook, id].filter(Boolean).join(' ')}: ${NOTES[note](detail)}`,
    ),
    `${checked} compared, ${missing.length} missing${apply ? ' and handed in' : ''}, ${notes.length} to look at.`,
  ];
  if (missing.length > 0 && !apply) lines.push('Nothing was changed; --apply hands in what is missing.');
  return lines;
}
