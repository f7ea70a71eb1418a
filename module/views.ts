/** What pages may know of the program's state: plain rows, amounts in minor units, times in ms since the epoch (UTC). */
import type { Currency } from './money';
import type { PayoutMethod } from './settings';
import type { TermsVersion } from './terms/rules';

export type AffiliateStatus = 'active' | 'suspended' | 'closed';

export interface AffiliateView {
  readonly id: number;
  readonly clientId: string;
  /** The code in the referral link. */
  readonly code: string;
  readonly status: AffiliateStatus;
  /** Why it is suspended or closed; '' otherwise. */
  readonly statusReason: string;
  readonly locale: string;
  readonly enrolledAt: number;
}

/** The three large figures. */
export interface FiguresView {
  readonly clicks: number;
  readonly signups: number;
  readonly conversions: number;
}

/** One affiliate's money in one currency. */
export interface StatementView {
  readonly currency: Currency;
  readonly clearing: number;
  /** Cleared money; negative when a refund after a payout left a debt. */
  readonly cleared: number;
  /** In an open withdrawal. */
  readonly reserved: number;
  readonly withdrawn: number;
  readonly threshold: number;
  /** `cleared` while it is under the threshold, else 0. */
  readonly belowThreshold: number;
  /** `cleared` once it reaches the threshold, else 0. */
  readonly available: number;
  /** How much cleared money is missing until a withdrawal can be requested. */
  readonly missing: number;
  /** Everything earned and not reversed: clearing + cleared + reserved + withdrawn. */
  readonly acquired: number;
}

export const REFERRAL_SORTS = [
  'signedUp',
  'name',
  'product',
  'status',
  'paid',
  'earned',
  'lastCommission',
] as const;
export type ReferralSort = (typeof REFERRAL_SORTS)[number];

export interface ReferralFilter {
  readonly status: 'all' | 'active' | 'closed';
  /** Signup date, ms, inclusive; undefined for open. */
  readonly from?: number;
  readonly to?: number;
  /** Minor units, inclusive. */
  readonly minimumEarned?: number;
  /** Matches name (as far as privacy shows it) or product. */
  readonly search?: string;
}

export interface ReferralView {
  readonly id: string;
  readonly signedUpAt: number;
  /** As privacy allows: 'J. D.', 'Jane D.' or ''. */
  readonly name: string;
  readonly product: string;
  readonly status: 'active' | 'closed';
  readonly paid: number;
  readonly earned: number;
  /** null: none yet */
  readonly lastCommissionAt: number | null;
}

/** One page of rows with the cursors of its neighbours, which fit into an address; null at the ends. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly previous: string | null;
}

export interface ReferralList extends Rows<ReferralView> {
  readonly currency: Currency;
  /** Over all rows of the filter, not only this page. */
  readonly total: { readonly count: number; readonly paid: number; readonly earned: number };
}

export type EntryKind =
  | 'opening'
  | 'earn'
  | 'bonus'
  | 'clear'
  | 'reverse'
  | 'reinstate'
  | 'reserve'
  | 'release'
  | 'pay'
  | 'transfer'
  | 'correct';

/** One line of the statement: what a ledger transaction did to this affiliate's accounts. */
export interface EntryView {
  readonly id: string;
  readonly kind: EntryKind;
  readonly at: number;
  readonly currency: Currency;
  /** What moved, always positive; the kind says from where to where. */
  readonly amount: number;
  /** The referral's name as privacy allows, '' where there is none. */
  readonly referral: string;
  readonly product: string;
  /** The withdrawal it belongs to, '' where there is none. */
  readonly withdrawalId: string;
  /** For a correction by staff: which way it goes, and why. */
  readonly correction: Pick<CorrectionView, 'direction' | 'reason'> | null;
}

/** What an affiliate earned or was paid in an earlier program: evidence beside the balance that came over. */
export interface EarlierEntryView {
  readonly kind: 'commission' | 'withdrawal';
  /** 0 where it was not told; ms, UTC. */
  readonly at: number;
  readonly amount: number;
  readonly currency: Currency;
  /** '' where it was not told. */
  readonly invoiceId: string;
}

/** A credit gives the affiliate, a debit takes from it. */
export type CorrectionDirection = 'credit' | 'debit';
/** Proposed: it waits for a second person. Retracted: its proposer took it back. */
export type CorrectionStatus = 'proposed' | 'posted' | 'rejected' | 'retracted';

/** An amount that staff gave an affiliate, or took from it, by hand. */
export interface CorrectionView {
  readonly id: string;
  readonly affiliate: Pick<AffiliateView, 'id' | 'code'>;
  readonly clientId: string;
  readonly currency: Currency;
  /** Always positive. */
  readonly amount: number;
  readonly direction: CorrectionDirection;
  /** What the affiliate reads. */
  readonly reason: string;
  readonly status: CorrectionStatus;
  /** Whether it took a second person, under the setting of its day. */
  readonly needsApproval: boolean;
  readonly proposedAt: number;
  readonly proposedBy: string;
  /** The host's id of the staff member who proposed it; people are told apart by it. */
  readonly proposedById: string;
  readonly decidedAt: number | null;
  readonly decidedBy: string;
  /** Why it was rejected; for staff alone. */
  readonly decisionReason: string;
}

