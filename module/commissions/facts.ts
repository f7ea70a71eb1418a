/** Gathers what the evaluation of an invoice's lines depends on. */
import { DateTime } from 'luxon';
import { groupAt, statusAt } from '../affiliates';
import {
  attributionOfClient,
  earnedEarlier,
  isEarlierInvoice,
  NEVER,
  referralById,
  referralOfClient,
  suspicionsAgainst,
  type Referral,
} from '../referrals';
import { termsFor, versionsFor, type AppliedTerms, type LineContext, type TermsVersion } from '../terms';
import type { UnitOfWork } from '../unitOfWork';
import { decisionsOn } from './holdQueries';
import { standingMark } from './markQueries';
import { paymentsOfServices, type Commission, type Invoice, type Line } from './queries';
import { clearsAt, type LineFacts, type Party } from './rules';

/** All that gathering facts needs of the work: it only reads, so that a question can be answered by it as well. */
export type Reading = Pick<UnitOfWork, 'trx' | 'settings'>;

/** Whose referral paid an invoice, or why it is nobody's. */
export type Brought =
  | { readonly referral: Referral }
  | { readonly referral: null; readonly reason: (Party & { kind: 'nobody' })['code'] };

/** What earned once stays with its referral, wherever the account moved since. */
export async function referralFor(
  { trx }: Reading,
  invoice: Invoice,
  commissions: readonly Commission[],
): Promise<Brought> {
  const earned = commissions.find(({ tier }) => tier === 1);
  const known = earned && (await referralById(trx, earned.referral_id));
  if (known) return { referral: known };
  const referral = await referralOfClient(trx, invoice.client_id);
  if (referral && holdsFor(referral, invoice)) {
    const isEarlier = await isEarlierInvoice(trx, invoice.id);
    return isEarlier ? { referral: null, reason: 'earned_earlier' } : { referral };
  }
  if (referral?.holds_from === NEVER) return { referral: null, reason: 'self_referral' };
  const outcome = (await attributionOfClient(trx, invoice.client_id))?.outcome ?? 'no_referral';
  // The referral came with a merge after the invoice was paid, or went with one before; or the invoice came with one.
  const moved = referral !== null || outcome === 'attributed';
  return { referral: null, reason: moved ? 'paid_before_referral' : outcome };
}

const holdsFor = ({ holds_from }: Referral, { came_with_merge, paid_at }: Invoice): boolean =>
  !came_with_merge && paid_at >= holds_from;

/** An invoice with everything that its evaluation needs from the database, but for what was counted before it. */
export interface InvoiceFacts {
  /** In the order of the lines. */
  readonly lines: readonly LineFacts[];
  /** Every version of terms that may apply. */
  readonly versions: readonly TermsVersion[];
}

export async function factsOf(
  work: Reading,
  invoice: Invoice,
  lines: readonly Line[],
  brought: Brought,
  commissions: readonly Commission[],
): Promise<InvoiceFacts> {
  const { referral } = brought;
  const productIds = [...new Set(lines.map(({ product_id }) => product_id))];
  const versions = referral ? await versionsFor(work.trx, referral.affiliate_id, productIds) : [];
  const party: (line: Line) => Party = referral
    ? await partyOf(work, invoice, referral, versions, commissions)
    : () => ({ kind: 'nobody', code: brought.reason });
  const parties = lines.map(party);
  const once = parties.some((each) => each.kind === 'referral' && each.terms.recurring === 'once');
  const firsts = once ? await firstInvoices(work, invoice, lines) : new Map<string, string>();
  const holds = await holdsOn(work, invoice, lines, commissions, referral);
  const { settings } = work;
  const facts = lines.map((line, index): LineFacts => {
    const { kind, net, discount, credit, tax, quantity } = line;
    return {
      kind,
      price: { net, discount, credit, tax },
      quantity,
      currency: invoice.currency,
      exchangeRate: invoice.exchange_rate,
      paidAt: invoice.paid_at,
      timeZone: settings.timeZone,
      firstOfService: (firsts.get(line.service_id) ?? invoice.id) === invoice.id,
      ...holds(line, parties[index] as Party),
      // One party was made for each line just above.
      party: parties[index] as Party,
    };
  });
  return { lines: facts, versions };
}

