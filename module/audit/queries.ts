import type { Knex } from 'knex';

const AUDIT = 'mod_affiliates_audit';

export interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly affiliate_id: number | null;
  /** JSON */
  readonly parameters: string;
}

export async function insertAudit(trx: Knex.Transaction, row: AuditRow): Promise<void> {
  await trx(AUDIT).insert(row);
}

/** @returns the log, or one affiliate's part of it, as a query for a list to page through by id. */
export function auditRows(knex: Knex, affiliateId?: number): Knex.QueryBuilder<object, AuditRow[]> {
  const rows = knex(AUDIT).select('*') as Knex.QueryBuilder<object, AuditRow[]>;
  return affiliateId === undefined ? rows : rows.where({ affiliate_id: affiliateId });
}
