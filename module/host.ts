/**
 * Ports to the host, in our words: the few things we ask of it. Everything else reaches us as events that carry
 * their own facts. A Node host hands in an object of this shape; a remote one is spoken to over the wire.
 */
import type { Money } from './money';

/**
 * What the host must do for us. Each request carries an idempotency key: a request may be repeated after a crash,
 * and the host must answer a key it has seen with what it answered the first time, doing nothing again.
 * A rejected promise is taken as "not known": it will be asked again with the same key. To say that a request can
 * never succeed, answer `{ refused: reason }`.
 */
export interface Host {
  /** Opens a support ticket in the client's name. */
  openTicket(request: OpenTicket, key: string): Promise<HostAnswer<{ ticketId: string }>>;
  /** Answers a ticket in the program's name. */
  replyTicket(request: ReplyTicket, key: string): Promise<HostAnswer>;
  /** Sends a mail to the client's address, which only the host knows. */
  sendMail(request: SendMail, key: string): Promise<HostAnswer>;
  /** Adds to the client's account credit; `reference` is the host's own number for it. */
  addCredit(request: AddCredit, key: string): Promise<HostAnswer<{ reference: string }>>;
}

/** The host's answer: what was asked for, or why it will never be done. */
export type HostAnswer<Done extends object = Record<never, never>> = Done | { refused: string };

export interface OpenTicket {
  readonly clientId: string;
  /** The host's department, as in the setting `ticketDepartment`. */
  readonly department: string;
  readonly subject: string;
  /** Plain text. */
  readonly message: string;
}

export interface ReplyTicket {
  readonly ticketId: string;
  /** Plain text. */
  readonly message: string;
}

export interface SendMail {
  readonly clientId: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface AddCredit {
  readonly clientId: string;
  readonly money: Money;
  /** The same amount as a decimal string: '50.00'. */
  readonly decimal: string;
  readonly description: string;
}

/** A function that gives the present; handed in, so that tests and replays choose their own. */
export type Clock = () => Date;

/** The part of a pino-like logger that is used. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
