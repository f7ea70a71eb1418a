import type { Knex } from 'knex';
import { affiliateById, allGroups } from '../affiliates';
import { AffiliatesError } from '../errors';
import type { TermsChange } from '../events/rules';

/**
 * Refuses terms of somebody who is not there, where the program knows who is: affiliates and groups. Asked of people
 * when they save or preview; a replay, and a simulation of what may come, meet those who were there by then.
 * @throws AffiliatesError affiliate_missing, field_invalid for a group; both name `scopeKey`
 */
export async function checkWhose(
  knex: Knex,
  { scope, scopeKey }: Pick<TermsChange, 'scope' | 'scopeKey'>,
): Promise<void> {
  const key = scopeKey.trim();
  if (scope === 'affiliate' && !(/^\d{1,15}$/.test(key) && (await affiliateById(knex, Number(key)))))
    throw new AffiliatesError('affiliate_missing', { affiliate: key, field: 'scopeKey' });
  if (scope === 'group' && !(await allGroups(knex)).some((group) => group.key === key))
    throw new AffiliatesError('field_invalid', { field: 'scopeKey' });
}
