/** All the SQL of invoices, lines, refunds, evaluations and commissions. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { insertRows } from '../database/insertRows';
import type { EventPayloads, LineKind } from '../events/rules';
import type { Currency } from '../money';
import type { UnitOfWork } from '../unitOfWork';
import type { Refund } from './amounts';
import type { Evaluation, Price } from './rules';

export const INVOICES = 'mod_affiliates_invoices';
export const LINES = 'mod_affiliates_invoice_lines';
export const REFUNDS = 'mod_affiliates_refunds';
export const REVERSALS = 'mod_affiliates_refund_reversals';
export const EVALUATIONS = 'mod_affiliates_evaluations';
export const COMMISSIONS = 'mod_affiliates_commissions';

/** What is known of an invoice. One that was refunded or reopened before its payment was seen has no client yet. */
export interface Invoice {
  readonly id: string;
  readonly client_id: string;
  readonly currency: Currency;
  /** New money paid, with tax, minor units. */
  readonly charged: number;
  /** What of it stands in the referral's totals, without tax. */
  readonly counted: number;
  /** The first time it was seen paid; 0 before that. */
  readonly paid_at: number;
  readonly status: 'awaited' | 'paid' | 'reopened';
  readonly status_at: number;
  /** The promotion code used, as `couponKey` writes it; '' for none. */
  readonly coupon: string;
  readonly country: string;
  /** Units of the program's currency for one of the invoice's; '' where the host did not tell. */
  readonly exchange_rate: string;
  /** Whether a merge brought it to its client: who refers that client did not bring who paid it. 0 or 1 in a row. */
  readonly came_with_merge: number | boolean;
}

export interface Line extends Price {
  readonly line_key: string;
  readonly invoice_id: string;
  readonly line_id: string;
  readonly client_id: string;
  readonly kind: LineKind;
  readonly quantity: number;
  readonly service_id: string;
  readonly product_id: string;
  readonly product_name: string;
  readonly product_group: string;
  readonly cycle: string;
  readonly tld: string;
  readonly paid_at: number;
}

export interface Commission {
  readonly id: string;
  readonly line_key: string;
  readonly affiliate_id: number;
  /** 1: the affiliate who referred the client; 2: who brought in that affiliate; 3: who brought in the second. */
  readonly tier: number;
  readonly referral_id: string;
  readonly currency: Currency;
  readonly earned: number;
  /** How much of it has been taken back, 0 to `earned`. */
  readonly reversed: number;
  /** A held one waits for staff, whatever its date. */
  readonly state: 'clearing' | 'cleared' | 'held';
  readonly paid_at: number;
  readonly clears_at: number;
  /** JSON of the terms it was earned under. */
  readonly terms: string;
  /** JSON of what it was converted from; null when it is paid in the invoice's currency. */
  readonly conversion: string | null;
}

/**
 * Makes this transaction the only one that works on an invoice until it ends, by writing to its row (which is made
 * if the invoice is new): two refunds at once would otherwise each overlook the other.
 */
export async function claimInvoice(trx: Knex.Transaction, invoiceId: string): Promise<Invoice> {
  const bump = () =>
    trx(INVOICES)
      .where({ id: invoiceId })
      .update({ version: trx.raw('?? + 1', ['version']) });
  if ((await bump()) !== 1) {
    await trx(INVOICES).insert({
      id: invoiceId,
      client_id: '',
      currency: '',
      charged: 0,
      counted: 0,
      paid_at: 0,
      status: 'awaited',
      status_at: 0,
      version: 1,
    });
  }
  const invoice = await trx<Invoice>(INVOICES).where({ id: invoiceId }).first();
  if (!invoice) throw new WriteConflict('an invoice vanished while it was claimed');
  return invoice;
}

export async function updateInvoice(
  trx: Knex.Transaction,
  id: string,
  changes: Partial<Invoice>,
): Promise<void> {
  await trx<Invoice>(INVOICES).where({ id }).update(changes);
}

export async function insertLines(
  work: UnitOfWork,
  { invoiceId, clientId, lines }: EventPayloads['invoice.paid'],
  prices: readonly Price[],
): Promise<void> {
  // A discount line sells nothing: its amount is in the prices of the lines it lowers.
  const rows = lines.flatMap((line, index) => {
    const price = prices[index];
    return line.amount < 0 || !price ? [] : [{ line, price }];
  });
  await insertRows(
    work.trx,
    LINES,
    rows.map(({ line, price }) => ({
      line_key: `${invoiceId}/${line.lineId}`,
      invoice_id: invoiceId,
      line_id: line.lineId,
      client_id: clientId,
      kind: line.kind,
      ...price,
      quantity: line.quantity,
      service_id: line.serviceId,
      product_id: line.productId,
      product_name: line.productName,
      product_group: line.productGroup ?? '',
      cycle: line.cycle ?? '',
      tld: line.tld ?? '',
      paid_at: work.at,
    })),
  );
}

