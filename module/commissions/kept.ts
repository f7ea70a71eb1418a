/** What is kept of invoices and refunds, for whoever compares it with what the host says. */
import type { Knex } from 'knex';
import type { EventPayloads } from '../events/rules';
import { sum } from '../money';
import { pricesOfLines } from './amounts';
import { INVOICES, LINES, REFUNDS, REVERSALS, type Invoice, type Line } from './queries';

/** An invoice with its lines' net amounts (minor units), by the lines' ids. */
export interface KeptInvoice extends Pick<
  Invoice,
  'id' | 'currency' | 'charged' | 'paid_at' | 'status' | 'status_at'
> {
  readonly nets: ReadonlyMap<string, number>;
}

/** @returns those of the invoices that are known, by id, with two statements for all. */
export async function keptInvoices(knex: Knex, ids: readonly string[]): Promise<Map<string, KeptInvoice>> {
  const invoices = await knex<Invoice>(INVOICES)
    .whereIn('id', [...ids])
    .select('id', 'currency', 'charged', 'paid_at', 'status', 'status_at');
  const lines = await knex<Line>(LINES)
    .whereIn('invoice_id', [...ids])
    .select('invoice_id', 'line_id', 'net');
  const nets = new Map<string, Map<string, number>>();
  for (const { invoice_id, line_id, net } of lines) {
    nets.set(invoice_id, (nets.get(invoice_id) ?? new Map<string, number>()).set(line_id, net));
  }
  return new Map(
    invoices.map((invoice) => [invoice.id, { ...invoice, nets: nets.get(invoice.id) ?? new Map() }]),
  );
}

/** @returns what a payment says that is not as it was first told; null where all is the same. The first stands. */
export function paymentDiffers(
  kept: KeptInvoice,
  paid: EventPayloads['invoice.paid'],
): 'currency' | 'total' | 'lines' | null {
  if (kept.currency !== paid.currency) return 'currency';
  if (kept.charged !== Math.max(0, sum([paid.total, -paid.credit]))) return 'total';
  const prices = pricesOfLines(paid);
  const told = paid.lines.flatMap(({ amount, lineId }, index) =>
    // As `insertLines` keeps them.
    amount < 0 ? [] : [[lineId, prices[index]?.net] as const],
  );
  const isSame = told.length === kept.nets.size && told.every(([id, net]) => kept.nets.get(id) === net);
  return isSame ? null : 'lines';
}

/** A refund by what it is known by. */
export type RefundKey = Pick<EventPayloads['invoice.refunded'], 'invoiceId' | 'refundId'>;

export const refundKey = ({ invoiceId, refundId }: RefundKey): string => `${invoiceId}\n${refundId}`;

/** @returns those of the refunds that are known, by `refundKey`; amounts as `Refund` has them. */
export async function keptRefunds(
  knex: Knex,
  keys: readonly RefundKey[],
): Promise<Map<string, { amount: number | null; lineId: string }>> {
  if (keys.length === 0) return new Map();
  const rows: { invoice_id: string; refund_id: string; amount: number | null; line_id: string }[] =
    await knex(REFUNDS)
      .whereIn(
        ['invoice_id', 'refund_id'],
        keys.map(({ invoiceId, refundId }) => [invoiceId, refundId]),
      )
      .select('invoice_id', 'refund_id', 'amount', 'line_id');
  return new Map(
    rows.map(({ invoice_id, refund_id, amount, line_id }) => [
      refundKey({ invoiceId: invoice_id, refundId: refund_id }),
      { amount, lineId: line_id },
    ]),
  );
}

/** @returns those of the refunds whose money is known to have come back, by `refundKey`. */
export async function keptReversals(knex: Knex, keys: readonly RefundKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows: { invoice_id: string; refund_id: string }[] = await knex(REVERSALS)
    .whereIn(
      ['invoice_id', 'refund_id'],
      keys.map(({ invoiceId, refundId }) => [invoiceId, refundId]),
    )
    .select('invoice_id', 'refund_id');
  return new Set(
    rows.map(({ invoice_id, refund_id }) => refundKey({ invoiceId: invoice_id, refundId: refund_id })),
  );
}

/**
 * @param span ms, UTC: from inclusive, until exclusive
 * @param after an invoice's id, '' to begin
 * @returns so many invoices at most that were first paid then, and count as paid, by id
 */
export async function paidBetween(
  knex: Knex,
  span: { from: number; to: number },
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  return knex(INVOICES)
    .where('id', '>', after)
    .andWhere({ status: 'paid' })
    .andWhere('paid_at', '>=', span.from)
    .andWhere('paid_at', '<', span.to)
    .orderBy('id')
    .limit(limit)
    .pluck('id');
}
