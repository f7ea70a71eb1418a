import { z } from 'zod';
import { FACT_SCHEMAS, type FactPointName } from '../../hooks';
import type { AffiliateProgram, FactAnswer } from '../../index';
import type { RouteParts, Routes } from '../route';
import type { Nights } from '../nights';

const MOST_IN_BATCH = 500;
const NIGHT = 'DailyCronJob';

const EVENT = z.object({ hook: z.string().max(64), payload: z.record(z.string(), z.unknown()) });
/** Each is read by itself: one that is no event keeps no other from being taken. */
const EVENTS = z.union([EVENT, z.object({ events: z.array(z.unknown()).max(MOST_IN_BATCH) })]);

/** Over a wire things are sent again, so each fact must say which one it is, and when it was. */
const IDENTITY = z
  .looseObject({
    eventId: z
      .string()
      .min(1)
      .max(150)
      .describe('The portal’s own name for the fact; the same one again does nothing.'),
    at: z
      .union([z.iso.datetime({ offset: true }), z.number()])
      .describe('When it happened: ISO 8601 with its offset, or milliseconds since 1970, and not seconds.'),
  })
  .meta({ id: 'Identity' });

/** What became of an event, as the host reads it. */
export const ANSWER = z
  .object({
    accepted: z.boolean().describe('Whether it is kept.'),
    status: z.enum(['processed', 'set_aside', 'waiting', 'ignored', 'failed']),
    code: z.string().optional().describe('Why it was set aside or not accepted.'),
    field: z.string().optional().describe('The field of the payload that was wrong.'),
    retry: z.boolean().describe('Whether to send it again later.'),
  })
  .meta({ id: 'EventAnswer' });
type Answer = z.output<typeof ANSWER>;

/** An event as the description of the service tells it: each hook with the payload that it takes. */
const DESCRIBED = z
  .discriminatedUnion('hook', [
    z.object({ hook: z.literal(NIGHT), payload: z.object({}) }),
    ...Object.entries(FACT_SCHEMAS).map(([hook, payload]) =>
      z.object({ hook: z.literal(hook), payload: z.intersection(IDENTITY, payload.meta({ id: hook })) }),
    ),
  ])
  .meta({ id: 'Event' });

const EXAMPLE = {
  body: {
    hook: 'InvoicePaid',
    payload: {
      eventId: 'invoice-500-paid-1',
      at: '2026-03-03T10:00:00Z',
      invoiceid: 500,
      invoice: {
        userid: 77,
        currency: 'USD',
        total: '119.00',
        items: [{ id: 1, type: 'service', relid: 9, amount: '100.00', productname: 'Cloud VPS' }],
      },
    },
  },
  answer: { answer: { accepted: true, status: 'processed', retry: false } },
};

export function addEvents(routes: Routes, { metrics }: RouteParts, nights: Nights): void {
  const take = async (program: AffiliateProgram, written: unknown) => {
    const event = EVENT.safeParse(written);
    if (!event.success) return malformed(String(event.error.issues[0]?.path[0] ?? 'hook'));
    const { hook, payload } = event.data;
    const answer = hook === NIGHT ? await nights.run() : await takeFact(program, hook, payload);
    metrics.countEvent(hook === NIGHT || isFact(hook) ? hook : 'unknown', answer.status);
    return answer;
  };
  routes.add(
    {
      method: 'POST',
      url: '/events',
      summary: 'Takes what happened at the host: one event, or up to 500 in their order.',
      body: EVENTS,
      describedBody: z.union([DESCRIBED, z.object({ events: z.array(DESCRIBED).max(MOST_IN_BATCH) })]),
      answer: z.union([z.object({ answer: ANSWER }), z.object({ answers: z.array(ANSWER) })]),
      example: EXAMPLE,
    },
    async ({ program, body }) => {
      if (!('events' in body)) return { answer: await take(program, body) };
      const answers: Answer[] = [];
      // One after the other: what comes later may build on what came before.
      for (const event of body.events) answers.push(await take(program, event));
      return { answers };
    },
  );
}

const isFact = (hook: string): hook is FactPointName => Object.hasOwn(FACT_SCHEMAS, hook);

async function takeFact(program: AffiliateProgram, hook: string, payload: unknown): Promise<Answer> {
  if (!isFact(hook)) return malformed('hook');
  const identity = IDENTITY.safeParse(payload);
  if (!identity.success) return malformed(String(identity.error.issues[0]?.path[0] ?? ''));
  return withRetry(await program.hooks[hook](payload));
}

const malformed = (field: string): Answer => ({
  accepted: false,
  status: 'failed',
  code: 'field_invalid',
  field,
  retry: false,
});

/** Only a fault of ours is worth another attempt: whatever is wrong with an event stays wrong. */
export const withRetry = (answer: FactAnswer): Answer => ({
  ...answer,
  retry: !answer.accepted && answer.code === 'fault',
});
