import type { Host, HostAnswer } from '../host';
import { toDecimal } from '../money';
import type { ClaimedCommand } from './queries';
import type {
  AnnouncementName,
  Announcements,
  CommandAnswer,
  MailName,
  Sentence,
  SentenceParameters,
} from './rules';

/** What asking the host needs: words for people, and whoever listens. */
export interface Asking {
  readonly host: Host;
  readonly department: string;
  /** Writes a sentence in its language. */
  readonly write: (sentence: Sentence) => string;
  readonly writeMail: (
    mail: MailName,
    locale: string,
    parameters: SentenceParameters,
  ) => { subject: string; html: string; text: string };
  readonly announce: <N extends AnnouncementName>(name: N, data: Announcements[N]) => void;
  /** What the host answered to another command. */
  readonly answerTo: (key: string) => Promise<CommandAnswer | null>;
}

/** Raised when a command must come after another one that is still on its way; it is tried again. */
class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** Asks the host to carry out one command, under the command's key. @throws when the outcome is not known */
export async function askHost(asking: Asking, command: ClaimedCommand): Promise<CommandAnswer> {
  const { host } = asking;
  switch (command.kind) {
    case 'openTicket': {
      const { clientId, subject, message } = command.payload;
      const { department } = asking;
      const ticket = { clientId, department, subject: asking.write(subject), message: asking.write(message) };
      return toAnswer(await host.openTicket(ticket, command.key), ({ ticketId }) => ticketId);
    }
    case 'replyTicket': {
      const ticket = await ticketOf(asking, command.payload);
      if ('refused' in ticket) return ticket;
      const reply = { ticketId: ticket.reference, message: asking.write(command.payload.message) };
      return toAnswer(await host.replyTicket(reply, command.key), () => '');
    }
    case 'sendMail': {
      const { clientId, mail, locale, parameters } = command.payload;
      const written = asking.writeMail(mail, locale, parameters);
      return toAnswer(await host.sendMail({ clientId, ...written }, command.key), () => '');
    }
    case 'addCredit': {
      const { clientId, amount, currency, description } = command.payload;
      const money = { amount, currency };
      const credit = { clientId, money, decimal: toDecimal(money), description: asking.write(description) };
      return toAnswer(await host.addCredit(credit, command.key), ({ reference }) => reference);
    }
    case 'announce': {
      asking.announce(command.payload.name, command.payload.data);
      return { reference: '' };
    }
  }
}

/** @returns the ticket to answer, or the host's refusal to open it. @throws NotYet */
async function ticketOf(
  { answerTo }: Asking,
  { ticketId, openedBy }: { ticketId: string; openedBy: string },
): Promise<CommandAnswer> {
  if (ticketId) return { reference: ticketId };
  const opened = await answerTo(openedBy);
  if (!opened) throw new NotYet('the ticket is not open yet');
  return opened;
}

function toAnswer<Done extends object>(
  answer: HostAnswer<Done>,
  reference: (done: Done) => string,
): CommandAnswer {
  return 'refused' in answer ? { refused: answer.refused } : { reference: reference(answer) };
}
