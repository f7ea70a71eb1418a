/** All the SQL of the disputes' table. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { AffiliatesError } from '../errors';
import type { ClickDay, DisputeOpened } from '../events/rules';
import type { DisputeStatus, DisputeView } from './rules';

const DISPUTES = 'mod_affiliates_disputes';

export interface DisputeRow {
  readonly id: string;
  readonly affiliate_id: number;
  /** Beside this event stands what identifies a person. */
  readonly event_id: string;
  /** Affiliate, day and number: the unique key that keeps an affiliate to so many a day. */
  readonly slot: string;
  readonly status: DisputeStatus;
  /** 0 or 1 in SQLite and MySQL alike */
  readonly by_email: boolean | number;
  /** '' where none was named, and once it is answered or the client is erased. */
  readonly email_hash: string;
  readonly invoice_id: string;
  readonly day: string;
  readonly note: string;
  /** JSON */
  readonly clicks: string;
  readonly ticket_id: string;
  readonly opened_at: number;
  readonly answered_at: number | null;
  readonly answered_by: string;
  readonly answer: string;
}

/** With whose it is: the affiliate's code, and its client. */
type WithAffiliate = DisputeRow & { readonly code: string; readonly client_id: string };

export const toView = (row: WithAffiliate): DisputeView => ({
  id: row.id,
  affiliateId: row.affiliate_id,
  code: row.code,
  status: row.status,
  byEmail: Boolean(row.by_email),
  invoiceId: row.invoice_id,
  day: row.day,
  note: row.note,
  // Written by `openDispute` alone.
  clicks: JSON.parse(row.clicks) as ClickDay[],
  ticketId: row.ticket_id,
  openedAt: row.opened_at,
  answeredAt: row.answered_at,
  answeredBy: row.answered_by,
  answer: row.answer,
});

/** @returns disputes with their affiliates, as a query for lists to narrow and page through by `d.id`. */
export function disputeRows(knex: Knex): Knex.QueryBuilder<object, WithAffiliate[]> {
  return knex({ d: DISPUTES })
    .join({ a: 'mod_affiliates_affiliates' }, 'a.id', 'd.affiliate_id')
    .select('d.*', 'a.code', 'a.client_id') as Knex.QueryBuilder<object, WithAffiliate[]>;
}

/** @throws AffiliatesError dispute_missing */
export async function disputeById(knex: Knex, id: string): Promise<WithAffiliate> {
  const [row] = await disputeRows(knex).where({ 'd.id': id });
  if (!row) throw new AffiliatesError('dispute_missing', { dispute: id });
  return row;
}

/** @returns what was found when a dispute was opened; null for one that is not open yet */
export async function lookedBefore(
  knex: Knex,
  id: string,
): Promise<Pick<DisputeOpened, 'clicks' | 'found'> | null> {
  const row = await knex<DisputeRow>(DISPUTES).where({ id }).first();
  return row ? { clicks: JSON.parse(row.clicks) as ClickDay[], found: row.status === 'found' } : null;
}

export async function insertDispute(trx: Knex.Transaction, row: DisputeRow): Promise<void> {
  await trx(DISPUTES).insert(row);
}

/**
 * @param slots how the slots of the day begin
 * @returns how many of an affiliate's disputes were opened that day, and how many of all wait
 */
export async function countDisputes(
  trx: Knex.Transaction,
  affiliateId: number,
  slots: string,
): Promise<{ today: number; waiting: number }> {
  const own = () => trx(DISPUTES).where({ affiliate_id: affiliateId });
  const today = await own().andWhere('slot', 'like', `${slots}%`).pluck('id');
  const waiting = await own().andWhere({ status: 'open' }).pluck('id');
  return { today: today.length, waiting: waiting.length };
}

/**
 * Answers a dispute, guarded by its being open, and takes out what identifies the person it was about.
 * @throws WriteConflict when somebody else answered meanwhile: the repeated transaction then finds what they answered
 */
export async function answerDispute(
  trx: Knex.Transaction,
  { id }: Pick<DisputeRow, 'id'>,
  changes: Pick<DisputeRow, 'status' | 'answered_at' | 'answered_by' | 'answer'>,
): Promise<void> {
  const changed = await trx(DISPUTES)
    .where({ id, status: 'open' })
    .update({ ...changes, ...NOBODY });
  if (changed !== 1) throw new WriteConflict('a dispute was answered by somebody else');
}

const NOBODY = { email_hash: '', note: '' };

/** @returns open disputes that name one of these addresses or invoices. */
export async function openDisputesAbout(
  trx: Knex.Transaction,
  { emailHashes, invoiceIds }: { emailHashes: readonly string[]; invoiceIds: readonly string[] },
): Promise<Pick<DisputeRow, 'id' | 'event_id'>[]> {
  return trx(DISPUTES)
    .where((about) => {
      void about.whereIn('email_hash', emailHashes).orWhereIn('invoice_id', invoiceIds);
    })
    .andWhere({ status: 'open' })
    .select('id', 'event_id');
}

/** Takes out of disputes what identifies the person they are about. */
export async function eraseFrom(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  await trx(DISPUTES).whereIn('id', ids).update(NOBODY);
}

/** Takes out of an affiliate's disputes whatever it wrote. */
export async function eraseDisputesOf(trx: Knex.Transaction, affiliateId: number): Promise<void> {
  await trx(DISPUTES).where({ affiliate_id: affiliateId }).update(NOBODY);
}

export async function moveDisputes(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(DISPUTES).where({ affiliate_id: from }).update({ affiliate_id: to });
}

export async function noteDisputeTicket(knex: Knex, id: string, ticketId: string): Promise<void> {
  await knex(DISPUTES).where({ id }).update({ ticket_id: ticketId });
}
