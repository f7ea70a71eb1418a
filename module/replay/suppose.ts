/** A history under other terms: what is left out of it, and what happens in addition. */
import { ulid } from 'ulid';
import { AffiliatesError } from '../errors';
import type { ProcessedEvent } from '../events';
import type { EventPayloads, EventType, ProgramEvent, TermsChange } from '../events/rules';
import type { Settings } from '../settings';
import { scopeKeyOf } from '../terms/rules';
import type { Course, Perform } from './replay';

/** What staff would have changed, in this order, and when they would have; ms, UTC. */
export interface Supposition {
  readonly terms: readonly TermsChange[];
  readonly since: number;
}

/**
 * The supposed terms are made before the first event since then. What staff or the settings made of the same scopes
 * from then on is left out, and so are withdrawals: what was paid out is paid out.
 * @param progress told of every event
 */
export function suppose(settings: Settings, { terms, since }: Supposition, progress: (done: number) => void) {
  const count = { replayed: 0, impossible: 0 };
  const replaced = new Set(terms.map(scopeOf));
  let pending = terms;
  let missing: TermsChange | undefined;
  let [begun, made] = [false, false];
  let done = 0;
  const makeTerms = async (perform: Perform) => {
    const waiting: TermsChange[] = [];
    for (const change of pending) if (!(await isMade(perform, change, since))) waiting.push(change);
    pending = waiting;
    [missing] = waiting;
    made = true;
  };
  const course: Course = {
    settings,
    play: async (processed, perform) => {
      progress(++done);
      const { answer, answeredAt: at, receivedAt, event } = processed;
      // The program's first terms hold for ever back: without them, what was paid before would have none.
      const begins = !begun && event.type === 'terms.changed';
      begun ||= begins;
      if (answer.status !== 'processed') return;
      if (!begins && isLeftOut(processed, replaced, since)) return;
      if (!begins && receivedAt >= since && !made) await makeTerms(perform);
      const outcome = await perform(processed, { at, recorded: answer.result });
      count.replayed++;
      if ('refused' in outcome) count.impossible++;
      // The terms of somebody who becomes an affiliate later hold from that moment on.
      if (made && MAKES_AFFILIATES.has(event.type)) await makeTerms(perform);
    },
  };
  return {
    course,
    /** @throws AffiliatesError affiliate_missing for terms of an affiliate that never was */
    end: () => {
      if (missing) throw new AffiliatesError('affiliate_missing', { affiliate: missing.scopeKey });
      return count;
    },
  };
}

const MAKES_AFFILIATES: ReadonlySet<EventType> = new Set(['affiliate.switched', 'affiliate.imported']);

const scopeOf = ({ scope, scopeKey }: TermsChange) => `${scope}:${scopeKeyOf(scope, scopeKey)}`;

function isLeftOut(
  { event, receivedAt }: ProcessedEvent,
  replaced: ReadonlySet<string>,
  since: number,
): boolean {
  if (event.type === 'terms.changed') {
    // The type says which payload it is.
    const change = event.payload as EventPayloads['terms.changed'];
    return receivedAt >= since && replaced.has(scopeOf(change));
  }
  return event.type === 'payout.settled' || event.type.startsWith('withdrawal.');
}

/** @returns false while there is no affiliate of whom the terms are. @throws what else refuses them */
async function isMade(perform: Perform, change: TermsChange, since: number): Promise<boolean> {
  const id = ulid(since);
  const event: ProgramEvent = {
    source: 'simulation',
    id,
    type: 'terms.changed',
    occurredAt: since,
    by: { kind: 'system' },
    payload: change,
  };
  const outcome = await perform({ id, receivedAt: since, event }, { at: since, recorded: null });
  if (!('refused' in outcome)) return true;
  if (outcome.refused === 'affiliate_missing') return false;
  throw outcome.error;
}
