/** What a withdrawal's steps say, to whom. Payout details are in none of it. */
import type { Command, MailName } from '../commands';
import type { AffiliateView, WithdrawalView } from '../views';
import type { News } from '../webhooks/rules';

/** @returns the news of a step, for those who subscribed; reasons and references are staff's own words and stay here */
export function newsOf(
  step: 'requested' | 'paid' | 'denied' | 'cancelled' | 'failed',
  { id, affiliateId, currency, amount, method }: Told & Pick<WithdrawalView, 'affiliateId'>,
): News {
  return { type: `withdrawal.${step}`, affiliateId, withdrawal: { id, currency, amount, method } };
}

type Told = Pick<WithdrawalView, 'id' | 'amount' | 'currency' | 'method'> & {
  readonly reason?: string;
  readonly reference?: string;
};

const parametersOf = ({ amount, currency, method, reason = '', reference = '' }: Told) => ({
  amount,
  currency,
  method,
  reason,
  reference,
});

const ticketKey = ({ id }: Told) => `ticket:${id}`;

/** Opens the ticket that staff work from. */
export function ticketFor({ clientId, locale }: AffiliateView, withdrawal: Told): Command {
  const sentence = (key: string) => ({ key, locale, parameters: parametersOf(withdrawal) });
  return {
    kind: 'openTicket',
    key: ticketKey(withdrawal),
    payload: {
      clientId,
      subject: sentence('ticket.withdrawal.subject'),
      message: sentence('ticket.withdrawal.message'),
      withdrawalId: withdrawal.id,
    },
  };
}

export function mailFor({ clientId, locale }: AffiliateView, mail: MailName, withdrawal: Told): Command {
  return {
    kind: 'sendMail',
    key: `mail:${mail}:${withdrawal.id}`,
    payload: { clientId, mail, locale, parameters: parametersOf(withdrawal) },
  };
}

export function replyFor(
  { locale }: AffiliateView,
  step: 'paid' | 'denied' | 'cancelled' | 'failed',
  withdrawal: Told,
): Command {
  const message = { key: `ticket.withdrawal-${step}.message`, locale, parameters: parametersOf(withdrawal) };
  return {
    kind: 'replyTicket',
    key: `reply:${step}:${withdrawal.id}`,
    payload: { ticketId: '', openedBy: ticketKey(withdrawal), message },
  };
}
