/**
 * What hooks, pages and clicks are given of the business: one way in for the host's facts, one for each act of a
 * person, and reads. Made by `createModule` in index.ts.
 */
import type { LinkReport } from './clicks';
import type {
  About,
  EntryExplained,
  HoldCounts,
  HoldFilter,
  HoldView,
  LineDetails,
  ReferralExplained,
  WouldEarn,
  WouldEarnQuestion,
} from './commissions';
import type { Span } from './calendar';
import type { DisputeEvidence, DisputeStatus, DisputeView } from './disputes';
import type { Answer, ClientFacts, Personal, ProgramEvent, TermsChange } from './events/rules';
import type { Currency } from './money';
import type { ProofReport } from './proof';
import type { Standing } from './reconcile/rules';
import type { Simulation, Supposition } from './replay';
import type { PayoutMethod, Settings } from './settings';
import type * as view from './views';
import type { DeliveryView, EndpointState, EndpointView } from './webhooks';

export interface Staff {
  readonly id: string;
  readonly name: string;
}

/** An act names its request, so that a form sent twice acts once. */
interface Act {
  /** Unique per rendered form; the same one again gets the first one's result. */
  readonly requestId: string;
}

/** Acts of people. Each throws AffiliatesError when it is refused, and then nothing has changed. */
export interface Acts {
  /** Opens the ticket that asks for the program. @throws already_affiliate, already_requested */
  requestProgram(act: Act & { clientId: string; locale: string }): Promise<void>;
  /** Enrols, lifts a suspension, suspends, or declines a request (then no affiliate). @throws reason_required, affiliate_not_active */
  switchAffiliate(
    act: Act &
      ClientFacts & { staff: Staff; clientId: string; on: boolean; reason: string; ticketId: string },
  ): Promise<{ affiliateId: number | null }>;
  /** Reserves all that is cleared. @throws below_threshold, withdrawal_open, payout_method_unknown, field_required */
  requestWithdrawal(
    act: Act & {
      affiliateId: number;
      clientId: string;
      currency: Currency;
      method: PayoutMethod;
      details: string;
    },
  ): Promise<{ withdrawalId: string }>;
  /** @throws withdrawal_missing (also for somebody else's), withdrawal_not_open */
  cancelWithdrawal(act: Act & { affiliateId: number; clientId: string; withdrawalId: string }): Promise<void>;
  /**
   * Method credit is paid through the host; any other needs the `transactionId` it was paid under. Above the setting
   * `approvalAbove` nothing is paid until a second person approves the same.
   * @throws withdrawal_not_open, field_required, transaction_id_used, second_person_needed, approval_differs
   */
  approveWithdrawal(
    act: Act & { staff: Staff; withdrawalId: string; transactionId: string },
  ): Promise<{ waitsForSecond: boolean }>;
  /** @throws withdrawal_not_open, reason_required */
  denyWithdrawal(act: Act & { staff: Staff; withdrawalId: string; reason: string }): Promise<void>;
  /**
   * Gives an affiliate an amount (credit) or takes one (debit); above the setting `approvalAbove` only once a second
   * person approves. The affiliate reads the reason.
   * @throws reason_required, field_invalid, currency_unknown, affiliate_missing, affiliate_not_active, correction_overdraws
   */
  proposeCorrection(
    act: Act & {
      staff: Staff;
      affiliateId: number;
      currency: Currency;
      /** Minor units, more than zero. */
      amount: number;
      direction: view.CorrectionDirection;
      reason: string;
    },
  ): Promise<{ correctionId: string; posted: boolean }>;
  /** @throws correction_missing, correction_not_open, second_person_needed, affiliate_not_active, correction_overdraws */
  approveCorrection(act: Act & { staff: Staff; correctionId: string }): Promise<void>;
  /** @throws correction_missing, correction_not_open, second_person_needed, reason_required */
  rejectCorrection(act: Act & { staff: Staff; correctionId: string; reason: string }): Promise<void>;
  /** @throws correction_missing, correction_not_open, proposer_only */
  retractCorrection(act: Act & { staff: Staff; correctionId: string }): Promise<void>;
  /** Lets what is on hold count, for every tier. @throws hold_missing, hold_not_open, reason_required */
  releaseHold(act: Act & { staff: Staff; lineKey: string; reason: string }): Promise<void>;
  /** Takes what is on hold back for good. @throws hold_missing, hold_not_open, reason_required */
  voidHold(act: Act & { staff: Staff; lineKey: string; reason: string }): Promise<void>;
  /** Ends what many refunds hold of an affiliate's. @throws mark_missing, reason_required */
  liftMark(act: Act & { staff: Staff; affiliateId: number; reason: string }): Promise<void>;
  /** Holds from now on or from the date said; nothing earned before is touched. @throws affiliate_missing, rate_invalid, field_invalid */
  changeTerms(act: Act & TermsChange & { staff: Staff }): Promise<void>;
  /** Makes a group of affiliates, or changes it. @throws field_invalid, field_required */
  changeGroup(act: Act & view.GroupView & { staff: Staff }): Promise<void>;
  /** For lines paid from now on; '' for no group. @throws affiliate_missing, field_invalid */
  moveToGroup(act: Act & { staff: Staff; affiliateId: number; groupKey: string }): Promise<void>;
  /** Gives an affiliate a promotion code, or ends it. @throws affiliate_missing, coupon_taken, field_invalid */
  changeCoupon(act: Act & { staff: Staff; code: string; affiliateId: number; on: boolean }): Promise<void>;
  /**
   * An affiliate misses a referral: found at once among its own, or left to staff. Nothing else tells the cases apart.
   * @throws disputes_today, disputes_open, field_required, field_invalid, affiliate_not_active
   */
  openDispute(
    act: Act & {
      affiliateId: number;
      clientId: string;
      /** '' for none; kept as a keyed hash alone. */
      email: string;
      /** '' for none. */
      invoiceId: string;
      /** In the program's time zone: '2026-03-01'. */
      day: string;
      note: string;
    },
  ): Promise<{ found: boolean }>;
  /** @throws dispute_missing, dispute_not_open, reason_required */
  declineDispute(act: Act & { staff: Staff; disputeId: string; reason: string }): Promise<void>;
  /** Makes the client the affiliate's referral, for what it pays from `holdsFrom` (ms) on. @throws also client_unknown, already_referred, self_referral */
  creditDispute(
    act: Act & { staff: Staff; disputeId: string; clientId: string; holdsFrom: number; reason: string },
  ): Promise<void>;
  /** Tries again every waiting event and everything the host could not be asked for, whenever it was due. */
  retryEvents(): Promise<{ processed: number; waiting: number }>;
  /** Sends a message to an endpoint once more; not a part of the history. @throws message_missing */
  sendAgain(act: { staff: Staff; messageId: string; endpoint: string }): Promise<void>;
  /** Sends to a disabled endpoint again, what waited for it first; not a part of the history. */
  enableEndpoint(act: { staff: Staff; endpoint: string }): Promise<void>;
  /** Proves the invariants now, and keeps the report. */
  prove(): Promise<ProofReport>;
}

