import type { Command } from '../commands';
import { enqueue } from '../commands';
import { record } from '../audit';
import { isUniqueViolation } from '../database/dialect';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateStatus, AffiliateView } from '../views';
import { affiliateByClient, answerRequests, insertAffiliate, insertState, updateAffiliate } from './queries';
import { codeFor, statusAfterSwitch } from './rules';

type Switched = EventPayloads['affiliate.switched'];

/**
 * Staff switch the program on or off for a client: enrols, suspends with a reason, or lifts a suspension. Answers
 * the ticket it was done from and mails the client. Switching to what already is changes nothing.
 * @throws AffiliatesError reason_required, affiliate_missing, affiliate_not_active (off for a closed one)
 */
export async function switchAffiliate(work: UnitOfWork, input: Switched): Promise<{ affiliateId: number }> {
  const before = await affiliateByClient(work.trx, input.clientId);
  const status = statusAfterSwitch(before, input);
  await answerRequests(work.trx, input.clientId);
  if (status === null && before) return { affiliateId: before.id };
  const next = status ?? 'active';
  const affiliateId = before ? await change(work, before, next, input) : await enrol(work, input);
  await insertState(work.trx, { id: work.newId(), affiliate_id: affiliateId, status: next, at: work.at });
  await record(work, input.on ? 'affiliate.switched_on' : 'affiliate.switched_off', affiliateId, {
    reason: input.reason,
  });
  await enqueue(work, ...messages(work, input, affiliateId, before));
  return { affiliateId };
}

async function enrol(work: UnitOfWork, input: Switched): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const code = codeFor(work.identityKey, input.clientId, attempt);
    try {
      return await insertAffiliate(work.trx, {
        client_id: input.clientId,
        code,
        status: 'active',
        status_reason: '',
        locale: input.locale,
        email_hash: input.emailHash,
        user_id: input.userId,
        enrolled_at: work.at,
        merged_into: null,
      });
    } catch (error) {
      // Two clients may derive one code; the client itself is unique, and a second enrolment is refused above.
      if (!isUniqueViolation(error) || attempt === 3) throw error;
    }
  }
}

async function change(
  work: UnitOfWork,
  { id }: AffiliateView,
  status: AffiliateStatus,
  { reason, on, emailHash, userId, locale }: Switched,
): Promise<number> {
  await updateAffiliate(work.trx, id, {
    status,
    status_reason: on ? '' : reason,
    ...(emailHash && { email_hash: emailHash }),
    ...(userId && { user_id: userId }),
    ...(locale && { locale }),
  });
  return id;
}

function messages(
  { eventId }: UnitOfWork,
  { clientId, ticketId, on, reason, locale }: Switched,
  affiliateId: number,
  before: AffiliateView | null,
): Command[] {
  const sentence = (key: string) => ({ key, locale, parameters: { reason } });
  const commands: Command[] = [
    {
      kind: 'sendMail',
      key: `mail:${eventId}`,
      payload: {
        clientId,
        mail: on ? 'affiliate-activated' : 'affiliate-suspended',
        locale,
        parameters: { reason },
      },
    },
  ];
  if (ticketId) {
    const message = sentence(on ? 'ticket.switched-on.message' : 'ticket.switched-off.message');
    commands.push({
      kind: 'replyTicket',
      key: `reply:${eventId}`,
      payload: { ticketId, withdrawalId: '', message },
    });
  }
  if (!before) {
    const data = { affid: affiliateId, userid: clientId };
    commands.push({
      kind: 'announce',
      key: `announce:${eventId}`,
      payload: { name: 'AffiliateActivation', data },
    });
  }
  return commands;
}
