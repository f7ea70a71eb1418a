/** The SQL of whoever asks why: lines with their invoices, and everything that was found and done about them. */
import type { Knex } from 'knex';
import type { Currency } from '../money';
import { refundRows, type Commission, type Invoice, type Line } from './queries';
import type { Evaluation } from './rules';

/** What lines are looked for by; each part given narrows it further. */
export interface About {
  readonly lineKey?: string;
  readonly invoiceId?: string;
  readonly clientId?: string;
  readonly referralId?: string;
  readonly affiliateId?: number;
}

export type LineOfInvoice = Line & Pick<Invoice, 'currency' | 'charged' | 'status'>;

/** @returns lines as a query, for a list to page through. */
export function linesAbout(
  knex: Knex,
  { lineKey, invoiceId, clientId, referralId, affiliateId }: About,
): Knex.QueryBuilder<object, LineOfInvoice[]> {
  const query = knex({ l: 'mod_affiliates_invoice_lines' })
    .join({ i: 'mod_affiliates_invoices' }, 'i.id', 'l.invoice_id')
    .select('l.*', 'i.currency', 'i.charged', 'i.status');
  if (lineKey !== undefined) void query.where({ 'l.line_key': lineKey });
  if (invoiceId !== undefined) void query.where({ 'l.invoice_id': invoiceId });
  if (clientId !== undefined) void query.where({ 'l.client_id': clientId });
  if (referralId !== undefined)
    void query.whereIn('l.line_key', evaluated(knex, { referral_id: referralId }));
  if (affiliateId !== undefined)
    void query.whereIn('l.line_key', evaluated(knex, { affiliate_id: affiliateId }));
  // The columns selected above are those of LineOfInvoice.
  return query as Knex.QueryBuilder<object, LineOfInvoice[]>;
}

const evaluated = (knex: Knex, whose: { referral_id: string } | { affiliate_id: number }) =>
  knex('mod_affiliates_evaluations').where(whose).select('line_key');

export interface EvaluationRow {
  readonly line_key: string;
  readonly tier: number;
  readonly number: number;
  readonly outcome: Evaluation['outcome'];
  readonly code: string;
  /** JSON */
  readonly steps: string;
  readonly affiliate_id: number | null;
  readonly referral_id: string | null;
  readonly terms_id: string | null;
  readonly amount: number;
  readonly currency: Currency;
  readonly evaluated_at: number;
}

/** @returns all evaluations of these lines, each line's last one first, tier by tier. */
export async function evaluationsOf(knex: Knex, lineKeys: readonly string[]): Promise<EvaluationRow[]> {
  return knex<EvaluationRow>('mod_affiliates_evaluations')
    .whereIn('line_key', lineKeys)
    .orderBy([{ column: 'line_key' }, { column: 'tier' }, { column: 'number', order: 'desc' }]);
}

/** @returns what these lines earned anybody. */
export async function commissionsOn(knex: Knex, lineKeys: readonly string[]): Promise<Commission[]> {
  return knex<Commission>('mod_affiliates_commissions')
    .whereIn('line_key', lineKeys)
    .orderBy(['line_key', 'tier', 'id']);
}

export async function commissionById(knex: Knex, id: string): Promise<Commission | null> {
  return (await knex<Commission>('mod_affiliates_commissions').where({ id }).first()) ?? null;
}

export interface RefundRow {
  readonly invoice_id: string;
  readonly refund_id: string;
  readonly amount: number | null;
  readonly line_id: string;
  readonly at: number;
  readonly reversed_at: number | null;
}

/** @returns all refunds of these invoices, oldest first. */
export async function refundsOn(knex: Knex, invoiceIds: readonly string[]): Promise<RefundRow[]> {
  return (await refundRows(knex)
    .whereIn('r.invoice_id', [...invoiceIds])
    .orderBy('r.at')) as RefundRow[];
}

export async function invoiceById(knex: Knex, id: string): Promise<Invoice | null> {
  return (await knex<Invoice>('mod_affiliates_invoices').where({ id }).first()) ?? null;
}
