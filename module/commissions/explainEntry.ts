/** Why an entry of a statement was posted: the line behind it, and for a change the fact that led to it. */
import type { Knex } from 'knex';
import { eventById } from '../events';
import type { EventPayloads, ProgramEvent } from '../events/rules';
import { transactionById, transactionsAbout, type PostedFully } from '../ledger';
import { sum } from '../money';
import { partOf, refundedShare } from './amounts';
import { commissionById } from './evaluationQueries';
import type { CauseView, EntryExplained, LineDetails } from './explained';
import { explainLines } from './explainLines';
import { forAffiliate } from './explainReferral';

/**
 * @returns null for an entry that is not the affiliate's; one that is about no commission of its own referral has
 *   no line
 */
export async function explainEntry(
  knex: Knex,
  affiliateId: number,
  entryId: string,
): Promise<EntryExplained | null> {
  const entry = await transactionById(knex, entryId);
  if (entry?.affiliate_id !== affiliateId) return null;
  const { currency } = entry;
  const nothing = { currency, line: null, cause: null, earned: 0, takenBack: 0 };
  const commission = entry.commission_id === null ? null : await commissionById(knex, entry.commission_id);
  if (commission?.affiliate_id !== affiliateId) return nothing;
  const {
    rows: [line],
  } = await explainLines(knex, { lineKey: commission.line_key }, { limit: 1 });
  if (!line) return nothing;
  return {
    currency,
    line: forAffiliate(line, { affiliateId, referralId: commission.referral_id }),
    cause: await causeOf(knex, entry, line, commission.tier),
    earned: commission.earned,
    takenBack: takenBackAfter(entry, await transactionsAbout(knex, [commission.id])),
  };
}

/** @returns the key of the line that an entry is about; null for one about no commission. */
export async function lineOfEntry(knex: Knex, entryId: string): Promise<string | null> {
  const id = (await transactionById(knex, entryId))?.commission_id ?? null;
  const commission = id === null ? null : await commissionById(knex, id);
  return commission?.line_key ?? null;
}

/** How much was taken back of a commission once this entry was posted. */
function takenBackAfter(entry: PostedFully, all: readonly PostedFully[]): number {
  const changes = all
    .filter(({ id, kind }) => id <= entry.id && (kind === 'reverse' || kind === 'reinstate'))
    .map(({ kind, amount }) => (kind === 'reverse' ? amount : -amount));
  return sum(changes);
}

async function causeOf(
  knex: Knex,
  entry: PostedFully,
  line: LineDetails,
  tier: number,
): Promise<CauseView | null> {
  if (entry.kind !== 'reverse' && entry.kind !== 'reinstate') return null;
  // What happened to somebody else's referral's payment is not told.
  if (tier > 1) return { amount: 0, of: 0, currency: entry.currency, code: 'shared' };
  const event = await eventById(knex, entry.event_id);
  const cause = { amount: 0, of: 0, currency: line.currency };
  if (!event || !('invoiceId' in event.payload) || event.payload.invoiceId !== line.invoiceId) {
    return { ...cause, code: 'other' };
  }
  if (isType(event, 'invoice.refunded')) return { ...cause, ...refundOf(event.payload, line) };
  if (isType(event, 'invoice.refund_reversed')) return { ...cause, code: 'refund_reversed' };
  if (isType(event, 'invoice.reopened')) return { ...cause, code: event.payload.reason };
  return { ...cause, code: entry.kind === 'reinstate' ? 'paid_again' : 'reported_late' };
}

/** A refund of the invoice as a whole is told as its share of the line: the rest is no part of what was earned on. */
function refundOf(
  { amount, lineId }: EventPayloads['invoice.refunded'],
  line: LineDetails,
): Pick<CauseView, 'code' | 'amount' | 'of'> {
  if (amount === null) return { code: 'refunded_all', amount: 0, of: 0 };
  const share = refundedShare([{ amount, lineId }], line.lineId, line.net, line.charged);
  return { code: 'refunded_part', amount: partOf(line.net, share), of: line.net };
}

type Told = Pick<ProgramEvent, 'type' | 'payload'>;

function isType<T extends ProgramEvent['type']>(
  event: Told,
  type: T,
): event is { type: T; payload: EventPayloads[T] } {
  return event.type === type;
}
