import type { Host } from '../host';
import type { ClaimedCommand } from './queries';
import { readAnswer, requestOf, type AnyHostAnswer, type HostRequest, type Wording } from './request';
import type { AnnouncementName, Announcements, CommandAnswer } from './rules';

/** What carrying out a command needs: the host, and whoever listens. */
export interface Asking extends Wording {
  /** null where the host fetches what it must do: then only what is for us may be carried out. */
  readonly host: Host | null;
  readonly announce: <N extends AnnouncementName>(name: N, data: Announcements[N]) => void;
}

/** Asks the host to carry out one command, under the command's key. @throws when the outcome is not known */
export async function askHost(asking: Asking, command: ClaimedCommand): Promise<CommandAnswer> {
  if (command.kind === 'announce') {
    asking.announce(command.payload.name, command.payload.data);
    return { reference: '' };
  }
  const { host } = asking;
  if (!host) throw new Error('the host fetches its commands, and is not asked');
  const asked = await requestOf(asking, command);
  if ('answer' in asked) return asked.answer;
  const answer = readAnswer(asked.kind, await ask(host, asked, command.key));
  if (!answer) throw new Error(`the host's answer to ${asked.kind} is of another kind`);
  return answer;
}

function ask(host: Host, asked: HostRequest, key: string): Promise<AnyHostAnswer> {
  switch (asked.kind) {
    case 'openTicket':
      return host.openTicket(asked.request, key);
    case 'replyTicket':
      return host.replyTicket(asked.request, key);
    case 'sendMail':
      return host.sendMail(asked.request, key);
    case 'addCredit':
      return host.addCredit(asked.request, key);
  }
}
