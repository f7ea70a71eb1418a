/** Paying money back, in part or whole, for an invoice or one of its lines. */
import type { Knex } from 'knex';
import { CURRENCY, decimal, shareOf, taxOn } from '../money';
import { Problem } from '../problem';
import { invoiceById, linesOf } from './invoices';
import type { Office } from './office';
import type { Invoice } from './rows';

/**
 * Pays money back.
 * @param refund.amount cents with tax; absent: all that is left, of the line if one is named
 * @throws Problem when the invoice is not paid, or more than was paid would go back
 */
export async function refundInvoice(
  office: Office,
  invoiceId: number,
  refund: { readonly amount?: number | undefined; readonly lineId?: number | undefined },
): Promise<void> {
  const at = office.now();
  const given = await office.db.transaction(async (trx) => {
    const invoice = await invoiceById(trx, invoiceId);
    const line = refund.lineId === undefined ? null : await refundableLine(trx, invoice, refund.lineId);
    const left = line ? line.left : invoice.total - invoice.refunded;
    const amount = refund.amount ?? left;
    if (amount <= 0 || amount > left) throw new Problem(`At most ${decimal(left)} can be paid back.`);
    if (line) await trx('portal_invoice_lines').where({ id: line.id }).increment('refunded', amount);
    await takeBack(trx, invoice, amount);
    const note = line ? line.description : 'Refund';
    const row = { invoice_id: invoiceId, kind: 'refund', amount, note, at } as const;
    const [id = 0] = await trx('portal_payments').insert(row);
    return { id, amount, line, all: amount === invoice.total };
  });
  await office.hooks.runHook('InvoiceRefunded', {
    eventId: `invoice-${invoiceId}-refund-${given.id}`,
    at,
    invoiceid: invoiceId,
    refundid: given.id,
    currency: CURRENCY,
    ...(!given.all && { amount: decimal(given.line ? given.line.netOf(given.amount) : given.amount) }),
    ...(!given.all && given.line && { lineid: given.line.id }),
  });
}

/** Guarded by what was refunded before, so that two refunds at once cannot give back more than was paid. */
async function takeBack(trx: Knex, invoice: Invoice, amount: number): Promise<void> {
  const refunded = invoice.refunded + amount;
  const changed = await trx('portal_invoices')
    .where({ id: invoice.id, status: 'Paid', refunded: invoice.refunded })
    .where('total', '>=', refunded)
    .update({ status: refunded === invoice.total ? 'Refunded' : 'Paid', refunded });
  if (!changed) throw new Problem('Only a paid invoice can be refunded.');
}

/** A line's amount with tax, and what of it has not gone back yet. */
async function refundableLine(trx: Knex, invoice: Invoice, lineId: number) {
  const line = (await linesOf(trx, invoice.id)).find(({ id }) => id === lineId);
  if (!line || line.amount < 0) throw new Problem('There is no such line on this invoice.', 404);
  const gross = line.amount + taxOn(line.amount, invoice.tax_percent);
  return {
    id: line.id,
    description: line.description,
    left: Math.min(gross - line.refunded, invoice.total - invoice.refunded),
    netOf: (amount: number) => shareOf(line.amount, amount, gross),
  };
}
