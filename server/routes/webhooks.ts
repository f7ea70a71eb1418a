import { z } from 'zod';
import { isAffiliatesError } from '../../module/errors';
import { WireError } from '../errors';
import { limitOf } from '../limit';
import type { Routes } from '../route';

const MESSAGE = z.object({
  id: z.string(),
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});

export function addWebhooks(routes: Routes): void {
  routes.add(
    {
      method: 'GET',
      url: '/webhooks/messages',
      summary: 'What webhooks were told in the last 30 days, to be read again in order.',
      query: z.object({ after: z.string().min(1).max(64).optional(), limit: limitOf(500, 100) }),
      answer: z.object({ messages: z.array(MESSAGE), more: z.boolean() }),
      refuses: ['message_gone'],
    },
    async ({ program, query }) => {
      try {
        return await program.webhooks.messages(query);
      } catch (error) {
        if (isAffiliatesError(error, 'message_missing')) throw new WireError('message_gone', 'after');
        throw error;
      }
    },
  );
}
