/** When an affiliate may be told that somebody is its referral, how often it may ask, and how a dispute may end. */
import { DateTime } from 'luxon';
import { AffiliatesError } from '../errors';
import type { ClickDay } from '../events/rules';

/** How many disputes of one affiliate may wait for staff at once, and how many it may open on one day. */
const MOST_OPEN = 10;
const MOST_A_DAY = 5;
/** People remember a day or two off; a week off, a guess at the day is no knowledge any more. */
const DAYS_NEAR = 3;

/** `found` was among the affiliate's referrals all along; an open one is answered by staff. */
export type DisputeStatus = 'found' | 'open' | 'declined' | 'credited';

/** A dispute, as it is kept. Times are ms since the epoch, UTC. */
export interface DisputeView {
  readonly id: string;
  readonly affiliateId: number;
  /** The affiliate's. */
  readonly code: string;
  readonly status: DisputeStatus;
  /** Whether a mail address was named. */
  readonly byEmail: boolean;
  /** The invoice that was named, '' for none. */
  readonly invoiceId: string;
  /** The day that was named, in the program's time zone: '2026-03-01'. */
  readonly day: string;
  /** What the affiliate wrote; '' once the dispute is answered. */
  readonly note: string;
  readonly clicks: readonly ClickDay[];
  readonly ticketId: string;
  readonly openedAt: number;
  readonly answeredAt: number | null;
  readonly answeredBy: string;
  readonly answer: string;
}

/** Everything that decides whether what was named may be called found. */
export interface Named {
  /** Clients with the address that was named; null where none was. */
  readonly byAddress: readonly string[] | null;
  /** Who paid the invoice that was named, and when (ms); null where none was named. */
  readonly byInvoice: { readonly clientId: string; readonly paidAt: number } | null;
  readonly day: string;
  readonly timeZone: string;
}

/**
 * Whether what was named leads to a referral of the affiliate's own: every clue to the same client, and the day to its
 * signup or to the invoice. Whoever is not that is told apart by nobody, whatever else is known of it.
 * @param own the affiliate's referrals among the clients that were named
 */
export function isFound(
  own: readonly { readonly client_id: string; readonly signed_up_at: number }[],
  { byAddress, byInvoice, day, timeZone }: Named,
): boolean {
  if (!byAddress && !byInvoice) return false;
  return own.some(({ client_id, signed_up_at }) => {
    const isNamed =
      (byAddress?.includes(client_id) ?? true) && (byInvoice === null || byInvoice.clientId === client_id);
    const dates = [signed_up_at, ...(byInvoice ? [byInvoice.paidAt] : [])];
    return isNamed && dates.some((at) => daysBetween(day, at, timeZone) <= DAYS_NEAR);
  });
}

/** @returns how many days of the calendar lie between a day and a time in ms */
export function daysBetween(day: string, at: number, timeZone: string): number {
  const named = DateTime.fromISO(day, { zone: timeZone }).startOf('day');
  const other = DateTime.fromMillis(at, { zone: timeZone }).startOf('day');
  return Math.abs(other.diff(named, 'days').days);
}

/**
 * @param opened how many the affiliate has opened today, and how many of all wait for staff
 * @throws AffiliatesError disputes_today, disputes_open
 */
export function checkLimits({ today, waiting }: { today: number; waiting: number }): void {
  if (today >= MOST_A_DAY) throw new AffiliatesError('disputes_today', { limit: MOST_A_DAY });
  if (waiting >= MOST_OPEN) throw new AffiliatesError('disputes_open', { limit: MOST_OPEN });
}

/** @throws AffiliatesError dispute_not_open, reason_required */
export function checkAnswer({ status }: Pick<DisputeView, 'status'>, reason: string): void {
  if (status !== 'open') throw new AffiliatesError('dispute_not_open', { status });
  if (!reason) throw new AffiliatesError('reason_required', {});
}