/** What holds each line, and how staff ended that. What was cleared before is not held any more. */
async function holdsOn(
  { trx, settings }: Reading,
  invoice: Invoice,
  lines: readonly Line[],
  commissions: readonly Commission[],
  referral: Referral | null,
): Promise<(line: Line, party: Party) => Pick<LineFacts, 'suspicions' | 'decision'>> {
  const ofClient = await suspicionsAgainst(trx, invoice.client_id);
  const mark = referral && (await standingMark(trx, referral.affiliate_id));
  const decisions = await decisionsOn(
    trx,
    lines.map(({ line_key }) => line_key),
  );
  const cleared = new Set(
    commissions
      .filter(({ tier, state }) => tier === 1 && state === 'cleared')
      .map(({ line_key }) => line_key),
  );
  // A mark holds what was still clearing when it was made: what is told late is as if it had been told in time.
  const isMarked = (party: Party) =>
    mark !== null &&
    party.kind === 'referral' &&
    (invoice.paid_at >= mark.marked_at ||
      clearsAt(invoice.paid_at, party.terms.clearingDays, settings.timeZone) > mark.marked_at);
  return ({ line_key }, party) => {
    const suspicions = isMarked(party) ? [...ofClient, 'many_refunds' as const] : ofClient;
    const decision = decisions.get(line_key);
    if (decision) return { suspicions, decision };
    return { suspicions: cleared.has(line_key) ? [] : suspicions };
  };
}

async function partyOf(
  { trx, settings }: Reading,
  invoice: Invoice,
  referral: Referral,
  versions: readonly TermsVersion[],
  commissions: readonly Commission[],
): Promise<(line: Line) => Party> {
  const { affiliate_id: affiliateId, id: referralId } = referral;
  const status = await statusAt(trx, affiliateId, invoice.paid_at);
  const group = await groupFor(trx, versions, affiliateId, invoice.paid_at);
  const earned = new Map(commissions.filter(({ tier }) => tier === 1).map((one) => [one.line_key, one]));
  return (line) => {
    const before = earned.get(line.line_key);
    if (before) {
      // What was earned keeps the terms and the standing that it was earned under, also after a merge.
      return { kind: 'referral', referralId, status: 'active', terms: termsOf(before) };
    }
    const context = contextOf(line, invoice, referral, settings.timeZone);
    const terms = termsFor(versions, { affiliateId, group, paidAt: invoice.paid_at, context });
    return { kind: 'referral', referralId, status, terms };
  };
}

/** @returns the group an affiliate was in at a time (ms); '' for none, also when no terms ask for groups. */
export async function groupFor(
  trx: UnitOfWork['trx'],
  versions: readonly TermsVersion[],
  affiliateId: number,
  at: number,
): Promise<string> {
  return versions.some(({ scope }) => scope === 'group') ? groupAt(trx, affiliateId, at) : '';
}

/** @returns the terms that a commission was earned under. */
export const termsOf = ({ terms }: Commission): AppliedTerms => JSON.parse(terms) as AppliedTerms;

function contextOf(line: Line, invoice: Invoice, referral: Referral, timeZone: string): LineContext {
  const { currency, paid_at: paidAt } = invoice;
  return {
    kind: line.kind,
    product: line.product_id,
    productGroup: line.product_group,
    cycle: line.cycle,
    tld: line.tld,
    currency,
    country: invoice.country,
    campaign: referral.campaign,
    coupon: invoice.coupon,
    quantity: line.quantity,
    clientDays: wholeDays(referral.signed_up_at, paidAt, timeZone),
    amount: { amount: line.net, currency },
    total: { amount: invoice.charged, currency },
  };
}

/** @returns how many days lie between two times; a client who paid before the signup was told is new. */
function wholeDays(from: number, to: number, zone: string): number {
  const days = DateTime.fromMillis(to, { zone }).diff(DateTime.fromMillis(from, { zone }), 'days').days;
  return Math.max(0, Math.floor(days));
}

/** @returns for each service the invoice of its first payment that stands */
async function firstInvoices(
  { trx }: Reading,
  invoice: Invoice,
  lines: readonly Line[],
): Promise<Map<string, string>> {
  // An invoice that is not paid now is first as far as it goes; its commission is reversed as a whole anyway.
  if (invoice.status !== 'paid') return new Map();
  const services = lines.map(({ service_id }) => service_id).filter(Boolean);
  // What earned in an earlier program had its first payment there.
  const firsts = new Map((await earnedEarlier(trx, services)).map((service) => [service, '']));
  for (const payment of await paymentsOfServices(trx, invoice.client_id, services)) {
    if (!firsts.has(payment.service_id)) firsts.set(payment.service_id, payment.invoice_id);
  }
  return firsts;
}
