/** A visit through a referral link, as a host reports it: everything in it was written by a stranger. */
import { z } from 'zod';
import { VISIT_HEADERS, type Visit } from '../module/clicks';
import { moment } from './payload';

/** Text, or a number written as one; '' for anything else and for what is longer than it can honestly be. */
const text = (limit: number) =>
  z
    .union([z.string(), z.number().transform(String)])
    .transform((written) => (written.length <= limit ? written : ''))
    .default('')
    .catch('');

/** In place of a time that cannot be read: too long ago for any cookie. */
const NEVER = 0;

const COOKIE_LIMIT = 16_384;
const HEADER_LIMIT = 2000;

const header = z
  .string()
  .transform((value) => value.slice(0, HEADER_LIMIT))
  .optional()
  .catch(undefined);

/** What is taken of a visit; everything may be missing. */
export const VISIT = z.object({
  code: text(64),
  affiliateId: text(16),
  landing: text(2000),
  campaign: text(64),
  cookie: z.string().max(COOKIE_LIMIT).optional().catch(undefined),
  ip: text(64),
  // Only the headers that are looked at: whatever else a request carries stays outside.
  headers: z
    .object(Object.fromEntries(VISIT_HEADERS.map((name) => [name, header])))
    .default({})
    .catch({}),
  secure: z.boolean().default(false).catch(false),
  /** When the visitor came, where that is not now. */
  at: moment.optional().catch(NEVER),
  /** The host's own name for the visit; with the same `at` it is the same visit. */
  id: text(64),
});

const NOBODY_LATE = {
  code: '',
  affiliateId: '',
  landing: '',
  campaign: '',
  ip: '',
  headers: {},
  at: NEVER,
  id: '',
};
const NOBODY: Visit = { ...NOBODY_LATE, cookie: undefined, secure: false };

/** More links than that nobody follows before a signup, while the service is down. */
const MOST_FOLLOWED = 5;

/** Visits that are told later than they were, each with its `at`; they get no cookie. */
export const VISITS = z
  .array(VISIT.omit({ cookie: true, secure: true }).catch(NOBODY_LATE))
  .default([])
  .catch([])
  .transform((visits) => visits.slice(0, MOST_FOLLOWED));

/** Reads a visit; never throws: what cannot be read is left out, and without a code or a number nothing is recorded. */
export function readVisit(payload: unknown): Visit {
  const read = VISIT.safeParse(payload);
  // zod leaves the key out when there was none; a visit always has it.
  return read.success ? { ...read.data, cookie: read.data.cookie } : NOBODY;
}
