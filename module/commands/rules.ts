/** What we ask the host to do, as rows of an outbox written in the transaction of the facts they follow from. */
import type { Currency } from '../money';

/** Parameters of a sentence in lang/. An amount travels as minor units with its currency, and is written by the page. */
export type SentenceParameters = Readonly<Record<string, string | number>>;

/** Mails the program sends; each has a template of its name in templates/email/. */
export type MailName =
  | 'affiliate-activated'
  | 'affiliate-suspended'
  | 'program-declined'
  | 'withdrawal-requested'
  | 'withdrawal-paid'
  | 'withdrawal-denied'
  | 'withdrawal-failed'
  | 'dispute-declined'
  | 'dispute-credited';

/** What listeners are told, under the names WHMCS gives its own. */
export interface Announcements {
  AffiliateActivation: { affid: number; userid: string };
  AffiliateClickthru: { affiliateId: number };
  AffiliateCommission: {
    affiliateId: number;
    referralId: string;
    serviceId: string;
    /** Minor units of `currency`. */
    commissionAmount: number;
    currency: Currency;
    commissionDelayed: boolean;
    /** ms, UTC */
    clearingDate: number;
  };
  AffiliateWithdrawalRequest: { affiliateId: number; clientId: string; balance: number; currency: Currency };
}
export type AnnouncementName = keyof Announcements;

/** A sentence to be written when the command is carried out, in the client's language. */
export interface Sentence {
  /** Key in lang/. */
  readonly key: string;
  readonly locale: string;
  readonly parameters: SentenceParameters;
}

export interface CommandPayloads {
  /** A withdrawal's, a dispute's, or else one that asks for the program. */
  openTicket: {
    clientId: string;
    subject: Sentence;
    message: Sentence;
    withdrawalId: string;
    disputeId?: string;
  };
  /** Answers the ticket named, or the one that the command of the key `openedBy` opens, now or later. */
  replyTicket: { ticketId: string; openedBy: string; message: Sentence };
  sendMail: { clientId: string; mail: MailName; locale: string; parameters: SentenceParameters };
  addCredit: {
    clientId: string;
    amount: number;
    currency: Currency;
    description: Sentence;
    withdrawalId: string;
  };
  announce: { [N in AnnouncementName]: { name: N; data: Announcements[N] } }[AnnouncementName];
}
export type CommandKind = keyof CommandPayloads;

/** One thing to ask of the host. The key is what it is asked for under, however often. */
export type Command = {
  [K in CommandKind]: { kind: K; key: string; payload: CommandPayloads[K] };
}[CommandKind];

/** What the host answered: an id of what it made ('' where there is none), or why it will never do it. */
export type CommandAnswer = { readonly reference: string } | { readonly refused: string };

const MINUTE = 60_000;
/** Long enough for a slow host, short enough that a crashed process's commands are soon taken over. */
export const CLAIM_MS = 5 * MINUTE;
const DELAYS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
const LONGEST_DELAY = 6 * 60 * MINUTE;

/** @returns ms to wait before asking again after so many failed attempts. */
export function delayAfter(attempts: number): number {
  return DELAYS[attempts - 1] ?? LONGEST_DELAY;
}
