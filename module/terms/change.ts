import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { TermsChange } from '../events/rules';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import { allVersions, insertVersion } from './queries';

/** The first version of the program's terms holds for ever back: no line is older than the program. */
const ALWAYS = 0;

/**
 * Makes a new version of one scope's terms, which holds for lines paid from now on. What was earned before keeps
 * the version that it was earned under.
 * @throws AffiliatesError rate_invalid (the program's own must say everything), affiliate_missing
 */
export async function changeTerms(work: UnitOfWork, change: TermsChange): Promise<void> {
  const { scope, scopeKey, rate } = change;
  const isProgram = scope === 'program';
  if (isProgram && (!rate || change.recurring === null || change.clearingDays === null)) {
    throw new AffiliatesError('rate_invalid', { field: 'rate' });
  }
  if (isProgram !== (scopeKey === '')) throw new AffiliatesError('field_invalid', { field: 'scopeKey' });
  if (scope === 'affiliate' && !(await affiliateById(work.trx, Number(scopeKey)))) {
    throw new AffiliatesError('affiliate_missing', { affiliate: scopeKey });
  }
  const first = isProgram && (await allVersions(work.trx)).length === 0;
  const from = first ? ALWAYS : work.now;
  await insertVersion(work.trx, { ...change, id: work.newId(), from, madeBy: nameOf(work.by) });
  const affiliateId = scope === 'affiliate' ? Number(scopeKey) : null;
  await record(work, 'terms.changed', affiliateId, { scope, key: scopeKey });
}
