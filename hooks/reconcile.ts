/** What a host lists of a time that is over, compared with what was accepted of it; and what was missed, handed in. */
import { z } from 'zod';
import type { EventPayloads, ProgramEvent } from '../module/events/rules';
import type { Standing } from '../module/reconcile/rules';
import { clientAdd, clientClose } from './clients';
import { refusalOf, type FactAnswer, type FactHook, type HookParts } from './fact';
import {
  invoiceCancelled,
  invoicePaid,
  invoiceRefunded,
  invoiceRefundReversed,
  invoiceUnpaid,
} from './invoices';

/** The hooks whose facts a host can still tell afterwards. */
const LISTED = {
  ClientAdd: clientAdd,
  ClientClose: clientClose,
  InvoicePaid: invoicePaid,
  InvoiceRefunded: invoiceRefunded,
  InvoiceRefundReversed: invoiceRefundReversed,
  InvoiceUnpaid: invoiceUnpaid,
  InvoiceCancelled: invoiceCancelled,
};
export type ListedHook = keyof typeof LISTED;
export const LISTED_HOOKS = Object.keys(LISTED) as [ListedHook, ...ListedHook[]];

/** One thing that happened, as the host would have told its hook. `payload` says when: without `at` it has no place. */
export interface ListedFact {
  readonly hook: ListedHook;
  readonly payload: unknown;
}

export interface MissingFact {
  readonly hook: ListedHook;
  /** The host's: of the client, of the invoice, or 'invoice/refund'. */
  readonly id: string;
  /** What became of it when it was handed in now. */
  readonly applied?: FactAnswer;
}

/** What is for people to look at, since handing it in again changes nothing. */
export interface FactNote {
  readonly hook: ListedHook;
  readonly id: string;
  /** `unlisted`: accepted once, and not in the host's list. */
  readonly note: Exclude<Standing['kind'], 'known' | 'missing'> | 'unreadable' | 'unlisted';
  /** What differs, the code it was set aside with, or the field that is wrong; '' where there is nothing to say. */
  readonly detail: string;
}

export interface ReconcileReport {
  readonly checked: number;
  readonly missing: readonly MissingFact[];
  readonly notes: readonly FactNote[];
}

export interface ReconcileOptions {
  /** Hands in what is missing, through the same hooks. */
  readonly apply?: boolean;
  /**
   * Says that the facts are all payments of that time, so that others of it are noted; ms, UTC, from inclusive, until
   * exclusive.
   */
  readonly complete?: { readonly from: number; readonly to: number };
  /** Told how many facts are compared so far. */
  readonly progress?: (checked: number) => void;
}

export type Reconcile = (
  facts: Iterable<ListedFact> | AsyncIterable<ListedFact>,
  options?: ReconcileOptions,
) => Promise<ReconcileReport>;

/** Bounds the statements that compare a batch. */
const BATCH = 500;

type Told = ListedFact & { readonly event: ProgramEvent; readonly id: string };
type Unreadable = ListedFact & { readonly wrong: string };
type FactHooks = { readonly [H in ListedHook]: FactHook };

export function createReconcile(parts: HookParts, hooks: FactHooks): Reconcile {
  return async (facts, { apply = false, complete, progress } = {}) => {
    const missing: MissingFact[] = [];
    const notes: FactNote[] = [];
    const paid = new Set<string>();
    let checked = 0;
    for await (const batch of batchesOf(facts)) {
      for (const { hook, id, standing, payload } of await compareBatch(parts, batch)) {
        if (hook === 'InvoicePaid') paid.add(id);
        if (standing.kind === 'missing')
          missing.push({ hook, id, ...(apply && { applied: await hooks[hook](payload) }) });
        else if (standing.kind !== 'known')
          notes.push({ hook, id, note: standing.kind, detail: detailOf(standing) });
      }
      checked += batch.length;
      progress?.(checked);
    }
    if (complete) notes.push(...(await unlistedOf(parts, complete, paid)));
    return { checked, missing, notes };
  };
}

async function unlistedOf(
  { module }: HookParts,
  span: { from: number; to: number },
  listed: ReadonlySet<string>,
): Promise<FactNote[]> {
  const notes: FactNote[] = [];
  for await (const id of module.reads.paidBetween(span))
    if (!listed.has(id)) notes.push({ hook: 'InvoicePaid', id, note: 'unlisted', detail: '' });
  return notes;
}

type Compared = ListedFact & {
  readonly id: string;
  readonly standing: Standing | { readonly kind: 'unreadable'; readonly field: string };
};

async function compareBatch(parts: HookParts, batch: readonly ListedFact[]): Promise<Compared[]> {
  const read: (Told | Unreadable)[] = [];
  for (const fact of batch) read.push(await readFact(parts, fact));
  const standings = await parts.module.reads.compareFacts(
    read.flatMap((fact) => ('event' in fact ? fact.event : [])),
  );
  return read.map((fact) => {
    if ('wrong' in fact) return { ...fact, id: '', standing: { kind: 'unreadable', field: fact.wrong } };
    // One for each event, in their order.
    return { ...fact, standing: standings.shift() as Standing };
  });
}

async function* batchesOf(
  facts: Iterable<ListedFact> | AsyncIterable<ListedFact>,
): AsyncGenerator<readonly ListedFact[]> {
  let batch: ListedFact[] = [];
  for await (const fact of facts) {
    batch.push(fact);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What has no date is not read: taken for today's, it would earn under today's terms. */
const DATED = z.looseObject({ at: z.unknown().refine((at) => at !== undefined && at !== null) });

async function readFact(parts: HookParts, fact: ListedFact): Promise<Told | Unreadable> {
  try {
    DATED.parse(fact.payload);
    const event = await LISTED[fact.hook].read(parts, fact.payload);
    return event ? { ...fact, event, id: idOf(event) } : { ...fact, wrong: '' };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return { ...fact, wrong: refusal.field ?? refusal.code };
  }
}

function idOf({ payload }: ProgramEvent): string {
  // What is listed is about a client, an invoice or a refund.
  const { clientId, invoiceId, refundId } = payload as Partial<
    EventPayloads['client.closed'] & EventPayloads['invoice.refunded']
  >;
  if (invoiceId === undefined) return clientId ?? '';
  return refundId === undefined ? invoiceId : `${invoiceId}/${refundId}`;
}

function detailOf(standing: Compared['standing']): string {
  if (standing.kind === 'differs') return standing.in;
  if (standing.kind === 'unreadable') return standing.field;
  return standing.kind === 'set_aside' ? standing.code : '';
}
