/** What staff see of what is on hold. */
import type { Knex } from 'knex';
import { pageOf } from '../database/keyset';
import type { Currency } from '../money';
import type { Reads } from '../module';
import { heldRows, type HeldRow } from './holdQueries';
import type { Step } from './rules';

/** A line of which what it earned waits for staff. Amounts in minor units, times in ms since the epoch (UTC). */
export interface HoldView {
  readonly lineKey: string;
  readonly invoiceId: string;
  readonly clientId: string;
  readonly affiliate: { readonly id: number; readonly code: string };
  readonly currency: Currency;
  /** What is left of it after refunds. */
  readonly amount: number;
  readonly paidAt: number;
  /** What it is suspected of. */
  readonly steps: readonly Step[];
}

/** Ids are ULIDs: later ones are larger. */
const OLDEST_FIRST = {
  column: 'c.id',
  id: 'c.id',
  descending: false,
  keyOf: ({ id }: HeldRow) => [id, id] as const,
};

export function holdReads(knex: Knex): Pick<Reads, 'holds' | 'hold'> {
  return {
    holds: async (paging) => {
      const page = await pageOf(heldRows(knex), OLDEST_FIRST, paging);
      return { ...page, rows: page.rows.map(toView) };
    },
    hold: async (lineKey) => {
      const [row] = await heldRows(knex).where({ 'c.line_key': lineKey });
      return row ? toView(row) : null;
    },
  };
}

function toView(row: HeldRow): HoldView {
  // Written by `insertEvaluations` alone.
  const steps = JSON.parse(row.steps) as Step[];
  return {
    lineKey: row.line_key,
    invoiceId: row.invoice_id,
    clientId: row.client_id,
    affiliate: { id: row.affiliate_id, code: row.code },
    currency: row.currency,
    amount: row.amount,
    paidAt: row.paid_at,
    steps: steps.filter(({ rule }) => rule === 'hold'),
  };
}
