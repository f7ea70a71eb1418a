/** How a request is paid: by hand at once, or by the host, in which case the intent is committed before it is asked. */
import { checkSecondPerson, needsSecondPerson, staffOf } from '../approval';
import { record } from '../audit';
import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { post } from '../ledger';
import type { UnitOfWork } from '../unitOfWork';
import type { WithdrawalView } from '../views';
import { affiliateOf, decisionOf, release } from './decide';
import { mailFor, newsOf, replyFor } from './messages';
import { posting } from './postings';
import { isPaidKeyUsed, takeStep, withdrawalById } from './queries';
import { checkRequested, checkSameApproval, checkStep, wayToPay } from './rules';

/**
 * Staff approve a request, and it is paid; above the amount that one person may decide, the first approval is kept and
 * nothing else changes until a second person approves the same.
 * @throws AffiliatesError withdrawal_missing, withdrawal_not_open, field_required, transaction_id_used,
 *   second_person_needed, approval_differs
 */
export async function approveWithdrawal(
  work: UnitOfWork,
  { withdrawalId, transactionId, approvalAbove = null }: EventPayloads['withdrawal.approved'],
): Promise<{ waitsForSecond: boolean }> {
  const withdrawal = await withdrawalById(work.trx, withdrawalId);
  checkRequested(withdrawal);
  const { firstApproval } = withdrawal;
  if (firstApproval) {
    checkSecondPerson(work, firstApproval.byId);
    checkSameApproval(firstApproval, transactionId);
  }
  const way = wayToPay(withdrawal, transactionId);
  const paidKey = way === 'hand' ? await freePaidKey(work, withdrawal, transactionId) : null;
  if (!firstApproval && needsSecondPerson(withdrawal, approvalAbove)) {
    await keepFirstApproval(work, withdrawal, transactionId, paidKey);
    return { waitsForSecond: true };
  }
  if (paidKey === null) await askHostToPay(work, withdrawal);
  else await bookPayment(work, withdrawal, transactionId, { ...decisionOf(work), paid_key: paidKey });
  return { waitsForSecond: false };
}

/** @returns what keeps a transaction id to one withdrawal. @throws AffiliatesError transaction_id_used */
async function freePaidKey(
  { trx }: UnitOfWork,
  { id, method }: WithdrawalView,
  transactionId: string,
): Promise<string> {
  const paidKey = `${method}:${transactionId}`;
  if (await isPaidKeyUsed(trx, paidKey, id))
    throw new AffiliatesError('transaction_id_used', { transactionId });
  return paidKey;
}

async function keepFirstApproval(
  work: UnitOfWork,
  withdrawal: WithdrawalView,
  transactionId: string,
  paidKey: string | null,
): Promise<void> {
  const { id, name } = staffOf(work);
  await takeStep(work.trx, withdrawal, {
    needs_approval: true,
    first_approved_at: work.at,
    first_approved_by: name,
    first_approved_by_id: id,
    first_transaction_id: transactionId,
    paid_key: paidKey,
  });
  const { affiliateId, amount, currency } = withdrawal;
  await record(work, 'withdrawal.first_approved', affiliateId, { amount, currency, transactionId });
}

async function askHostToPay(work: UnitOfWork, withdrawal: WithdrawalView): Promise<void> {
  await takeStep(work.trx, withdrawal, { ...decisionOf(work), status: 'paying' });
  const { id, affiliateId, clientId, currency, amount } = withdrawal;
  await record(work, 'withdrawal.approved', affiliateId, { amount, currency });
  const { locale } = await affiliateOf(work, withdrawal);
  const description = { key: 'credit.description', locale, parameters: { amount, currency } };
  await enqueue(work, {
    kind: 'addCredit',
    key: `payout:${id}`,
    payload: { clientId, amount, currency, description, withdrawalId: id },
  });
}

/** The host's answer to a payout: paid, or refused, in which case the money is available again. */
export async function settlePayout(
  work: UnitOfWork,
  { withdrawalId, paid, reference }: EventPayloads['payout.settled'],
): Promise<void> {
  const withdrawal = await withdrawalById(work.trx, withdrawalId);
  if (paid) {
    checkStep(withdrawal, 'paid');
    await bookPayment(work, withdrawal, reference, {});
    return;
  }
  await release(work, withdrawal, 'failed', reference);
  const affiliate = await affiliateOf(work, withdrawal);
  const told = { ...withdrawal, reason: reference };
  await enqueue(work, replyFor(affiliate, 'failed', told), mailFor(affiliate, 'withdrawal-failed', told));
}

async function bookPayment(
  work: UnitOfWork,
  withdrawal: WithdrawalView,
  reference: string,
  changes: { paid_key: string } | Record<never, never>,
): Promise<void> {
  await takeStep(work.trx, withdrawal, { ...changes, status: 'paid', open_key: null, reference });
  await post(work, [posting('pay', withdrawal, work.at)]);
  work.tell(newsOf('paid', withdrawal));
  const { affiliateId, amount, currency } = withdrawal;
  await record(work, 'withdrawal.paid', affiliateId, { amount, currency, transactionId: reference });
  const affiliate = await affiliateOf(work, withdrawal);
  const told = { ...withdrawal, reference };
  await enqueue(work, replyFor(affiliate, 'paid', told), mailFor(affiliate, 'withdrawal-paid', told));
}
