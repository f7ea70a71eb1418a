/** The reads of whoever looks at terms, and at the groups and coupons that they can be about. */
import type { Knex } from 'knex';
import { allGroups, groupAt, membersOf } from './affiliates';
import type { Reads } from './module';
import { allCoupons, couponsOf } from './referrals';
import { allVersions, checkWhose } from './terms';
import { SCOPES, type TermsVersion } from './terms/rules';

export function termsReads(
  knex: Knex,
  now: () => number,
): Pick<
  Reads,
  'terms' | 'termsHistory' | 'checkTerms' | 'groups' | 'groupOf' | 'groupMembers' | 'coupons' | 'couponsOf'
> {
  return {
    terms: async () => inForceOf(await allVersions(knex), now()),
    termsHistory: () => allVersions(knex),
    checkTerms: (change) => checkWhose(knex, change),
    groups: () => allGroups(knex),
    groupOf: (affiliateId) => groupAt(knex, affiliateId, now()),
    groupMembers: ({ key, ...paging }) => membersOf(knex, key, now(), paging),
    coupons: (paging) => allCoupons(knex, paging),
    couponsOf: (affiliateId) => couponsOf(knex, affiliateId),
  };
}

/**
 * @param versions newest first
 * @returns the one in force of each scope, the program's first and then the widest
 */
function inForceOf(versions: readonly TermsVersion[], now: number): TermsVersion[] {
  const seen = new Set<string>();
  const newest = versions.filter(({ scope, scopeKey, from }) => {
    const key = `${scope}:${scopeKey}`;
    return from <= now && !seen.has(key) && seen.add(key);
  });
  return newest.sort((a, b) => SCOPES.indexOf(b.scope) - SCOPES.indexOf(a.scope));
}
