/** How a request ends before it is paid: the affiliate takes it back, or staff deny it. The money is available again. */
import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { post } from '../ledger';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import type { AffiliateView, WithdrawalView } from '../views';
import { mailFor, newsOf, replyFor } from './messages';
import { posting } from './postings';
import { takeStep, withdrawalById } from './queries';
import { checkStep } from './rules';

/** @throws AffiliatesError withdrawal_missing (also when it is somebody else's), withdrawal_not_open */
export async function cancelWithdrawal(
  work: UnitOfWork,
  { affiliateId, withdrawalId }: EventPayloads['withdrawal.cancelled'],
): Promise<void> {
  const withdrawal = await withdrawalById(work.trx, withdrawalId);
  if (withdrawal.affiliateId !== affiliateId) {
    throw new AffiliatesError('withdrawal_missing', { withdrawal: withdrawalId });
  }
  await release(work, withdrawal, 'cancelled', '');
  const affiliate = await affiliateOf(work, withdrawal);
  await enqueue(work, replyFor(affiliate, 'cancelled', withdrawal));
}

/** @throws AffiliatesError withdrawal_missing, withdrawal_not_open, reason_required */
export async function denyWithdrawal(
  work: UnitOfWork,
  { withdrawalId, reason }: EventPayloads['withdrawal.denied'],
): Promise<void> {
  if (!reason) throw new AffiliatesError('reason_required', {});
  const withdrawal = await withdrawalById(work.trx, withdrawalId);
  await release(work, withdrawal, 'denied', reason);
  const affiliate = await affiliateOf(work, withdrawal);
  const told = { ...withdrawal, reason };
  await enqueue(work, replyFor(affiliate, 'denied', told), mailFor(affiliate, 'withdrawal-denied', told));
}

/** Ends a request without payment: reserved → cleared. */
export async function release(
  work: UnitOfWork,
  withdrawal: WithdrawalView,
  status: 'cancelled' | 'denied' | 'failed',
  reason: string,
): Promise<void> {
  checkStep(withdrawal, status);
  await takeStep(work.trx, withdrawal, {
    status,
    open_key: null,
    // Free again: what a first person approved was never paid.
    paid_key: null,
    ...(status !== 'failed' && decisionOf(work)),
    decided_at: work.at,
    reason,
  });
  await post(work, [posting('release', withdrawal, work.at)]);
  work.tell(newsOf(status, withdrawal));
  await record(work, `withdrawal.${status}`, withdrawal.affiliateId, {
    amount: withdrawal.amount,
    currency: withdrawal.currency,
    reason,
  });
}

/** @returns who decided, and when, as a withdrawal keeps it */
export const decisionOf = ({ at, by }: UnitOfWork) => ({
  decided_at: at,
  decided_by: nameOf(by),
  decided_by_id: by.kind === 'staff' ? by.id : '',
});

/** @returns the affiliate whose request it is. */
export async function affiliateOf(work: UnitOfWork, { affiliateId }: WithdrawalView): Promise<AffiliateView> {
  const affiliate = await affiliateById(work.trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  return affiliate;
}
