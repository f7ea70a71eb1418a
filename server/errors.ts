/** What the service refuses a request with: a code that programs read, its status, and a sentence for their makers. */
import { z } from 'zod';

const ERRORS = {
  token_missing: { status: 401, message: 'The request needs a header Authorization: Bearer with a token.' },
  token_invalid: { status: 401, message: 'The token is not one that a known secret signed with HS256.' },
  token_expired: { status: 401, message: 'The token has expired.' },
  token_not_yet: { status: 401, message: 'The token was made in the future: compare the clocks.' },
  token_mismatch: { status: 401, message: 'The token is for another request, body, issuer or audience.' },
  token_replayed: { status: 401, message: 'The token was used before: make a new one for each request.' },
  body_invalid: { status: 400, message: 'The request is not what this address takes.' },
  not_found: { status: 404, message: 'There is nothing at this address.' },
  message_gone: {
    status: 410,
    message: 'This message is not kept any more: what came after it may be gone as well.',
  },
  body_too_large: { status: 413, message: 'The body is larger than 1 MiB.' },
  body_type: { status: 415, message: 'The body must be JSON, with Content-Type: application/json.' },
  setting_invalid: { status: 422, message: 'A setting is not what it must be.' },
  too_many: { status: 429, message: 'Too many requests from this address.' },
  unavailable: { status: 503, message: 'The service cannot answer now: try again.' },
} as const;

export type WireErrorCode = keyof typeof ERRORS;
/** Every code, for whoever describes them. */
export const WIRE_ERROR_CODES = Object.keys(ERRORS) as readonly WireErrorCode[];

/** A refusal as it goes over the wire. */
export const REFUSAL = z
  .object({
    error: z.object({
      code: z.enum(WIRE_ERROR_CODES).describe('Go by this: the sentence may change.'),
      message: z.string().describe('For the makers of the portal.'),
      field: z.string().optional().describe('The part of the request that was wrong.'),
    }),
  })
  .meta({ id: 'Error' });
export type WireErrorBody = z.output<typeof REFUSAL>;

/** Thrown to refuse a request. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;

  /** @param field the part of the request that was wrong @param sentence in place of the code's own */
  constructor(
    readonly code: WireErrorCode,
    readonly field?: string,
    sentence?: string,
  ) {
    super(sentence ?? ERRORS[code].message);
    this.status = ERRORS[code].status;
  }

  get body(): WireErrorBody {
    const { code, message, field } = this;
    return { error: { code, message, ...(field !== undefined && { field }) } };
  }
}

/** What Fastify itself refuses, by its status. */
const BY_STATUS: Readonly<Record<number, WireErrorCode>> = {
  400: 'body_invalid',
  404: 'not_found',
  413: 'body_too_large',
  415: 'body_type',
  429: 'too_many',
};

/** @returns the refusal for whatever was thrown; null for a fault, of which nothing may be told */
export function refusalOf(error: unknown): WireError | null {
  if (error instanceof WireError) return error;
  const { statusCode } = Object(error) as { statusCode?: unknown };
  const code = typeof statusCode === 'number' ? BY_STATUS[statusCode] : undefined;
  return code === undefined ? null : new WireError(code);
}