export interface ReferralQuery {
  readonly affiliateId: number;
  readonly currency: Currency;
  readonly filter: view.ReferralFilter;
  readonly sort: view.ReferralSort;
  readonly descending: boolean;
  readonly limit: number;
  /** A cursor from `Rows.next` or `Rows.previous`; a broken one gives the first page. */
  readonly cursor?: string;
}

/** A month of an affiliate's, or any other time: from `from`, inclusive, until `to`, exclusive; ms, UTC. */
export interface MonthQuery {
  readonly affiliateId: number;
  readonly currency: Currency;
  readonly from: number;
  readonly to: number;
}

export interface Reads {
  affiliateOfClient(clientId: string): Promise<view.AffiliateView | null>;
  affiliate(id: number): Promise<view.AffiliateView | null>;
  figures(affiliateId: number): Promise<view.FiguresView>;
  /** One per currency in which the affiliate ever had money, the program's own first and always there. */
  statements(affiliateId: number): Promise<view.StatementView[]>;
  referrals(query: ReferralQuery): Promise<view.ReferralList>;
  entries(query: {
    affiliateId: number;
    currency: Currency;
    /** Only this one. */
    id?: string;
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<view.EntryView>>;
  /** The statement of a month, summed up from entries by when they were posted. */
  month(query: MonthQuery): Promise<view.MonthView>;
  /** The month's entries in the order they were posted. */
  monthEntries(
    query: MonthQuery & { limit: number; cursor?: string },
  ): Promise<view.Rows<view.MonthEntryView>>;
  /** All of them, some hundred at a time. */
  allMonthEntries(query: MonthQuery): AsyncIterable<readonly view.MonthEntryView[]>;
  /** When the affiliate's first entry in a currency was posted; null before that; ms, UTC. */
  firstPostingAt(whose: { affiliateId: number; currency: Currency }): Promise<number | null>;
  /** Why the lines of the affiliate's own referral earned or not, the last paid first; null for anybody else's. */
  whyReferral(query: {
    affiliateId: number;
    referralId: string;
    limit: number;
    cursor?: string;
  }): Promise<ReferralExplained | null>;
  /** Why an entry of the affiliate's own was posted; null for anybody else's. */
  whyEntry(query: { affiliateId: number; entryId: string }): Promise<EntryExplained | null>;
  /** Lines with everything known of them, the last paid first. For staff alone. */
  lines(query: {
    about: About & { readonly entryId?: string };
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<LineDetails>>;
  /** What an invoice would earn, without posting it. @throws invoice_unknown, affiliate_missing */
  wouldEarn(question: WouldEarnQuestion): Promise<WouldEarn>;
  /**
   * What everybody would have earned under other terms; nothing is changed.
   * @throws affiliate_missing, simulation_busy, simulation_too_large, simulation_too_long, and what refuses terms
   */
  simulate(supposed: Supposition): Promise<Simulation>;
  /** Newest first. */
  withdrawalsOf(affiliateId: number): Promise<view.WithdrawalView[]>;
  /** What a click on an address would do for the affiliate now; `userAgent` is its own browser's, null if not known. */
  testLink(query: {
    affiliate: view.AffiliateView;
    written: string;
    userAgent: string | null;
  }): Promise<LinkReport>;
  readonly withdrawal: (id: string) => Promise<view.WithdrawalView | null>;
  /** Newest first. */
  withdrawals(query: {
    status: view.WithdrawalStatus | 'all';
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<view.WithdrawalView>>;
  readonly correction: (id: string) => Promise<view.CorrectionView | null>;
  /** Newest first. */
  corrections(query: {
    status: view.CorrectionStatus | 'all';
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<view.CorrectionView>>;
  /** What one person proposed or approved and a second one must decide, oldest first. */
  waitingForSecond(): Promise<{
    corrections: readonly view.CorrectionView[];
    withdrawals: readonly view.WithdrawalView[];
  }>;
  /** What is on hold, the oldest first. */
  holds(query: { filter?: HoldFilter; limit: number; cursor?: string }): Promise<view.Rows<HoldView>>;
  /** How much waits for each reason, of each age and affiliate. */
  holdCounts(filter: HoldFilter): Promise<HoldCounts>;
  /** null for a line of which nothing waits */
  hold(lineKey: string): Promise<HoldView | null>;
  /** Why all that an affiliate earns waits: its referrals refund unusually often; null where they do not. */
  markOf(affiliateId: number): Promise<view.MarkView | null>;
  /** An affiliate's own disputes, newest first. */
  disputesOf(affiliateId: number): Promise<DisputeView[]>;
  /** Newest first. */
  disputes(query: {
    status: DisputeStatus | 'all';
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<DisputeView>>;
  dispute(id: string): Promise<DisputeView | null>;
  /** What is known about a dispute, for staff alone: it says who is a client. @throws dispute_missing */
  evidence(disputeId: string): Promise<DisputeEvidence>;
  /** The latest program request of a client that no switch has answered yet. */
  openRequestOf(clientId: string): Promise<view.ProgramRequestView | null>;
  openRequests(): Promise<view.ProgramRequestView[]>;
  isProgramRequest(ticketId: string): Promise<boolean>;
  concerns(clientId: string, facts: ClientFacts): Promise<view.Concern[]>;
  /** `search` matches code or client id. */
  affiliates(query: {
    search: string;
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<view.AffiliateRow>>;
  /** The newest version of every scope, program first. */
  terms(): Promise<view.TermsView[]>;
  termsHistory(): Promise<view.TermsView[]>;
  /** @throws affiliate_missing, field_invalid where `changeTerms` would refuse whom the terms are about */
  checkTerms(change: Pick<TermsChange, 'scope' | 'scopeKey'>): Promise<void>;
  /** The lowest first. */
  groups(): Promise<view.GroupView[]>;
  /** The group an affiliate is in now; '' for none. */
  groupOf(affiliateId: number): Promise<string>;
  /** Who is in a group now, by number. */
  groupMembers(query: { key: string; limit: number; cursor?: string }): Promise<view.Rows<view.GroupMember>>;
  /** All codes that were ever an affiliate's, by name. */
  coupons(query: { limit: number; cursor?: string }): Promise<view.Rows<view.CouponView>>;
  /** An affiliate's codes that are not ended, by name. */
  couponsOf(affiliateId: number): Promise<string[]>;
  /** The newest of what an affiliate earned and was paid in an earlier program; none of one that did not come over. */
  earlierEntries(affiliateId: number, limit: number): Promise<view.EarlierEntryView[]>;
  audit(query: { affiliateId?: number; limit: number; cursor?: string }): Promise<view.Rows<view.AuditView>>;
  trouble(): Promise<view.TroubleView[]>;
  /** How facts of the host's stand against what was accepted, in their order; some hundred at a time. */
  compareFacts(facts: readonly ProgramEvent[]): Promise<Standing[]>;
  /** The host's ids of invoices first paid in a time; ms, UTC, from inclusive, until exclusive. */
  paidBetween(span: { from: number; to: number }): AsyncIterable<string>;
  /** Messages on their way to those who subscribed, the newest first. */
  deliveries(query: {
    status: DeliveryView['status'] | 'all';
    limit: number;
    cursor?: string;
  }): Promise<view.Rows<DeliveryView>>;
  /** How endpoints stand, by key; one of which nothing is known is not there. */
  endpointStates(keys: readonly string[]): Promise<ReadonlyMap<string, EndpointState>>;
  /** The last proof that was made; null before the first night. */
  lastProof(): Promise<ProofReport | null>;
  /** What was owed at the end of a day, by account and age; a day that is over always gives the same. */
  liability(query: { currency: Currency; day: Span }): Promise<view.LiabilityView>;
  /** How much of each affiliate program is owed: sums over all affiliates, per currency. */
  liabilities(): Promise<
    { currency: Currency; clearing: number; cleared: number; reserved: number; withdrawn: number }[]
  >;
}

export interface Module {
  readonly settings: Settings;
  /** The present, by the injected clock; ms since the epoch, UTC. */
  now(): number;
  /** Takes a fact from the host. @throws AffiliatesError event_conflict for a known id with another content */
  accept(event: ProgramEvent): Promise<Answer>;
  /** @returns the keyed hash by which mail addresses are compared (case, dots and plus-tags folded); '' for none */
  hashEmail(address: string): Promise<string>;
  /** @returns the keyed hash by which networks are compared; see `hashNetwork` for what has none */
  hashNetwork(ip: string): Promise<string>;
  /** @returns keyed hashes by which accounts to pay from or to are compared, with a space between; '' for none */
  hashAccounts(written: string): Promise<string>;
  /** @returns the keyed hash by which postal addresses are compared; '' without street or postcode */
  hashPostal(address: { street: string; postcode: string; country: string }): Promise<string>;
  /** Notes from where an affiliate opens its pages; of others nothing. Never rejects. */
  noteSeen(seen: { clientId: string; ip: string }): Promise<void>;
  /** @returns whether a cookie of an earlier program may name that affiliate at that time (ms, UTC) */
  isEarlierCookieGood(legacyId: string, at: number): Promise<boolean>;
  readonly acts: Acts;
  readonly reads: Reads;
  /** Where messages go for those who subscribed, as staff may see it; none: nobody did. */
  readonly endpoints: readonly EndpointView[];
}

export type { Personal };
