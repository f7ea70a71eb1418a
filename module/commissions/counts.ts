/** The SQL that looks from one invoice at those before and after it. */
import type { Knex } from 'knex';
import { pastKey } from '../database/keyset';
import type { Currency } from '../money';
import { COMMISSIONS, EVALUATIONS, INVOICES, LINES, type Invoice, type PaidInvoice } from './queries';

/** Invoices are told apart by when they were paid, and at the same time by their names. */
const LINE_ORDER = ['l.paid_at', 'l.invoice_id'] as const;

/** Commissions of the first tier on payments that stand. */
const standing = (trx: Knex.Transaction) =>
  trx({ c: COMMISSIONS })
    .join({ l: LINES }, 'l.line_key', 'c.line_key')
    .join({ i: INVOICES }, 'i.id', 'l.invoice_id')
    .where({ 'c.tier': 1, 'i.status': 'paid' })
    .andWhere('c.earned', '>', 0);

/** What a line earned, and with which payment. */
export interface EarlierEarning {
  readonly invoice_id: string;
  readonly paid_at: number;
  readonly earned: number;
  readonly currency: Currency;
}

/** @returns what a referral earned by payments before this invoice that stand, earliest first. */
export async function earlierOfReferral(
  trx: Knex.Transaction,
  referralId: string,
  invoice: Invoice,
): Promise<EarlierEarning[]> {
  const own = standing(trx).andWhere('c.referral_id', referralId);
  return pastKey(own, LINE_ORDER, '<', [invoice.paid_at, invoice.id])
    .orderBy([{ column: 'l.paid_at' }, { column: 'l.line_key' }])
    .select('l.invoice_id', 'l.paid_at', 'c.earned', 'c.currency') as Promise<EarlierEarning[]>;
}

/** @returns what an affiliate earned in a currency since a time, by payments before an invoice that stand. */
export async function earnedInPeriod(
  trx: Knex.Transaction,
  asked: { affiliateId: number; currency: Currency; since: number; invoice: Invoice },
): Promise<number> {
  const { affiliateId, currency, since, invoice } = asked;
  const own = standing(trx)
    .andWhere({ 'c.affiliate_id': affiliateId, 'c.currency': currency })
    .andWhere('c.paid_at', '>=', since);
  const before = pastKey(own, LINE_ORDER, '<', [invoice.paid_at, invoice.id]);
  const [row] = (await before.sum({ earned: 'c.earned' })) as [{ earned: number | string | null }];
  // MySQL sums integers as a decimal, which comes as text.
  return Number(row.earned ?? 0);
}

/** @returns the first line that earned of a referral; null for none. */
export async function firstEarningOf(
  trx: Knex.Transaction,
  referralId: string,
): Promise<{ at: number; by: string } | null> {
  const first: { paid_at: number; line_key: string } | undefined = await trx(COMMISSIONS)
    .where({ referral_id: referralId, tier: 1 })
    .andWhere('earned', '>', 0)
    .orderBy([{ column: 'paid_at' }, { column: 'line_key' }])
    .first('paid_at', 'line_key');
  return first ? { at: first.paid_at, by: first.line_key } : null;
}

/** @returns a client's invoices paid after another. */
export async function laterInvoicesOfClient(
  trx: Knex.Transaction,
  clientId: string,
  { id, paid_at }: Invoice,
): Promise<PaidInvoice[]> {
  const own = trx<Invoice>(INVOICES).where({ client_id: clientId });
  return pastKey(own, ['paid_at', 'id'], '>', [paid_at, id]).select('id', 'paid_at');
}

/** @returns the invoices paid after another of which lines were an affiliate's. */
export async function laterInvoicesOfAffiliate(
  trx: Knex.Transaction,
  affiliateId: number,
  { id, paid_at }: Invoice,
): Promise<PaidInvoice[]> {
  const own = trx({ e: EVALUATIONS })
    .join({ l: LINES }, 'l.line_key', 'e.line_key')
    .where({ 'e.affiliate_id': affiliateId, 'e.tier': 1 });
  return pastKey(own, LINE_ORDER, '>', [paid_at, id]).distinct({
    id: 'l.invoice_id',
    paid_at: 'l.paid_at',
  }) as Promise<PaidInvoice[]>;
}

/** @returns those of these invoices by which somebody earned a commission here. */
export async function earningInvoices(knex: Knex, invoiceIds: readonly string[]): Promise<string[]> {
  return knex({ l: LINES })
    .join({ c: COMMISSIONS }, 'c.line_key', 'l.line_key')
    .whereIn('l.invoice_id', invoiceIds)
    .andWhere('c.earned', '>', 0)
    .distinct('l.invoice_id')
    .orderBy('l.invoice_id')
    .pluck('l.invoice_id');
}
