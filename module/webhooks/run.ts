/** Sends what is due: each endpoint by itself, so that one which is slow or gone delays nobody else. */
import type { Knex } from 'knex';
import type { Logger } from '../host';
import type { Endpoint } from './endpoints';
import { publishMessages } from './publish';
import {
  claimDelivery,
  disableEndpoint,
  dueDeliveries,
  endAttempt,
  endpointRows,
  nextDueAt,
  noteFailing,
  noteWorking,
  restEndpoint,
  type DueDelivery,
} from './queries';
import { delayAfter, disabledBy, isAccepted, restUntil, type Sent } from './rules';
import type { Outgoing } from './send';

/** Longer than sending may take, short enough that a crashed process's messages are soon taken over. */
const CLAIM_MS = 60_000;
const BATCH = 20;

export interface Delivering {
  readonly knex: Knex;
  readonly endpoints: readonly Endpoint[];
  readonly logger: Logger;
  now(): number;
  /** Never rejects. */
  send(endpoint: Endpoint, message: Outgoing, now: number): Promise<Sent>;
  /** Whether to end after the message that is under way. */
  isEnding(): boolean;
}

/** One of which nothing is known. */
const NEW = { disabled_at: null, resting_until: null, failing_since: null };

/** @returns when there is something to send again; null when nothing waits; ms, UTC */
export async function deliverDue(delivering: Delivering): Promise<number | null> {
  const { knex, endpoints } = delivering;
  const now = delivering.now();
  await publishMessages(knex, endpoints, now);
  const keys = endpoints.map(({ key }) => key);
  const known = await endpointRows(knex, keys);
  const lanes = endpoints.map(async (endpoint) => {
    const { disabled_at, resting_until, failing_since } = known.get(endpoint.key) ?? NEW;
    if (disabled_at !== null || (resting_until ?? 0) > now) return;
    await deliverTo(delivering, endpoint, failing_since !== null);
  });
  await Promise.all(lanes);
  return nextDueAt(knex, keys);
}

/** Sends what is due to one endpoint, for as long as it wants to be sent to. */
async function deliverTo(delivering: Delivering, endpoint: Endpoint, wasFailing: boolean): Promise<void> {
  const { knex, isEnding } = delivering;
  let isFailing = wasFailing;
  for (;;) {
    const due = await dueDeliveries(knex, endpoint.key, delivering.now(), BATCH);
    if (due.length === 0) return;
    for (const delivery of due) {
      if (isEnding()) return;
      const result = await deliverOne(delivering, endpoint, delivery, isFailing);
      if (result === 'closed') return;
      if (result !== 'taken') isFailing = result === 'failed';
    }
  }
}

async function deliverOne(
  delivering: Delivering,
  endpoint: Endpoint,
  delivery: DueDelivery,
  isFailing: boolean,
): Promise<'sent' | 'failed' | 'taken' | 'closed'> {
  const { knex } = delivering;
  const started = delivering.now();
  const until = started + CLAIM_MS;
  if (!(await claimDelivery(knex, delivery, started, until))) return 'taken';
  const message = { id: delivery.message_id, body: delivery.body };
  const sent = await delivering.send(endpoint, message, started);
  // Falling over here, the message is sent again under its id once the claim has run out.
  const attempts = delivery.attempts + 1;
  const now = delivering.now();
  const kept = { attempts, answer: sent.answer, answered_at: now };
  if (isAccepted(sent)) {
    await endAttempt(knex, delivery, until, { ...kept, status: 'sent' });
    if (isFailing) await noteWorking(knex, endpoint.key);
    return 'sent';
  }
  const delay = delayAfter(attempts);
  const next =
    delay === null ? { status: 'failed' as const } : { status: 'waiting' as const, due_at: now + delay };
  await endAttempt(knex, delivery, until, { ...kept, ...next });
  return (await noteFailure(delivering, endpoint, sent, now)) ? 'closed' : 'failed';
}

/** @returns whether the endpoint gets nothing more, or nothing for now */
async function noteFailure(
  { knex, logger }: Delivering,
  { key }: Endpoint,
  sent: Sent,
  now: number,
): Promise<boolean> {
  const since = await noteFailing(knex, key, now);
  const reason = disabledBy(sent, since, now);
  logger.warn({ endpoint: key, answer: sent.answer, disabled: reason }, 'webhook not accepted');
  if (reason) await disableEndpoint(knex, key, reason, now);
  const rests = restUntil(sent, now);
  if (rests !== null) await restEndpoint(knex, key, rests);
  return reason !== null || rests !== null;
}
