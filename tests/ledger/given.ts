/** What the tests of statements and of the liability look at, and random histories to look at. */
import fc from 'fast-check';
import { spanNamed } from '../../module/calendar';
import type { AffiliateView, MonthEntryView } from '../../module/views';
import type { TestProgram } from '../support/given';
import { decisions } from '../withdrawals/given';

/** @returns the affiliate's month, by its name */
export function monthQuery({ id }: Pick<AffiliateView, 'id'>, month: string, zone: string, currency = 'USD') {
  const { from, to } = spanNamed('month', month, zone)!;
  return { affiliateId: id, currency, from, to };
}

/** All entries of a month, page by page as a reader would turn them. */
export async function entriesOf(
  { reads }: TestProgram,
  query: ReturnType<typeof monthQuery>,
  limit = 3,
): Promise<MonthEntryView[]> {
  const entries: MonthEntryView[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await reads.monthEntries({ ...query, limit, ...(cursor && { cursor }) });
    entries.push(...page.rows);
    if (!page.next) return entries;
    cursor = page.next;
  }
}

export type Step =
  | { readonly kind: 'pays'; readonly cents: number; readonly late: number }
  | { readonly kind: 'refunds'; readonly part: number; readonly which: number }
  | { readonly kind: 'passes'; readonly hours: number }
  | { readonly kind: 'withdraws' | 'pays out' | 'denies' | 'nightly' };

/** Two months, more or less, of whatever can befall an affiliate. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('pays' as const),
      cents: fc.integer({ min: 1, max: 90_000 }),
      late: fc.integer({ min: 0, max: 40 }),
    }),
    fc.record({
      kind: fc.constant('refunds' as const),
      part: fc.integer({ min: 1, max: 4 }),
      which: fc.nat(20),
    }),
    fc.record({ kind: fc.constant('passes' as const), hours: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ kind: fc.constantFrom('withdraws' as const, 'pays out', 'denies', 'nightly') }),
  ),
  { minLength: 4, maxLength: 16 },
);

/** Lets an affiliate live through a history. @param after is called after each step */
export async function liveThrough(
  test: TestProgram,
  affiliate: AffiliateView,
  steps: readonly Step[],
  after: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const userid = await test.referral(affiliate);
  const invoices: { invoiceid: string; cents: number }[] = [];
  let withdrawal = '';
  const decimal = (cents: number) => (cents / 100).toFixed(2);
  /** What the program refuses (nothing is available, nothing is open) is no step of a history. */
  const tried = (act: Promise<unknown>) => act.catch(() => undefined);
  const carryOut = {
    pays: async ({ cents, late }: Step & { kind: 'pays' }) => {
      const invoiceid = `${affiliate.id}-${invoices.length}`;
      invoices.push({ invoiceid, cents });
      const at = new Date(test.clock.now().getTime() - late * 24 * 3_600_000);
      await test.pays({ invoiceid, userid, total: decimal(cents), at });
    },
    refunds: async ({ part, which }: Step & { kind: 'refunds' }) => {
      const invoice = invoices[which % Math.max(1, invoices.length)];
      const amount = invoice ? Math.floor(invoice.cents / part) : 0;
      if (invoice && amount > 0) await test.refunds({ ...invoice, amount: decimal(amount) });
    },
    passes: async ({ hours }: Step & { kind: 'passes' }) => {
      test.clock.advance({ hours });
    },
    withdraws: async () => {
      await tried(
        test.withdrawal(affiliate, { method: 'paypal', details: 'me' }).then((id) => {
          withdrawal = id;
        }),
      );
    },
    'pays out': () => tried(decisions(test).approve(withdrawal, `paid ${withdrawal}`)),
    denies: () => tried(decisions(test).deny(withdrawal)),
    nightly: () => test.program.daily(),
  };
  for (const step of steps) {
    // The table pairs each kind with its step, which TypeScript cannot see.
    await (carryOut[step.kind] as (step: Step) => Promise<unknown>)(step);
    await after();
  }
}
