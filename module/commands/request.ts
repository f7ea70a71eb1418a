import type { Host, HostAnswer } from '../host';
import { toDecimal } from '../money';
import type { ClaimedCommand } from './queries';
import type { CommandAnswer, MailName, Sentence, SentenceParameters } from './rules';

/** What putting a command into words needs. */
export interface Wording {
  readonly department: string;
  /** Writes a sentence in its language. */
  readonly write: (sentence: Sentence) => string;
  readonly writeMail: (
    mail: MailName,
    locale: string,
    parameters: SentenceParameters,
  ) => { subject: string; html: string; text: string };
  /** What the host answered to another command. */
  readonly answerTo: (key: string) => Promise<CommandAnswer | null>;
}

/** One thing that the host is asked for, under the name of its port. */
export type HostRequest = {
  [P in keyof Host]: { readonly kind: P; readonly request: Parameters<Host[P]>[0] };
}[keyof Host];

/** A command that is for the host; any other is for us. */
export type HostCommand = Exclude<ClaimedCommand, { kind: 'announce' }>;

/** Raised when a command must come after another one that is still on its way; it is tried again. */
class NotYet extends Error {
  override readonly name = 'NotYet';
}

/**
 * @returns what the host is to be asked; or the answer, where an earlier one says all
 * @throws NotYet
 */
export async function requestOf(
  wording: Wording,
  command: HostCommand,
): Promise<HostRequest | { readonly answer: CommandAnswer }> {
  switch (command.kind) {
    case 'openTicket': {
      const { clientId, subject, message } = command.payload;
      const { department } = wording;
      const ticket = { subject: wording.write(subject), message: wording.write(message) };
      return { kind: 'openTicket', request: { clientId, department, ...ticket } };
    }
    case 'replyTicket': {
      const ticket = await ticketOf(wording, command.payload);
      if ('refused' in ticket) return { answer: ticket };
      const message = wording.write(command.payload.message);
      return { kind: 'replyTicket', request: { ticketId: ticket.reference, message } };
    }
    case 'sendMail': {
      const { clientId, mail, locale, parameters } = command.payload;
      const written = wording.writeMail(mail, locale, parameters);
      return { kind: 'sendMail', request: { clientId, ...written } };
    }
    case 'addCredit': {
      const { clientId, amount, currency, description } = command.payload;
      const money = { amount, currency };
      const credit = { money, decimal: toDecimal(money), description: wording.write(description) };
      return { kind: 'addCredit', request: { clientId, ...credit } };
    }
  }
}

/** @returns the ticket to answer, or the host's refusal to open it. @throws NotYet */
async function ticketOf(
  { answerTo }: Wording,
  { ticketId, openedBy }: { ticketId: string; openedBy: string },
): Promise<CommandAnswer> {
  if (ticketId) return { reference: ticketId };
  const opened = await answerTo(openedBy);
  if (!opened) throw new NotYet('the ticket is not open yet');
  return opened;
}

/** Everything that a host may answer; which of it belongs to a command, its kind says. */
export type AnyHostAnswer = HostAnswer<{ ticketId: string } | { reference: string } | Record<never, never>>;

/** @returns the answer as it is kept; null for one that does not belong to a command of that kind */
export function readAnswer(kind: HostCommand['kind'], answer: AnyHostAnswer): CommandAnswer | null {
  if ('refused' in answer) return { refused: answer.refused };
  if (kind === 'openTicket') return 'ticketId' in answer ? { reference: answer.ticketId } : null;
  if (kind === 'addCredit') return 'reference' in answer ? { reference: answer.reference } : null;
  return { reference: '' };
}
