/** What a correction by staff may be, and what may become of it. */
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { isCurrency } from '../money';
import type { AffiliateView, CorrectionDirection, CorrectionStatus, CorrectionView } from '../views';

const DIRECTIONS = ['credit', 'debit'] as const satisfies readonly CorrectionDirection[];

/** As long as its column. */
const REASON_LIMIT = 500;

type Proposal = EventPayloads['correction.proposed'];

/** @throws AffiliatesError reason_required, field_too_long, field_invalid (amount, direction), currency_unknown */
export function checkProposal({ amount, currency, direction, reason }: Proposal): void {
  if (!reason) throw new AffiliatesError('reason_required', {});
  checkLength(reason);
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    throw new AffiliatesError('field_invalid', { field: 'amount' });
  }
  if (!DIRECTIONS.includes(direction)) throw new AffiliatesError('field_invalid', { field: 'direction' });
  if (!isCurrency(currency)) throw new AffiliatesError('currency_unknown', { currency });
}

/** @throws AffiliatesError field_too_long */
export function checkLength(reason: string): void {
  if (reason.length > REASON_LIMIT) {
    throw new AffiliatesError('field_too_long', { field: 'reason', limit: REASON_LIMIT });
  }
}

/**
 * A closed affiliate earns nothing more, and could not be paid; what it still has may be taken from it.
 * @throws AffiliatesError affiliate_not_active
 */
export function checkAffiliate({ status }: AffiliateView, direction: CorrectionDirection): void {
  if (status === 'closed' && direction === 'credit') {
    throw new AffiliatesError('affiliate_not_active', { status });
  }
}

/** @throws AffiliatesError correction_not_open unless it still waits for a second person */
export function checkOpen({ status }: Pick<CorrectionView, 'status'>): void {
  const open: CorrectionStatus = 'proposed';
  if (status !== open) throw new AffiliatesError('correction_not_open', { status });
}
