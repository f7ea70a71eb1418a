/**
 * What may be known of a line and why it earned or not: all of it by staff, and by its affiliate whatever does not say
 * whose line it was. Amounts in minor units, times in ms since the epoch (UTC).
 */
import type { LineKind } from '../events/rules';
import type { Currency } from '../money';
import type { EntryKind } from '../views';
import type { Evaluation, EvaluationCode, Step } from './rules';

/** One look at a line. A later one that found something else has the next number. */
export interface EvaluationView {
  readonly number: number;
  readonly outcome: Evaluation['outcome'];
  readonly code: EvaluationCode;
  /** Every rule that was looked at, in order. */
  readonly steps: readonly Step[];
  readonly amount: number;
  readonly currency: Currency;
  readonly evaluatedAt: number;
}

/** What a line earned, and what became of it. */
export interface CommissionView {
  readonly currency: Currency;
  readonly earned: number;
  /** How much of it has been taken back. */
  readonly reversed: number;
  readonly state: 'clearing' | 'cleared' | 'held';
  readonly clearsAt: number;
  /** Whether there was a time to wait for at all. */
  readonly waits: boolean;
}

/** Why something is to be taken back of what a line earned, in the order in which the reasons are looked at. */
export const TAKEN_BACK = ['not_paid', 'earns_no_more', 'refunded', 'shared'] as const;

export interface TakenBack {
  readonly reason: (typeof TAKEN_BACK)[number];
  /** What of the line's net amount was given back to whoever paid it; 0 unless it was refunded. */
  readonly refunded: number;
}

/** A line as its affiliate may know it. */
export interface LineView {
  /** 1: paid by its own referral. Above, it earned a share, and of the line nothing is told but when it was paid. */
  readonly tier: number;
  readonly product: string;
  readonly kind: LineKind;
  readonly quantity: number;
  /** What was really paid for it, without tax. */
  readonly net: number;
  readonly currency: Currency;
  readonly paidAt: number;
  /** The last one first. */
  readonly evaluations: readonly EvaluationView[];
  /** null: it never earned. */
  readonly commission: CommissionView | null;
  readonly takenBack: TakenBack | null;
}

export interface EvaluationDetails extends EvaluationView {
  /** 1: for the affiliate who referred the client; 2 and 3: for those above. */
  readonly tier: number;
  readonly affiliateId: number | null;
  readonly referralId: string | null;
  /** The version of the terms that gave the rate; null where it did not come to that. */
  readonly termsId: string | null;
}

export interface CommissionDetails extends CommissionView {
  readonly id: string;
  readonly affiliateId: number;
  /** 1: the affiliate who referred the client. */
  readonly tier: number;
  readonly referralId: string;
  /** JSON of the terms that it was earned under. */
  readonly terms: string;
  readonly postings: readonly PostingView[];
}

/** One ledger transaction about a commission. */
export interface PostingView {
  readonly id: string;
  readonly key: string;
  readonly kind: EntryKind;
  readonly at: number;
  readonly amount: number;
  /** The event that led to it. */
  readonly eventId: string;
}

export interface RefundView {
  readonly refundId: string;
  /** null: all of it. With tax; without where it was for one line. */
  readonly amount: number | null;
  /** '' for the invoice as a whole. */
  readonly lineId: string;
  readonly at: number;
  /** When its money came back; null while it has not. */
  readonly reversedAt: number | null;
}

/** A line as staff may know it. */
export interface LineDetails extends LineView {
  readonly lineKey: string;
  readonly invoiceId: string;
  readonly lineId: string;
  readonly clientId: string;
  readonly serviceId: string;
  readonly productId: string;
  /** What was paid for the whole invoice in new money, with tax. */
  readonly charged: number;
  readonly invoiceStatus: 'awaited' | 'paid' | 'reopened';
  /** The first tier's, the last one first. */
  readonly evaluations: readonly EvaluationDetails[];
  /** Those of the tiers above, the last one of each first. */
  readonly shares: readonly EvaluationDetails[];
  readonly commissions: readonly CommissionDetails[];
  /** Of the line, and of its invoice as a whole. */
  readonly refunds: readonly RefundView[];
}

/** What made a commission change after it was earned. */
export const CAUSES = [
  'refunded_all',
  'refunded_part',
  'refund_reversed',
  'unpaid',
  'cancelled',
  'paid_again',
  'reported_late',
  'shared',
  'other',
] as const;

/** Why an entry about a commission was posted. */
export interface EntryExplained {
  readonly currency: Currency;
  readonly line: LineView | null;
  /** null for an entry that needs none: it earned or cleared as expected. */
  readonly cause: CauseView | null;
  /** What the commission had earned, and how much of it was taken back after this entry. */
  readonly earned: number;
  readonly takenBack: number;
}

export interface CauseView {
  readonly code: (typeof CAUSES)[number];
  /** What a refund in part gave back of the line, and what had been paid for it, without tax; else 0. */
  readonly amount: number;
  readonly of: number;
  readonly currency: Currency;
}
