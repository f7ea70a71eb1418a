/** What is known about a dispute, laid out for staff: never for the affiliate, who would learn who is a client. */
import type { Knex } from 'knex';
import { decodeTime } from 'ulid';
import { affiliateById, standingAffiliate } from '../affiliates';
import { couponsOfClient, payerOf } from '../commissions';
import {
  attributionOfClient,
  clientState,
  clientsWithAddress,
  couponByCode,
  EARLIER,
  isOwnPerson,
  referralOfClient,
  signedUpAt,
  type AttributionRow,
} from '../referrals';
import type { Settings } from '../settings';
import { disputeById } from './queries';
import { daysBetween } from './rules';

/** One thing that was looked for. Its sentence is lang `evidence.<subject>.<finding>`. */
export interface EvidenceLine {
  readonly subject: 'address' | 'invoice' | 'signup' | 'account' | 'cookie' | 'coupon' | 'referral' | 'self';
  readonly finding: string;
  /** `at` is a time in ms, UTC. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** A client whom something that was named leads to. */
export interface EvidenceClient {
  readonly clientId: string;
  readonly lines: readonly EvidenceLine[];
  /** Whether staff can make it the affiliate's referral. */
  readonly isFree: boolean;
  /** When it signed up; null where that is not known; ms, UTC. */
  readonly signedUpAt: number | null;
}

export interface DisputeEvidence {
  readonly lines: readonly EvidenceLine[];
  readonly clients: readonly EvidenceClient[];
}

/** More than these share an address only where it is nobody's in particular. */
const MOST_CLIENTS = 5;

type Make = (
  subject: EvidenceLine['subject'],
  finding: string,
  parameters?: EvidenceLine['parameters'],
) => EvidenceLine;
const line: Make = (subject, finding, parameters = {}) => ({ subject, finding, parameters });

/** @throws AffiliatesError dispute_missing */
export async function evidenceFor(
  knex: Knex,
  settings: Settings,
  disputeId: string,
): Promise<DisputeEvidence> {
  const dispute = await disputeById(knex, disputeId);
  const byAddress = dispute.email_hash ? await clientsWithAddress(knex, dispute.email_hash) : [];
  const payer = dispute.invoice_id ? await payerOf(knex, dispute.invoice_id) : null;
  const clientIds = [...new Set([...byAddress, ...(payer ? [payer.clientId] : [])])].slice(0, MOST_CLIENTS);
  const affiliate = { id: dispute.affiliate_id, clientId: dispute.client_id };
  const about = { affiliate, day: dispute.day, timeZone: settings.timeZone };
  const clients: EvidenceClient[] = [];
  for (const clientId of clientIds) clients.push(await aboutClient(knex, clientId, about));
  const address = !dispute.by_email
    ? line('address', 'not_named')
    : dispute.email_hash === ''
      ? line('address', 'forgotten')
      : line('address', 'named', { count: byAddress.length });
  return { lines: [address, invoiceLine(dispute.invoice_id, payer)], clients };
}

function invoiceLine(invoiceId: string, payer: { clientId: string; paidAt: number } | null): EvidenceLine {
  if (invoiceId === '') return line('invoice', 'not_named');
  if (!payer) return line('invoice', 'unknown', { invoice: invoiceId });
  return line('invoice', 'paid', { invoice: invoiceId, client: payer.clientId, at: payer.paidAt });
}

interface About {
  readonly affiliate: { readonly id: number; readonly clientId: string };
  readonly day: string;
  readonly timeZone: string;
}

async function aboutClient(knex: Knex, clientId: string, about: About): Promise<EvidenceClient> {
  const attribution = await attributionOfClient(knex, clientId);
  const referral = await referralOfClient(knex, clientId);
  const state = await clientState(knex, clientId);
  const signedUp = await signedUpAt(knex, clientId);
  const isSelf = await isOwnPerson(knex, clientId, about.affiliate);
  return {
    clientId,
    signedUpAt: signedUp,
    isFree: referral === null && !isSelf && state?.status !== 'deleted',
    lines: [
      signupLine(signedUp, about),
      line('account', state?.status ?? 'active'),
      await cookieLine(knex, attribution),
      ...(await couponLines(knex, clientId)),
      await referralLine(knex, referral?.affiliate_id ?? null, about.affiliate.id),
      ...(isSelf ? [line('self', 'same_person')] : []),
    ],
  };
}

function signupLine(at: number | null, { day, timeZone }: About): EvidenceLine {
  if (at === null) return line('signup', 'unknown');
  return line('signup', 'known', { at, days: daysBetween(day, at, timeZone) });
}

/** What the cookie of the signup said, and whose link it was. */
async function cookieLine(knex: Knex, attribution: AttributionRow | null): Promise<EvidenceLine> {
  if (!attribution) return line('cookie', 'none');
  const { outcome, affiliate_id, click_id } = attribution;
  const owner = affiliate_id === null ? null : await standingAffiliate(knex, affiliate_id);
  if (owner && click_id === EARLIER) return line('cookie', 'by_earlier_program', { code: owner.code });
  if (owner && !click_id) return line('cookie', 'by_coupon', { code: owner.code });
  // A click's id begins with its time, so that it is known for longer than the click.
  const at = click_id && click_id !== EARLIER ? decodeTime(click_id) : 0;
  return line('cookie', outcome, { code: owner?.code ?? '', at });
}

/** The promotion codes that the client has paid with, and whose they are. */
async function couponLines(knex: Knex, clientId: string): Promise<EvidenceLine[]> {
  const lines: EvidenceLine[] = [];
  for (const code of await couponsOfClient(knex, clientId)) {
    const coupon = await couponByCode(knex, code);
    const owner = coupon && (await standingAffiliate(knex, coupon.affiliate_id));
    lines.push(
      owner
        ? line('coupon', 'owned', { coupon: code, code: owner.code })
        : line('coupon', 'of_nobody', { coupon: code }),
    );
  }
  return lines.length > 0 ? lines : [line('coupon', 'none')];
}

async function referralLine(knex: Knex, of: number | null, affiliateId: number): Promise<EvidenceLine> {
  if (of === null) return line('referral', 'none');
  if (of === affiliateId) return line('referral', 'own');
  const other = await affiliateById(knex, of);
  return line('referral', 'other', { code: other?.code ?? '' });
}
