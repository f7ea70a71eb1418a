/**
 * What a referral's payments earn, one after the other, under any terms: predicted by a model of a few lines, in exact
 * integers, written from docs/terms.md.
 */
import fc from 'fast-check';
import type { TermsContent, TermsRate } from '../../module/terms/rules';
import { earn, fixed, limits, percent, type Case } from './given';

interface Payment {
  /** Minor units. */
  readonly net: number;
  readonly currency: 'USD' | 'EUR';
}

interface Said {
  /** Basis points, or a fixed amount in cents. */
  readonly steps: readonly { upTo: number | null; rate: { percent: number } | { fixed: number } }[];
  readonly payments: number | null;
  readonly lineMinimum: number | null;
  readonly lineMaximum: number | null;
  readonly referralMaximum: number | null;
  readonly converts: boolean;
  /** Dollars for a euro, in ten-thousandths. */
  readonly exchange: number;
}

const cents = fc.integer({ min: 0, max: 500_00 });
const bound = fc.option(fc.integer({ min: 0, max: 60_00 }), { nil: null });
const rate = fc.oneof(
  fc.record({ percent: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ fixed: fc.integer({ min: 0, max: 90_00 }) }),
);
const steps = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    fc.array(rate, { minLength: 4, maxLength: 4 }),
  )
  .map(([ends, rates]) => {
    const rising = [...ends.sort((one, other) => one - other), null];
    return rising.map((upTo, index) => ({ upTo, rate: rates[index]! }));
  });
const said: fc.Arbitrary<Said> = fc
  .record({
    steps,
    payments: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
    lineMinimum: bound,
    lineMaximum: bound,
    referralMaximum: fc.option(fc.integer({ min: 0, max: 300_00 }), { nil: null }),
    converts: fc.boolean(),
    exchange: fc.integer({ min: 1, max: 30_000 }),
  })
  .filter(({ lineMinimum, lineMaximum }) => (lineMinimum ?? 0) <= (lineMaximum ?? Infinity));
const payments = fc.array(
  fc.record({ net: cents, currency: fc.constantFrom('USD' as const, 'USD' as const, 'EUR' as const) }),
  { minLength: 1, maxLength: 9 },
);

const rounded = (top: bigint, bottom: bigint) => Number((2n * top + bottom) / (2n * bottom));

/** @returns what each payment earns: [currency, minor units] */
function expected(terms: Said, list: readonly Payment[]): [string, number][] {
  let [used, counted] = [0, 0];
  return list.map(({ net, currency }) => {
    const nothing: [string, number] = [currency, 0];
    if (net === 0 || (terms.payments !== null && counted >= terms.payments)) return nothing;
    const { rate: flat } = terms.steps.find(({ upTo }) => upTo === null || counted + 1 <= upTo)!;
    if ('fixed' in flat && currency !== 'USD') return nothing;
    const asked = 'fixed' in flat ? flat.fixed : rounded(BigInt(net) * BigInt(flat.percent), 10_000n);
    if (asked === 0) return nothing;
    const toDollars = (amount: number) =>
      terms.converts && currency === 'EUR'
        ? rounded(BigInt(amount) * BigInt(terms.exchange), 10_000n)
        : amount;
    const paidIn = terms.converts ? 'USD' : currency;
    let amount = toDollars(Math.min(asked, net));
    if (paidIn === 'USD') {
      amount = Math.max(amount, Math.min(terms.lineMinimum ?? 0, toDollars(net)));
      amount = Math.min(amount, terms.lineMaximum ?? Infinity);
      amount = Math.min(amount, Math.max(0, (terms.referralMaximum ?? Infinity) - used));
      used += amount;
    }
    if (amount > 0) counted++;
    return [paidIn, amount];
  });
}

function caseOf(terms: Said): Case {
  const rates = terms.steps.map((step) => ({
    upTo: step.upTo,
    rate: 'fixed' in step.rate ? fixed(step.rate.fixed) : percent(step.rate.percent),
  }));
  const { lineMinimum, lineMaximum, referralMaximum } = terms;
  const stepped: TermsRate = { kind: 'steps', by: 'payments', steps: rates };
  const program: Partial<TermsContent> = {
    rate: stepped,
    recurring: terms.payments === null ? 'every' : { payments: terms.payments },
    limits: limits({ lineMinimum, lineMaximum, referralMaximum }),
    paysIn: terms.converts ? 'USD' : null,
  };
  return { program };
}

/** @returns what the program says of each payment, told what it said of those before */
function evaluated(terms: Said, list: readonly Payment[]) {
  let before = { payments: 0, earnedByReferral: 0 };
  return list.map(({ net, currency }) => {
    const exchangeRate = (terms.exchange / 10_000).toFixed(4);
    const evaluation = earn({ ...caseOf(terms), net, facts: { currency, exchangeRate }, before });
    const isCapped = evaluation.currency === 'USD';
    before = {
      payments: before.payments + (evaluation.amount > 0 ? 1 : 0),
      earnedByReferral: before.earnedByReferral + (isCapped ? evaluation.amount : 0),
    };
    return evaluation;
  });
}

const RUNS = { numRuns: 400 };

describe('The payments of a referral under any terms', () => {
  it('earn what rate, phase, duration, conversion and limits make of them, to the cent', () => {
    fc.assert(
      fc.property(said, payments, (terms, list) => {
        const found = evaluated(terms, list).map(({ currency, amount }) => [currency, amount]);
        const model = expected(terms, list);
        // Where nothing is earned there is no currency to compare.
        const amounts = (rows: readonly (readonly unknown[])[]) =>
          rows.map(([currency, amount]) => (amount === 0 ? 0 : [currency, amount]));
        expect(amounts(found)).toEqual(amounts(model));
      }),
      RUNS,
    );
  });

  it('never earn more than was paid, a fraction, or more than the cap of the referral', () => {
    fc.assert(
      fc.property(said, payments, (terms, list) => {
        const all = evaluated({ ...terms, converts: false }, list);
        all.forEach(({ amount }, index) => {
          expect(Number.isSafeInteger(amount)).toBe(true);
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(list[index]!.net);
        });
        const dollars = all.filter(({ currency }) => currency === 'USD');
        const total = dollars.reduce((sum, { amount }) => sum + amount, 0);
        expect(total).toBeLessThanOrEqual(terms.referralMaximum ?? Infinity);
      }),
      RUNS,
    );
  });

  it('say that they were clamped exactly where a limit made them less', () => {
    fc.assert(
      fc.property(said, payments, (terms, list) => {
        const open = { lineMaximum: null, referralMaximum: null };
        evaluated(terms, list).forEach(({ amount, currency, steps: found, code }, index) => {
          if (code !== 'earned' || currency !== 'USD') return;
          const clamped = found.some(({ finding }) => finding === 'clamped');
          const [alone] = evaluated({ ...terms, ...open, payments: null, steps: stepOf(terms, found) }, [
            list[index]!,
          ]);
          expect(clamped).toBe(amount < alone!.amount);
        });
      }),
      RUNS,
    );
  });
});

/** The one step that a payment fell into, as the evaluation tells it. */
function stepOf({ steps: all }: Said, found: readonly { rule: string; parameters: object }[]): Said['steps'] {
  const { upTo } = found.find(({ rule }) => rule === 'rate')!.parameters as { upTo: number };
  return [{ upTo: null, rate: all.find((step) => (step.upTo ?? 0) === upTo)!.rate }];
}
