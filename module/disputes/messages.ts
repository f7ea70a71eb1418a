/** What a dispute's steps say, to whom. Nobody who was named in it is in any of it. */
import type { Command } from '../commands';
import type { AffiliateView } from '../views';

const ticketKey = (disputeId: string) => `ticket:dispute:${disputeId}`;

/** Opens the ticket by which staff hear of it. */
export function ticketFor({ clientId, locale }: AffiliateView, disputeId: string): Command {
  const sentence = (key: string) => ({ key, locale, parameters: {} });
  return {
    kind: 'openTicket',
    key: ticketKey(disputeId),
    payload: {
      clientId,
      subject: sentence('ticket.dispute.subject'),
      message: sentence('ticket.dispute.message'),
      withdrawalId: '',
      disputeId,
    },
  };
}

/** Tells the affiliate what staff answered: by mail, and on the ticket. */
export function answersFor(
  { clientId, locale }: AffiliateView,
  disputeId: string,
  answer: 'declined' | 'credited',
  reason: string,
): Command[] {
  const parameters = { reason };
  const message = { key: `ticket.dispute-${answer}.message`, locale, parameters };
  const payload = { clientId, mail: `dispute-${answer}` as const, locale, parameters };
  return [
    { kind: 'sendMail', key: `mail:dispute:${disputeId}`, payload },
    {
      kind: 'replyTicket',
      key: `reply:dispute:${disputeId}`,
      payload: { ticketId: '', openedBy: ticketKey(disputeId), message },
    },
  ];
}
