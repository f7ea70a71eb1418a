/** What a portal under test sent, and what the service made of it. */
import { z } from 'zod';
import { REFUSAL } from '../errors';
import { parseJson } from '../json';
import { ANSWER } from '../routes/events';
import type { Passed } from './front';

const EVENT = z.object({ hook: z.string(), payload: z.record(z.string(), z.unknown()) });
const BATCH = z.object({ events: z.array(EVENT) });
const ANSWERS = z.union([
  z.object({ answers: z.array(ANSWER) }),
  z.object({ answer: ANSWER }).transform(({ answer }) => ({ answers: [answer] })),
]);
/** What a portal fetches, and what it says came of it. */
export const COMMANDS = z.object({ commands: z.array(z.looseObject({ id: z.string(), kind: z.string() })) });
export const ACKS = z.object({
  acks: z.array(z.object({ id: z.string(), answer: z.looseObject({}).optional() })),
});

export type SentEvent = z.output<typeof EVENT>;

/** An event that reached the service. */
export interface Answered extends SentEvent {
  readonly answer: z.output<typeof ANSWER>;
}

/** A command that the portal acknowledged as done. */
export interface Done {
  readonly id: string;
  readonly kind: string;
}

interface Exchange {
  /** 'POST /events' */
  readonly request: string;
  readonly body: string;
  readonly passed: Passed;
}

export interface Notes {
  readonly events: readonly Answered[];
  /** What the service refused, in words for the portal's makers. */
  readonly refused: readonly string[];
  readonly done: readonly Done[];
  /** All bodies. */
  readonly bodies: readonly string[];
  /** By client: the Cookie header of the browser that signed up. */
  readonly cookies: Map<string, string>;
  add(exchange: Exchange): void;
}

export function createNotes(): Notes {
  const events: Answered[] = [];
  const refused: string[] = [];
  const done: Done[] = [];
  const bodies: string[] = [];
  const kinds = new Map<string, string>();
  const notes: Record<string, (body: string, text: string) => void> = {
    'POST /events': (body, text) => events.push(...answeredIn(body, text)),
    'GET /commands': (_body, text) => {
      for (const { id, kind } of COMMANDS.parse(JSON.parse(text)).commands) kinds.set(id, kind);
    },
    'POST /commands/ack': (body) => {
      for (const { id, answer } of ACKS.parse(JSON.parse(body)).acks)
        if (answer && !('refused' in answer)) done.push({ id, kind: kinds.get(id) ?? '' });
    },
  };
  return {
    events,
    refused,
    done,
    bodies,
    cookies: new Map(),
    add({ request, body, passed: { status, text } }) {
      bodies.push(body);
      const path = request.split('?')[0] ?? '';
      if (status === 200) notes[path]?.(body, text);
      else if (status >= 400 && status < 500) refused.push(`${path} was refused with ${refusalIn(text)}`);
    },
  };
}

/** @returns the events of a body of POST /events; null for what is none */
export function eventsIn(body: string): { events: SentEvent[]; isBatch: boolean } | null {
  const written = parseJson(body);
  const batch = BATCH.safeParse(written);
  if (batch.success) return { events: batch.data.events, isBatch: true };
  const event = EVENT.safeParse(written);
  return event.success ? { events: [event.data], isBatch: false } : null;
}

function answeredIn(body: string, text: string): Answered[] {
  const { answers } = ANSWERS.parse(JSON.parse(text));
  return (eventsIn(body)?.events ?? []).flatMap((event, index) => {
    const answer = answers[index];
    return answer ? [{ ...event, answer }] : [];
  });
}

function refusalIn(text: string): string {
  const refusal = REFUSAL.safeParse(parseJson(text));
  if (!refusal.success) return 'an error';
  const { code, field } = refusal.data.error;
  return field ? `${code} (${field})` : code;
}
