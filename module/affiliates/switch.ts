import { enqueue, type Command, type MailName } from '../commands';
import { record } from '../audit';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateStatus, AffiliateView } from '../views';
import { enrolClient } from './enrol';
import { affiliateByClient, answerRequests, insertState, updateAffiliate } from './queries';
import { statusAfterSwitch } from './rules';

type Switched = EventPayloads['affiliate.switched'];

/**
 * Staff switch the program on or off for a client: enrols, suspends with a reason, lifts a suspension, or declines a
 * request with a reason. Answers the ticket it was done from and mails the client. Switching to what already is
 * changes nothing.
 * @returns the affiliate's number; null after a refused request, which makes nobody an affiliate
 * @throws AffiliatesError reason_required, affiliate_not_active (off for a closed one)
 */
export async function switchAffiliate(
  work: UnitOfWork,
  input: Switched,
): Promise<{ affiliateId: number | null }> {
  const before = await affiliateByClient(work.trx, input.clientId);
  const status = statusAfterSwitch(before, input);
  await answerRequests(work.trx, input.clientId);
  if (status === null && before) return { affiliateId: before.id };
  if (status === 'declined') return decline(work, input);
  const next = status ?? 'active';
  const affiliateId = before
    ? await change(work, before, next, input)
    : await enrolClient(work, { ...input, enrolledAt: work.at });
  await insertState(work.trx, { id: work.newId(), affiliate_id: affiliateId, status: next, at: work.at });
  await record(work, input.on ? 'affiliate.switched_on' : 'affiliate.switched_off', affiliateId, {
    reason: input.reason,
  });
  const type = input.on ? 'affiliate.activated' : 'affiliate.suspended';
  work.tell({ type, affiliateId, clientId: input.clientId });
  await enqueue(work, ...messages(work, input, affiliateId, before));
  return { affiliateId };
}

async function change(
  work: UnitOfWork,
  { id }: AffiliateView,
  status: AffiliateStatus,
  { reason, on, locale }: Switched,
): Promise<number> {
  const { emailHash, userId } = work.personal;
  await updateAffiliate(work.trx, id, {
    status,
    status_reason: on ? '' : reason,
    ...(emailHash && { email_hash: emailHash }),
    ...(userId && { user_id: userId }),
    ...(locale && { locale }),
  });
  return id;
}

async function decline(work: UnitOfWork, input: Switched): Promise<{ affiliateId: null }> {
  await record(work, 'request.declined', null, { reason: input.reason, client: input.clientId });
  await enqueue(work, ...notify(work, input, 'program-declined', 'ticket.declined.message'));
  return { affiliateId: null };
}

function messages(
  work: UnitOfWork,
  input: Switched,
  affiliateId: number,
  before: AffiliateView | null,
): Command[] {
  const told = input.on
    ? notify(work, input, 'affiliate-activated', 'ticket.switched-on.message')
    : notify(work, input, 'affiliate-suspended', 'ticket.switched-off.message');
  if (before) return told;
  const data = { affid: affiliateId, userid: input.clientId };
  const payload = { name: 'AffiliateActivation' as const, data };
  return [...told, { kind: 'announce', key: `announce:${work.eventId}`, payload }];
}

/** A mail to the client, and an answer on the ticket that it was done from. */
function notify(
  { eventId }: UnitOfWork,
  { clientId, ticketId, reason, locale }: Switched,
  mail: MailName,
  reply: string,
): Command[] {
  const parameters = { reason };
  const commands: Command[] = [
    { kind: 'sendMail', key: `mail:${eventId}`, payload: { clientId, mail, locale, parameters } },
  ];
  if (ticketId) {
    const message = { key: reply, locale, parameters };
    const payload = { ticketId, openedBy: '', message };
    commands.push({ kind: 'replyTicket', key: `reply:${eventId}`, payload });
  }
  return commands;
}
