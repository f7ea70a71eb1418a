import { addColumns, createTable, LENGTH, type Migration } from './tables';

export const SETTLING_TABLES: readonly Migration[] = [
  // Beside the refunds, since it may be told before its refund is.
  createTable('0077_refund_reversals', 'mod_affiliates_refund_reversals', (t) => {
    t.string('invoice_id', LENGTH.hostId).notNullable();
    t.string('refund_id', LENGTH.hostId).notNullable();
    t.bigInteger('at').notNullable();
    t.primary(['invoice_id', 'refund_id']);
  }),
  addColumns('0105_invoice_came_with_merge', 'mod_affiliates_invoices', {
    came_with_merge: (t, column) => t.boolean(column).notNullable().defaultTo(false),
  }),
];
