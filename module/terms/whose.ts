import type { Knex } from 'knex';
import { affiliateById, allGroups } from '../affiliates';
import { AffiliatesError } from '../errors';
import type { TermsChange } from '../events/rules';
import { scopeKeyOf } from './rules';

/** @throws AffiliatesError affiliate_missing, naming `scopeKey`, for terms of an affiliate that is not there */
export async function checkAffiliate(
  knex: Knex,
  { scope, scopeKey }: Pick<TermsChange, 'scope' | 'scopeKey'>,
): Promise<void> {
  if (scope !== 'affiliate') return;
  if (!/^[1-9]\d{0,14}$/.test(scopeKey) || !(await affiliateById(knex, Number(scopeKey))))
    throw new AffiliatesError('affiliate_missing', { affiliate: scopeKey, field: 'scopeKey' });
}

/**
 * Refuses terms of somebody who is not there, where the program knows who is: affiliates and groups. Asked of people
 * when they save or preview; a replay, and a simulation of what may come, meet those who were there by then.
 * @throws AffiliatesError affiliate_missing, field_invalid for a group; both name `scopeKey`
 */
export async function checkWhose(
  knex: Knex,
  { scope, scopeKey }: Pick<TermsChange, 'scope' | 'scopeKey'>,
): Promise<void> {
  const key = scopeKeyOf(scope, scopeKey);
  await checkAffiliate(knex, { scope, scopeKey: key });
  if (scope === 'group' && !(await allGroups(knex)).some((group) => group.key === key))
    throw new AffiliatesError('field_invalid', { field: 'scopeKey' });
}