/** Dates the payment of an invoice's lines. */
export async function datePayment(trx: Knex.Transaction, invoiceId: string, paidAt: number): Promise<void> {
  await trx(LINES).where({ invoice_id: invoiceId }).update({ paid_at: paidAt });
}

export async function linesOf(trx: Knex.Transaction, invoiceId: string): Promise<Line[]> {
  return trx<Line>(LINES).where({ invoice_id: invoiceId }).orderBy('line_key');
}

/** An invoice by name, and when it was first paid (ms, UTC). */
export type PaidInvoice = Pick<Invoice, 'id' | 'paid_at'>;

/** @returns a client's invoices that were ever paid. */
export async function invoicesOfClient(knex: Knex, clientId: string): Promise<PaidInvoice[]> {
  return knex<Invoice>(INVOICES).where({ client_id: clientId }).select('id', 'paid_at');
}

/** @returns the promotion codes that a client has paid with, as `couponKey` writes them */
export async function couponsOfClient(knex: Knex, clientId: string): Promise<string[]> {
  const invoices = knex(INVOICES).where({ client_id: clientId }).andWhereNot({ coupon: '' });
  return invoices.distinct().orderBy('coupon').pluck('coupon');
}

/** @returns who paid an invoice, and when (ms); null for one that is not known to be paid */
export async function payerOf(
  knex: Knex,
  invoiceId: string,
): Promise<{ clientId: string; paidAt: number } | null> {
  const invoice = await knex<Invoice>(INVOICES).where({ id: invoiceId }).andWhere('paid_at', '>', 0).first();
  return invoice ? { clientId: invoice.client_id, paidAt: invoice.paid_at } : null;
}

/** Gives a client's invoices to another client, into whose account the host merged it. */
export async function moveInvoices(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  await trx(INVOICES).where({ client_id: from }).update({ client_id: to, came_with_merge: true });
  await trx(LINES).where({ client_id: from }).update({ client_id: to });
}

/** @returns the payments that stand of these services of a client, earliest first. */
export async function paymentsOfServices(
  trx: Knex.Transaction,
  clientId: string,
  serviceIds: readonly string[],
): Promise<Pick<Line, 'line_key' | 'invoice_id' | 'service_id' | 'paid_at'>[]> {
  return trx({ l: LINES })
    .join({ i: INVOICES }, 'i.id', 'l.invoice_id')
    .where({ 'l.client_id': clientId, 'i.status': 'paid' })
    .whereIn('l.service_id', serviceIds)
    .andWhere('l.net', '>', 0)
    .orderBy([{ column: 'l.paid_at' }, { column: 'l.line_key' }])
    .select('l.line_key', 'l.invoice_id', 'l.service_id', 'l.paid_at');
}

/** @returns whether the refund is new; the host's number for it counts once per invoice. */
export async function insertRefund(
  trx: Knex.Transaction,
  row: { invoice_id: string; refund_id: string; amount: number | null; line_id: string; at: number },
): Promise<boolean> {
  const { invoice_id, refund_id } = row;
  if (await trx(REFUNDS).where({ invoice_id, refund_id }).first('refund_id')) return false;
  await trx(REFUNDS).insert(row);
  return true;
}

/** Notes that a refund's money came back, once. */
export async function insertRefundReversal(
  trx: Knex.Transaction,
  { at, ...refund }: { invoice_id: string; refund_id: string; at: number },
): Promise<void> {
  await trx(REVERSALS)
    .insert({ ...refund, at })
    .onConflict(['invoice_id', 'refund_id'])
    .ignore();
}

/** @returns refunds with when their money came back (ms, UTC; null while it has not), as `r` and `v` */
export function refundRows(knex: Knex): Knex.QueryBuilder {
  return knex({ r: REFUNDS })
    .leftJoin({ v: REVERSALS }, (both) => {
      both.on('v.invoice_id', 'r.invoice_id').andOn('v.refund_id', 'r.refund_id');
    })
    .select('r.*', { reversed_at: 'v.at' });
}

/** @returns the invoice's refunds whose money did not come back */
export async function refundsOf(trx: Knex.Transaction, invoiceId: string): Promise<Refund[]> {
  const rows = (await refundRows(trx).where({ 'r.invoice_id': invoiceId }).whereNull('v.at')) as {
    amount: number | null;
    line_id: string;
  }[];
  return rows.map(({ amount, line_id }) => ({ amount, lineId: line_id }));
}

/** What was last found of a line, for one tier. */
export interface LastEvaluation {
  readonly line_key: string;
  readonly tier: number;
  readonly number: number;
  readonly steps: string;
  readonly amount: number;
}

