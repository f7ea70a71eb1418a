/** Which terms apply to a line: the most specific scope that says something, as of when the line was paid. */
import type { TermsChange } from '../events/rules';
import type { Rate } from '../settings';

/** One version of one scope's terms. Never changed; a change is a newer version. */
export interface TermsVersion {
  readonly id: string;
  readonly scope: TermsChange['scope'];
  readonly scopeKey: string;
  /** null inherits from the next wider scope. */
  readonly rate: Rate | null;
  readonly recurring: 'every' | 'once' | null;
  readonly clearingDays: number | null;
  /** ms, UTC: holds for lines paid at or after this. */
  readonly from: number;
  readonly madeBy: string;
}

/** The terms that a line is evaluated under, and which version each part came from. */
export interface AppliedTerms {
  readonly rate: Rate;
  readonly rateFrom: TermsVersion;
  readonly recurring: 'every' | 'once';
  readonly clearingDays: number;
}

/** Most specific first. 0 % is a rate like any other and never falls through; only null does. */
const SCOPES: readonly TermsChange['scope'][] = ['affiliate', 'product', 'program'];

export interface TermsQuestion {
  readonly affiliateId: number;
  readonly productId: string;
  /** ms, UTC */
  readonly paidAt: number;
}

/**
 * @param versions all that might apply, in any order; must hold at least one of the program's
 * @returns the terms for a line of that product paid at that time
 */
export function termsFor(versions: readonly TermsVersion[], question: TermsQuestion): AppliedTerms {
  const inForce = SCOPES.map((scope) => newestOf(versions, scope, question)).filter(
    (version) => version !== null,
  );
  const program = inForce.at(-1);
  if (program?.scope !== 'program')
    throw new Error('the program has no terms: install() makes the first version');
  const rateFrom = inForce.find(({ rate }) => rate !== null);
  if (!rateFrom?.rate) throw new Error('the program terms inherit a rate from nobody');
  return {
    rate: rateFrom.rate,
    rateFrom,
    recurring: inForce.find(({ recurring }) => recurring !== null)?.recurring ?? 'every',
    clearingDays: inForce.find(({ clearingDays }) => clearingDays !== null)?.clearingDays ?? 0,
  };
}

function newestOf(
  versions: readonly TermsVersion[],
  scope: TermsChange['scope'],
  { affiliateId, productId, paidAt }: TermsQuestion,
): TermsVersion | null {
  const keys = { affiliate: String(affiliateId), product: productId, program: '' };
  return versions
    .filter(
      (version) => version.scope === scope && version.scopeKey === keys[scope] && version.from <= paidAt,
    )
    .reduce<TermsVersion | null>(
      (newest, version) => (newest && isNewer(newest, version) ? newest : version),
      null,
    );
}

/** Two versions of one moment: the one made later, whose id is larger, holds. */
const isNewer = (a: TermsVersion, b: TermsVersion) => (a.from === b.from ? a.id > b.id : a.from > b.from);
