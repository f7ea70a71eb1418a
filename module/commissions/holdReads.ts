/** What staff see of what is on hold. */
import type { Knex } from 'knex';
import { pageOf } from '../database/keyset';
import type { Currency } from '../money';
import type { Reads } from '../module';
import { SUSPICIONS, type Suspicion } from '../referrals/rules';
import {
  affiliatesOfHolds,
  countHolds,
  heldRows,
  narrowHolds,
  type HeldRow,
  type HoldsNarrowed,
} from './holdQueries';
import type { Step } from './rules';

/** A line of which what it earned waits for staff. Amounts in minor units, times in ms since the epoch (UTC). */
export interface HoldView {
  readonly lineKey: string;
  readonly invoiceId: string;
  readonly clientId: string;
  readonly affiliate: { readonly id: number; readonly code: string };
  readonly currency: Currency;
  /** What is left of it after refunds. */
  readonly amount: number;
  readonly paidAt: number;
  /** What it is suspected of. */
  readonly steps: readonly Step[];
}

/** Ids are ULIDs: later ones are larger. */
const OLDEST_FIRST = {
  column: 'c.id',
  id: 'c.id',
  descending: false,
  keyOf: ({ id }: HeldRow) => [id, id] as const,
};

const DAY_MS = 86_400_000;
/** How long ago a line was paid that waits, at least: by name, in days. */
export const HOLD_AGES = { week: 7, month: 30, quarter: 90 } as const;
export type HoldAge = keyof typeof HOLD_AGES;

/** Which of what waits is shown. */
export interface HoldFilter {
  readonly reason?: Suspicion;
  readonly affiliateId?: number;
  readonly age?: HoldAge;
}

/** How much waits; of each part, under what else is asked for. */
export interface HoldCounts {
  readonly shown: number;
  readonly reasons: Readonly<Record<Suspicion | 'all', number>>;
  readonly ages: Readonly<Record<HoldAge | 'all', number>>;
  /** Those of whom most waits. */
  readonly affiliates: readonly { readonly id: number; readonly code: string; readonly count: number }[];
}

/** A longer list nobody reads; every affiliate can be named in the address. */
const MOST_AFFILIATES = 50;

export function holdReads(knex: Knex, now: () => number): Pick<Reads, 'holds' | 'holdCounts' | 'hold'> {
  const paidBefore = (age: HoldAge) => now() - HOLD_AGES[age] * DAY_MS;
  const narrowed = ({ age, ...rest }: HoldFilter): HoldsNarrowed => ({
    ...rest,
    ...(age && { paidBefore: paidBefore(age) }),
  });
  return {
    holds: async ({ filter = {}, ...paging }) => {
      const query = narrowHolds(knex, heldRows(knex), narrowed(filter));
      const page = await pageOf(query, OLDEST_FIRST, paging);
      return { ...page, rows: page.rows.map(toView) };
    },
    holdCounts: async (filter) => {
      const { reason, affiliateId, age } = filter;
      const suspected = SUSPICIONS.map((suspicion) => [suspicion, { suspicion }] as const);
      const old = AGES.map((name) => [name, { paidBefore: paidBefore(name) }] as const);
      const [all, reasons, ages, affiliates] = await Promise.all([
        countHolds(knex, narrowed(filter), {}),
        countHolds(knex, narrowed(given({ affiliateId, age })), Object.fromEntries(suspected)),
        countHolds(knex, narrowed(given({ affiliateId, reason })), Object.fromEntries(old)),
        affiliatesOfHolds(knex, narrowed(given({ reason, age })), MOST_AFFILIATES),
      ]);
      // One count was asked for by each name.
      return {
        shown: all['all'] ?? 0,
        reasons: reasons,
        ages: ages,
        affiliates,
      };
    },
    hold: async (lineKey) => {
      const [row] = await heldRows(knex).where({ 'c.line_key': lineKey });
      return row ? toView(row) : null;
    },
  };
}

const AGES = Object.keys(HOLD_AGES) as HoldAge[];

/** What is undefined is left out. */
const given = (filter: { [Part in keyof HoldFilter]?: HoldFilter[Part] | undefined }): HoldFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

function toView(row: HeldRow): HoldView {
  // Written by `insertEvaluations` alone.
  const steps = JSON.parse(row.steps) as Step[];
  return {
    lineKey: row.line_key,
    invoiceId: row.invoice_id,
    clientId: row.client_id,
    affiliate: { id: row.affiliate_id, code: row.code },
    currency: row.currency,
    amount: row.amount,
    paidAt: row.paid_at,
    steps: steps.filter(({ rule }) => rule === 'hold'),
  };
}
