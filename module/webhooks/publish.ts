import type { Knex } from 'knex';
import { transact } from '../database/transact';
import type { Endpoint } from './endpoints';
import {
  insertDeliveries,
  lastNumber,
  numberMessages,
  unnumberedMessages,
  type UnnumberedMessage,
} from './queries';

const BATCH = 200;

/**
 * Numbers what was committed and addresses it. Numbers are given after the commit, by one process at a time, so that
 * whoever has read up to a number will never find a message below it: transactions do not end in the order in which
 * they began. Of two processes at once, one meets rows that the other has numbered, and looks again.
 * @param now ms, UTC
 */
export async function publishMessages(
  knex: Knex,
  endpoints: readonly Endpoint[],
  now: number,
): Promise<void> {
  while ((await unnumberedMessages(knex, 1)).length > 0) {
    await transact(knex, (trx) => publishBatch(trx, endpoints, now));
  }
}

async function publishBatch(
  trx: Knex.Transaction,
  endpoints: readonly Endpoint[],
  now: number,
): Promise<void> {
  const messages = await unnumberedMessages(trx, BATCH);
  if (messages.length === 0) return;
  const before = await lastNumber(trx);
  const numbered = messages.map((message, index) => ({ ...message, number: before + index + 1 }));
  await numberMessages(
    trx,
    numbered.map(({ id, number }) => [id, number]),
  );
  const deliveries = numbered.flatMap((message) =>
    endpoints
      .filter((endpoint) => wants(endpoint, message))
      .map(({ key }) => ({
        number: message.number,
        endpoint: key,
        messageId: message.id,
        createdAt: message.created_at,
      })),
  );
  await insertDeliveries(trx, deliveries, now);
}

const wants = ({ types }: Endpoint, { type }: UnnumberedMessage) => types === null || types.includes(type);
