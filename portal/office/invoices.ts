/** Invoices: raised by an order or a renewal, with the client's tax, and read with their lines. */
import type { Knex } from 'knex';
import { CURRENCY, decimal, shareOf, taxOn, taxPercent } from '../money';
import { Problem } from '../problem';
import { productById, type Promotion } from './catalogue';
import { clientById } from './clients';
import { sendMail } from './mails';
import { list, type Listed, type Office } from './office';
import type { Client, Invoice, Line, Payment, Product } from './rows';

/** Orders a product for `label`, a domain or host name. @returns the number of the invoice to pay */
export async function order(
  office: Office,
  clientId: number,
  { productId, label, promotion = null }: { productId: number; label: string; promotion?: Promotion | null },
): Promise<number> {
  const at = office.now();
  return office.db.transaction(async (trx) => {
    const client = await clientById(trx, clientId);
    const { name, type, price, setup, months } = await productById(trx, productId);
    const next_due_at = addMonths(at, months);
    const service = { client_id: clientId, product_id: productId, label, next_due_at, created_at: at };
    const [service_id = 0] = await trx('portal_services').insert(service);
    const lines: NewLine[] = [{ service_id, type, description: `${name} (${label})`, amount: price }];
    if (setup) lines.push({ service_id, type: 'Setup', description: `${name}, setup`, amount: setup });
    if (promotion) {
      const off = shareOf(price, promotion.percent, 100);
      const description = `${promotion.code}: ${promotion.percent} % off the first period`;
      lines.push({ service_id, type, description, amount: -off });
    }
    return raiseInvoice(trx, at, client, lines, promotion?.code);
  });
}

type NewLine = Pick<Line, 'service_id' | 'type' | 'description' | 'amount'>;

async function raiseInvoice(
  trx: Knex,
  at: number,
  client: Client,
  lines: readonly NewLine[],
  promocode = '',
): Promise<number> {
  const net = lines.reduce((sum, line) => sum + line.amount, 0);
  const percent = taxPercent(client.country);
  const tax = taxOn(net, percent);
  const amounts = { net, tax_percent: percent, tax, total: net + tax };
  const invoice = { client_id: client.id, created_at: at, promocode, ...amounts };
  const [id = 0] = await trx('portal_invoices').insert(invoice);
  await trx('portal_invoice_lines').insert(lines.map((line) => ({ invoice_id: id, ...line })));
  await sendMail(trx, at, client, {
    subject: `Invoice #${id}`,
    text: `Hello ${client.firstname},\n\nyour invoice #${id} over ${CURRENCY} ${decimal(net + tax)} is ready to be paid.`,
  });
  return id;
}

/** Raises an invoice for every active service whose next period has begun. @returns how many invoices */
export async function raiseRenewals({ db, now }: Office): Promise<number> {
  const at = now();
  const due = await db('portal_services').where({ status: 'Active' }).where('next_due_at', '<=', at);
  for (const { id, client_id, product_id, label, next_due_at } of due) {
    await db.transaction(async (trx) => {
      const { name, type, price, months } = await productById(trx, product_id);
      // The due date in the condition keeps two crons at once from billing one period twice.
      const changed = await trx('portal_services')
        .where({ id, next_due_at })
        .update('next_due_at', addMonths(next_due_at, months));
      if (!changed) return;
      const line = { service_id: id, type, description: `${name} (${label}), renewal`, amount: price };
      await raiseInvoice(trx, at, await clientById(trx, client_id), [line]);
    });
  }
  return due.length;
}

function addMonths(at: number, months: number): number {
  const date = new Date(at);
  return date.setUTCMonth(date.getUTCMonth() + months);
}

/** @throws Problem when there is no such invoice, or it is not `clientId`'s */
export async function invoiceById(db: Knex, id: number, clientId?: number): Promise<Invoice> {
  const invoice = await db('portal_invoices').where({ id }).first();
  if (!invoice || (clientId !== undefined && invoice.client_id !== clientId))
    throw new Problem('There is no such invoice.', 404);
  return invoice;
}

/** A line with what it sells. */
export interface LineWithProduct extends Line {
  readonly product_id: number;
  readonly product_name: string;
  readonly category: Product['category'];
  readonly months: number;
  /** The domain or name that the service is for. */
  readonly label: string;
}

export async function linesOf(db: Knex, invoiceId: number): Promise<LineWithProduct[]> {
  return db('portal_invoice_lines as l')
    .join('portal_services as s', 's.id', 'l.service_id')
    .join('portal_products as p', 'p.id', 's.product_id')
    .where('l.invoice_id', invoiceId)
    .select<LineWithProduct[]>(
      'l.*',
      'p.id as product_id',
      'p.name as product_name',
      'p.category',
      'p.months',
      's.label',
    )
    .orderBy('l.id');
}

export async function paymentsOf(db: Knex, invoiceId: number): Promise<Payment[]> {
  return db('portal_payments').where({ invoice_id: invoiceId }).orderBy('id');
}

type InvoiceRow = Invoice & { readonly client_name: string };

/** Invoices of one client, or of all, newest first. */
export function listInvoices({ db }: Office, page: number, clientId?: number): Promise<Listed<InvoiceRow>> {
  const query = db('portal_invoices as i').join('portal_clients as c', 'c.id', 'i.client_id');
  if (clientId !== undefined) void query.where('i.client_id', clientId);
  return list(query, page, ({ limit, offset }) =>
    query
      .clone()
      .select<InvoiceRow[]>('i.*', db.raw("concat(c.firstname, ' ', c.lastname) as client_name"))
      .orderBy('i.id', 'desc')
      .limit(limit)
      .offset(offset),
  );
}
