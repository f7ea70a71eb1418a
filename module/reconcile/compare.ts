/**
 * Compares facts that the host lists with what was accepted, by what they are about and not by their ids: what the host
 * reported under one id may be listed under another.
 */
import type { Knex } from 'knex';
import {
  keptInvoices,
  keptRefunds,
  keptReversals,
  paymentDiffers,
  refundKey,
  type KeptInvoice,
  type RefundKey,
} from '../commissions';
import { knownEvents, signedUpAmong, sourceKey } from '../events';
import type { Answer, EventPayloads, EventType, ProgramEvent } from '../events/rules';
import { endedAmong } from '../referrals';
import { KNOWN, MISSING, type Standing } from './rules';

/** What is kept of everything that the facts are about. */
interface Kept {
  readonly invoices: Awaited<ReturnType<typeof keptInvoices>>;
  readonly refunds: Awaited<ReturnType<typeof keptRefunds>>;
  readonly reversals: Awaited<ReturnType<typeof keptReversals>>;
  readonly signedUp: Awaited<ReturnType<typeof signedUpAmong>>;
  readonly ended: Awaited<ReturnType<typeof endedAmong>>;
}

/**
 * Reads a few statements for all of them, so hand in some hundred at a time.
 * @returns how each fact stands, in their order; one of a type that is not compared is known by its id alone
 */
export async function compareFacts(knex: Knex, facts: readonly ProgramEvent[]): Promise<Standing[]> {
  const kept = await readKept(knex, facts);
  const known = await knownEvents(knex, facts);
  return facts.map((fact) => standingOf(fact, judge(fact, kept), known.get(sourceKey(fact))?.answer));
}

async function readKept(knex: Knex, facts: readonly ProgramEvent[]): Promise<Kept> {
  const clients = new Set<string>();
  const invoices = new Set<string>();
  const refunds: RefundKey[] = [];
  const reversals: RefundKey[] = [];
  for (const { type, payload } of facts) {
    if (type === 'client.signed_up' || type === 'client.closed') clients.add((payload as OfClient).clientId);
    if (type === 'invoice.paid' || type === 'invoice.reopened')
      invoices.add((payload as OfInvoice).invoiceId);
    if (type === 'invoice.refunded') refunds.push(payload as RefundKey);
    if (type === 'invoice.refund_reversed') reversals.push(payload as RefundKey);
  }
  return {
    invoices: await keptInvoices(knex, [...invoices]),
    refunds: await keptRefunds(knex, refunds),
    reversals: await keptReversals(knex, reversals),
    signedUp: await signedUpAmong(knex, [...clients]),
    ended: await endedAmong(knex, [...clients]),
  };
}

type OfClient = EventPayloads['client.closed'];
type OfInvoice = EventPayloads['invoice.reopened'];

/** What the business knows of a fact, whatever ids it came under. */
function judge({ type, payload, occurredAt }: ProgramEvent, kept: Kept): Standing {
  const judged: { readonly [T in EventType]?: (payload: EventPayloads[T]) => Standing } = {
    'client.signed_up': ({ clientId }) =>
      // Of an erased client nothing is left that could tell.
      kept.signedUp.has(clientId) || kept.ended.get(clientId) === 'deleted' ? KNOWN : MISSING,
    'client.closed': ({ clientId }) => (kept.ended.has(clientId) ? KNOWN : MISSING),
    'invoice.paid': (paid) => judgePayment(kept.invoices.get(paid.invoiceId), paid, occurredAt),
    'invoice.reopened': ({ invoiceId }) => {
      const invoice = kept.invoices.get(invoiceId);
      // One that was never seen paid has nothing to take back, and a later payment holds.
      return invoice?.status === 'paid' && invoice.status_at <= occurredAt ? MISSING : KNOWN;
    },
    'invoice.refunded': (refund) => {
      const known = kept.refunds.get(refundKey(refund));
      if (!known) return MISSING;
      const isSame = known.amount === refund.amount && known.lineId === refund.lineId;
      return isSame ? KNOWN : { kind: 'differs', in: 'amount' };
    },
    'invoice.refund_reversed': (refund) => (kept.reversals.has(refundKey(refund)) ? KNOWN : MISSING),
  };
  // The table pairs each type with its payload; TypeScript cannot see that the two belong together.
  const rule = judged[type] as ((payload: unknown) => Standing) | undefined;
  return rule ? rule(payload) : MISSING;
}

function judgePayment(
  invoice: KeptInvoice | undefined,
  paid: EventPayloads['invoice.paid'],
  at: number,
): Standing {
  if (!invoice || invoice.paid_at === 0) return MISSING;
  const differing = paymentDiffers(invoice, paid);
  if (differing) return { kind: 'differs', in: differing };
  if (invoice.status !== 'reopened') return KNOWN;
  // Paid again since, or the host tells of a payment that it took back later.
  return at > invoice.status_at ? MISSING : { kind: 'differs', in: 'status' };
}

/** The same event again gets the same answer, so one that was accepted is not missing, whatever became of it. */
function standingOf({ type }: ProgramEvent, judged: Standing, answer: Answer | undefined): Standing {
  if (!answer) return judged;
  if (answer.status === 'waiting') return { kind: 'waiting' };
  if (answer.status === 'set_aside') return { kind: 'set_aside', code: answer.code };
  if (judged.kind !== 'missing') return judged;
  // Of an invoice everything is kept, of a client only what something is done with.
  return type.startsWith('invoice.') ? { kind: 'differs', in: 'eventId' } : KNOWN;
}
