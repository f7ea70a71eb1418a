/** All the SQL of the corrections' table. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { AffiliatesError } from '../errors';
import type { Currency } from '../money';
import type { CorrectionDirection, CorrectionStatus, CorrectionView } from '../views';

const CORRECTIONS = 'mod_affiliates_corrections';

export interface CorrectionRow {
  readonly id: string;
  readonly affiliate_id: number;
  readonly currency: Currency;
  /** Always positive; the direction says which way. */
  readonly amount: number;
  readonly direction: CorrectionDirection;
  readonly reason: string;
  readonly status: CorrectionStatus;
  /** Whether it took two people under the setting of its day; 0 or 1 when it is read. */
  readonly needs_approval: boolean | number;
  readonly proposed_at: number;
  readonly proposed_by: string;
  /** The host's id of the staff member, by which people are told apart. */
  readonly proposed_by_id: string;
  readonly decided_at: number | null;
  readonly decided_by: string;
  readonly decided_by_id: string;
  readonly decision_reason: string;
  /** Set once it is posted: the key of its ledger transaction. */
  readonly posted_key: string | null;
}

type WithAffiliate = CorrectionRow & { readonly client_id: string; readonly code: string };

export const toView = (row: WithAffiliate): CorrectionView => ({
  id: row.id,
  affiliate: { id: row.affiliate_id, code: row.code },
  clientId: row.client_id,
  currency: row.currency,
  amount: row.amount,
  direction: row.direction,
  reason: row.reason,
  status: row.status,
  needsApproval: Boolean(row.needs_approval),
  proposedAt: row.proposed_at,
  proposedBy: row.proposed_by,
  proposedById: row.proposed_by_id,
  decidedAt: row.decided_at,
  decidedBy: row.decided_by,
  decisionReason: row.decision_reason,
});

/** @returns corrections with their affiliates, as a query for lists to narrow and page through by `c.id`. */
export function correctionRows(knex: Knex): Knex.QueryBuilder<object, WithAffiliate[]> {
  return knex({ c: CORRECTIONS })
    .join({ a: 'mod_affiliates_affiliates' }, 'a.id', 'c.affiliate_id')
    .select('c.*', 'a.client_id', 'a.code') as Knex.QueryBuilder<object, WithAffiliate[]>;
}

/** @throws AffiliatesError correction_missing */
export async function correctionById(knex: Knex, id: string): Promise<CorrectionView> {
  const [row] = await correctionRows(knex).where({ 'c.id': id });
  if (!row) throw new AffiliatesError('correction_missing', { correction: id });
  return toView(row);
}

/** @returns which way corrections went and why, by the keys of their ledger transactions. */
export async function describeCorrections(
  knex: Knex,
  postedKeys: readonly string[],
): Promise<Map<string, Pick<CorrectionView, 'direction' | 'reason'>>> {
  if (postedKeys.length === 0) return new Map();
  const rows = await knex<CorrectionRow>(CORRECTIONS).whereIn('posted_key', postedKeys);
  return new Map(rows.map(({ posted_key, direction, reason }) => [posted_key ?? '', { direction, reason }]));
}

export async function insertCorrection(trx: Knex.Transaction, row: CorrectionRow): Promise<void> {
  await trx(CORRECTIONS).insert(row);
}

/**
 * Decides on a correction that waits.
 * @throws WriteConflict when somebody else decided meanwhile: the repeated transaction then finds what they decided
 */
export async function decideCorrection(
  trx: Knex.Transaction,
  id: string,
  changes: Partial<CorrectionRow>,
): Promise<void> {
  const changed = await trx(CORRECTIONS).where({ id, status: 'proposed' }).update(changes);
  if (changed !== 1) throw new WriteConflict('a correction was decided by somebody else');
}

/** Lets what still waits concern another affiliate; what is posted stays with the entries it explains. */
export async function moveProposals(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(CORRECTIONS).where({ affiliate_id: from, status: 'proposed' }).update({ affiliate_id: to });
}
