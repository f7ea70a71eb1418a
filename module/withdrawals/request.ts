import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { holdBalances, post, type Balance } from '../ledger';
import type { Currency } from '../money';
import type { PayoutMethod } from '../settings';
import type { UnitOfWork } from '../unitOfWork';
import { mailFor, newsOf, ticketFor } from './messages';
import { posting } from './postings';
import { insertWithdrawal, isOpenKeyUsed } from './queries';
import { amountToRequest, statementOf } from './rules';

/**
 * An affiliate asks to be paid all that is available: it is reserved, a ticket is opened, staff decide. Payout
 * details come with the personal data, never in the event. A suspended affiliate keeps what it has and may ask.
 * @throws AffiliatesError below_threshold, withdrawal_open, payout_method_unknown, field_required, affiliate_not_active
 */
export async function requestWithdrawal(
  work: UnitOfWork,
  { affiliateId, currency, method }: EventPayloads['withdrawal.requested'],
): Promise<{ withdrawalId: string }> {
  const affiliate = await affiliateById(work.trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  if (affiliate.status === 'closed') throw new AffiliatesError('affiliate_not_active', { status: 'closed' });
  const openKey = `${affiliateId}:${currency}`;
  // Held, so that all that is available is still all of it when it is posted.
  const balance = (await holdBalances(work.trx, affiliateId)).find((each) => each.currency === currency);
  // After the look at the balance: what another request took of it meanwhile is then not taken for missing.
  if (await isOpenKeyUsed(work.trx, openKey)) throw new AffiliatesError('withdrawal_open', {});
  const { details = '' } = work.personal;
  const amount = amountOf(work, { currency, method, details, balance });
  const withdrawal = { id: idOf(work), affiliateId, currency, amount, method };
  await insertWithdrawal(work.trx, {
    id: withdrawal.id,
    affiliate_id: affiliateId,
    currency,
    amount,
    method,
    details,
    status: 'requested',
    open_key: openKey,
    paid_key: null,
    ticket_id: '',
    requested_at: work.at,
    decided_at: null,
    decided_by: '',
    decided_by_id: '',
    reason: '',
    reference: '',
    needs_approval: false,
    first_approved_at: null,
    first_approved_by: '',
    first_approved_by_id: '',
    first_transaction_id: '',
  });
  await post(work, [posting('reserve', withdrawal, work.at)]);
  await record(work, 'withdrawal.requested', affiliateId, { amount, currency });
  work.tell(newsOf('requested', withdrawal));
  const data = { affiliateId, clientId: affiliate.clientId, balance: amount, currency };
  await enqueue(
    work,
    ticketFor(affiliate, withdrawal),
    mailFor(affiliate, 'withdrawal-requested', withdrawal),
    {
      kind: 'announce',
      key: `announce:withdrawal:${withdrawal.id}`,
      payload: { name: 'AffiliateWithdrawalRequest', data },
    },
  );
  return { withdrawalId: withdrawal.id };
}

/**
 * A request that was accepted is not judged again in a replay: the threshold and the ways to be paid were those of its
 * day, and where to pay to may be erased since.
 */
function amountOf(
  { settings, recorded }: UnitOfWork,
  asked: { currency: Currency; method: PayoutMethod; details: string; balance: Balance | undefined },
): number {
  const { currency, balance } = asked;
  if (recorded) return balance?.cleared ?? 0;
  const nothing = { currency, clearing: 0, cleared: 0, reserved: 0, withdrawn: 0 };
  return amountToRequest(settings, statementOf(settings, balance ?? nothing), asked);
}

/** A request keeps the id under which later events name it, also where it was made before ids could be repeated. */
function idOf(work: UnitOfWork): string {
  // Made in any case, so that the ids after it are the same again.
  const made = work.newId();
  const recorded = work.recorded?.['withdrawalId'];
  return typeof recorded === 'string' ? recorded : made;
}
