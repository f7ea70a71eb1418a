/**
 * Brings an invoice's commissions to what the known facts say they should be. Every fact about it (paid, refunded,
 * reopened, the client turns out to be a referral) only notes itself and then settles, so the end is the same in
 * whatever order the facts arrive.
 */
import { holdAffiliate } from '../affiliates';
import { enqueue, type Command } from '../commands';
import { post } from '../ledger';
import { holdReferral, forgetProduct, noteProduct } from '../referrals';
import type { AppliedTerms } from '../terms';
import { countsAffiliate } from '../terms/rules';
import type { UnitOfWork } from '../unitOfWork';
import { countBefore } from './before';
import { laterInvoicesOfAffiliate, laterInvoicesOfClient } from './counts';
import { evaluateLines } from './evaluate';
import { factsOf, referralFor } from './facts';
import { unclearedInvoices } from './holdQueries';
import { newsOfPlan } from './news';
import { planInvoice, type LineState, type Plan } from './plan';
import {
  claimInvoice,
  commissionsOf,
  evaluationsOf,
  insertCommissions,
  insertEvaluations,
  invoicesOfClient,
  linesOf,
  refundsOf,
  reviseCommission,
  type Invoice,
  type PaidInvoice,
} from './queries';
import { shareStates } from './shares';
import { keepTotals } from './totals';

/** Settles an invoice for which money came back: what others earn does not depend on that. */
export async function settleRefund(work: UnitOfWork, invoiceId: string): Promise<void> {
  await settleOne(work, invoiceId);
}

/** Settles an invoice, and those after it whose commissions its own may change. */
export async function settleInvoice(work: UnitOfWork, invoiceId: string): Promise<void> {
  await settleAll(work, [{ id: invoiceId, paid_at: 0 }]);
}

/** Settles all invoices of a client that turned out to be somebody's referral, or nobody's. */
export async function settleClient(work: UnitOfWork, clientId: string): Promise<void> {
  await settleAll(work, await invoicesOfClient(work.trx, clientId));
}

/**
 * Settles what has not cleared of a client's or an affiliate's, of whom something new is suspected, or no longer: what
 * is on hold counts for others as before.
 */
export async function settleUncleared(
  work: UnitOfWork,
  of: Parameters<typeof unclearedInvoices>[1],
): Promise<void> {
  for (const invoiceId of await unclearedInvoices(work.trx, of)) await settleOne(work, invoiceId);
}

/** Settles all invoices of a client anew when their order has changed: what was bought last may be another thing. */
export async function resettleClient(work: UnitOfWork, clientId: string): Promise<void> {
  await forgetProduct(work.trx, clientId);
  await settleClient(work, clientId);
}

/**
 * Settles invoices, each once, in the order they were paid: what one earns may depend on those before it alone, so
 * whatever depends on one comes after it.
 */
async function settleAll(work: UnitOfWork, given: readonly PaidInvoice[]): Promise<void> {
  const asked = new Set(given.map(({ id }) => id));
  const waiting = new Map(given.map((invoice) => [invoice.id, invoice]));
  for (let next = firstOf(waiting); next; next = firstOf(waiting)) {
    waiting.delete(next.id);
    const settled = await settleOne(work, next.id);
    if (!settled || !(settled.hasChanged || asked.has(next.id))) continue;
    for (const later of await dependentsOf(work, settled)) waiting.set(later.id, later);
  }
}

function firstOf(waiting: ReadonlyMap<string, PaidInvoice>): PaidInvoice | undefined {
  const isBefore = (one: PaidInvoice, other: PaidInvoice) =>
    one.paid_at === other.paid_at ? one.id < other.id : one.paid_at < other.paid_at;
  return [...waiting.values()].reduce<PaidInvoice | undefined>(
    (first, one) => (first && isBefore(first, one) ? first : one),
    undefined,
  );
}

interface Settled {
  readonly invoice: Invoice;
  readonly affiliateId: number | null;
  /** Whether terms are in play that make one referral's commissions depend on another's. */
  readonly countsAffiliate: boolean;
  readonly hasChanged: boolean;
}

async function dependentsOf({ trx }: UnitOfWork, settled: Settled): Promise<PaidInvoice[]> {
  const { invoice, affiliateId } = settled;
  if (affiliateId === null) return [];
  const ofClient = await laterInvoicesOfClient(trx, invoice.client_id, invoice);
  if (!settled.countsAffiliate) return ofClient;
  return [...ofClient, ...(await laterInvoicesOfAffiliate(trx, affiliateId, invoice))];
}

