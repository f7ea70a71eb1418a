/** Which signup belongs to which affiliate, and what an affiliate may see of the person. */
import type { Settings } from '../settings';
import type { AffiliateStatus, AffiliateView } from '../views';

/** Why a signup that brought a referral cookie is nobody's referral. */
export const REFUSED_ATTRIBUTIONS = [
  'token_tampered',
  'token_expired',
  'affiliate_unknown',
  'affiliate_suspended',
  'affiliate_closed',
  'self_referral',
] as const;
export type RefusedAttribution = (typeof REFUSED_ATTRIBUTIONS)[number];
export type Attribution = 'attributed' | RefusedAttribution;

/**
 * @param affiliate whose link it was; null when nobody's
 * @param status what the affiliate was when the client signed up; null before it was enrolled
 * @param sharing ids of affiliates that share the new client's address or login
 * @returns what becomes of a signup that brought a good referral cookie
 */
export function attributionOf(
  clientId: string,
  affiliate: AffiliateView | null,
  status: AffiliateStatus | null,
  sharing: readonly number[],
): Attribution {
  if (!affiliate || status === null) return 'affiliate_unknown';
  if (affiliate.clientId === clientId || sharing.includes(affiliate.id)) return 'self_referral';
  return status === 'active' ? 'attributed' : `affiliate_${status}`;
}

/**
 * Stands for the click of an attribution, and for the line of a conversion, that an earlier program knew; no click and no
 * line is called that.
 */
export const EARLIER = 'earlier';

/** Why what a line earns may not be the affiliate's to have: each puts it on hold until staff have looked. */
export const SUSPICIONS = [
  'same_person',
  'same_payout_account',
  'same_address',
  'same_network',
  'hidden_click',
  'click_flood',
  'disposable_email',
  'many_refunds',
  // What could not be looked at is not taken for good.
  'check_failed',
] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

/** A person's name in the parts that privacy tells apart. */
export interface Name {
  readonly firstName: string;
  readonly lastName: string;
  readonly initials: string;
}

/** @returns the name with its initials: Jane Doe → 'J. D.'; empty parts are left out. */
export function nameFrom(firstName: string, lastName: string): Name {
  const initials = [firstName, lastName]
    .map((part) => [...part.trim()][0])
    .filter((letter) => letter !== undefined)
    .map((letter) => `${letter.toUpperCase()}.`);
  return { firstName: firstName.trim(), lastName: lastName.trim(), initials: initials.join(' ') };
}

/**
 * @param told the parts that news of a person names; '' empties one
 * @returns the name after it; null where it stays, also where the news would leave no name at all
 */
export function nameAfter(
  name: Name,
  told: { readonly firstName?: string | undefined; readonly lastName?: string | undefined },
): Name | null {
  const { firstName = name.firstName, lastName = name.lastName } = told;
  const after = nameFrom(firstName, lastName);
  const stays = after.firstName === name.firstName && after.lastName === name.lastName;
  return stays || !after.initials ? null : after;
}

/** @returns what an affiliate sees of a referral's name: 'J. D.', 'Jane D.', or nothing. */
export function shownName(
  { firstName, lastName, initials }: Name,
  privacy: Settings['referralPrivacy'],
): string {
  if (privacy === 'hidden') return '';
  if (privacy === 'initials' || !firstName) return initials;
  return [firstName, nameFrom('', lastName).initials].filter(Boolean).join(' ');
}

/** @returns a promotion code as codes are compared: people retype them in any case. */
export const couponKey = (code: string): string => code.trim().toLowerCase();
