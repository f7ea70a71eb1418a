/** All the SQL of the terms' table. */
import type { Knex } from 'knex';
import type { TermsChange } from '../events/rules';
import type { Rate } from '../settings';
import type { TermsVersion } from './rules';

const TERMS = 'mod_affiliates_terms';

interface TermsRow {
  readonly id: string;
  readonly scope: TermsChange['scope'];
  readonly scope_key: string;
  readonly rate_kind: 'percent' | 'fixed' | 'inherit';
  readonly basis_points: number | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly recurring: 'every' | 'once' | null;
  readonly clearing_days: number | null;
  readonly from_at: number;
  readonly made_by: string;
}

export async function insertVersion(trx: Knex.Transaction, version: TermsVersion): Promise<void> {
  const { rate } = version;
  const row: TermsRow = {
    id: version.id,
    scope: version.scope,
    scope_key: version.scopeKey,
    rate_kind: rate?.kind ?? 'inherit',
    basis_points: rate?.kind === 'percent' ? rate.basisPoints : null,
    amount: rate?.kind === 'fixed' ? rate.amount : null,
    currency: rate?.kind === 'fixed' ? rate.currency : null,
    recurring: version.recurring,
    clearing_days: version.clearingDays,
    from_at: version.from,
    made_by: version.madeBy,
  };
  await trx(TERMS).insert(row);
}

/** @returns every version that may apply to lines of these products for this affiliate. */
export async function versionsFor(
  knex: Knex,
  affiliateId: number,
  productIds: readonly string[],
): Promise<TermsVersion[]> {
  const rows = await knex<TermsRow>(TERMS).where((scopes) => {
    void scopes
      .where({ scope: 'program' })
      .orWhere({ scope: 'affiliate', scope_key: String(affiliateId) })
      .orWhere((product) => {
        void product.where({ scope: 'product' }).whereIn('scope_key', productIds);
      });
  });
  return rows.map(toVersion);
}

/** @returns every version ever made, newest first. */
export async function allVersions(knex: Knex): Promise<TermsVersion[]> {
  const rows = await knex<TermsRow>(TERMS).orderBy([
    { column: 'from_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
  return rows.map(toVersion);
}

function toVersion(row: TermsRow): TermsVersion {
  return {
    id: row.id,
    scope: row.scope,
    scopeKey: row.scope_key,
    rate: rateOf(row),
    recurring: row.recurring,
    clearingDays: row.clearing_days,
    from: row.from_at,
    madeBy: row.made_by,
  };
}

function rateOf({ rate_kind, basis_points, amount, currency }: TermsRow): Rate | null {
  if (rate_kind === 'percent') return { kind: 'percent', basisPoints: basis_points ?? 0 };
  if (rate_kind === 'fixed' && currency) return { kind: 'fixed', amount: amount ?? 0, currency };
  return null;
}
