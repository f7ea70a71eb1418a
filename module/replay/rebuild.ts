import stringify from 'fast-json-stable-stringify';
import type { Knex } from 'knex';
import { inSnapshot, readProgram } from '../database/reading';
import { countAnswered, countWaiting, firstOutOfOrder, type ProcessedEvent } from '../events';
import type { Settings } from '../settings';
import { compare, type Compared, type Difference } from './compare';
import { COMPARISONS } from './comparisons';
import { openCopy, replay, type Course, type Outcome } from './replay';

export interface RebuildReport {
  /** ms, UTC */
  readonly at: number;
  readonly same: boolean;
  readonly events: {
    readonly replayed: number;
    /** Were found to have no effect, and stay so. */
    readonly setAside: number;
    /** Have had no effect yet. */
    readonly waiting: number;
  };
  readonly comparisons: readonly Compared[];
}

export interface RebuildOptions {
  readonly settings: Settings;
  /** ms, UTC */
  readonly now: number;
  /** Told of every event replayed and every table compared. */
  readonly progress: (done: number, total: number) => void;
}

/**
 * Replays the accepted events of a database into an empty one, and compares all that they made. The database is only
 * read, and as it is at one moment.
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable as `readProgram` does
 */
export async function checkRebuild(address: string, options: RebuildOptions): Promise<RebuildReport> {
  const copy = await openCopy();
  try {
    return await readProgram(address, (knex) =>
      inSnapshot(knex, (kept) => rebuildAndCompare(kept, copy.knex, options)),
    );
  } finally {
    await copy.close();
  }
}

/** The same for databases that are open. */
export async function rebuildAndCompare(
  kept: Knex,
  copy: Knex,
  { settings, now, progress }: RebuildOptions,
): Promise<RebuildReport> {
  const answered = await countAnswered(kept);
  const total = answered + COMPARISONS.length;
  const answers = answerBook(settings, (done) => progress(done, total));
  await replay(kept, copy, answers.course);
  const comparisons = [await answers.compared(kept, answered)];
  for (const [index, comparison] of COMPARISONS.entries()) {
    comparisons.push(await compare(kept, copy, comparison));
    progress(answered + index + 1, total);
  }
  const { replayed, setAside } = answers.count;
  return {
    at: now,
    same: comparisons.every(({ differing }) => differing === 0),
    events: { replayed, setAside, waiting: await countWaiting(kept) },
    comparisons,
  };
}

/** A course that performs everything which had an effect, and compares what it answers. */
function answerBook(settings: Settings, progress: (done: number) => void) {
  const count = { replayed: 0, setAside: 0, differing: 0 };
  let done = 0;
  let first: Difference | null = null;
  const course: Course = {
    settings,
    play: async (processed, perform) => {
      progress(++done);
      const { answer, answeredAt: at } = processed;
      if (answer.status !== 'processed') {
        count.setAside++;
        return;
      }
      const outcome = await perform(processed, { at, recorded: answer.result });
      count.replayed++;
      const difference = differenceOf(processed, answer.result, outcome);
      if (difference) count.differing++;
      first ??= difference;
    },
  };
  return {
    count,
    course,
    /** @param answered how many answers are kept */
    compared: async (kept: Knex, answered: number): Promise<Compared> => {
      const lost = answered - count.replayed - count.setAside;
      if (lost > 0) first ??= missing(await firstOutOfOrder(kept));
      return { name: 'event_answers', rows: answered, differing: count.differing + lost, first };
    },
  };
}

const TABLE = 'mod_affiliates_event_answers';

function differenceOf({ id }: ProcessedEvent, recorded: object, outcome: Outcome): Difference | null {
  const kept = stringify(recorded);
  const replayed = 'refused' in outcome ? outcome.refused : stringify(outcome.result);
  return kept === replayed ? null : { table: TABLE, row: `event_id ${id}`, column: 'answer', kept, replayed };
}

const missing = (eventId: string): Difference => ({
  table: TABLE,
  row: `event_id ${eventId}`,
  column: '',
  kept: 'a row',
  replayed: null,
});
