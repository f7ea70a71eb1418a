/** Paying invoices and taking it back. Payment is a pretence: the gateway always says yes. */
import type { Knex } from 'knex';
import { CURRENCY, decimal } from '../money';
import { Problem } from '../problem';
import { addCredit, clientById } from './clients';
import { invoiceById, linesOf } from './invoices';
import type { Office } from './office';
import type { InvoiceStatus, Payment } from './rows';

/**
 * Pays an invoice through the pretend gateway, with `useCredit` as far as it reaches from the client's credit.
 * @throws Problem when it is not open to be paid
 */
export async function payInvoice(
  office: Office,
  invoiceId: number,
  { useCredit, note }: { useCredit: boolean; note: string },
): Promise<void> {
  const at = office.now();
  const paymentId = await office.db.transaction(async (trx) => {
    const invoice = await invoiceById(trx, invoiceId);
    const client = await clientById(trx, invoice.client_id);
    const credit = useCredit ? Math.min(client.credit, invoice.total) : 0;
    const changed = await trx('portal_invoices')
      .where({ id: invoiceId, status: 'Unpaid' })
      .update({ status: 'Paid', paid_at: at, credit });
    if (!changed) throw new Problem('This invoice is not open to be paid.');
    if (credit) await spendCredit(trx, client.id, credit);
    await startServices(trx, invoiceId);
    const paid = { kind: 'payment', amount: invoice.total - credit, note } as const;
    const used = { kind: 'credit', amount: credit, note: 'Account credit' } as const;
    return recordPayments(trx, { invoiceId, at }, [used, paid]);
  });
  await tellPaid(office, invoiceId, paymentId, at);
}

async function spendCredit(trx: Knex, id: number, amount: number): Promise<void> {
  const spent = await trx('portal_clients')
    .where({ id })
    .where('credit', '>=', amount)
    .decrement('credit', amount);
  if (!spent) throw new Problem('The account credit has changed meanwhile. Please try again.');
}

async function startServices(trx: Knex, invoiceId: number): Promise<void> {
  const paidFor = trx('portal_invoice_lines').where({ invoice_id: invoiceId }).select('service_id');
  await trx('portal_services')
    .whereIn('id', paidFor)
    .where({ status: 'Pending' })
    .update({ status: 'Active' });
}

/** @returns the number of the last payment, by which this paying is told from another */
async function recordPayments(
  trx: Knex,
  { invoiceId, at }: { invoiceId: number; at: number },
  parts: readonly Pick<Payment, 'kind' | 'amount' | 'note'>[],
): Promise<number> {
  let id = 0;
  for (const part of parts.filter(({ amount }) => amount > 0))
    [id = 0] = await trx('portal_payments').insert({ invoice_id: invoiceId, at, ...part });
  return id;
}

async function tellPaid(office: Office, invoiceId: number, paymentId: number, at: number): Promise<void> {
  const invoice = await invoiceById(office.db, invoiceId);
  const lines = await linesOf(office.db, invoiceId);
  const { country } = await clientById(office.db, invoice.client_id);
  await office.hooks.runHook('InvoicePaid', {
    eventId: `invoice-${invoiceId}-paid-${paymentId}`,
    at,
    invoiceid: invoiceId,
    invoice: {
      userid: invoice.client_id,
      currency: CURRENCY,
      total: decimal(invoice.total),
      credit: decimal(invoice.credit),
      country,
      ...(invoice.promocode && { promocode: invoice.promocode }),
      items: lines.map((line) => ({
        id: line.id,
        type: line.type,
        relid: line.service_id,
        amount: decimal(line.amount),
        description: line.description,
        productid: line.product_id,
        productname: line.product_name,
        productgroupid: line.category,
        billingcycle: line.months === 12 ? 'Annually' : 'Monthly',
        ...(line.type === 'Domain' && { domain: line.label }),
      })),
    },
  });
}

/** Takes a payment back, as when a bank returns it; credit that was used goes back to the client. */
export async function markUnpaid(office: Office, invoiceId: number): Promise<void> {
  await reopen(office, invoiceId, { from: ['Paid', 'Cancelled'], to: 'Unpaid' });
}

export async function cancelInvoice(office: Office, invoiceId: number): Promise<void> {
  await reopen(office, invoiceId, { from: ['Unpaid', 'Paid'], to: 'Cancelled' });
}

async function reopen(
  office: Office,
  id: number,
  { from, to }: { from: InvoiceStatus[]; to: 'Unpaid' | 'Cancelled' },
): Promise<void> {
  const at = office.now();
  const revision = await office.db.transaction(async (trx) => {
    const before = await invoiceById(trx, id);
    const next = before.revision + 1;
    const changed = await trx('portal_invoices')
      .where({ id, revision: before.revision, refunded: 0 })
      .whereIn('status', from)
      .update({ status: to, paid_at: null, credit: 0, revision: next });
    if (!changed) throw new Problem(`This invoice cannot be marked ${to.toLowerCase()} now.`);
    if (before.credit) {
      const description = `Credit returned from invoice #${id}`;
      await addCredit(trx, at, { clientId: before.client_id, amount: before.credit, description });
    }
    return next;
  });
  const fact = { eventId: `invoice-${id}-${to.toLowerCase()}-${revision}`, at, invoiceid: id };
  await office.hooks.runHook(to === 'Unpaid' ? 'InvoiceUnpaid' : 'InvoiceCancelled', fact);
}
