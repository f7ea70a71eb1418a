/**
 * What must be posted so that an invoice's commissions are what the facts say. Pure: facts in, postings out.
 */
import type { LedgerTransaction } from '../ledger';
import { sum } from '../money';
import type { Referral } from '../referrals';
import type { AppliedTerms } from '../terms';
import { partOf, refundedShare, type Refund } from './amounts';
import type { Commission, Invoice, Line } from './queries';
import { clearsAt, type Evaluation } from './rules';

/** One line for one tier, with everything known about it. */
export interface LineState {
  readonly line: Line;
  /** 1: the affiliate who referred the client; 2 and 3: those above. */
  readonly tier: number;
  readonly evaluation: Evaluation;
  /** null: it never earned. */
  readonly commission: Commission | null;
  /** null: nobody's referral. */
  readonly terms: AppliedTerms | null;
  /** Whose the commission is or would be: the referral through which the money comes; null: nobody's. */
  readonly referral: Referral | null;
}

/** A commission as it is, and as it should be. */
export interface Revision {
  readonly before: Commission;
  readonly after: Commission;
}

export interface Plan {
  readonly earned: readonly Commission[];
  readonly revisions: readonly Revision[];
  readonly transactions: readonly LedgerTransaction[];
  /** What the client's payments in the referral's totals gain, minor units; negative for a refund. */
  readonly paidChange: number;
}

export interface PlanInput {
  readonly invoice: Invoice;
  readonly states: readonly LineState[];
  readonly refunds: readonly Refund[];
  readonly timeZone: string;
  readonly eventId: string;
  /** When the event that leads to this happened; ms, UTC. */
  readonly at: number;
  readonly newId: () => string;
}

export function planInvoice(input: PlanInput): Plan {
  const earned: Commission[] = [];
  const revisions: Revision[] = [];
  const transactions: LedgerTransaction[] = [];
  for (const state of input.states) {
    const fresh = state.commission ? null : newCommission(input, state);
    const before = state.commission ?? fresh;
    if (!before) continue;
    if (fresh) {
      earned.push(fresh);
      transactions.push(...earnTransactions(fresh));
    }
    const after = revised(input, state, before);
    if (isSame(before, after)) continue;
    revisions.push({ before, after });
    transactions.push(...changeTransactions(input, before, after));
  }
  return { earned, revisions, transactions, paidChange: sum([paidNet(input), -input.invoice.counted]) };
}

/** What of a commission the affiliate keeps, minor units. */
export const keptOf = ({ earned, reversed }: Commission): number => sum([earned, -reversed]);

const isSame = (one: Commission, other: Commission) =>
  one.earned === other.earned &&
  one.reversed === other.reversed &&
  one.paid_at === other.paid_at &&
  one.state === other.state;

function newCommission(input: PlanInput, state: LineState): Commission | null {
  const { invoice, timeZone, newId } = input;
  const { line, tier, evaluation, terms, referral } = state;
  if (evaluation.amount === 0 || !terms || !referral) return null;
  const isHeld = evaluation.outcome === 'on_hold';
  return {
    id: newId(),
    line_key: line.line_key,
    affiliate_id: referral.affiliate_id,
    tier,
    referral_id: referral.id,
    currency: evaluation.currency,
    earned: evaluation.amount,
    reversed: 0,
    state: isHeld ? 'held' : terms.clearingDays === 0 ? 'cleared' : 'clearing',
    paid_at: invoice.paid_at,
    clears_at: clearsAt(invoice.paid_at, terms.clearingDays, timeZone),
    terms: JSON.stringify(terms),
    conversion: evaluation.conversion && JSON.stringify(evaluation.conversion),
  };
}

/**
 * The commission as the facts known by now have it: what its line earns, dated by its payment; of that all is taken
 * back while the invoice does not stand as paid, else the refunds' share.
 */
function revised(input: PlanInput, { line, evaluation, terms }: LineState, before: Commission): Commission {
  const state = stateAfter(before, evaluation);
  const { invoice, refunds, timeZone } = input;
  const { amount: earned } = evaluation;
  const share = refundedShare(refunds, line.line_id, line.net, invoice.charged);
  const reversed = invoice.status === 'paid' ? partOf(earned, share) : earned;
  if (before.paid_at === invoice.paid_at) return { ...before, earned, reversed, state };
  const clears_at = clearsAt(invoice.paid_at, terms?.clearingDays ?? 0, timeZone);
  return { ...before, earned, reversed, state, paid_at: invoice.paid_at, clears_at };
}

/** What was cleared is past; of the rest a suspicion holds it, and a decision lets it clear with the next night it is due. */
function stateAfter({ state }: Commission, { outcome }: Evaluation): Commission['state'] {
  // One that earns nothing for now stays as it was: should it earn again, nobody has released it.
  if (state === 'cleared' || outcome === 'nothing') return state;
  return outcome === 'on_hold' ? 'held' : 'clearing';
}

/** What the client has paid for the invoice and not got back, without tax. */
function paidNet({ invoice, states, refunds }: PlanInput): number {
  if (invoice.status !== 'paid') return 0;
  return sum(
    states
      .filter(({ tier }) => tier === 1)
      .map(({ line }) =>
        sum([line.net, -partOf(line.net, refundedShare(refunds, line.line_id, line.net, invoice.charged))]),
      ),
  );
}

/** What makes a commission unique, in words that are the same on every replay. */
const keyOf = ({ line_key, affiliate_id, tier }: Commission) => `${line_key}:${affiliate_id}:${tier}`;

/** Where a commission's money stands: a held one, too, is not cleared. */
const accountOf = ({ state }: Commission) =>
  state === 'cleared' ? ('cleared' as const) : ('clearing' as const);

function earnTransactions(commission: Commission): LedgerTransaction[] {
  const { earned, paid_at } = commission;
  const key = `earn:${keyOf(commission)}`;
  const earn = transactionOf(commission, 'earn', key, earned, paid_at, 'expense', 'clearing');
  return commission.state === 'cleared' ? [earn, clearTransaction(commission, paid_at)] : [earn];
}

/** clearing → cleared, of what has not been reversed meanwhile. */
export function clearTransaction(commission: Commission, at: number): LedgerTransaction {
  const key = `clear:${keyOf(commission)}`;
  return transactionOf(commission, 'clear', key, keptOf(commission), at, 'clearing', 'cleared');
}

/** Takes back what is too much, or gives again what was taken back too much. */
function changeTransactions(
  { eventId, at }: PlanInput,
  before: Commission,
  after: Commission,
): LedgerTransaction[] {
  const change = sum([keptOf(after), -keptOf(before)]);
  if (change === 0) return [];
  const kind = change < 0 ? 'reverse' : 'reinstate';
  const account = accountOf(before);
  const [from, to] = change < 0 ? ([account, 'expense'] as const) : (['expense', account] as const);
  const key = `${kind}:${keyOf(before)}:${eventId}`;
  return [transactionOf(before, kind, key, Math.abs(change), at, from, to)];
}

function transactionOf(
  { affiliate_id, currency, id }: Commission,
  kind: LedgerTransaction['kind'],
  key: string,
  amount: number,
  at: number,
  from: LedgerTransaction['entries'][number]['account'],
  to: LedgerTransaction['entries'][number]['account'],
): LedgerTransaction {
  return {
    key,
    kind,
    affiliateId: affiliate_id,
    currency,
    amount,
    commissionId: id,
    withdrawalId: null,
    at,
    entries: [
      { affiliateId: affiliate_id, account: from, amount: -amount },
      { affiliateId: affiliate_id, account: to, amount },
    ],
  };
}