/** @returns null for an invoice that was not paid yet */
async function settleOne(work: UnitOfWork, invoiceId: string): Promise<Settled | null> {
  const { trx } = work;
  const invoice = await claimInvoice(trx, invoiceId);
  if (invoice.paid_at === 0) return null;
  const lines = await linesOf(trx, invoiceId);
  const commissions = await commissionsOf(
    trx,
    lines.map(({ line_key }) => line_key),
  );
  const brought = await referralFor(work, invoice, commissions);
  const { lines: facts, versions } = await factsOf(work, invoice, lines, brought, commissions);
  const { referral } = brought;
  const terms = facts.map(({ party }): AppliedTerms | null =>
    party.kind === 'referral' ? party.terms : null,
  );
  // Whoever would change what is counted next waits until this transaction ends.
  if (referral && versions.some(countsAffiliate)) await holdAffiliate(trx, referral.affiliate_id);
  if (referral) await holdReferral(trx, referral);
  const before = await countBefore(work, invoice, referral, terms);
  const first = evaluateLines(facts, before).map((evaluation, index): LineState => {
    // Facts are made one for each line.
    const line = lines[index] as LineState['line'];
    const commission = commissions.find(({ tier, line_key }) => tier === 1 && line_key === line.line_key);
    return {
      line,
      tier: 1,
      evaluation,
      commission: commission ?? null,
      terms: terms[index] ?? null,
      referral,
    };
  });
  const states = [...first, ...(await shareStates(work, invoice, first, commissions, versions))];
  await keepEvaluations(work, states);
  const hasChanged = referral ? await carryOut(work, invoice, states) : false;
  return {
    invoice,
    affiliateId: referral?.affiliate_id ?? null,
    countsAffiliate: versions.some(countsAffiliate),
    hasChanged,
  };
}

/** Keeps each evaluation that says something new; what was found before stays beside it. */
async function keepEvaluations(work: UnitOfWork, states: readonly LineState[]): Promise<void> {
  const known = await evaluationsOf(
    work.trx,
    states.map(({ line }) => line.line_key),
  );
  const numbers = new Map<string, number>();
  for (const { line_key, number } of known) numbers.set(line_key, number);
  const last = new Map(known.map((row) => [`${row.tier} ${row.line_key}`, row]));
  const news = states.filter(({ line, tier, evaluation }) => {
    const before = last.get(`${tier} ${line.line_key}`);
    return before?.steps !== JSON.stringify(evaluation.steps) || before.amount !== evaluation.amount;
  });
  await insertEvaluations(
    work,
    news.map(({ line: { line_key: lineKey }, tier, evaluation, referral }) => {
      const number = (numbers.get(lineKey) ?? 0) + 1;
      numbers.set(lineKey, number);
      const affiliateId = referral?.affiliate_id ?? null;
      return { lineKey, tier, number, evaluation, affiliateId, referralId: referral?.id ?? null };
    }),
  );
}

/** @returns whether what anything earned has changed */
async function carryOut(work: UnitOfWork, invoice: Invoice, states: readonly LineState[]): Promise<boolean> {
  const { trx, settings, eventId, at } = work;
  const above = new Map(
    states.flatMap(({ tier, referral }) => (tier > 1 && referral ? [[referral.id, referral]] : [])),
  );
  for (const referral of above.values()) await holdReferral(trx, referral);
  const refunds = await refundsOf(trx, invoice.id);
  const newId = () => work.newId();
  const plan = planInvoice({ invoice, refunds, states, timeZone: settings.timeZone, eventId, at, newId });
  await insertCommissions(trx, plan.earned);
  for (const { before, after } of plan.revisions) {
    const { earned, reversed, state, paid_at, clears_at } = after;
    await reviseCommission(trx, before, { earned, reversed, state, paid_at, clears_at });
  }
  await post(work, plan.transactions);
  for (const news of newsOfPlan(plan)) work.tell(news);
  await keepTotals(work, invoice, states, plan);
  await noteWhatWasBought(work, invoice, states);
  await enqueue(work, ...announcements(plan, states));
  return plan.earned.length > 0 || plan.revisions.length > 0;
}

async function noteWhatWasBought(
  work: UnitOfWork,
  invoice: Invoice,
  states: readonly LineState[],
): Promise<void> {
  const largest = states
    .filter(({ line, tier }) => tier === 1 && line.product_name !== '')
    .reduce<LineState | null>(
      (most, state) => (most && most.line.net >= state.line.net ? most : state),
      null,
    );
  if (!largest?.referral) return;
  await noteProduct(work.trx, largest.referral.id, largest.line.product_name, invoice.paid_at);
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
        commissionDelayed: commission.state !== 'cleared',
        clearingDate: commission.clears_at,
      },
    },
  }));
}
