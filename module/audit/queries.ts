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

export interface AuditRowWithCode extends AuditRow {
  /** The affiliate's; null for what concerns none. */
  readonly code: string | null;
}

export async function insertAudit(trx: Knex.Transaction, row: AuditRow): Promise<void> {
  await trx(AUDIT).insert(row);
}

/** @returns the log, or one affiliate's part of it, as a query for a list to page through by `l.id`. */
export function auditRows(knex: Knex, affiliateId?: number): Knex.QueryBuilder<object, AuditRowWithCode[]> {
  const rows = knex({ l: AUDIT })
    .leftJoin({ a: 'mod_affiliates_affiliates' }, 'a.id', 'l.affiliate_id')
    .select('l.*', 'a.code') as Knex.QueryBuilder<object, AuditRowWithCode[]>;
  return affiliateId === undefined ? rows : rows.where({ 'l.affiliate_id': affiliateId });
}
