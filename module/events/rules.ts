/**
 * What can happen to the program, in our words. Whatever changes state is an event: the host's facts and the
 * acts of people alike, so that one accepted history rebuilds every balance.
 */
import { createHmac } from 'node:crypto';
import stringify from 'fast-json-stable-stringify';
import type { Currency, Money } from '../money';
import type { PayoutMethod, Rate } from '../settings';
import type { Scope, TermsContent } from '../terms/rules';
import type { CorrectionDirection } from '../views';

/** Who did it. `name` is the staff member's, for the audit log; a client is known by id alone. */
export type Actor =
  | { readonly kind: 'host' | 'system' }
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'staff'; readonly id: string; readonly name: string };

/** What a signup brought along: the referral cookie, already verified, or why there is none to use. */
export type Touch =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly code: 'token_tampered' | 'token_expired' }
  | {
      readonly kind: 'link';
      readonly affiliateId: number;
      /** ms since the epoch, UTC */
      readonly clickedAt: number;
      readonly clickId: string;
      readonly campaign: string;
    }
  /** The cookie of an earlier program, unsigned: by its word alone, and only where none of ours came. */
  | { readonly kind: 'earlier'; readonly legacyId: string };

/** A link that was followed before a signup, and could not be told then. */
export interface FollowedLink {
  /** The same for the same visit, however it is told. */
  readonly clickId: string;
  /** ms since the epoch, UTC */
  readonly at: number;
  /** '' for a link that names a number. */
  readonly code: string;
  /** The number in an earlier program; '' for a link that names a code. */
  readonly legacyId: string;
  readonly campaign: string;
}

