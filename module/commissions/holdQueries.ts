/** The SQL of what is on hold, and of how staff decided. */
import type { Knex } from 'knex';
import { COMMISSIONS, EVALUATIONS, INVOICES, LINES } from './queries';
import type { Currency } from '../money';
import type { Suspicion } from '../referrals/rules';
import type { Decision } from './rules';

const DECIDED = 'mod_affiliates_hold_decisions';

interface DecisionRow {
  readonly line_key: string;
  readonly decision: Decision;
  readonly reason: string;
  readonly decided_at: number;
  readonly decided_by: string;
  readonly decided_by_id: string;
}

/** @returns how the holds of these lines ended, by line */
export async function decisionsOn(
  trx: Knex.Transaction,
  lineKeys: readonly string[],
): Promise<Map<string, Decision>> {
  const rows = await trx<DecisionRow>(DECIDED).whereIn('line_key', lineKeys).select('line_key', 'decision');
  return new Map(rows.map(({ line_key, decision }) => [line_key, decision]));
}

/** A unique violation when somebody else decided meanwhile: the repeated transaction then finds what they decided. */
export async function insertDecision(trx: Knex.Transaction, row: DecisionRow): Promise<void> {
  await trx(DECIDED).insert(row);
}

/** @returns the invoices of a client, or of all whom an affiliate brought, on which something has not cleared, by number */
export async function unclearedInvoices(
  knex: Knex,
  of: { readonly clientId: string } | { readonly affiliateId: number },
): Promise<string[]> {
  const query = knex({ c: COMMISSIONS })
    .join({ l: LINES }, 'l.line_key', 'c.line_key')
    .join({ i: INVOICES }, 'i.id', 'l.invoice_id')
    .where('c.tier', 1)
    .whereIn('c.state', ['clearing', 'held']);
  if ('clientId' in of) void query.where('i.client_id', of.clientId);
  else void query.where('c.affiliate_id', of.affiliateId);
  return query.distinct('i.id').orderBy('i.id').pluck('i.id');
}

/** A line of which what it earned waits for staff; of the first tier, whose decision is that of all. */
export interface HeldRow {
  readonly id: string;
  readonly line_key: string;
  readonly invoice_id: string;
  readonly client_id: string;
  readonly affiliate_id: number;
  readonly code: string;
  readonly currency: Currency;
  /** What is kept of it after refunds, minor units. */
  readonly amount: number;
  readonly paid_at: number;
  /** JSON of what was found when it was last looked at. */
  readonly steps: string;
}

/** @returns what waits, as a query for lists to narrow and page through by `c.id` */
export function heldRows(knex: Knex): Knex.QueryBuilder<object, HeldRow[]> {
  const query = knex({ c: COMMISSIONS })
    .join({ l: LINES }, 'l.line_key', 'c.line_key')
    .join({ a: 'mod_affiliates_affiliates' }, 'a.id', 'c.affiliate_id')
    .where({ 'c.state': 'held', 'c.tier': 1 })
    // Nothing waits of what was refunded as a whole.
    .whereRaw('?? > ??', ['c.earned', 'c.reversed'])
    .select('c.id', 'c.line_key', 'l.invoice_id', 'l.client_id', 'c.affiliate_id', 'a.code', 'c.currency')
    .select('c.paid_at', knex.raw('?? - ?? as ??', ['c.earned', 'c.reversed', 'amount']))
    .select({ steps: lastSteps(knex) });
  // The columns selected above are those of HeldRow.
  return query as Knex.QueryBuilder<object, HeldRow[]>;
}

/** What was found when the line of `c` was last looked at. */
const lastSteps = (knex: Knex) =>
  knex({ e: EVALUATIONS })
    .where('e.tier', 1)
    .whereRaw('?? = ??', ['e.line_key', 'c.line_key'])
    .orderBy('e.number', 'desc')
    .limit(1)
    .select('e.steps');

/** Which of what waits is meant; what is left out says nothing. */
export interface HoldsNarrowed {
  readonly reason?: Suspicion;
  readonly affiliateId?: number;
  /** ms, UTC */
  readonly paidBefore?: number;
}

/** Narrows what `heldRows` gives. */
export function narrowHolds<Query extends Knex.QueryBuilder>(
  knex: Knex,
  query: Query,
  { reason, affiliateId, paidBefore }: HoldsNarrowed,
): Query {
  if (reason) void query.whereRaw('(?) like ?', [lastSteps(knex), found(reason)]);
  if (affiliateId !== undefined) void query.where('c.affiliate_id', affiliateId);
  if (paidBefore !== undefined) void query.where('c.paid_at', '<', paidBefore);
  return query;
}

/** How a step that found a suspicion begins; written by `insertEvaluations` alone. */
const found = (suspicion: Suspicion) => `%{"rule":"hold","finding":"${suspicion}",%`;

/** @returns how many of what waits so narrowed each condition meets, by its name, and all of it as `all` */
export async function countHolds(
  knex: Knex,
  narrowed: HoldsNarrowed,
  conditions: Readonly<Record<string, { suspicion: Suspicion } | { paidBefore: number }>>,
): Promise<Readonly<Record<string, number>>> {
  const query = knex.from(narrowHolds(knex, heldRows(knex), narrowed).as('h')).count({ all: '*' });
  for (const [name, condition] of Object.entries(conditions)) {
    const [meets, value] =
      'suspicion' in condition ? ['?? like ?', found(condition.suspicion)] : ['?? < ?', condition.paidBefore];
    const column = 'suspicion' in condition ? 'h.steps' : 'h.paid_at';
    void query.select(knex.raw(`sum(case when ${meets} then 1 else 0 end) as ??`, [column, value, name]));
  }
  const [row = {}] = (await query) as Record<string, number | string | null>[];
  return Object.fromEntries(Object.entries(row).map(([name, count]) => [name, Number(count ?? 0)]));
}

/** @returns the affiliates of whom most waits so narrowed, with how much of it */
export async function affiliatesOfHolds(
  knex: Knex,
  narrowed: HoldsNarrowed,
  most: number,
): Promise<{ id: number; code: string; count: number }[]> {
  const rows: { affiliate_id: number; code: string; count: number | string }[] = await knex
    .from(narrowHolds(knex, heldRows(knex), narrowed).as('h'))
    .groupBy('h.affiliate_id', 'h.code')
    .orderBy([{ column: 'count', order: 'desc' }, { column: 'h.affiliate_id' }])
    .limit(most)
    .select('h.affiliate_id', 'h.code')
    .count({ count: '*' });
  return rows.map(({ affiliate_id, code, count }) => ({ id: affiliate_id, code, count: Number(count) }));
}
