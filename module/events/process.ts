import type { Knex } from 'knex';
import { isRetryable, isUniqueViolation } from '../database/dialect';
import { isAffiliatesError, type ErrorCode } from '../errors';
import { reportOf } from '../faults';
import type { Logger } from '../host';
import { idsOf } from '../ids';
import type { Settings } from '../settings';
import type { UnitOfWork } from '../unitOfWork';
import type { News, Told } from '../webhooks/rules';
import type { AcceptedEvent } from './queries';
import type { Answer, EventPayloads, EventType } from './rules';

/** What each type of event does. Returns what its answer tells, if anything. */
export type Handlers = {
  readonly [T in EventType]: (
    work: UnitOfWork,
    payload: EventPayloads[T],
  ) => Promise<Readonly<Record<string, unknown>>> | Promise<void>;
};

/** What accepting events needs. */
export interface Intake {
  readonly knex: Knex;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly handlers: Handlers;
  readonly now: () => number;
  /** @returns a ULID for an event; what an event makes gets its ids from the event. */
  readonly newId: () => string;
  /** The program's own key; see `UnitOfWork.identityKey`. */
  identityKey(knex: Knex): Promise<string>;
  /** Keeps news for those who subscribed, in the transaction of what happened; absent where nobody did. */
  readonly tell?: ((trx: Knex.Transaction, told: readonly Told[]) => Promise<void>) | undefined;
}

/** One attempt at processing an event. */
export interface Attempt {
  /** ms, UTC; kept with the answer, since the ids of what the event makes begin with it. */
  readonly at: number;
  /** See `UnitOfWork.recorded`. */
  readonly recorded: UnitOfWork['recorded'];
  /** Collects what there is to tell; absent in a replay, of which nobody hears. */
  readonly news?: News[];
}

/** An answer, with why it is not the last one. */
export interface Processed {
  readonly answer: Answer;
  /** Why the event waits; '' otherwise. */
  readonly waitsFor: string;
  /** What there is to tell of it. */
  readonly told: readonly Told[];
}

/** Refusals that time will lift: the event is right, and must come after something that is still under way. */
const WAITS: ReadonlySet<ErrorCode> = new Set(['merge_waits_for_payout']);

/** Runs an event's handler. @throws whatever the handler throws */
export async function handle(
  intake: Intake,
  trx: Knex.Transaction,
  { id, receivedAt, event }: AcceptedEvent,
  { at, recorded, news }: Attempt,
): Promise<Readonly<Record<string, unknown>>> {
  const work: UnitOfWork = {
    trx,
    settings: intake.settings,
    eventId: id,
    at: event.occurredAt,
    now: receivedAt,
    by: event.by,
    personal: event.personal ?? {},
    identityKey: await intake.identityKey(trx),
    recorded,
    tell: (one) => void news?.push(one),
    newId: idsOf(id, at),
  };
  // The table pairs each type with its payload; TypeScript cannot see that event.type and event.payload belong together.
  const handler = intake.handlers[event.type] as (
    work: UnitOfWork,
    payload: unknown,
  ) => ReturnType<Handlers[EventType]>;
  return (await handler(work, event.payload)) ?? {};
}

/**
 * Processes an event so that it fails alone: what its handler wrote is undone, and the rest of the batch stands.
 * @param at the present; ms, UTC
 * @throws what makes the whole transaction worth repeating (deadlock, somebody else's row); nothing else
 */
export async function processAlone(
  intake: Intake,
  trx: Knex.Transaction,
  accepted: AcceptedEvent,
  at: number,
): Promise<Processed> {
  await trx.raw('SAVEPOINT one_event');
  try {
    const news: News[] = [];
    const result = await handle(intake, trx, accepted, { at, recorded: null, news });
    await trx.raw('RELEASE SAVEPOINT one_event');
    return { answer: { status: 'processed', result }, waitsFor: '', told: [toldOf(accepted, at, news)] };
  } catch (error) {
    if (isRetryable(error) || isUniqueViolation(error)) throw error;
    await trx.raw('ROLLBACK TO SAVEPOINT one_event');
    return answerToFailure(intake, accepted, error);
  }
}

/** @param now when the event was processed; ms, UTC */
export function toldOf({ id, event }: AcceptedEvent, now: number, news: readonly News[]): Told {
  return { eventId: id, at: event.occurredAt, now, news };
}

function answerToFailure({ logger }: Intake, { id, event }: AcceptedEvent, error: unknown): Processed {
  if (!isAffiliatesError(error)) {
    logger.error(
      { event: id, type: event.type, ...reportOf(error) },
      'event could not be processed and waits',
    );
    return { answer: { status: 'waiting' }, waitsFor: 'fault', told: [] };
  }
  if (WAITS.has(error.code)) return { answer: { status: 'waiting' }, waitsFor: error.code, told: [] };
  logger.warn({ event: id, type: event.type, code: error.code }, 'event set aside');
  return {
    answer: { status: 'set_aside', code: error.code, parameters: { ...error.parameters } },
    waitsFor: '',
    told: [],
  };
}
