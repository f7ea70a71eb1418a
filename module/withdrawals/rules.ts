/** When money can be withdrawn, and what may become of a request. */
import { AffiliatesError } from '../errors';
import type { Balance } from '../ledger';
import { decimalsOf, parseAmount, sum, toDecimal, type Currency } from '../money';
import type { PayoutMethod, Settings } from '../settings';
import type { FirstApproval, StatementView, WithdrawalStatus, WithdrawalView } from '../views';

/**
 * @returns the least that can be withdrawn in a currency, minor units; where the settings name none for it, the
 *   figure of the program's own, read in that currency
 */
function thresholdIn(settings: Settings, currency: Currency): number {
  if (currency === settings.currency) return settings.threshold;
  const own = settings.otherThresholds.find((threshold) => threshold.currency === currency);
  if (own) return own.amount;
  const written = toDecimal({ amount: settings.threshold, currency: settings.currency });
  const [whole = '0', fraction = ''] = written.split('.');
  return parseAmount(`${whole}.${fraction.slice(0, decimalsOf(currency))}0`, currency, 'threshold');
}

/** @returns the statement of balances: under the threshold all that is cleared stands below the mark, else above it. */
export function statementOf(
  settings: Settings,
  balance: Omit<Balance, 'expense' | 'affiliateId'>,
): StatementView {
  const { currency, clearing, cleared, reserved, withdrawn } = balance;
  const threshold = thresholdIn(settings, currency);
  const reached = cleared >= threshold;
  return {
    currency,
    clearing,
    cleared,
    reserved,
    withdrawn,
    threshold,
    belowThreshold: reached ? 0 : cleared,
    available: reached ? cleared : 0,
    missing: reached ? 0 : sum([threshold, -cleared]),
    acquired: sum([clearing, cleared, reserved, withdrawn]),
  };
}

/**
 * @returns what a request takes: all that is available
 * @throws AffiliatesError payout_method_unknown, field_required (details; account credit needs none), below_threshold
 */
export function amountToRequest(
  settings: Settings,
  statement: StatementView,
  { method, details }: { method: PayoutMethod; details: string },
): number {
  if (!settings.payoutMethods.includes(method))
    throw new AffiliatesError('payout_method_unknown', { method });
  if (method !== 'credit' && !details) throw new AffiliatesError('field_required', { field: 'details' });
  const { available, missing, currency } = statement;
  if (available <= 0) throw new AffiliatesError('below_threshold', { missing, currency });
  return available;
}

/** A request waits as `requested`; while the host is paying it is `paying`; the other four are final. */
const NEXT: Readonly<Record<WithdrawalStatus, readonly WithdrawalStatus[]>> = {
  requested: ['paying', 'paid', 'denied', 'cancelled'],
  paying: ['paid', 'failed'],
  paid: [],
  denied: [],
  cancelled: [],
  failed: [],
};

/** @throws AffiliatesError withdrawal_not_open unless the request may become that */
export function checkStep(withdrawal: WithdrawalView, next: WithdrawalStatus): void {
  if (!NEXT[withdrawal.status].includes(next)) {
    throw new AffiliatesError('withdrawal_not_open', { status: withdrawal.status });
  }
}

/** @throws AffiliatesError withdrawal_not_open unless it waits for staff */
export function checkRequested({ status }: WithdrawalView): void {
  if (status !== 'requested') throw new AffiliatesError('withdrawal_not_open', { status });
}

/**
 * A second person approves what the first one did, and nothing else.
 * @throws AffiliatesError approval_differs
 */
export function checkSameApproval({ transactionId: first }: FirstApproval, transactionId: string): void {
  if (first !== transactionId) throw new AffiliatesError('approval_differs', {});
}

/**
 * How staff's approval pays: account credit through the host, or by hand under a transaction id.
 * @throws AffiliatesError field_required (transactionId) for a method the host cannot pay
 */
export function wayToPay({ method }: WithdrawalView, transactionId: string): 'host' | 'hand' {
  if (transactionId) return 'hand';
  if (method !== 'credit') throw new AffiliatesError('field_required', { field: 'transactionId' });
  return 'host';
}
