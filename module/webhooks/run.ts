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
  type DueDelivery,
} from './queries';
import { delayAfter, disabledBy, isAccepted, type Sent } from './rules';
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

/** @returns when there is something to send again; null when nothing waits; ms, UTC */
export async function deliverDue(delivering: Delivering): Promise<number | null> {
  const { knex, endpoints } = delivering;
  await publishMessages(knex, endpoints, delivering.now());
  const known = await endpointRows(
    knex,
    endpoints.map(({ key }) => key),
  );
  const enabled = endpoints.filter(({ key }) => !known.get(key)?.disabled_at);
  const lanes = enabled.map((endpoint) => {
    const failing = known.get(endpoint.key)?.failing_since ?? null;
    return deliverTo(delivering, endpoint, failing !== null);
  });
  const stillEnabled = await Promise.all(lanes);
  return nextDueAt(
    knex,
    enabled.filter((_, index) => stillEnabled[index]).map(({ key }) => key),
  );
}

/** @returns whether the endpoint is still to be sent to */
async function deliverTo(delivering: Delivering, endpoint: Endpoint, wasFailing: boolean): Promise<boolean> {
  const { knex, isEnding } = delivering;
  let isFailing = wasFailing;
  for (;;) {
    const due = await dueDeliveries(knex, endpoint.key, delivering.now(), BATCH);
    if (due.length === 0) return true;
    for (const delivery of due) {
      if (isEnding()) return true;
      const result = await deliverOne(delivering, endpoint, delivery, isFailing);
      if (result === 'disabled') return false;
      if (result !== 'taken') isFailing = result === 'failed';
    }
  }
}

async function deliverOne(
  delivering: Delivering,
  endpoint: Endpoint,
  delivery: DueDelivery,
  isFailing: boolean,
): Promise<'sent' | 'failed' | 'taken' | 'disabled'> {
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
  return (await noteFailure(delivering, endpoint, sent, now)) ? 'disabled' : 'failed';
}

/** @returns whether the endpoint gets nothing more */
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
  return reason !== null;
}
