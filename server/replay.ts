import type { AffiliateProgram, TriedAgain, TroubledEvent } from '../index';
import { isoTime, spanNamed } from '../module/calendar';
import { configNamed, type PlaceOptions } from './place';
import { withProgram } from './running';
import { showingProgress, Unusable, whyNot } from './terminal';

export interface ReplayOptions extends PlaceOptions {
  readonly waiting?: true;
  readonly setAside?: true;
  /** Ours, as the staff page of events in trouble shows them. */
  readonly event?: readonly string[];
  readonly type?: string;
  readonly since?: string;
  readonly until?: string;
  readonly apply?: true;
  readonly json?: true;
}

/** What is known of an event, and what became of it; `tried` is null where nothing was tried. */
interface Line {
  readonly id: string;
  readonly event: TroubledEvent | null;
  readonly tried: TriedAgain | null;
}

/**
 * `affiliates replay`: events that came to no good end, tried again with --apply.
 * @returns the exit code: 1 where some have no effect yet
 */
export async function replayCommand(options: ReplayOptions): Promise<0 | 1 | 2> {
  try {
    if (!options.waiting && !options.setAside && !options.event)
      throw new Unusable('Which events? Give --waiting, --set-aside or --event.');
    const config = configNamed(options);
    const lines = await showingProgress((progress) =>
      withProgram(config, options.apply === true, async ({ program, settings }) => {
        const found = await meant(program, options, settings.timeZone);
        return tryAll(program, found, { apply: options.apply === true, progress });
      }),
    );
    const told = options.json
      ? [JSON.stringify({ applied: options.apply === true, events: lines }, null, 2)]
      : describe(lines, options.apply === true);
    process.stdout.write(`${told.join('\n')}\n`);
    return lines.every(({ tried }) => tried?.status === 'processed' || tried?.status === 'done') ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

type Meant = Pick<Line, 'id' | 'event'>;

async function meant(program: AffiliateProgram, options: ReplayOptions, zone: string): Promise<Meant[]> {
  const { waiting, setAside, type, event: ids = [] } = options;
  const query = {
    from: momentOf('--since', options.since, zone)?.from ?? 0,
    to: momentOf('--until', options.until, zone)?.to ?? Number.MAX_SAFE_INTEGER,
    ...(type !== undefined && { type }),
  };
  const found: Meant[] = ids.map((id) => ({ id, event: null }));
  const kinds = [...(waiting ? ['waiting' as const] : []), ...(setAside ? ['set_aside' as const] : [])];
  for (const status of kinds)
    for await (const event of program.troubled({ ...query, status })) found.push({ id: event.id, event });
  return found;
}

function momentOf(option: string, day: string | undefined, zone: string) {
  if (day === undefined) return null;
  const span = spanNamed('day', day, zone);
  if (!span) throw new Unusable(`${option} must be a day such as 2026-01-31.`);
  return span;
}

async function tryAll(
  program: AffiliateProgram,
  found: readonly Meant[],
  { apply, progress }: { apply: boolean; progress: (done: number, total: number) => void },
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const one of found) {
    lines.push({ ...one, tried: apply ? await program.tryAgain(one.id) : null });
    progress(lines.length, found.length);
  }
  return lines;
}

const RESULTS: Readonly<Record<TriedAgain['status'], string>> = {
  processed: 'processed',
  waiting: 'waits still: look for its cause in the log',
  set_aside: 'set aside again',
  done: 'has its effect already, or another try of it has',
  unknown: 'there is no such event',
  no_fact: 'was no fact of the host’s, and cannot be told again',
};

function describe(lines: readonly Line[], apply: boolean): string[] {
  const told = lines.map(({ id, event, tried }) => {
    const what = event
      ? `${id} ${event.type}, ${event.status === 'waiting' ? 'waiting' : 'set aside'} (${event.code}) since ${isoTime(event.receivedAt, 'UTC')}`
      : id;
    if (!tried) return `· ${what}`;
    const isWell = tried.status === 'processed' || tried.status === 'done';
    const code = tried.status === 'set_aside' ? ` (${tried.code})` : '';
    return `${isWell ? '✓' : '✗'} ${what}: ${RESULTS[tried.status]}${code}`;
  });
  if (lines.length === 0) return ['There is nothing to try again.'];
  const count = lines.length === 1 ? 'One event' : `${lines.length} events`;
  return [...told, apply ? `${count} tried again.` : `${count} would be tried again; --apply does it.`];
}
