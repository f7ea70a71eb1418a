/**
 * What an invoice would earn if it were paid at a given time: the facts are gathered and judged as for a real one,
 * and that is all. Nothing is posted, kept or told.
 */
import type { Knex } from 'knex';
import { affiliateByCode } from '../affiliates';
import { withoutWriting } from '../database/withoutWriting';
import { AffiliatesError } from '../errors';
import type { EventPayloads, LineKind } from '../events/rules';
import { sum, type Currency } from '../money';
import type { Referral } from '../referrals';
import type { Settings } from '../settings';
import { pricesOfLines } from './amounts';
import { countBefore } from './before';
import { evaluateLines } from './evaluate';
import { invoiceById, linesAbout } from './evaluationQueries';
import { factsOf, referralFor, type Brought, type Reading } from './facts';
import type { LineState } from './plan';
import type { Invoice, Line } from './queries';
import { clearsAt, type Evaluation } from './rules';
import { shareStates } from './shares';

/** An invoice that exists, or one that somebody thought up. */
export type WouldEarnQuestion = { readonly at: number } & (
  { readonly invoiceId: string } | { readonly imagined: ImaginedInvoice }
);

export interface ImaginedInvoice {
  /** Who would pay it; or else, paid by a new referral of whom. */
  readonly payer: { readonly clientId: string } | { readonly affiliateCode: string };
  readonly currency: Currency;
  readonly lines: readonly {
    readonly kind: LineKind;
    readonly productId: string;
    /** Minor units, without tax. */
    readonly amount: number;
    readonly quantity: number;
  }[];
}

export interface WouldEarn {
  readonly currency: Currency;
  /** Whose commission it would be; null for nobody's. */
  readonly affiliateId: number | null;
  readonly lines: readonly (Pick<Line, 'kind' | 'net' | 'quantity'> & {
    readonly product: string;
    readonly evaluation: Evaluation;
    /** When it would clear; null where nothing would be earned. */
    readonly clearsAt: number | null;
    /** What those above the affiliate would earn. */
    readonly shares: readonly {
      readonly tier: number;
      readonly affiliateId: number | null;
      readonly evaluation: Evaluation;
    }[];
  })[];
}

/** @throws AffiliatesError invoice_unknown (also for one that was never paid), affiliate_missing */
export function wouldEarn(knex: Knex, settings: Settings, question: WouldEarnQuestion): Promise<WouldEarn> {
  return withoutWriting(knex, async (trx) => {
    const asked =
      'invoiceId' in question
        ? await known({ trx, settings }, question)
        : await imagined({ trx, settings }, question);
    return judge({ trx, settings }, asked);
  });
}

interface Asked {
  readonly invoice: Invoice;
  readonly lines: readonly Line[];
  readonly brought: Brought;
}

async function judge(reading: Reading, { invoice, lines, brought }: Asked): Promise<WouldEarn> {
  const { referral } = brought;
  // What it earned already, if it is a real one, would otherwise keep the terms of that time.
  const { lines: facts, versions } = await factsOf(reading, invoice, lines, brought, []);
  const terms = facts.map(({ party }) => (party.kind === 'referral' ? party.terms : null));
  const evaluations = evaluateLines(facts, await countBefore(reading, invoice, referral, terms));
  const states = evaluations.map((evaluation, index): LineState => {
    // Facts are made one for each line.
    const line = lines[index] as Line;
    return { line, tier: 1, evaluation, commission: null, terms: terms[index] ?? null, referral };
  });
  const shares = await shareStates(reading, invoice, states, [], versions);
  return {
    currency: invoice.currency,
    affiliateId: referral?.affiliate_id ?? null,
    lines: states.map((state) => answerFor(state, shares, invoice, reading.settings)),
  };
}

