/** All the SQL of the terms' table. */
import type { Knex } from 'knex';
import { countsAffiliate, type TermsContent, type TermsVersion } from './rules';

const TERMS = 'mod_affiliates_terms';

interface TermsRow {
  readonly id: string;
  readonly scope: TermsVersion['scope'];
  readonly scope_key: string;
  /** JSON of what the version says. */
  readonly content: string;
  /**
   * Whether it concerns more lines than those of its scope: what they earn depends on the affiliate's other referrals,
   * or it is a share of what other affiliates earn. 0 or 1 in SQLite and MySQL alike.
   */
  readonly counts_affiliate: boolean | number;
  readonly from_at: number;
  readonly made_by: string;
}

export async function insertVersion(
  trx: Knex.Transaction,
  { id, scope, scopeKey, from, madeBy, ...content }: TermsVersion,
): Promise<void> {
  const row: TermsRow = {
    id,
    scope,
    scope_key: scopeKey,
    content: JSON.stringify(content),
    counts_affiliate: countsAffiliate(content) || (content.shares ?? null) !== null,
    from_at: from,
    made_by: madeBy,
  };
  await trx(TERMS).insert(row);
}

/**
 * @returns every version that may apply to lines of this affiliate and these products, and any that makes one line's
 *   commission depend on another's or gives a share of it; of scopes with few keys all, for whoever asks to choose
 */
export async function versionsFor(
  knex: Knex,
  affiliateId: number,
  productIds: readonly string[],
): Promise<TermsVersion[]> {
  const rows = await knex<TermsRow>(TERMS).where((scopes) => {
    void scopes
      .whereNotIn('scope', ['affiliate', 'product'])
      .orWhere({ counts_affiliate: true })
      .orWhere({ scope: 'affiliate', scope_key: String(affiliateId) })
      .orWhere((product) => {
        void product.where({ scope: 'product' }).whereIn('scope_key', [...productIds]);
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

/** @returns the program's own versions, newest first. */
export async function programVersions(knex: Knex): Promise<TermsVersion[]> {
  const rows = await knex<TermsRow>(TERMS)
    .where({ scope: 'program' })
    .orderBy([
      { column: 'from_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  return rows.map(toVersion);
}

const toVersion = ({ id, scope, scope_key, content, from_at, made_by }: TermsRow): TermsVersion => ({
  // Written by insertVersion alone, from a checked content.
  ...(JSON.parse(content) as TermsContent),
  id,
  scope,
  scopeKey: scope_key,
  from: from_at,
  madeBy: made_by,
});
