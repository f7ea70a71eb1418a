import { record } from '../audit';
import { AffiliatesError } from '../errors';
import { LINE_KINDS, type TermsChange } from '../events/rules';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import { checkContent } from './check';
import { insertVersion, programVersions } from './queries';
import { scopeKeyOf, type Scope, type TermsContent, type TermsVersion } from './rules';
import { checkAffiliate } from './whose';

/** The first version of the program's terms holds for ever back: no line is older than the program. */
const ALWAYS = 0;

/** 'service', 'domain', and of domains one top level alone: 'domain:.co.uk'. */
const KIND_KEY = new RegExp(`^(${LINE_KINDS.join('|')}|domain:\\.[^\\s:]+)$`);

/**
 * Makes a new version of one scope's terms, which holds for lines paid from now on, or from a later date. What was
 * earned before keeps the version that it was earned under.
 * @param earliest when it may begin; ms, UTC
 * @throws AffiliatesError rate_invalid (the program's own must say everything), field_invalid (also a `from` that is
 *   past: what is paid is not rated anew), affiliate_missing
 */
export async function changeTerms(work: UnitOfWork, change: TermsChange, earliest = work.now): Promise<void> {
  const { scope, from = work.now, scopeKey: written, ...content } = change;
  const scopeKey = checkedKey(scope, written);
  checkContent(scope, content);
  const isProgram = scope === 'program';
  if (from < earliest) throw new AffiliatesError('field_invalid', { field: 'from' });
  if (isProgram) checkComplete(content);
  await checkAffiliate(work.trx, { scope, scopeKey });
  const before = isProgram ? await programVersions(work.trx) : [];
  const version: TermsVersion = {
    ...(isProgram ? withUnsaid(content, before[0]) : content),
    id: work.newId(),
    scope,
    scopeKey,
    from: isProgram && before.length === 0 ? ALWAYS : from,
    madeBy: nameOf(work.by),
  };
  await insertVersion(work.trx, version);
  const affiliateId = scope === 'affiliate' ? Number(scopeKey) : null;
  await record(work, 'terms.changed', affiliateId, { scope, key: scopeKey });
}

function checkedKey(scope: Scope, written: string): string {
  const key = scopeKeyOf(scope, written);
  const isKnown = scope === 'kind' ? KIND_KEY.test(key) : (key === '') === (scope === 'program');
  if (!isKnown) throw new AffiliatesError('field_invalid', { field: 'scopeKey' });
  return key;
}

/** The program has an answer to everything. */
function checkComplete({ rate, recurring, clearingDays }: TermsContent): void {
  if (!rate || recurring === null || clearingDays === null) {
    throw new AffiliatesError('rate_invalid', { field: 'rate' });
  }
}

/** A change of the program's terms leaves what it does not mention as it was; null takes a part away. */
function withUnsaid(content: TermsContent, before: TermsVersion | undefined): TermsContent {
  if (!before) return content;
  const { base, limits, shares, bonuses, order, paysIn } = before;
  const kept = Object.entries({ base, limits, shares, bonuses, order, paysIn }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(kept), ...content };
}