/** What stands in the accounts that an affiliate sees, or by how much something changed it. */
export interface AccountsView {
  readonly clearing: number;
  readonly cleared: number;
  readonly reserved: number;
  readonly withdrawn: number;
  /** What the program owes: clearing + cleared + reserved. */
  readonly owed: number;
}

/** An affiliate's month, or any other time, in one currency: opening + movements = closing, in each account. */
export interface MonthView {
  readonly opening: AccountsView;
  readonly movements: readonly {
    readonly kind: EntryKind;
    /** How many entries. */
    readonly count: number;
    readonly changes: AccountsView;
  }[];
  readonly closing: AccountsView;
}

/** An entry with what it did to the accounts. */
export interface MonthEntryView extends EntryView {
  /** When it was posted, which decides its month; `at` is when what led to it happened. */
  readonly postedAt: number;
  readonly changes: AccountsView;
  /** What stood in the accounts after it. */
  readonly after: AccountsView;
}

/** What the program owed at the end of a day, minor units of one currency. */
export interface OwedView {
  readonly accounts: Readonly<Record<'clearing' | 'cleared' | 'reserved', number>>;
  /** Of each account, by age: up to 30 days, 60, 90, 180, and older. */
  readonly aged: Readonly<Record<'clearing' | 'cleared' | 'reserved', readonly number[]>>;
  /** Of all three accounts, by age. */
  readonly ages: readonly number[];
  readonly owed: number;
  /** What affiliates owe: cleared money below zero, as a positive amount. It is no part of `owed`. */
  readonly debt: number;
}

export interface LiabilityView {
  readonly total: OwedView;
  /** Who is owed anything or owes, the most first. */
  readonly rows: readonly (OwedView & {
    readonly affiliate: Pick<AffiliateView, 'id' | 'code' | 'clientId'>;
  })[];
}

export type WithdrawalStatus = 'requested' | 'paying' | 'paid' | 'denied' | 'cancelled' | 'failed';

export interface WithdrawalView {
  readonly id: string;
  readonly affiliateId: number;
  readonly clientId: string;
  readonly currency: Currency;
  readonly amount: number;
  readonly method: PayoutMethod;
  /** What the affiliate wrote about where to pay to. */
  readonly details: string;
  readonly status: WithdrawalStatus;
  readonly ticketId: string;
  readonly requestedAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: string;
  readonly reason: string;
  /** The transaction id staff gave, or the host's reference of the credit. */
  readonly reference: string;
  /** Where it took two people: the first one's approval. It changes nothing until a second one approves as well. */
  readonly firstApproval: FirstApproval | null;
}

export interface FirstApproval {
  readonly at: number;
  readonly by: string;
  /** The host's id of the staff member; people are told apart by it. */
  readonly byId: string;
  /** The transaction id under which it will be paid; '' where the host pays. */
  readonly transactionId: string;
}

/** A group of affiliates, which terms can be about. */
/** An affiliate as a member of a group, since when; ms, UTC. */
export interface GroupMember {
  readonly id: number;
  readonly code: string;
  readonly clientId: string;
  readonly status: AffiliateStatus;
  readonly conversions: number;
  readonly since: number;
}

/** When an affiliate was marked because so many of its referrals' payments were taken back; ms, UTC. */
export interface MarkView {
  readonly markedAt: number;
  readonly refunded: number;
  /** Of how many payments in the 90 days before. */
  readonly paid: number;
}

export interface GroupView {
  readonly key: string;
  readonly name: string;
  /** Groups with a higher rank are better; promotion only ever leads up. Ranks are 0 and more. */
  readonly rank: number;
  /** How many conversions lead into it at night; null: only staff put affiliates in. */
  readonly promoteAt: number | null;
}

/** A promotion code that is an affiliate's, or was the last one's. */
export interface CouponView {
  readonly code: string;
  readonly affiliate: { readonly id: number; readonly code: string };
  /** ms, UTC. */
  readonly from: number;
  /** When it was ended, ms, UTC; null while it attributes. */
  readonly until: number | null;
  /** How many clients became the affiliate's referrals by paying with it. */
  readonly referrals: number;
}

/** One version of one scope's terms. */
export type TermsView = TermsVersion;

/** What staff should know before switching the program on for a client. */
export type Concern =
  | 'already_suspended'
  | 'affiliate_closed'
  | 'same_email_as_affiliate'
  | 'same_login_as_affiliate'
  | 'is_referral';

export interface ProgramRequestView {
  readonly ticketId: string;
  readonly clientId: string;
  readonly askedAt: number;
}

export interface AuditView {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  /** A code such as 'affiliate.switched_on'; its sentence is lang `audit.<action>`. */
  readonly action: string;
  /** Whom it was done to; null for what concerns the program as a whole. */
  readonly affiliate: Pick<AffiliateView, 'id' | 'code'> | null;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** An accepted event that has no good end yet, for the staff page. */
export interface TroubleView {
  readonly eventId: string;
  readonly source: string;
  readonly type: string;
  readonly status: 'waiting' | 'set_aside';
  readonly code: string;
  readonly at: number;
  readonly attempts: number;
}

export interface AffiliateRow extends AffiliateView, FiguresView {
  readonly cleared: number;
  readonly clearing: number;
  readonly withdrawn: number;
}
