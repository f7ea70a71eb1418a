/** Tries a portal with one case after the other. */
import { checkNotes } from './checks';
import type { Case } from './cases/case';
import { createScene } from './scene';
import { NotOffered, Wrong, type Portal, type StepName } from './steps';
import type { Trial } from './trial';

export interface Result {
  readonly name: string;
  readonly title: string;
  /** Not tried: the portal says that it has no such thing. */
  readonly outcome: 'passed' | 'failed' | 'not_tried';
  /** A sentence for each thing that is wrong; the step that is not there where it was not tried. */
  readonly problems: readonly string[];
  /** What came, in its order, as 'InvoicePaid: processed'; for whoever looks for the cause. */
  readonly came: readonly string[];
}

export interface Run {
  readonly portal: Portal;
  readonly trial: Trial;
  readonly currency: string;
  /** ms, UTC */
  readonly now: () => number;
}

/** What every portal does; without one of these nothing is tried. */
const NEEDED: readonly StepName[] = ['addClient', 'addInvoice', 'payInvoice', 'refundInvoice', 'deliver'];

/** @throws Unusable where at the portal's address is no portal */
export async function tryCase(tried: Case, { portal, trial, currency, now }: Run): Promise<Result> {
  const { name, title } = tried;
  const began = now();
  const notes = trial.front.begin();
  const scene = createScene({ portal, trial, currency, notes, now });
  const { wrong, notOffered } = await outcomeOf(() => tried.run(scene));
  trial.front.become('open');
  // A case that broke off leaves nothing behind that would reach the next one.
  if (wrong !== null) await outcomeOf(scene.deliver);
  const came = notes.events.map(({ hook, answer: { status, code } }) => `${hook}: ${code ?? status}`);
  if (notOffered !== null && !NEEDED.includes(notOffered))
    return { name, title, outcome: 'not_tried', problems: [notOffered], came };
  const problems = checkNotes(notes, began, now());
  if (notOffered !== null)
    problems.unshift(`The portal does not take the step ${notOffered}, which is needed.`);
  if (wrong !== null) problems.unshift(wrong);
  if (came.length === 0) problems.push(`No event came: is ${trial.address} where the portal sends to?`);
  return { name, title, outcome: problems.length > 0 ? 'failed' : 'passed', problems, came };
}

async function outcomeOf(
  work: () => Promise<void>,
): Promise<{ wrong: string | null; notOffered: StepName | null }> {
  try {
    await work();
    return { wrong: null, notOffered: null };
  } catch (error) {
    if (error instanceof NotOffered) return { wrong: null, notOffered: error.step };
    if (error instanceof Wrong) return { wrong: error.message, notOffered: null };
    throw error;
  }
}
