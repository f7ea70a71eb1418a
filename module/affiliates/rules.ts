/** Who may be an affiliate, and what an affiliate may become. */
import { createHmac } from 'node:crypto';
import { AffiliatesError } from '../errors';
import type { Settings } from '../settings';
import type { AffiliateStatus, AffiliateView } from '../views';

/** No vowels, no look-alikes: a code that spells nothing and survives being read out on the phone. */
const CODE_LETTERS = 'bcdfghjkmnpqrstvwxz23456789';
const CODE_LENGTH = 8;

/**
 * @returns the referral code of a client: derived from the program's key, so that it can't be guessed from the
 * client id, and is the same again when the history is replayed. `attempt` grows when a code is taken.
 */
export function codeFor(identityKey: string, clientId: string, attempt: number): string {
  const digest = createHmac('sha256', identityKey).update(`code:${attempt}:${clientId}`).digest();
  return Array.from(digest.subarray(0, CODE_LENGTH), (byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join(
    '',
  );
}

/** The parts of a ticket that say what it is about. */
export interface TicketText {
  /** The department's id and name as the host knows them; either may match the setting. */
  readonly departments: readonly string[];
  readonly subject: string;
  readonly message: string;
}

/** @returns whether a ticket asks for the program: right department, and one of the words the settings name. */
export function asksForProgram({ ticketDepartment, requestWords }: Settings, ticket: TicketText): boolean {
  const same = (name: string) => name.trim().toLowerCase() === ticketDepartment.trim().toLowerCase();
  const written = `${ticket.subject}\n${ticket.message}`.toLowerCase();
  return ticket.departments.some(same) && requestWords.some((word) => written.includes(word.toLowerCase()));
}

/**
 * What the switch does: on enrols, lifts a suspension, or takes back a closed affiliate; off suspends, or declines
 * the request of somebody who never was an affiliate, both with a reason.
 * @returns the new status, or null when it is that already
 * @throws AffiliatesError reason_required, affiliate_not_active (off for a closed one)
 */
export function statusAfterSwitch(
  affiliate: AffiliateView | null,
  { on, reason }: { on: boolean; reason: string },
): AffiliateStatus | 'declined' | null {
  if (on) return affiliate?.status === 'active' ? null : 'active';
  if (affiliate?.status === 'closed') throw new AffiliatesError('affiliate_not_active', { status: 'closed' });
  if (!reason) throw new AffiliatesError('reason_required', {});
  return affiliate ? 'suspended' : 'declined';
}