/** What a line sold. A deposit (account credit bought) and a fee (late, gateway) are no purchase and earn nothing. */
export const LINE_KINDS = [
  'service',
  'addon',
  'domain',
  'setup',
  'usage',
  'upgrade',
  'other',
  'deposit',
  'fee',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** One line of a paid invoice. Amounts are minor units of the invoice's currency, without tax. */
export interface PaidLine {
  readonly lineId: string;
  readonly kind: LineKind;
  /** Before `discount`; negative for a line that is itself a discount on `serviceId` (or, without one, on all lines). */
  readonly amount: number;
  readonly discount: number;
  readonly quantity: number;
  readonly serviceId: string;
  readonly productId: string;
  readonly productName: string;
  readonly productGroup?: string;
  /** The billing cycle in the host's word: 'monthly', 'annually'. */
  readonly cycle?: string;
  /** A domain's top level in lower case with its dot: '.co.uk'. */
  readonly tld?: string;
}

/** Facts that identify a client without naming it: a keyed hash of the mail address, the host's login. */
export interface ClientFacts {
  readonly emailHash: string;
  readonly userId: string;
  readonly locale: string;
}

/** Every type of event with its payload. Ids are the host's, as strings; '' where the host gave none. */
export interface EventPayloads {
  /**
   * Beside it: firstName, lastName, emailHash, userId, accounts and postal (hashes); until it is processed network (a hash),
   * and `sights`, what clicks keep of each followed link, as JSON.
   */
  'client.signed_up': {
    readonly clientId: string;
    readonly touch: Touch;
    /** What our list of throw-away addresses said of the client's when it was told; absent: nothing against it. */
    readonly mailDomain?: 'disposable' | 'unchecked';
    /** Together with the touch they say whose link brought the client. */
    readonly followed?: readonly FollowedLink[];
  };
  /** Beside it: firstName, lastName, emailHash, accounts and postal (hashes). */
  'client.edited': {
    /** '' where the host did not tell. */
    readonly locale: string;
    readonly clientId: string;
    readonly status: '' | 'active' | 'inactive' | 'closed';
  };
  'client.closed': { readonly clientId: string };
  'client.deleted': { readonly clientId: string };
  'clients.merged': { readonly fromClientId: string; readonly toClientId: string };
  /** Beside it: accounts (hashes of what it was paid from). */
  'invoice.paid': {
    readonly invoiceId: string;
    readonly clientId: string;
    readonly currency: Currency;
    /** What was charged, with tax, after discounts, before `credit`. */
    readonly total: number;
    /** Account credit used, with tax: it was no new money. */
    readonly credit: number;
    /** A discount on the invoice as a whole, without tax. */
    readonly discount: number;
    readonly lines: readonly PaidLine[];
    /** The promotion code used. */
    readonly coupon?: string;
    /** ISO 3166 code of where the client is at home. */
    readonly country?: string;
    /** Units of the program's currency for one of the invoice's, as a decimal string. */
    readonly exchangeRate?: string;
  };
  'invoice.refunded': {
    readonly invoiceId: string;
    readonly refundId: string;
    /** With tax; null: all of it. */
    readonly amount: number | null;
    /** The line it was for; '' when it was for the invoice as a whole. Its amount is then without tax. */
    readonly lineId: string;
  };
  /** The money of a refund came back: a chargeback was won, or a refund failed. It may be told before the refund is. */
  'invoice.refund_reversed': { readonly invoiceId: string; readonly refundId: string };
  'invoice.reopened': { readonly invoiceId: string; readonly reason: 'unpaid' | 'cancelled' };
  'ticket.opened': { readonly ticketId: string; readonly clientId: string };
  'program.requested': { readonly clientId: string; readonly locale: string };
  /** Beside it: emailHash, userId. */
  'affiliate.switched': {
    readonly clientId: string;
    readonly on: boolean;
    readonly reason: string;
    readonly ticketId: string;
    readonly locale: string;
  };
  /** Beside it: details, where to pay to, and accounts, their hashes. */
  'withdrawal.requested': {
    readonly affiliateId: number;
    readonly currency: Currency;
    readonly method: PayoutMethod;
  };
  'withdrawal.cancelled': { readonly affiliateId: number; readonly withdrawalId: string };
  'withdrawal.approved': {
    readonly withdrawalId: string;
    readonly transactionId: string;
    /** The most that one person might decide at that time; null, or absent in the oldest events: any amount. */
    readonly approvalAbove?: Money | null;
  };
  'withdrawal.denied': { readonly withdrawalId: string; readonly reason: string };
  'payout.settled': { readonly withdrawalId: string; readonly paid: boolean; readonly reference: string };
  'correction.proposed': {
    readonly affiliateId: number;
    readonly currency: Currency;
    /** Always positive. */
    readonly amount: number;
    readonly direction: CorrectionDirection;
    readonly reason: string;
    /** The most that one person might decide at that time; null: any amount. */
    readonly approvalAbove: Money | null;
  };
  'correction.approved': { readonly correctionId: string };
  'correction.rejected': { readonly correctionId: string; readonly reason: string };
  'correction.retracted': { readonly correctionId: string };
  /** `lineKey`: of which what it earned is on hold. */
  'hold.released': { readonly lineKey: string; readonly reason: string };
  'hold.voided': { readonly lineKey: string; readonly reason: string };
  /** Of `paid` payments of its referrals in the last 90 days so many were taken back. */
  'affiliate.marked': { readonly affiliateId: number; readonly refunded: number; readonly paid: number };
  'mark.lifted': { readonly affiliateId: number; readonly reason: string };
  /** Beside it: emailHash. */
  'affiliate.imported': ImportedAffiliate;
  /** Beside it: firstName, lastName, emailHash. */
  'referral.imported': {
    readonly legacyId: string;
    readonly clientId: string;
    /** ms, UTC */
    readonly signedUpAt: number;
    /** When it first earned its affiliate something there; null: never; ms, UTC. */
    readonly convertedAt: number | null;
    readonly services: readonly { readonly serviceId: string; readonly earnedAt: number }[];
    /** What it paid from then on is this program's; without it from the import on; ms, UTC. */
    readonly earnsFrom?: number;
  };
  'history.imported': { readonly legacyId: string; readonly rows: readonly ImportedHistory[] };
  'terms.changed': TermsChange;
  'group.changed': {
    readonly key: string;
    readonly name: string;
    readonly rank: number;
    readonly promoteAt: number | null;
  };
  /** A group's key; '' for none. */
  'affiliate.grouped': { readonly affiliateId: number; readonly groupKey: string };
  /** Makes a coupon code an affiliate's, or ends it. */
  'coupon.changed': { readonly code: string; readonly affiliateId: number; readonly on: boolean };
  'groups.reviewed': Record<never, never>;
  /** Beside it: emailHash, note. */
  'dispute.opened': DisputeOpened;
  'dispute.declined': { readonly disputeId: string; readonly reason: string };
  'dispute.credited': {
    readonly disputeId: string;
    readonly clientId: string;
    /** ms, UTC; an erased client's signup is told by nothing else. */
    readonly signedUpAt: number;
    /** What the client paid before is not the affiliate's; ms since the epoch, UTC. */
    readonly holdsFrom: number;
    readonly reason: string;
  };
  'day.turned': Record<never, never>;
}

/** A new version of one scope's terms; null inherits from the next wider scope. The program's own says the first three parts. */
export interface TermsChange extends TermsContent {
  readonly scope: Scope;
  /** An affiliate's id, a group's key, a coupon's code, …, a kind or `domain:.tld`; '' for the program. */
  readonly scopeKey: string;
  /** ms, UTC: holds for lines paid at or after this; without it from now on. */
  readonly from?: number;
}

/** What an earlier program says of an affiliate now. Amounts are minor units of `currency`, times ms, UTC. */
export interface ImportedAffiliate {
  /** Its number there, which its old links name. */
  readonly legacyId: string;
  readonly clientId: string;
  readonly enrolledAt: number;
  /** Whether the client's account is closed. */
  readonly closed: boolean;
  readonly locale: string;
  readonly currency: Currency;
  /** What it could withdraw there; below zero: it owes. */
  readonly balance: number;
  /** What it was ever paid there. */
  readonly withdrawn: number;
  readonly visitors: number;
  /** Lines waiting for their clearing date that are new, or not as they were told before. */
  readonly pending: readonly ImportedLine[];
  /** Lines told before that wait there no more: what became of them is in `balance`. */
  readonly gone: readonly string[];
  /** A rate of its own; null: none. */
  readonly terms: { readonly rate: Rate; readonly recurring: 'every' | 'once' } | null;
  /** What its referrals paid from then on is this program's; without it from the import on; ms, UTC. */
  readonly earnsFrom?: number;
}

export interface ImportedLine {
  readonly lineId: string;
  /** Always positive. */
  readonly amount: number;
  readonly clearsAt: number;
  /** '' where it was not told. */
  readonly invoiceId: string;
  readonly serviceId: string;
}

/** What was earned or paid in an earlier program; its balance has it already. */
export interface ImportedHistory {
  readonly kind: 'commission' | 'withdrawal';
  readonly entryId: string;
  readonly at: number;
  readonly amount: number;
  readonly invoiceId: string;
  readonly serviceId: string;
}

/** An affiliate misses a referral, with what its clicks say: they are not kept as long as the event. */
export interface DisputeOpened {
  readonly disputeId: string;
  readonly affiliateId: number;
  /** Whether a mail address was named; its hash stands beside the event. */
  readonly byEmail: boolean;
  /** '' where none was named. */
  readonly invoiceId: string;
  /** The day that was named, in the program's time zone: '2026-03-01'. */
  readonly day: string;
  /** The days about that one of which clicks are still kept, in order. */
  readonly clicks: readonly ClickDay[];
  /** Whether it is among the affiliate's referrals already, so that it may be told. */
  readonly found: boolean;
}

/** One day's clicks on an affiliate's links: how many counted, and how many did not for each reason. */
export interface ClickDay {
  readonly day: string;
  readonly counted: number;
  readonly repeat: number;
  readonly robot: number;
  readonly prefetch: number;
  readonly suspended: number;
}

export type EventType = keyof EventPayloads;

/** Personal data handed in beside an event: kept apart from it, where erasing a client can reach it. */
export type Personal = Readonly<Record<string, string>>;

/** One event as it is accepted. (source, id) is unique for ever. */
export interface ProgramEvent<T extends EventType = EventType> {
  readonly source: string;
  readonly id: string;
  readonly type: T;
  /** When it happened at its source; ms since the epoch, UTC. */
  readonly occurredAt: number;
  readonly by: Actor;
  readonly payload: EventPayloads[T];
  readonly personal?: Personal;
  /** The client the personal data is about. */
  readonly personalOf?: string;
}

/** What became of an event. The same event again gets the same answer. */
export type Answer =
  | { readonly status: 'processed'; readonly result: Readonly<Record<string, unknown>> }
  /** Accepted, and found to have no effect that makes sense: kept with its reason for staff. */
  | {
      readonly status: 'set_aside';
      readonly code: string;
      readonly parameters: Readonly<Record<string, unknown>>;
    }
  /** Accepted, but a fault kept it from being processed; it will be tried again. */
  | { readonly status: 'waiting' };

/**
 * @param key the program's own: what is said about a person is in the digest too, and after its erasure nobody may
 *   confirm a guess by it
 * @returns a keyed hash (hex) of what the event says, whatever the order of its fields. Not of when it happened: a host
 *   that does not tell gets the time of delivery, and a second delivery must still be the same event. Nor of what a
 *   list of ours says, which may say another thing the next time, nor of the network and of how visitors came, which are
 *   forgotten first.
 */
export function digestOf({ type, payload, personal }: ProgramEvent, key: string): string {
  // What is undefined is not written.
  const told = { ...payload, mailDomain: undefined };
  return createHmac('sha256', key)
    .update(
      stringify({ type, payload: told, personal: { ...personal, network: undefined, sights: undefined } }),
    )
    .digest('hex');
}
