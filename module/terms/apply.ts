/** Which terms apply to a line: of each part, the most specific scope that says it, as of when the line was paid. */
import { isMet, type LineContext } from './conditions';
import {
  DEFAULT_ORDER,
  NET,
  scopeKeyOf,
  type AppliedTerms,
  type Limits,
  type Look,
  type Scope,
  type TermsContent,
  type TermsVersion,
} from './rules';

export interface TermsQuestion {
  readonly affiliateId: number;
  /** The group that the affiliate was in when the line was paid; '' for none. */
  readonly group: string;
  /** ms, UTC */
  readonly paidAt: number;
  readonly context: LineContext;
}

/**
 * @param versions all that might apply, in any order; must hold at least one of the program's
 * @returns the terms for a line
 */
export function termsFor(versions: readonly TermsVersion[], question: TermsQuestion): AppliedTerms {
  const program = newestOf(versions, 'program', '', question.paidAt);
  if (!program) throw new Error('the program has no terms: install() makes the first version');
  const { looked, saying } = lookAt(versions, program, question);
  const rateFrom = saying.find(({ rate }) => rate !== null);
  if (!rateFrom?.rate) throw new Error('the program terms inherit a rate from nobody');
  const { id, scope, scopeKey } = rateFrom;
  return {
    rate: rateFrom.rate,
    rateFrom: { id, scope, scopeKey },
    recurring: said(saying, 'recurring', 'every'),
    clearingDays: said(saying, 'clearingDays', 0),
    base: said(saying, 'base', NET),
    limits: said<'limits', Limits | null>(saying, 'limits', null),
    paysIn: program.paysIn ?? null,
    looked,
  };
}

/** Asks each scope in the program's order. @returns what each said, and the versions that hold for the line */
function lookAt(
  versions: readonly TermsVersion[],
  program: TermsVersion,
  question: TermsQuestion,
): { looked: Look[]; saying: TermsVersion[] } {
  const looked: Look[] = [];
  const saying: TermsVersion[] = [];
  for (const scope of program.order ?? DEFAULT_ORDER) {
    for (const scopeKey of keysOf(scope, question)) {
      const version = newestOf(versions, scope, scopeKey, question.paidAt);
      if (!version) continue;
      const finding = findingOf(version, question.context);
      looked.push({ scope, scopeKey, finding });
      if (finding === 'says') saying.push(version);
    }
  }
  looked.push({ scope: 'program', scopeKey: '', finding: 'says' });
  return { looked, saying: [...saying, program] };
}

/** @returns the keys under which a scope may have terms for the line, the most specific first */
function keysOf(scope: Scope, { affiliateId, group, context }: TermsQuestion): string[] {
  const { campaign, coupon, product, productGroup, kind, tld } = context;
  const keys: Record<Scope, string[]> = {
    affiliate: [String(affiliateId)],
    group: [group],
    coupon: [coupon],
    campaign: [campaign],
    product: [product],
    productGroup: [productGroup],
    kind: tld ? [`${kind}:${tld}`, kind] : [kind],
    program: [],
  };
  return keys[scope].map((key) => scopeKeyOf(scope, key)).filter(Boolean);
}

/** The parts that a line inherits, each from the most specific scope that says it. */
const PARTS = ['rate', 'recurring', 'clearingDays', 'base', 'limits'] as const;

function findingOf(version: TermsVersion, context: LineContext): Look['finding'] {
  if (!PARTS.some((part) => isSaid(version[part]))) return 'says_nothing';
  return !version.when || isMet(version.when, context) ? 'says' : 'condition_not_met';
}

const isSaid = <T>(part: T): part is NonNullable<T> => part !== null && part !== undefined;

function said<Part extends keyof TermsContent, Default = NonNullable<TermsContent[Part]>>(
  versions: readonly TermsVersion[],
  part: Part,
  unsaid: Default,
): NonNullable<TermsContent[Part]> | Default {
  for (const version of versions) {
    const value = version[part];
    if (isSaid(value)) return value;
  }
  return unsaid;
}

/** @returns the version of a scope that held at a time (ms, UTC); null for none */
export function newestOf(
  versions: readonly TermsVersion[],
  scope: Scope,
  key: string,
  at: number,
): TermsVersion | null {
  return (
    versions
      // A version that was made before keys were folded is found as well.
      .filter(
        (version) =>
          version.scope === scope && scopeKeyOf(scope, version.scopeKey) === key && version.from <= at,
      )
      .reduce<TermsVersion | null>(
        (newest, version) => (newest && isNewer(newest, version) ? newest : version),
        null,
      )
  );
}

/** Two versions of one moment: the one made later, whose id is larger, holds. */
const isNewer = (a: TermsVersion, b: TermsVersion) => (a.from === b.from ? a.id > b.id : a.from > b.from);
