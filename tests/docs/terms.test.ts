/** The page about terms: each row of its tables is run, and earns what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachedMilestones } from '../../module/commissions/bonus';
import { evaluateShare } from '../../module/commissions/shares';
import {
  DEFAULT_ORDER,
  SCOPES,
  type Bonuses,
  type Condition,
  type Field,
  type Operator,
  type Scope,
  type TermsRate,
} from '../../module/terms/rules';
import { earn, fixed, limits, percent, version, type Case } from '../terms/given';

const PAGE = readFileSync(join(__dirname, '../../docs/terms.md'), 'utf8');
type Cells = readonly [string, string, string];

/** @returns the rows of the table under a heading, without its head */
function rowsUnder(heading: string): Cells[] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => {
    const [first = '', second = '', third = ''] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return [first, second, third];
  });
}

/** Minor units of '$9.99' and 'JPY 10000': the page writes each currency with its own decimals. */
const minor = (text: string) => Number(text.replace(/[^0-9]/g, ''));
const currencyOf = (text: string) => (text.startsWith('$') ? 'USD' : text.slice(0, 3));
const rateOf = (text: string) =>
  text.endsWith('%') ? percent(Math.round(parseFloat(text) * 100)) : fixed(minor(text));

const PHASES: TermsRate = {
  kind: 'steps',
  by: 'payments',
  steps: [
    { upTo: 3, rate: percent(4000) },
    { upTo: null, rate: percent(2000) },
  ],
};
const LIMITS = limits({ lineMinimum: 300, lineMaximum: 2000, periodMaximum: 5000 });

const KEYS: Readonly<Record<Scope, string>> = {
  affiliate: '7',
  group: 'gold',
  coupon: 'save10',
  campaign: 'spring',
  product: 'web-1',
  productGroup: 'hosting',
  kind: 'domain',
  program: '',
};
/** A scope's terms with those of all that come after it on the page. */
function fromOn(scope: string): Case {
  const rows = rowsUnder('Whose terms');
  const held = rows.slice(rows.findIndex(([name]) => name === scope));
  const more = SCOPES.flatMap((each) => {
    const row = held.find(([name]) => name === each);
    return row && each !== 'program' ? [version(each, KEYS[each], rateOf(row[1]))] : [];
  });
  return { group: 'gold', program: { rate: rateOf(rows.at(-1)?.[1] ?? '') }, more };
}

/** The line under 'What a percentage is of', and what of it a row counts. */
function ofMore(counted: string): number {
  const price = { discount: 2000, credit: 3000, tax: 950 };
  const [discount, credit, tax] = ['discount', 'credit', 'tax'].map((part) => counted.includes(part));
  const base = { discount: !!discount, credit: !!credit, tax: !!tax };
  return earn({ net: 5000, price, program: { base } }).amount;
}

/** 'cycle is monthly', 'country in DE, AT', 'any: …; …' */
function conditionOf(text: string): Condition {
  const [, word, rest = ''] = /^(all|any): (.*)$/.exec(text) ?? [];
  const several = rest.split('; ').filter(Boolean).map(conditionOf);
  if (word) return word === 'all' ? { all: several } : { any: several };
  const [field = '', operator = '', ...value] = text.split(' ');
  const written = value.join(' ');
  const isMoney = field === 'amount';
  return {
    field: field as Field,
    operator: operator as Operator,
    value: isMoney
      ? { amount: minor(written), currency: 'USD' }
      : operator === 'in'
        ? written.split(', ')
        : written,
  };
}

function underCondition(text: string): number {
  const terms = { rate: percent(2000), when: conditionOf(text) };
  return earn({ more: [version('product', 'web-1', terms)], context: { coupon: '' } }).amount;
}

const BONUSES: Bonuses = {
  currency: 'USD',
  signup: 500,
  milestones: [
    { conversions: 10, amount: 2500 },
    { conversions: 50, amount: 10_000 },
  ],
};

/** How the rows of each table are meant. */
const TABLES: Readonly<Record<string, (first: string, second: string) => number>> = {
  'A rate': (paid, rate) => earn({ net: minor(paid), program: { rate: rateOf(rate) } }).amount,
  'What a percentage is of': ofMore,
  Steps: (paid, nth) =>
    earn({ net: minor(paid), program: { rate: PHASES }, before: { payments: Number(nth) - 1 } }).amount,
  'How long': (paid, nth) => {
    const before = { payments: Number(nth) - 1 };
    return earn({ net: minor(paid), program: { recurring: { payments: 3 } }, before }).amount;
  },
  Limits: (paid, used) =>
    earn({ net: minor(paid), program: { limits: LIMITS }, before: { earnedInPeriod: minor(used) } }).amount,
  Currencies: (paid, exchangeRate) => {
    const facts = { currency: currencyOf(paid), exchangeRate };
    return earn({ net: minor(paid), program: { paysIn: 'USD' }, facts }).amount;
  },
  'Whose terms': (scope) => earn(fromOn(scope)).amount,
  'From when': (paidAt) => {
    const from = Date.parse('2026-04-01T00:00:00Z');
    const more = [version('program', '', { rate: percent(2000), from })];
    return earn({ more, facts: { paidAt: Date.parse(paidAt) } }).amount;
  },
  Conditions: underCondition,
  Shares: (commission, share) => {
    const facts = { tier: 2, isActive: true, isPayer: false, termsId: 'T' };
    const of = earn({ net: minor(commission), program: { rate: percent(10_000) } });
    return evaluateShare({ ...facts, share: Math.round(parseFloat(share) * 100) }, of).amount;
  },
  Bonuses: (conversions) => {
    const milestones = reachedMilestones(BONUSES, Number(conversions));
    return milestones.reduce((total, { amount }) => total + amount, BONUSES.signup);
  },
};

describe('The page about terms', () => {
  const rows = Object.keys(TABLES).flatMap((heading) =>
    rowsUnder(heading).map((cells) => [heading, ...cells] as const),
  );

  it.each(rows)('%s: %s, %s earns %s', (heading, first, second, earned) => {
    expect(TABLES[heading]?.(first, second)).toBe(minor(earned));
  });

  it('has no table that is not run, and none that is empty', () => {
    const headings = [...PAGE.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
    expect(headings.filter((heading) => rowsUnder(heading).length > 0)).toEqual(Object.keys(TABLES));
  });

  it('asks scopes in the order of the code', () => {
    expect(rowsUnder('Whose terms').map(([scope]) => scope)).toEqual([...DEFAULT_ORDER, 'program']);
  });
});
