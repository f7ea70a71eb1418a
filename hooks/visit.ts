/** A visit through a referral link, as a host reports it: everything in it was written by a stranger. */
import { z } from 'zod';
import { VISIT_HEADERS, type Visit } from '../module/clicks';

/** Text, or a number written as one; '' for anything else and for what is longer than it can honestly be. */
const text = (limit: number) =>
  z
    .union([z.string(), z.number().transform(String)])
    .transform((written) => (written.length <= limit ? written : ''))
    .catch('');

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
  headers: z.object(Object.fromEntries(VISIT_HEADERS.map((name) => [name, header]))).catch({}),
  secure: z.boolean().catch(false),
});

const NOBODY: Visit = {
  code: '',
  affiliateId: '',
  landing: '',
  campaign: '',
  cookie: undefined,
  ip: '',
  headers: {},
  secure: false,
};

/** Reads a visit; never throws: what cannot be read is left out, and without a code or a number nothing is recorded. */
export function readVisit(payload: unknown): Visit {
  const read = VISIT.safeParse(payload);
  // zod leaves the key out when there was none; a visit always has it.
  return read.success ? { ...read.data, cookie: read.data.cookie } : NOBODY;
}
