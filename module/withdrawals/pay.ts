/** How a request is paid: by hand at once, or by the host, in which case the intent is committed before it is asked. */
import { record } from '../audit';
import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { post } from '../ledger';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import type { WithdrawalView } from '../views';
import { affiliateOf, release } from './decide';
import { mailFor, replyFor } from './messages';
import { posting } from './postings';
import { isPaidKeyUsed, takeStep, withdrawalById } from './queries';
import { checkStep, wayToPay } from './rules';

/** @throws AffiliatesError withdrawal_missing, withdrawal_not_open, field_required, transaction_id_used */
export async function approveWithdrawal(
  work: UnitOfWork,
  { withdrawalId, transactionId }: EventPayloads['withdrawal.approved'],
): Promise<void> {
  const withdrawal = await withdrawalById(work.trx, withdrawalId);
  const decision = { decided_at: work.at, decided_by: nameOf(work.by) };
  if (wayToPay(withdrawal, transactionId) === 'host') {
    await askHostToPay(work, withdrawal, decision);
    return;
  }
  checkStep(withdrawal, 'paid');
  const paidKey = `${withdrawal.method}:${transactionId}`;
  if (await isPaidKeyUsed(work.trx, paidKey))
    throw new AffiliatesError('transaction_id_used', { transactionId });
  await bookPayment(work, withdrawal, transactionId, { ...decision, paid_key: paidKey });
}

async function askHostToPay(
  work: UnitOfWork,
  withdrawal: WithdrawalView,
  decision: { decided_at: number; decided_by: string },
): Promise<void> {
  checkStep(withdrawal, 'paying');
  await takeStep(work.trx, withdrawal, { ...decision, status: 'paying' });
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
  changes: { decided_at?: number; decided_by?: string; paid_key?: string },
): Promise<void> {
  await takeStep(work.trx, withdrawal, { ...changes, status: 'paid', open_key: null, reference });
  await post(work, [posting('pay', withdrawal, work.at)]);
  const { affiliateId, amount, currency } = withdrawal;
  await record(work, 'withdrawal.paid', affiliateId, { amount, currency, transactionId: reference });
  const affiliate = await affiliateOf(work, withdrawal);
  const told = { ...withdrawal, reference };
  await enqueue(work, replyFor(affiliate, 'paid', told), mailFor(affiliate, 'withdrawal-paid', told));
}
