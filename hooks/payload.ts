/** Pieces that payloads are read with. Hosts send ids as strings or numbers, and more fields than are asked for. */
import { z } from 'zod';
import type { ClientFacts } from '../module/events/rules';
import type { Module } from '../module/module';

/** An id of the host's: text or a whole number; kept as text. */
export const hostId = z
  .union([z.string(), z.number().int().transform(String)])
  .transform((id) => id.trim())
  .pipe(z.string().min(1).max(64));

/** An id that may be missing, empty or 0, all of which mean "none"; '' then. */
export const optionalId = z
  .union([z.string(), z.number().int().transform(String), z.null()])
  .optional()
  .transform((id) => (id === undefined || id === null || id.trim() === '0' ? '' : id.trim()))
  .pipe(z.string().max(64));

/** A decimal amount, read into minor units once the currency is known. */
export const amount = z.union([z.string(), z.number().transform(String)]).pipe(z.string().max(32));

/** Text that is cut rather than refused: what a product is called must not stop a payment. */
export const words = (limit: number) =>
  z
    .union([z.string(), z.null()])
    .optional()
    .transform((text) => (text ?? '').trim().slice(0, limit));

/** The same where leaving it out is not telling '': undefined then, and for null. */
export const wordsIfTold = (limit: number) =>
  z
    .union([z.string(), z.null()])
    .optional()
    .transform((text) => text?.trim().slice(0, limit));

/** Spring 1973 in ms: a smaller number is one of seconds, which would be taken for a day of 1970. */
const LEAST_MS = 1e11;

/** A moment: a Date, ms since the epoch, or ISO 8601 with its offset. */
export const moment = z
  .union([z.date(), z.number().min(LEAST_MS), z.iso.datetime({ offset: true })])
  .transform((at) => new Date(at).getTime())
  .pipe(z.number().int().min(0).max(8.64e15));

/** What every fact may say about itself. */
export const FACT = {
  /** The host's own number for the event; the same one again is the same event. */
  eventId: z.string().min(1).max(150).optional(),
  /** When it happened; the present when left out. */
  at: moment.optional(),
};

/** What a host tells of a client beside a ticket or a summary. */
export const CLIENT = z
  .object({ email: words(320), user_id: optionalId, language: words(35), status: words(20) })
  .partial()
  .optional();

/** @returns facts that identify a client without naming it: its mail address goes no further than this. */
export async function factsOf(module: Module, client: z.output<typeof CLIENT>): Promise<ClientFacts> {
  const { email = '', user_id = '', language = '' } = client ?? {};
  return { emailHash: await module.hashEmail(email), userId: user_id, locale: language };
}
