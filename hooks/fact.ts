/** How a hook takes a fact: reads the payload, hands it to the history, and never throws into the host. */
import { createHash, randomUUID } from 'node:crypto';
import stringify from 'fast-json-stable-stringify';
import { z } from 'zod';
import { isAffiliatesError } from '../module/errors';
import type { EventPayloads, EventType, Personal, ProgramEvent } from '../module/events/rules';
import { reportOf } from '../module/faults';
import type { Logger } from '../module/host';
import type { Module } from '../module/module';

/** What hooks are given to do their work with. */
export interface HookParts {
  readonly module: Module;
  /** The first signs, all verify. */
  readonly secrets: readonly [string, ...string[]];
  readonly logger: Logger;
}

/** What became of a fact. `failed`: it could not be kept, and the host should report it again. */
export interface FactAnswer {
  readonly accepted: boolean;
  readonly status: 'processed' | 'set_aside' | 'waiting' | 'ignored' | 'failed';
  /** Why, where it was not processed. */
  readonly code?: string;
  /** The field of the payload that was wrong. */
  readonly field?: string;
}

/** A payload as an event in our words. */
export type Fact = {
  readonly [T in EventType]: {
    readonly type: T;
    readonly payload: EventPayloads[T];
    readonly personal?: Personal;
    readonly personalOf?: string;
  };
}[EventType];

type Told<S extends z.ZodType> = z.output<S> & { eventId?: string | undefined; at?: number | undefined };

/** Where a fact comes in: its schema, and what it says in our words; null for what does not concern us. */
export interface FactReader<S extends z.ZodType> {
  readonly schema: S;
  read(told: Told<S>, parts: HookParts, at: number): Promise<Fact | null> | Fact | null;
}

export type FactHook = (payload: unknown) => Promise<FactAnswer>;

/** One point at which facts come in. */
export interface FactPoint {
  (parts: HookParts): FactHook;
  /** What its payload must be. */
  readonly schema: z.ZodType;
  /**
   * Reads a payload without handing it in; null for what does not concern us.
   * @throws ZodError, AffiliatesError for a payload that cannot be read
   */
  readonly read: (parts: HookParts, payload: unknown) => Promise<ProgramEvent | null>;
}

/** Makes the hook of one point from its reader. */
export function factHook<S extends z.ZodType>(point: string, reader: FactReader<S>): FactPoint {
  const read: FactPoint['read'] = (parts, payload) => readEvent(reader, parts, payload);
  const make = (parts: HookParts): FactHook => {
    return async (payload) => {
      try {
        return await take(parts, await read(parts, payload));
      } catch (error) {
        return refuse(point, parts.logger, error);
      }
    };
  };
  return Object.assign(make, { read, schema: reader.schema });
}

async function readEvent<S extends z.ZodType>(
  reader: FactReader<S>,
  parts: HookParts,
  payload: unknown,
): Promise<ProgramEvent | null> {
  // Every fact's schema holds the fields of FACT.
  const told = reader.schema.parse(payload) as Told<S>;
  const at = told.at ?? parts.module.now();
  const fact = await reader.read(told, parts, at);
  if (!fact) return null;
  const id = told.eventId ?? ownId(fact, told.at);
  return { source: 'host', id, occurredAt: at, by: { kind: 'host' }, ...fact };
}

async function take({ module }: HookParts, event: ProgramEvent | null): Promise<FactAnswer> {
  if (!event) return { accepted: true, status: 'ignored' };
  const answer = await module.accept(event);
  return {
    accepted: true,
    status: answer.status,
    ...(answer.status === 'set_aside' && { code: answer.code }),
  };
}

/**
 * An id for an event that the host gave none: from what it says and when, so that the same report again is the same
 * event; where the host does not say when, every report is one of its own, and the business keys guard.
 */
function ownId({ type, payload }: Fact, at: number | undefined): string {
  if (at === undefined) return `own:${randomUUID()}`;
  const digest = createHash('sha256').update(stringify({ type, payload, at })).digest('hex');
  return `own:${digest}`;
}

/** The host's signup or payment goes on, whatever is wrong with our side of it. */
function refuse(point: string, logger: Logger, error: unknown): FactAnswer {
  const answer = { accepted: false, status: 'failed' } as const;
  const refusal = refusalOf(error);
  if (refusal) {
    logger.warn({ point, ...refusal }, 'hook payload refused');
    return { ...answer, ...refusal };
  }
  logger.error({ point, ...reportOf(error) }, 'hook failed: the event is not kept');
  return { ...answer, code: 'fault' };
}

/** @returns what is wrong with a payload that could not be read; null where the fault is ours */
export function refusalOf(
  error: unknown,
): (Required<Pick<FactAnswer, 'code'>> & Pick<FactAnswer, 'field'>) | null {
  // The path only: the value may be a person's.
  if (error instanceof z.ZodError)
    return { code: 'field_invalid', field: error.issues[0]?.path.join('.') ?? '' };
  if (!isAffiliatesError(error)) return null;
  const field = 'field' in error.parameters ? error.parameters.field : undefined;
  return { code: error.code, ...(field !== undefined && { field }) };
}
