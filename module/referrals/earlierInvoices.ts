/** Invoices that an earlier program earned by, whatever became of it there: here they earn nothing. All the SQL of their table. */
import type { Knex } from 'knex';
import { insertRows } from '../database/insertRows';

const INVOICES = 'mod_affiliates_earlier_invoices';

/** @param invoiceIds as they were told; '' where a row named none */
export async function noteEarlierInvoices(
  trx: Knex.Transaction,
  invoiceIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(invoiceIds.filter(Boolean))].sort();
  await insertRows(
    trx,
    INVOICES,
    ids.map((invoice_id) => ({ invoice_id })),
    ['invoice_id'],
  );
}

export async function isEarlierInvoice(knex: Knex, invoiceId: string): Promise<boolean> {
  return (await knex(INVOICES).where({ invoice_id: invoiceId }).first('invoice_id')) !== undefined;
}