function answerFor(
  { line, evaluation, terms }: LineState,
  shares: readonly LineState[],
  { paid_at }: Invoice,
  { timeZone }: Settings,
): WouldEarn['lines'][number] {
  const { kind, net, quantity, product_name, product_id, line_key } = line;
  const earns = evaluation.outcome === 'earned';
  return {
    kind,
    net,
    quantity,
    product: product_name || product_id,
    evaluation,
    clearsAt: earns ? clearsAt(paid_at, terms?.clearingDays ?? 0, timeZone) : null,
    shares: shares
      .filter((share) => share.line.line_key === line_key)
      .map((share) => ({
        tier: share.tier,
        affiliateId: share.referral?.affiliate_id ?? null,
        evaluation: share.evaluation,
      })),
  };
}

async function known(reading: Reading, { invoiceId, at }: { invoiceId: string; at: number }): Promise<Asked> {
  const { trx } = reading;
  const found = await invoiceById(trx, invoiceId);
  if (!found || found.paid_at === 0) throw new AffiliatesError('invoice_unknown', { invoice: invoiceId });
  const invoice: Invoice = { ...found, status: 'paid', paid_at: at };
  const lines = await linesAbout(trx, { invoiceId }).orderBy('l.line_key');
  const brought = await referralFor(reading, invoice, []);
  return { invoice, lines: lines.map((line) => ({ ...line, paid_at: at })), brought };
}

const FREE = { net: 0, discount: 0, credit: 0, tax: 0 };

/** No host gives an invoice an empty id. */
const NO_INVOICE = '';

async function imagined(
  reading: Reading,
  { imagined: { payer, currency, lines }, at }: { imagined: ImaginedInvoice; at: number },
): Promise<Asked> {
  const clientId = 'clientId' in payer ? payer.clientId : '';
  const paid = asPaid(clientId, currency, lines);
  const invoice: Invoice = {
    id: NO_INVOICE,
    client_id: clientId,
    currency,
    charged: paid.total,
    counted: 0,
    paid_at: at,
    status: 'paid',
    status_at: at,
    coupon: '',
    country: '',
    exchange_rate: '',
    came_with_merge: false,
  };
  const prices = pricesOfLines(paid);
  const asLines = paid.lines.map((line, index): Line => ({
    ...(prices[index] ?? FREE),
    line_key: `${NO_INVOICE}/${line.lineId}`,
    invoice_id: NO_INVOICE,
    line_id: line.lineId,
    client_id: clientId,
    kind: line.kind,
    quantity: line.quantity,
    service_id: line.serviceId,
    product_id: line.productId,
    product_name: line.productName,
    product_group: '',
    cycle: '',
    tld: '',
    paid_at: at,
  }));
  const brought =
    'clientId' in payer
      ? await referralFor(reading, invoice, [])
      : { referral: await newReferralOf(reading.trx, payer.affiliateCode, at) };
  return { invoice, lines: asLines, brought };
}

function asPaid(
  clientId: string,
  currency: Currency,
  lines: ImaginedInvoice['lines'],
): EventPayloads['invoice.paid'] {
  return {
    invoiceId: NO_INVOICE,
    clientId,
    currency,
    total: sum(lines.map(({ amount }) => amount)),
    credit: 0,
    discount: 0,
    lines: lines.map((line, index) => ({
      ...line,
      lineId: String(index + 1),
      discount: 0,
      serviceId: '',
      productName: '',
    })),
  };
}

/** Somebody who signed up through the affiliate's link the moment before. */
async function newReferralOf(trx: Knex.Transaction, code: string, at: number): Promise<Referral> {
  const affiliate = await affiliateByCode(trx, code);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: code });
  return {
    id: '',
    client_id: '',
    affiliate_id: affiliate.id,
    signed_up_at: at,
    holds_from: 0,
    status: 'active',
    closed_at: null,
    first_name: '',
    last_name: '',
    initials: '',
    product: '',
    product_at: 0,
    campaign: '',
    converted: false,
    converted_at: null,
    converted_by: null,
  };
}
