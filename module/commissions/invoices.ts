/** What the host tells of invoices: paid, refunded, no longer paid. Each notes the fact, then settles the invoice. */
import type { EventPayloads } from '../events/rules';
import { sum } from '../money';
import { couponKey } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { pricesOfLines } from './amounts';
import {
  claimInvoice,
  datePayment,
  insertLines,
  insertRefund,
  insertRefundReversal,
  updateInvoice,
  type Invoice,
} from './queries';
import { resettleClient, settleInvoice, settleRefund } from './settle';

/** Notes a paid invoice with its lines, evaluates each of them, and posts what they earn. */
export async function payInvoice(work: UnitOfWork, paid: EventPayloads['invoice.paid']): Promise<void> {
  const invoice = await claimInvoice(work.trx, paid.invoiceId);
  const isOlder = invoice.paid_at !== 0 && work.at < invoice.paid_at;
  if (invoice.paid_at === 0) {
    await insertLines(work, paid, pricesOfLines(paid));
    await updateInvoice(work.trx, invoice.id, {
      client_id: paid.clientId,
      currency: paid.currency,
      charged: Math.max(0, sum([paid.total, -paid.credit])),
      paid_at: work.at,
      coupon: couponKey(paid.coupon ?? ''),
      country: paid.country ?? '',
      exchange_rate: paid.exchangeRate ?? '',
    });
  } else if (isOlder) {
    // The first payment arrives after a later one: terms are those of the day it was first paid.
    await datePayment(work.trx, invoice.id, work.at);
    await updateInvoice(work.trx, invoice.id, { paid_at: work.at });
  }
  await setStatus(work, invoice, 'paid');
  if (isOlder) await resettleClient(work, invoice.client_id);
  else await settleInvoice(work, invoice.id);
}

/** Takes back a refund's share of what the invoice's lines earned; one that comes before its payment waits for it. */
export async function refundInvoice(
  work: UnitOfWork,
  { invoiceId, refundId, amount, lineId }: EventPayloads['invoice.refunded'],
): Promise<void> {
  await claimInvoice(work.trx, invoiceId);
  const row = { invoice_id: invoiceId, refund_id: refundId, amount, line_id: lineId, at: work.at };
  if (await insertRefund(work.trx, row)) await settleRefund(work, invoiceId);
}

/** Gives again what a refund took, for good: of one number the reversal holds, whichever of the two is told first. */
export async function reverseRefund(
  work: UnitOfWork,
  { invoiceId, refundId }: EventPayloads['invoice.refund_reversed'],
): Promise<void> {
  await claimInvoice(work.trx, invoiceId);
  await insertRefundReversal(work.trx, { invoice_id: invoiceId, refund_id: refundId, at: work.at });
  await settleRefund(work, invoiceId);
}

/** An invoice is no longer paid: all it earned is taken back, and comes again if it is paid again. */
export async function reopenInvoice(
  work: UnitOfWork,
  { invoiceId }: EventPayloads['invoice.reopened'],
): Promise<void> {
  const invoice = await claimInvoice(work.trx, invoiceId);
  await setStatus(work, invoice, 'reopened');
  await settleInvoice(work, invoiceId);
}

/** The later state holds, however late it is told; of two at one moment the one that pays nothing. */
async function setStatus(work: UnitOfWork, invoice: Invoice, status: 'paid' | 'reopened'): Promise<void> {
  const isNews = status === 'paid' ? work.at > invoice.status_at : work.at >= invoice.status_at;
  if (invoice.status === 'awaited' || isNews) {
    await updateInvoice(work.trx, invoice.id, { status, status_at: work.at });
  }
}
