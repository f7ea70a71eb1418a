import { z } from 'zod';
import { LISTED_HOOKS } from '../../hooks/reconcile';
import type { Routes } from '../route';
import { ANSWER, withRetry } from './events';

const MOST_FACTS = 500;
const FACT = z.object({ hook: z.enum(LISTED_HOOKS), payload: z.record(z.string(), z.unknown()) });

const NOTE = z.object({
  hook: z.enum(LISTED_HOOKS),
  id: z.string(),
  note: z.enum(['differs', 'set_aside', 'waiting', 'unreadable', 'unlisted']),
  detail: z.string(),
});

export function addReconcile(routes: Routes): void {
  routes.add(
    {
      method: 'POST',
      url: '/reconcile',
      summary: 'Compares what the host lists of a time that is over with what was accepted of it.',
      body: z.object({ events: z.array(FACT).max(MOST_FACTS), apply: z.boolean().default(false) }),
      answer: z.object({
        checked: z.int(),
        missing: z.array(
          z.object({ hook: z.enum(LISTED_HOOKS), id: z.string(), applied: ANSWER.optional() }),
        ),
        notes: z.array(NOTE),
      }),
    },
    async ({ program, body: { events, apply } }) => {
      const { missing, ...report } = await program.reconcile(events, { apply });
      return {
        ...report,
        missing: missing.map(({ applied, ...fact }) => ({
          ...fact,
          ...(applied && { applied: withRetry(applied) }),
        })),
      };
    },
  );
}
