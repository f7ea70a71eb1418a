/** How staff end a hold: they release what a line earned, or void it. Nothing else ever does, however long it waits. */
import { staffOf } from '../approval';
import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import { decisionsOn, insertDecision } from './holdQueries';
import { newsOf } from './news';
import { commissionsOf, type Commission } from './queries';
import { partsOf, type Decision } from './rules';
import { settleInvoice } from './settle';

/** As long as its column. */
const REASON_LIMIT = 500;

/**
 * Lets what a line earned count as it would have, for every tier; what is due clears with the next nightly order.
 * @throws AffiliatesError hold_missing, hold_not_open, reason_required, field_too_long, forbidden
 */
export async function releaseHold(work: UnitOfWork, hold: EventPayloads['hold.released']): Promise<void> {
  await decide(work, hold, 'released');
}

/**
 * Takes back what a line earned, for every tier and for good.
 * @throws AffiliatesError hold_missing, hold_not_open, reason_required, field_too_long, forbidden
 */
export async function voidHold(work: UnitOfWork, hold: EventPayloads['hold.voided']): Promise<void> {
  await decide(work, hold, 'voided');
}

async function decide(
  work: UnitOfWork,
  { lineKey, reason }: EventPayloads['hold.released'],
  decision: Decision,
): Promise<void> {
  const { id: decided_by_id, name: decided_by } = staffOf(work);
  checkReason(reason);
  const { first, all } = await heldOn(work, lineKey);
  const { affiliate_id, currency, earned } = first;
  const by = { decided_at: work.at, decided_by, decided_by_id };
  await insertDecision(work.trx, { line_key: lineKey, decision, reason, ...by });
  await settleInvoice(work, partsOf(lineKey).invoiceId);
  // A release shows in the commissions, a void in what was decided alone.
  if (decision === 'voided') for (const held of all) work.tell(newsOf('commission.voided', held));
  await record(work, `hold.${decision}`, affiliate_id, { line: lineKey, amount: earned, currency, reason });
}

/** @throws AffiliatesError reason_required, field_too_long */
export function checkReason(reason: string): void {
  if (!reason) throw new AffiliatesError('reason_required', {});
  if (reason.length > REASON_LIMIT) {
    throw new AffiliatesError('field_too_long', { field: 'reason', limit: REASON_LIMIT });
  }
}

async function heldOn(
  { trx }: UnitOfWork,
  lineKey: string,
): Promise<{ first: Commission; all: readonly Commission[] }> {
  const decision = (await decisionsOn(trx, [lineKey])).get(lineKey);
  if (decision) throw new AffiliatesError('hold_not_open', { decision });
  const all = (await commissionsOf(trx, [lineKey])).filter(({ state }) => state === 'held');
  const first = all.find(({ tier }) => tier === 1);
  if (!first) throw new AffiliatesError('hold_missing', { line: lineKey });
  return { first, all };
}
