/** What staff see of deliveries, and what they can do about one. It is no business of the program's history. */
import type { Knex } from 'knex';
import { record, type Recording } from '../audit';
import { pageOf } from '../database/keyset';
import { transact } from '../database/transact';
import { AffiliatesError } from '../errors';
import type { Rows } from '../views';
import {
  deliveryRows,
  enableEndpoint,
  endpointRows,
  restartDelivery,
  type DeliveryRow,
  type DeliveryStatus,
} from './queries';
import type { Disabled } from './rules';

export interface DeliveryView {
  /** The message's. */
  readonly id: string;
  readonly type: string;
  readonly endpoint: string;
  /** Without its query, which may hold a secret. */
  readonly url: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  /** An HTTP status, `timeout`, `address_refused` or `unreachable`; '' before the first. */
  readonly answer: string;
  /** ms, UTC */
  readonly answeredAt: number | null;
  /** When it is sent next; null where it is not; ms, UTC. */
  readonly dueAt: number | null;
  /** ms, UTC */
  readonly createdAt: number;
}

/** @returns deliveries, the newest message first */
export async function deliveriesOf(
  knex: Knex,
  { status, ...paging }: { status: DeliveryStatus | 'all'; limit: number; cursor?: string },
): Promise<Rows<DeliveryView>> {
  const query = deliveryRows(knex);
  if (status !== 'all') void query.where({ 'd.status': status });
  const order = {
    column: 'd.number',
    id: 'd.endpoint',
    descending: true,
    keyOf: ({ number, endpoint }: DeliveryRow) => [number, endpoint] as const,
  };
  const page = await pageOf(query, order, paging);
  return { ...page, rows: page.rows.map(toView) };
}

function toView(row: DeliveryRow): DeliveryView {
  const { id, type, endpoint, url, status, attempts, answer } = row;
  const isSentAgain = status === 'waiting' && row.disabled_at === null;
  return {
    id,
    type,
    endpoint,
    url,
    status,
    attempts,
    answer,
    answeredAt: row.answered_at,
    dueAt: isSentAgain ? Math.max(row.due_at, row.resting_until ?? 0) : null,
    createdAt: row.created_at,
  };
}

/** How an endpoint stands. */
export interface EndpointState {
  /** ms, UTC; null: it accepts what it is sent */
  readonly failingSince: number | null;
  /** ms, UTC; null: it is sent to */
  readonly disabledAt: number | null;
  readonly disabledFor: Disabled | '';
  /** Until when it asked to be left alone, where that is to come; ms, UTC */
  readonly restsUntil: number | null;
}

/** @returns how endpoints stand, by key */
export async function endpointStates(
  knex: Knex,
  keys: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, EndpointState>> {
  const rows = await endpointRows(knex, keys);
  return new Map(
    [...rows].map(([key, { failing_since, disabled_at, disabled_for, resting_until }]) => [
      key,
      {
        failingSince: failing_since,
        disabledAt: disabled_at,
        disabledFor: disabled_for,
        restsUntil: (resting_until ?? 0) > now ? resting_until : null,
      },
    ]),
  );
}

type By = Omit<Recording, 'trx'>;

/** Sends a message to an endpoint once more, now and as often as a new one. @throws AffiliatesError message_missing */
export async function sendAgain(
  knex: Knex,
  by: By,
  { messageId, endpoint }: { messageId: string; endpoint: string },
): Promise<void> {
  await transact(knex, async (trx) => {
    if (!(await restartDelivery(trx, messageId, endpoint, by.now))) {
      throw new AffiliatesError('message_missing', { message: messageId });
    }
    const url = await urlOf(trx, endpoint);
    await record({ ...by, trx }, 'webhook.sent_again', null, { message: messageId, url });
  });
}

/** Sends to an endpoint again, what waited for it first. One that is not disabled is left as it is. */
export async function enableAgain(knex: Knex, by: By, endpoint: string): Promise<void> {
  await transact(knex, async (trx) => {
    if (!(await enableEndpoint(trx, endpoint, by.now))) return;
    await record({ ...by, trx }, 'webhook.enabled', null, { url: await urlOf(trx, endpoint) });
  });
}

async function urlOf(trx: Knex.Transaction, key: string): Promise<string> {
  return (await endpointRows(trx, [key])).get(key)?.url ?? '';
}
