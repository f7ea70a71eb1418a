import { enqueue } from '../commands';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';
import { affiliateByClient, countRequests, insertRequest, openRequestOf } from './queries';

/**
 * A client asks for the program: a ticket is opened in its name, which staff answer with the switch.
 * @throws AffiliatesError already_affiliate, already_requested
 */
export async function requestProgram(
  work: UnitOfWork,
  { clientId, locale }: EventPayloads['program.requested'],
): Promise<void> {
  if (await affiliateByClient(work.trx, clientId)) throw new AffiliatesError('already_affiliate', {});
  if (await openRequestOf(work.trx, clientId)) throw new AffiliatesError('already_requested', {});
  const sentence = (key: string) => ({ key, locale, parameters: {} });
  await enqueue(work, {
    kind: 'openTicket',
    // Counted by the client's requests, so that asking twice before the ticket is open opens one ticket.
    key: `request:${clientId}:${await countRequests(work.trx, clientId)}`,
    payload: {
      clientId,
      subject: sentence('ticket.program-request.subject'),
      message: sentence('ticket.program-request.message'),
      withdrawalId: '',
    },
  });
}

/**
 * A ticket that asks for the program was opened, by this module or by the client's own hand. An affiliate's ticket
 * asks for something else, as that of a withdrawal does, which hosts report as well.
 */
export async function noteRequest(
  work: UnitOfWork,
  { ticketId, clientId }: EventPayloads['ticket.opened'],
): Promise<void> {
  if (await affiliateByClient(work.trx, clientId)) return;
  await insertRequest(work.trx, { ticket_id: ticketId, client_id: clientId, asked_at: work.at });
}
