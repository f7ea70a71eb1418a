/** All the SQL of the withdrawals' table. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { AffiliatesError } from '../errors';
import type { Currency } from '../money';
import type { PayoutMethod } from '../settings';
import type { WithdrawalStatus, WithdrawalView } from '../views';

const WITHDRAWALS = 'mod_affiliates_withdrawals';

export interface WithdrawalRow {
  readonly id: string;
  readonly affiliate_id: number;
  readonly currency: Currency;
  readonly amount: number;
  readonly method: PayoutMethod;
  readonly details: string;
  readonly status: WithdrawalStatus;
  /** Set while it is open: the unique key that keeps an affiliate to one open request per currency. */
  readonly open_key: string | null;
  /** Set once it is approved to be paid by hand: the unique key that keeps a transaction id to one withdrawal. */
  readonly paid_key: string | null;
  readonly ticket_id: string;
  readonly requested_at: number;
  readonly decided_at: number | null;
  readonly decided_by: string;
  readonly decided_by_id: string;
  readonly reason: string;
  readonly reference: string;
  /** Whether it took two people under the setting of the day of its approval; 0 or 1 when it is read. */
  readonly needs_approval: boolean | number;
  readonly first_approved_at: number | null;
  readonly first_approved_by: string;
  /** The host's id of the staff member, by which people are told apart; '' before. */
  readonly first_approved_by_id: string;
  readonly first_transaction_id: string;
}

type WithClient = WithdrawalRow & { readonly client_id: string };

export const toView = (row: WithClient): WithdrawalView => ({
  id: row.id,
  affiliateId: row.affiliate_id,
  clientId: row.client_id,
  currency: row.currency,
  amount: row.amount,
  method: row.method,
  details: row.details,
  status: row.status,
  ticketId: row.ticket_id,
  requestedAt: row.requested_at,
  decidedAt: row.decided_at,
  decidedBy: row.decided_by,
  reason: row.reason,
  reference: row.reference,
  firstApproval:
    row.first_approved_at === null
      ? null
      : {
          at: row.first_approved_at,
          by: row.first_approved_by,
          byId: row.first_approved_by_id,
          transactionId: row.first_transaction_id,
        },
});

/** @returns withdrawals with their affiliates' clients, as a query for lists to narrow and page through by `w.id`. */
export function withdrawalRows(knex: Knex): Knex.QueryBuilder<object, WithClient[]> {
  return knex({ w: WITHDRAWALS })
    .join({ a: 'mod_affiliates_affiliates' }, 'a.id', 'w.affiliate_id')
    .select('w.*', 'a.client_id') as Knex.QueryBuilder<object, WithClient[]>;
}

/** @throws AffiliatesError withdrawal_missing */
export async function withdrawalById(knex: Knex, id: string): Promise<WithdrawalView> {
  const [row] = await withdrawalRows(knex).where({ 'w.id': id });
  if (!row) throw new AffiliatesError('withdrawal_missing', { withdrawal: id });
  return toView(row);
}

export async function openWithdrawals(knex: Knex, affiliateId: number): Promise<WithdrawalView[]> {
  const rows = await withdrawalRows(knex)
    .where({ 'w.affiliate_id': affiliateId })
    .whereIn('w.status', ['requested', 'paying']);
  return rows.map(toView);
}

export async function insertWithdrawal(trx: Knex.Transaction, row: WithdrawalRow): Promise<void> {
  await trx(WITHDRAWALS).insert(row);
}

/**
 * Takes a step, guarded by the state that was read, a first approval included.
 * @throws WriteConflict when somebody else decided meanwhile: the repeated transaction then finds what they decided
 */
export async function takeStep(
  trx: Knex.Transaction,
  { id, status, firstApproval }: WithdrawalView,
  changes: Partial<WithdrawalRow>,
): Promise<void> {
  const read = { id, status, first_approved_by_id: firstApproval?.byId ?? '' };
  const changed = await trx(WITHDRAWALS).where(read).update(changes);
  if (changed !== 1) throw new WriteConflict('a withdrawal was decided by somebody else');
}

export async function noteTicket(knex: Knex, id: string, ticketId: string): Promise<void> {
  await knex(WITHDRAWALS).where({ id }).update({ ticket_id: ticketId });
}

/** @returns whether another withdrawal than this one holds the key */
export async function isPaidKeyUsed(trx: Knex.Transaction, paidKey: string, id: string): Promise<boolean> {
  return (await trx(WITHDRAWALS).where({ paid_key: paidKey }).whereNot({ id }).first('id')) !== undefined;
}

export async function isOpenKeyUsed(trx: Knex.Transaction, openKey: string): Promise<boolean> {
  return (await trx(WITHDRAWALS).where({ open_key: openKey }).first('id')) !== undefined;
}

/** @returns requests that one person approved and that wait for another, as a query. */
export function halfApproved(knex: Knex): Knex.QueryBuilder<object, WithClient[]> {
  return withdrawalRows(knex).where({ 'w.status': 'requested' }).whereNotNull('w.first_approved_at');
}

/** Takes the payout details out of a person's requests. */
export async function eraseDetails(trx: Knex.Transaction, affiliateId: number): Promise<void> {
  await trx(WITHDRAWALS).where({ affiliate_id: affiliateId }).update({ details: '' });
}

export async function moveWithdrawals(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(WITHDRAWALS).where({ affiliate_id: from }).update({ affiliate_id: to });
}
