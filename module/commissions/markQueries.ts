/** The SQL of affiliates who are marked, and of how many of their payments were refunded. */
import type { Knex } from 'knex';
import { COMMISSIONS, LINES } from './queries';

const MARKS = 'mod_affiliates_marks';

interface MarkRow {
  readonly id: string;
  readonly affiliate_id: number;
  readonly marked_at: number;
  /** Payments that were taken back, and all of the time looked at. */
  readonly refunded: number;
  readonly paid: number;
  readonly lifted_at: number | null;
  readonly lifted_by: string;
  readonly lifted_by_id: string;
  readonly reason: string;
}

/** @returns the mark under which an affiliate stands, the first of several; null for none */
export async function standingMark(knex: Knex, affiliateId: number): Promise<MarkRow | null> {
  const mark = await knex<MarkRow>(MARKS)
    .where({ affiliate_id: affiliateId })
    .whereNull('lifted_at')
    .orderBy(['marked_at', 'id'])
    .first();
  return mark ?? null;
}

export async function insertMark(
  trx: Knex.Transaction,
  mark: Pick<MarkRow, 'id' | 'affiliate_id' | 'marked_at' | 'refunded' | 'paid'>,
): Promise<void> {
  const standing = { lifted_at: null, lifted_by: '', lifted_by_id: '', reason: '' };
  await trx(MARKS).insert({ ...mark, ...standing });
}

/** Lifts all marks under which an affiliate stands: a merge may have brought a second one. @returns how many */
export async function liftMarks(
  trx: Knex.Transaction,
  affiliateId: number,
  by: Pick<MarkRow, 'lifted_at' | 'lifted_by' | 'lifted_by_id' | 'reason'>,
): Promise<number> {
  return trx(MARKS).where({ affiliate_id: affiliateId }).whereNull('lifted_at').update(by);
}

export async function moveMarks(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(MARKS).where({ affiliate_id: from }).update({ affiliate_id: to });
}

/** How many of an affiliate's payments were taken back. */
export interface RefundCount {
  readonly affiliateId: number;
  readonly refunded: number;
  readonly paid: number;
}

/**
 * @param since ms, UTC: payments before it are not looked at, nor those before a mark was lifted last
 * @returns affiliates without a mark of whom at least so many payments were taken back by half or more, by number
 */
export async function refundCounts(knex: Knex, since: number, least: number): Promise<RefundCount[]> {
  const lifted = knex(MARKS).groupBy('affiliate_id').select('affiliate_id').max({ at: 'lifted_at' }).as('m');
  const standing = knex(MARKS).whereNull('lifted_at').select('affiliate_id');
  const payments = knex({ c: COMMISSIONS })
    .join({ l: LINES }, 'l.line_key', 'c.line_key')
    .leftJoin(lifted, 'm.affiliate_id', 'c.affiliate_id')
    .where('c.tier', 1)
    .andWhere('c.earned', '>', 0)
    .andWhere('c.paid_at', '>=', since)
    .andWhereRaw('?? > coalesce(??, 0)', ['c.paid_at', 'm.at'])
    .whereNotIn('c.affiliate_id', standing)
    .groupBy('c.affiliate_id', 'l.invoice_id')
    .select('c.affiliate_id')
    .select(
      knex.raw('case when 2 * sum(??) >= sum(??) then 1 else 0 end as ??', [
        'c.reversed',
        'c.earned',
        'taken_back',
      ]),
    );
  const rows: { affiliate_id: number; refunded: number | string; paid: number | string }[] = await knex
    .from(payments.as('p'))
    .groupBy('p.affiliate_id')
    .havingRaw('sum(??) >= ?', ['p.taken_back', least])
    .orderBy('p.affiliate_id')
    .select('p.affiliate_id')
    .sum({ refunded: 'p.taken_back' })
    .count({ paid: '*' });
  return rows.map(({ affiliate_id, refunded, paid }) => ({
    affiliateId: affiliate_id,
    refunded: Number(refunded),
    paid: Number(paid),
  }));
}
