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

/** One line with everything known about it. */
export interface LineState {
  readonly line: Line;
  readonly evaluation: Evaluation;
  /** null: it never earned. */
  readonly commission: Commission | null;
  /** null: nobody's referral. */
  readonly terms: AppliedTerms | null;
}

export interface Plan {
  readonly earned: readonly Commission[];
  /** Commissions of a payment that turned out to be older, with the dates they should have. */
  readonly redated: readonly Commission[];
  /** Commissions whose reversed amount changes, as they are before. */
  readonly reversals: readonly { readonly before: Commission; readonly reversed: number }[];
  readonly transactions: readonly LedgerTransaction[];
  /** What the referral's totals gain, minor units; negative for a reversal. */
  readonly earnedChange: number;
  readonly paidChange: number;
}

export interface PlanInput {
  readonly invoice: Invoice;
  readonly lines: readonly LineState[];
  readonly referral: Referral;
  readonly refunds: readonly Refund[];
  readonly timeZone: string;
  readonly eventId: string;
  /** When the event that leads to this happened; ms, UTC. */
  readonly at: number;
  readonly newId: () => string;
}

export function planInvoice(input: PlanInput): Plan {
  const earned: Commission[] = [];
  const redated: Commission[] = [];
  const reversals: { before: Commission; reversed: number }[] = [];
  const transactions: LedgerTransaction[] = [];
  for (const state of input.lines) {
    const commission = state.commission ?? newCommission(input, state);
    if (!commission) continue;
    if (!state.commission) {
      earned.push(commission);
      transactions.push(...earnTransactions(commission));
    } else if (commission.paid_at !== input.invoice.paid_at) {
      redated.push({ ...commission, ...datesOf(input, state) });
    }
    const reversed = reversedAmount(input, state, commission);
    if (reversed === commission.reversed) continue;
    reversals.push({ before: commission, reversed });
    transactions.push(reverseTransaction(input, commission, reversed));
  }
  return {
    earned,
    redated,
    reversals,
    transactions,
    earnedChange: sum([
      ...earned.map((commission) => commission.earned),
      ...reversals.map(({ before, reversed }) => before.reversed - reversed),
    ]),
    paidChange: sum([paidNet(input), -input.invoice.counted]),
  };
}

/** When the line was paid, and when what it earns clears. */
function datesOf(
  { invoice, timeZone }: PlanInput,
  { terms }: LineState,
): Pick<Commission, 'paid_at' | 'clears_at'> {
  const { paid_at } = invoice;
  return { paid_at, clears_at: clearsAt(paid_at, terms?.clearingDays ?? 0, timeZone) };
}

function newCommission(input: PlanInput, state: LineState): Commission | null {
  const { invoice, referral, newId } = input;
  const { line, evaluation, terms } = state;
  if (evaluation.outcome !== 'earned' || !terms) return null;
  return {
    id: newId(),
    line_key: line.line_key,
    affiliate_id: referral.affiliate_id,
    tier: 1,
    referral_id: referral.id,
    currency: invoice.currency,
    earned: evaluation.amount,
    reversed: 0,
    state: terms.clearingDays === 0 ? 'cleared' : 'clearing',
    ...datesOf(input, state),
    terms: JSON.stringify(terms),
  };
}

/** All of it while the invoice does not stand as paid or the line no longer earns; else the refunds' share. */
function reversedAmount(
  { invoice, refunds }: PlanInput,
  { line, evaluation }: LineState,
  { earned }: Commission,
): number {
  if (invoice.status !== 'paid' || evaluation.outcome !== 'earned') return earned;
  return partOf(earned, refundedShare(refunds, line.line_id, line.net, invoice.charged));
}

/** What the client has paid for the invoice and not got back, without tax. */
function paidNet({ invoice, lines, refunds }: PlanInput): number {
  if (invoice.status !== 'paid') return 0;
  return sum(
    lines.map(({ line }) =>
      sum([line.net, -partOf(line.net, refundedShare(refunds, line.line_id, line.net, invoice.charged))]),
    ),
  );
}

/** What makes a commission unique, in words that are the same on every replay. */
const keyOf = ({ line_key, affiliate_id, tier }: Commission) => `${line_key}:${affiliate_id}:${tier}`;

function earnTransactions(commission: Commission): LedgerTransaction[] {
  const { earned, paid_at } = commission;
  const earn = transactionOf(
    commission,
    'earn',
    `earn:${keyOf(commission)}`,
    earned,
    paid_at,
    'expense',
    'clearing',
  );
  return commission.state === 'cleared' ? [earn, clearTransaction(commission, paid_at)] : [earn];
}

/** clearing → cleared, of what has not been reversed meanwhile. */
export function clearTransaction(commission: Commission, at: number): LedgerTransaction {
  const amount = sum([commission.earned, -commission.reversed]);
  return transactionOf(commission, 'clear', `clear:${keyOf(commission)}`, amount, at, 'clearing', 'cleared');
}

function reverseTransaction(
  { eventId, at }: PlanInput,
  commission: Commission,
  reversed: number,
): LedgerTransaction {
  const change = sum([reversed, -commission.reversed]);
  const kind = change > 0 ? 'reverse' : 'reinstate';
  const [from, to] =
    change > 0 ? ([commission.state, 'expense'] as const) : (['expense', commission.state] as const);
  return transactionOf(
    commission,
    kind,
    `${kind}:${keyOf(commission)}:${eventId}`,
    Math.abs(change),
    at,
    from,
    to,
  );
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
