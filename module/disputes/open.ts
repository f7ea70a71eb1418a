import { DateTime } from 'luxon';
import { affiliateById } from '../affiliates';
import { record } from '../audit';
import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import { forgetPersonal } from '../events';
import type { DisputeOpened } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import { ticketFor } from './messages';
import { countDisputes, insertDispute } from './queries';
import { checkLimits } from './rules';

/**
 * An affiliate misses a referral. What is among its referrals is answered at once; anything else waits for staff, in
 * the same way whether nobody was meant, somebody else's client, or one who came without a link. The address that was
 * named comes as a hash with the personal data, and only as long as the dispute is open.
 * @throws AffiliatesError disputes_today, disputes_open, affiliate_not_active (closed)
 */
export async function openDispute(work: UnitOfWork, opened: DisputeOpened): Promise<{ found: boolean }> {
  const { disputeId, affiliateId, byEmail, invoiceId, day, clicks, found } = opened;
  const affiliate = await affiliateById(work.trx, affiliateId);
  if (!affiliate) throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId) });
  if (affiliate.status === 'closed') throw new AffiliatesError('affiliate_not_active', { status: 'closed' });
  const today = DateTime.fromMillis(work.at, { zone: work.settings.timeZone }).toFormat('yyyy-MM-dd');
  const slots = `${affiliateId}:${today}:`;
  const count = await countDisputes(work.trx, affiliateId, slots);
  checkLimits(count);
  const { emailHash = '', note = '' } = found ? {} : work.personal;
  await insertDispute(work.trx, {
    id: disputeId,
    affiliate_id: affiliateId,
    event_id: work.eventId,
    slot: `${slots}${count.today}`,
    status: found ? 'found' : 'open',
    by_email: byEmail,
    email_hash: emailHash,
    invoice_id: invoiceId,
    day,
    note,
    clicks: JSON.stringify(clicks),
    ticket_id: '',
    opened_at: work.at,
    answered_at: null,
    answered_by: '',
    answer: '',
  });
  await record(work, 'dispute.opened', affiliateId);
  if (found) await forgetPersonal(work.trx, work.eventId);
  else await enqueue(work, ticketFor(affiliate, disputeId));
  return { found };
}
