import type { Knex } from 'knex';
import { AffiliatesError } from '../errors';
import { messagesAfter, numberOf } from './queries';
import type { MessageType } from './rules';

export interface MessagesQuery {
  /** The id of the last message that was read; without it from the oldest that is kept. */
  readonly after?: string | undefined;
  /** At most so many: 1 to 500, 100 unless said. */
  readonly limit?: number | undefined;
}

/** A message as it was sent, with the id it was sent under. */
export interface WebhookMessage {
  /** `webhook-id` */
  readonly id: string;
  readonly type: MessageType;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const MOST = 500;
const USUAL = 100;

/**
 * Reads messages again in the order of their numbers, whether or not they were delivered.
 * @returns `more`: whether there are others after the last of these
 * @throws AffiliatesError field_invalid for a limit that is none, message_missing for an `after` that is not kept any
 *   more: what came after it may be gone as well
 */
export async function readMessages(
  knex: Knex,
  { after, limit = USUAL }: MessagesQuery,
): Promise<{ messages: readonly WebhookMessage[]; more: boolean }> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new AffiliatesError('field_invalid', { field: 'limit' });
  }
  const start = after === undefined ? 0 : await numberOf(knex, after);
  if (start === null) throw new AffiliatesError('message_missing', { message: after ?? '' });
  const rows = await messagesAfter(knex, start, limit + 1);
  // Bodies are written by `write.ts` alone.
  const messages = rows
    .slice(0, limit)
    .map(({ id, body }) => ({ id, ...(JSON.parse(body) as Omit<WebhookMessage, 'id'>) }));
  return { messages, more: rows.length > limit };
}
