/**
 * Brings an invoice's commissions to what the known facts say they should be. Every fact about it (paid, refunded,
 * reopened, the client turns out to be a referral) only notes itself and then settles, so the end is the same in
 * whatever order the facts arrive.
 */
import { addToFigures } from '../affiliates';
import { enqueue, type Command } from '../commands';
import { post } from '../ledger';
import { sum } from '../money';
import {
  addToTotals,
  dateLastCommission,
  forgetProduct,
  holdReferral,
  noteConversion,
  noteProduct,
  type Referral,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { factsOf, referralFor } from './facts';
import { planInvoice, type LineState, type Plan } from './plan';
import {
  claimInvoice,
  commissionsOf,
  dateCommission,
  insertCommissions,
  insertEvaluations,
  invoiceIdsOfClient,
  lastEvaluations,
  lastKeptAt,
  linesOf,
  paymentsOfServices,
  refundsOf,
  setReversed,
  updateInvoice,
  type Invoice,
} from './queries';
import { evaluate } from './rules';

/** Settles an invoice, and those whose place in a service's row of payments it may have changed. */
export async function settleInvoice(work: UnitOfWork, invoiceId: string): Promise<void> {
  const { states, clientId } = await settleOne(work, invoiceId);
  if (!states.some(({ terms }) => terms?.recurring === 'once')) return;
  const services = states.map(({ line }) => line.service_id).filter(Boolean);
  const payments = services.length > 0 ? await paymentsOfServices(work.trx, clientId, services) : [];
  const others = new Set(payments.map(({ invoice_id }) => invoice_id));
  others.delete(invoiceId);
  // In a fixed order, so that two writers wait for each other instead of deadlocking.
  for (const other of [...others].sort()) await settleOne(work, other);
}

/** Settles all invoices of a client that turned out to be somebody's referral, or nobody's. */
export async function settleClient(work: UnitOfWork, clientId: string): Promise<void> {
  for (const invoiceId of await invoiceIdsOfClient(work.trx, clientId)) await settleInvoice(work, invoiceId);
}

/** Settles all invoices of a client anew when their order has changed: what was bought last may be another thing. */
export async function resettleClient(work: UnitOfWork, clientId: string): Promise<void> {
  await forgetProduct(work.trx, clientId);
  await settleClient(work, clientId);
}

async function settleOne(
  work: UnitOfWork,
  invoiceId: string,
): Promise<{ states: readonly LineState[]; clientId: string }> {
  const { trx } = work;
  const invoice = await claimInvoice(trx, invoiceId);
  if (invoice.paid_at === 0) return { states: [], clientId: '' };
  const lines = await linesOf(trx, invoiceId);
  const commissions = await commissionsOf(
    trx,
    lines.map(({ line_key }) => line_key),
  );
  const brought = await referralFor(work, invoice, commissions);
  const { referral } = brought;
  const facts = await factsOf(work, invoice, lines, brought, commissions);
  const states = facts.map((fact, index): LineState => {
    // Facts are made one for each line.
    const line = lines[index] as LineState['line'];
    const terms = fact.party.kind === 'referral' ? fact.party.terms : null;
    return { line, evaluation: evaluate(fact), commission: commissions.get(line.line_key) ?? null, terms };
  });
  await keepEvaluations(work, invoice, referral, states);
  if (referral) await carryOut(work, invoice, referral, states);
  return { states, clientId: invoice.client_id };
}

/** Keeps each evaluation that says something new; what was found before stays beside it. */
async function keepEvaluations(
  work: UnitOfWork,
  invoice: Invoice,
  referral: Referral | null,
  states: readonly LineState[],
): Promise<void> {
  const last = await lastEvaluations(
    work.trx,
    states.map(({ line }) => line.line_key),
  );
  const news = states.filter(({ line, evaluation }) => {
    const before = last.get(line.line_key);
    return before?.steps !== JSON.stringify(evaluation.steps) || before.amount !== evaluation.amount;
  });
  await insertEvaluations(
    work,
    news.map(({ line, evaluation }) => ({
      line,
      evaluation,
      number: (last.get(line.line_key)?.number ?? 0) + 1,
      currency: invoice.currency,
      affiliateId: referral?.affiliate_id ?? null,
      referralId: referral?.id ?? null,
    })),
  );
}

async function carryOut(
  work: UnitOfWork,
  invoice: Invoice,
  referral: Referral,
  states: readonly LineState[],
): Promise<void> {
  const { trx, settings, eventId, at } = work;
  await holdReferral(trx, referral);
  const refunds = await refundsOf(trx, invoice.id);
  const timeZone = settings.timeZone;
  const newId = () => work.newId();
  const plan = planInvoice({ invoice, referral, refunds, lines: states, timeZone, eventId, at, newId });
  await insertCommissions(trx, plan.earned);
  for (const commission of plan.redated) await dateCommission(trx, commission);
  for (const { before, reversed } of plan.reversals) await setReversed(trx, before, reversed);
  await post(work, plan.transactions);
  await keepTotals(work, invoice, referral, plan);
  await noteWhatWasBought(work, invoice, referral, states);
  await enqueue(work, ...announcements(plan, states));
}

async function keepTotals(work: UnitOfWork, invoice: Invoice, referral: Referral, plan: Plan): Promise<void> {
  if (plan.earned.length > 0 && (await noteConversion(work.trx, referral.id))) {
    await addToFigures(work.trx, referral.affiliate_id, { conversions: 1 });
  }
  const revised = plan.reversals.length > 0 || plan.redated.length > 0;
  if (plan.paidChange === 0 && plan.earned.length === 0 && !revised) return;
  await updateInvoice(work.trx, invoice.id, { counted: sum([invoice.counted, plan.paidChange]) });
  await addToTotals(work.trx, {
    referralId: referral.id,
    affiliateId: referral.affiliate_id,
    currency: invoice.currency,
    paid: plan.paidChange,
    earned: plan.earnedChange,
    commissionAt: plan.earned.length > 0 ? invoice.paid_at : 0,
  });
  // After the update above, which makes another invoice of the referral wait: neither overlooks the other.
  if (revised) {
    const at = await lastKeptAt(work.trx, referral.id, invoice.currency);
    await dateLastCommission(work.trx, referral.id, invoice.currency, at);
  }
}

async function noteWhatWasBought(
  work: UnitOfWork,
  invoice: Invoice,
  referral: Referral,
  states: readonly LineState[],
): Promise<void> {
  const largest = states
    .filter(({ line }) => line.product_name !== '')
    .reduce<LineState | null>(
      (most, state) => (most && most.line.net >= state.line.net ? most : state),
      null,
    );
  if (largest) await noteProduct(work.trx, referral.id, largest.line.product_name, invoice.paid_at);
}

function announcements({ earned }: Plan, states: readonly LineState[]): Command[] {
  return earned.map((commission) => ({
    kind: 'announce',
    key: `announce:commission:${commission.id}`,
    payload: {
      name: 'AffiliateCommission',
      data: {
        affiliateId: commission.affiliate_id,
        referralId: commission.referral_id,
        serviceId: states.find(({ line }) => line.line_key === commission.line_key)?.line.service_id ?? '',
        commissionAmount: commission.earned,
        currency: commission.currency,
        commissionDelayed: commission.state === 'clearing',
        clearingDate: commission.clears_at,
      },
    },
  }));
}
