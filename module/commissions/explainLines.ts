/** Puts together everything that is known of lines: what was found each time, what they earned, what was taken back. */
import type { Knex } from 'knex';
import { pageOf, type PageOfList } from '../database/keyset';
import { transactionsAbout, type PostedFully } from '../ledger';
import type { Rows } from '../views';
import { partOf, refundedShare } from './amounts';
import {
  commissionsOn,
  evaluationsOf,
  linesAbout,
  refundsOn,
  type About,
  type EvaluationRow,
  type LineOfInvoice,
  type RefundRow,
} from './evaluationQueries';
import type { CommissionDetails, EvaluationDetails, LineDetails, RefundView, TakenBack } from './explained';
import type { Commission } from './queries';
import type { Step } from './rules';

const LAST_PAID_FIRST = {
  column: 'l.paid_at',
  id: 'l.line_key',
  descending: true,
  keyOf: ({ paid_at, line_key }: LineOfInvoice) => [paid_at, line_key] as const,
};

/** @returns a page of lines, the last paid first, with all that staff may know of them */
export async function explainLines(knex: Knex, about: About, paging: PageOfList): Promise<Rows<LineDetails>> {
  const page = await pageOf(linesAbout(knex, about), LAST_PAID_FIRST, paging);
  return { ...page, rows: await describe(knex, page.rows) };
}

async function describe(knex: Knex, lines: readonly LineOfInvoice[]): Promise<LineDetails[]> {
  const keys = lines.map(({ line_key }) => line_key);
  const commissions = await commissionsOn(knex, keys);
  const known = {
    evaluations: await evaluationsOf(knex, keys),
    commissions,
    refunds: await refundsOn(knex, [...new Set(lines.map(({ invoice_id }) => invoice_id))]),
    postings: await transactionsAbout(
      knex,
      commissions.map(({ id }) => id),
    ),
  };
  return lines.map((line) => toDetails(line, known));
}

interface Known {
  readonly evaluations: readonly EvaluationRow[];
  readonly commissions: readonly Commission[];
  readonly refunds: readonly RefundRow[];
  readonly postings: readonly PostedFully[];
}

function toDetails(line: LineOfInvoice, known: Known): LineDetails {
  const found = known.evaluations.filter(({ line_key }) => line_key === line.line_key).map(toEvaluation);
  const evaluations = found.filter(({ tier }) => tier === 1);
  const commissions = known.commissions
    .filter(({ line_key }) => line_key === line.line_key)
    .map((commission) => toCommission(commission, known.postings));
  const refunds = known.refunds
    .filter(
      ({ invoice_id, line_id }) => invoice_id === line.invoice_id && [line.line_id, ''].includes(line_id),
    )
    .map(toRefund);
  return {
    tier: 1,
    product: line.product_name,
    kind: line.kind,
    quantity: line.quantity,
    net: line.net,
    currency: line.currency,
    paidAt: line.paid_at,
    evaluations,
    shares: found.filter(({ tier }) => tier > 1),
    commission: commissions.find(({ tier }) => tier === 1) ?? null,
    takenBack: commissions.length > 0 ? takenBack(line, evaluations[0], refunds) : null,
    lineKey: line.line_key,
    invoiceId: line.invoice_id,
    lineId: line.line_id,
    clientId: line.client_id,
    serviceId: line.service_id,
    productId: line.product_id,
    charged: line.charged,
    invoiceStatus: line.status,
    commissions,
    refunds,
  };
}

/** As a plan finds it: nothing is kept while the invoice does not stand or the line earns nothing, else a share. */
function takenBack(
  { status, line_id, net, charged }: LineOfInvoice,
  last: EvaluationDetails | undefined,
  refunds: readonly RefundView[],
): TakenBack | null {
  if (status !== 'paid') return { reason: 'not_paid', refunded: 0 };
  if (last?.outcome === 'nothing') return { reason: 'earns_no_more', refunded: 0 };
  const standing = refunds.filter(({ reversedAt }) => reversedAt === null);
  const refunded = partOf(net, refundedShare(standing, line_id, net, charged));
  return standing.length > 0 ? { reason: 'refunded', refunded } : null;
}

function toEvaluation(row: EvaluationRow): EvaluationDetails {
  return {
    tier: row.tier,
    number: row.number,
    outcome: row.outcome,
    // Evaluations are written by `insertEvaluations` alone.
    code: row.code as EvaluationDetails['code'],
    steps: JSON.parse(row.steps) as Step[],
    amount: row.amount,
    currency: row.currency,
    evaluatedAt: row.evaluated_at,
    affiliateId: row.affiliate_id,
    referralId: row.referral_id,
    termsId: row.terms_id,
  };
}

function toCommission(row: Commission, postings: readonly PostedFully[]): CommissionDetails {
  return {
    id: row.id,
    affiliateId: row.affiliate_id,
    tier: row.tier,
    referralId: row.referral_id,
    currency: row.currency,
    earned: row.earned,
    reversed: row.reversed,
    state: row.state,
    clearsAt: row.clears_at,
    waits: row.clears_at > row.paid_at,
    terms: row.terms,
    postings: postings
      .filter(({ commission_id }) => commission_id === row.id)
      .map(({ id, key, kind, at, amount, event_id }) => ({ id, key, kind, at, amount, eventId: event_id })),
  };
}

function toRefund({ refund_id, amount, line_id, at, reversed_at }: RefundRow): RefundView {
  return { refundId: refund_id, amount, lineId: line_id, at, reversedAt: reversed_at };
}
