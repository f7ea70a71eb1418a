/** What is told to whoever subscribed, in the program's words, and when a message is sent again. */
import { DateTime } from 'luxon';
import type { Currency } from '../money';

export const AFFILIATE_TYPES = ['affiliate.activated', 'affiliate.suspended', 'affiliate.closed'] as const;
export const COMMISSION_TYPES = [
  'commission.earned',
  'commission.cleared',
  'commission.reversed',
  'commission.reinstated',
  'commission.held',
  'commission.released',
  'commission.voided',
] as const;
export const WITHDRAWAL_TYPES = [
  'withdrawal.requested',
  'withdrawal.paid',
  'withdrawal.denied',
  'withdrawal.cancelled',
  'withdrawal.failed',
] as const;

/** Every type of message; docs/webhooks.md has an example of each. */
export const MESSAGE_TYPES = [
  ...AFFILIATE_TYPES,
  ...COMMISSION_TYPES,
  ...WITHDRAWAL_TYPES,
  'balance.changed',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** What happened to a commission, with the commission as it is afterwards. */
export interface CommissionNews {
  readonly type: (typeof COMMISSION_TYPES)[number];
  readonly affiliateId: number;
  /** What this is about, minor units: earned, taken back, cleared …; never negative. */
  readonly amount: number;
  readonly commission: {
    readonly id: string;
    readonly referralId: string;
    readonly invoiceId: string;
    readonly lineId: string;
    readonly tier: number;
    readonly currency: Currency;
    /** Minor units. */
    readonly earned: number;
    /** Minor units of what was earned that were taken back. */
    readonly reversed: number;
    readonly state: 'clearing' | 'cleared' | 'held';
    /** ms, UTC */
    readonly clearsAt: number;
  };
}

/** What befell an affiliate. Nobody's name, address or free text is in it. */
export type News =
  | {
      readonly type: (typeof AFFILIATE_TYPES)[number];
      readonly affiliateId: number;
      readonly clientId: string;
    }
  | CommissionNews
  | {
      readonly type: (typeof WITHDRAWAL_TYPES)[number];
      readonly affiliateId: number;
      readonly withdrawal: {
        readonly id: string;
        readonly currency: Currency;
        /** Minor units. */
        readonly amount: number;
        readonly method: string;
      };
    }
  /** What the balance came to is looked up at the end: several changes in one transaction are told as one. */
  | { readonly type: 'balance.changed'; readonly affiliateId: number; readonly currency: Currency };

/** One event's news. */
export interface Told {
  readonly eventId: string;
  /** When the event happened at its source; ms, UTC. */
  readonly at: number;
  /** When it was processed; ms, UTC. */
  readonly now: number;
  readonly news: readonly News[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Those that the Standard Webhooks specification suggests. */
const DELAYS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** An endpoint that has answered nothing well for so long is given up. */
const GIVEN_UP_AFTER = 5 * DAY;

/** An endpoint may ask to be left alone for so long: no longer than a message waits anyway. */
const LONGEST_REST = DAY;

/** Messages can be read again for so long. */
export const MESSAGES_KEPT_MS = 30 * DAY;

/** @returns ms until a message is sent again after so many failed attempts; null: it is not sent again. */
export function delayAfter(attempts: number): number | null {
  return DELAYS[attempts - 1] ?? null;
}

/** What came of sending one message once. */
export interface Sent {
  /** The HTTP status, or `timeout`, `address_refused`, `unreachable`. */
  readonly answer: string;
  /** The answer's header `Retry-After`, as it was said. */
  readonly retryAfter?: string | undefined;
}

/** Only 2xx is a yes: a redirect may lead anywhere, and is not followed. */
export const isAccepted = ({ answer }: Sent): boolean => /^2\d\d$/.test(answer);

/** Too many at once, or not now: these say that it is worth asking later, and may say when. */
const LATER = ['429', '503'];

/**
 * @param now when it answered; ms, UTC
 * @returns until when an endpoint asked to be left alone, at most a day; null: it did not; ms, UTC
 */
export function restUntil({ answer, retryAfter = '' }: Sent, now: number): number | null {
  if (!LATER.includes(answer)) return null;
  const until = /^\d+$/.test(retryAfter)
    ? now + Number(retryAfter) * SECOND
    : DateTime.fromHTTP(retryAfter).toMillis();
  // What is no time is NaN, and later than nothing.
  return until > now ? Math.min(until, now + LONGEST_REST) : null;
}

export type Disabled = 'gone' | 'failing';

/**
 * @param failingSince when the endpoint first failed since it last accepted something; ms, UTC
 * @returns why an endpoint gets nothing more after a failed attempt; null: it does
 */
export function disabledBy({ answer }: Sent, failingSince: number, now: number): Disabled | null {
  if (answer === '410') return 'gone';
  return now - failingSince >= GIVEN_UP_AFTER ? 'failing' : null;
}