/** @returns every evaluation of the lines, in the order they were made. */
export async function evaluationsOf(
  trx: Knex.Transaction,
  lineKeys: readonly string[],
): Promise<LastEvaluation[]> {
  return trx<LastEvaluation>(EVALUATIONS)
    .whereIn('line_key', [...lineKeys])
    .orderBy('number')
    .select('line_key', 'tier', 'number', 'steps', 'amount');
}

/** One evaluation to keep: the line's next, under the next number. */
export interface NumberedEvaluation {
  readonly lineKey: string;
  readonly tier: number;
  readonly number: number;
  readonly evaluation: Evaluation;
  readonly affiliateId: number | null;
  readonly referralId: string | null;
}

/** Keeps evaluations; each is written once and never changed, a new finding is the line's next number. */
export async function insertEvaluations(
  work: UnitOfWork,
  rows: readonly NumberedEvaluation[],
): Promise<void> {
  await insertRows(
    work.trx,
    EVALUATIONS,
    rows.map(({ lineKey, tier, number, evaluation, affiliateId, referralId }) => ({
      line_key: lineKey,
      tier,
      number,
      outcome: evaluation.outcome,
      code: evaluation.code,
      steps: JSON.stringify(evaluation.steps),
      affiliate_id: affiliateId,
      referral_id: referralId,
      terms_id: evaluation.termsId,
      amount: evaluation.amount,
      currency: evaluation.currency,
      evaluated_at: work.now,
    })),
  );
}

/** @returns the commissions of every tier on these lines. */
export async function commissionsOf(
  trx: Knex.Transaction,
  lineKeys: readonly string[],
): Promise<Commission[]> {
  return trx<Commission>(COMMISSIONS)
    .whereIn('line_key', [...lineKeys])
    .orderBy('id');
}

export async function insertCommissions(trx: Knex.Transaction, rows: readonly Commission[]): Promise<void> {
  await insertRows(trx, COMMISSIONS, rows);
}

/**
 * Sets what a commission earned and how much of it is taken back.
 * @throws WriteConflict when another writer changed the commission since it was read
 */
export async function reviseCommission(
  trx: Knex.Transaction,
  before: Commission,
  after: Pick<Commission, 'earned' | 'reversed' | 'state' | 'paid_at' | 'clears_at'>,
): Promise<void> {
  const { id, state, earned, reversed } = before;
  const changed = await trx(COMMISSIONS).where({ id, state, earned, reversed }).update(after);
  if (changed !== 1) throw new WriteConflict('a commission changed while it was being revised');
}

/** @returns when the last line was paid of which the referral's affiliate keeps a commission; 0 for none; ms, UTC. */
export async function lastKeptAt(
  trx: Knex.Transaction,
  referralId: string,
  currency: Currency,
): Promise<number> {
  const last: { paid_at: number } | undefined = await trx(COMMISSIONS)
    .where({ referral_id: referralId, currency })
    .andWhereRaw('?? > ??', ['earned', 'reversed'])
    .orderBy('paid_at', 'desc')
    .first('paid_at');
  return last?.paid_at ?? 0;
}

export async function dueToClear(knex: Knex, now: number, most: number): Promise<string[]> {
  return knex(COMMISSIONS)
    .where({ state: 'clearing' })
    .andWhere('clears_at', '<=', now)
    .orderBy([{ column: 'clears_at' }, { column: 'id' }])
    .limit(most)
    .pluck('id');
}

/**
 * Marks commissions as cleared and reads them afterwards: the update locks the rows, so that what is read is what is
 * cleared even while a refund is waiting for them.
 * @throws WriteConflict when another process clears some of them at the same time
 */
export async function markCleared(trx: Knex.Transaction, ids: readonly string[]): Promise<Commission[]> {
  const marked = await trx(COMMISSIONS)
    .whereIn('id', ids)
    .andWhere('state', 'clearing')
    .update({ state: 'cleared' });
  if (marked !== ids.length) throw new WriteConflict('commissions were cleared by another process');
  return trx<Commission>(COMMISSIONS).whereIn('id', ids).orderBy('id');
}

export async function moveCommissions(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(COMMISSIONS).where({ affiliate_id: from }).update({ affiliate_id: to });
}

/** What a statement entry tells of the commissions behind it, by commission. */
export async function describeCommissions(
  knex: Knex,
  ids: readonly string[],
): Promise<Map<string, { product: string; referralId: string }>> {
  const rows: { id: string; tier: number; product_name: string; referral_id: string }[] = await knex({
    c: COMMISSIONS,
  })
    .join({ l: LINES }, 'l.line_key', 'c.line_key')
    .whereIn('c.id', ids)
    .select('c.id', 'c.tier', 'l.product_name', 'c.referral_id');
  // What another affiliate's referral bought is not told to who gets a share of it.
  const shown = ({ tier, product_name }: (typeof rows)[number]) => (tier === 1 ? product_name : '');
  return new Map(rows.map((row) => [row.id, { product: shown(row), referralId: row.referral_id }]));
}
