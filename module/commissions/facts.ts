/** Gathers what the evaluation of an invoice's lines depends on. */
import { statusAt } from '../affiliates';
import { attributionOfClient, NEVER, referralById, referralOfClient, type Referral } from '../referrals';
import { termsFor, versionsFor, type AppliedTerms } from '../terms';
import type { UnitOfWork } from '../unitOfWork';
import { paymentsOfServices, type Commission, type Invoice, type Line } from './queries';
import type { LineFacts } from './rules';

/** All that gathering facts needs of the work: it only reads, so that a question can be answered by it as well. */
export type Reading = Pick<UnitOfWork, 'trx'>;

/** Whose referral paid an invoice, or why it is nobody's. */
export type Brought =
  | { readonly referral: Referral }
  | { readonly referral: null; readonly reason: (LineFacts['party'] & { kind: 'nobody' })['code'] };

/** What earned once stays with its referral, wherever the account moved since. */
export async function referralFor(
  { trx }: Reading,
  invoice: Invoice,
  commissions: ReadonlyMap<string, Commission>,
): Promise<Brought> {
  const [earned] = commissions.values();
  const known = earned && (await referralById(trx, earned.referral_id));
  if (known) return { referral: known };
  const referral = await referralOfClient(trx, invoice.client_id);
  if (referral && invoice.paid_at >= referral.holds_from) return { referral };
  if (referral?.holds_from === NEVER) return { referral: null, reason: 'self_referral' };
  const outcome = (await attributionOfClient(trx, invoice.client_id))?.outcome ?? 'no_referral';
  // It came with a merge after the invoice was paid, or went with one before.
  const moved = referral !== null || outcome === 'attributed';
  return { referral: null, reason: moved ? 'paid_before_referral' : outcome };
}

/** @returns the facts of each line, in the order of the lines */
export async function factsOf(
  work: Reading,
  invoice: Invoice,
  lines: readonly Line[],
  brought: Brought,
  commissions: ReadonlyMap<string, Commission>,
): Promise<LineFacts[]> {
  const party = brought.referral
    ? await partyOf(work, invoice, lines, brought.referral, commissions)
    : () => ({ kind: 'nobody', code: brought.reason }) as const;
  const parties = lines.map(party);
  const once = parties.some((each) => each.kind === 'referral' && each.terms.recurring === 'once');
  const firsts = once ? await firstInvoices(work, invoice, lines) : new Map<string, string>();
  return lines.map((line, index) => ({
    kind: line.kind,
    net: line.net,
    currency: invoice.currency,
    firstOfService: (firsts.get(line.service_id) ?? invoice.id) === invoice.id,
    // One party was made for each line just above.
    party: parties[index] as LineFacts['party'],
  }));
}

type PartyOfLine = (line: Line) => LineFacts['party'];

async function partyOf(
  { trx }: Reading,
  invoice: Invoice,
  lines: readonly Line[],
  referral: Referral,
  commissions: ReadonlyMap<string, Commission>,
): Promise<PartyOfLine> {
  const { affiliate_id: affiliateId, id: referralId } = referral;
  const status = await statusAt(trx, affiliateId, invoice.paid_at);
  const productIds = [...new Set(lines.map(({ product_id }) => product_id))];
  const versions = await versionsFor(trx, affiliateId, productIds);
  return (line) => {
    const earned = commissions.get(line.line_key);
    if (earned) {
      // What was earned keeps the terms and the standing that it was earned under, also after a merge.
      return {
        kind: 'referral',
        referralId,
        status: 'active',
        terms: JSON.parse(earned.terms) as AppliedTerms,
      };
    }
    const terms = termsFor(versions, { affiliateId, productId: line.product_id, paidAt: invoice.paid_at });
    return { kind: 'referral', referralId, status, terms };
  };
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
  const firsts = new Map<string, string>();
  for (const payment of await paymentsOfServices(trx, invoice.client_id, services)) {
    if (!firsts.has(payment.service_id)) firsts.set(payment.service_id, payment.invoice_id);
  }
  return firsts;
}
