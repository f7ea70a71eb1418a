/**
 * Who speaks: a token of the host's on each request, signed with HS256 and a secret both know. It names the request it
 * is for, and the hash of the exact body, so that it is good for nothing else; and it is good once.
 */
import { createHash, createSecretKey, timingSafeEqual } from 'node:crypto';
import { decode, verify } from 'jsonwebtoken';
import { z } from 'zod';
import { LEEWAY_MS } from '../module/wire';
import { WireError } from './errors';

const ISSUER = 'portal';
const AUDIENCE = 'affiliates';
const LONGEST_LIFE_S = 300;
const LEEWAY_S = LEEWAY_MS / 1000;

const CLAIMS = z.object({
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  req: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const HEADER = z.strictObject({
  alg: z.literal('HS256'),
  typ: z.string().optional(),
  kid: z.string().optional(),
});

/** A token that verified; whether it is for this body, and unused, is still to be seen. */
export interface Token {
  readonly id: string;
  /** ms */
  readonly expiresAt: number;
  /** Hex, of the body's bytes. */
  readonly sha256: string;
}

/** What a token is checked against. */
export interface Expected {
  readonly secrets: readonly string[];
  /** ms */
  readonly now: number;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
}

/**
 * @param authorization the header, 'Bearer …'
 * @throws WireError token_missing, token_invalid, token_expired, token_not_yet, token_mismatch
 */
export function readToken(authorization: string | undefined, expected: Expected): Token {
  const token = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new WireError(authorization ? 'token_invalid' : 'token_missing');
  const { iss, aud, iat, exp, jti, req, sha256 } = claimsOf(token, expected.secrets);
  const now = Math.floor(expected.now / 1000);
  if (exp <= iat || exp - iat > LONGEST_LIFE_S) throw new WireError('token_invalid');
  if (iat > now + LEEWAY_S) throw new WireError('token_not_yet');
  if (exp + LEEWAY_S <= now) throw new WireError('token_expired');
  const isForThis =
    isSame(iss, ISSUER) && isSame(aud, AUDIENCE) && isSame(req, `${expected.method} ${expected.url}`);
  if (!isForThis) throw new WireError('token_mismatch');
  return { id: jti, expiresAt: exp * 1000, sha256 };
}

/** @param body the bytes as they came; empty for none @throws WireError token_mismatch */
export function checkBody({ sha256 }: Token, body: Buffer): void {
  if (!isSame(sha256, createHash('sha256').update(body).digest('hex'))) throw new WireError('token_mismatch');
}

function claimsOf(token: string, secrets: readonly string[]): z.output<typeof CLAIMS> {
  // Looked at before anything is verified: a header may ask for nothing but the one way to verify.
  if (!HEADER.safeParse(decode(token, { complete: true })?.header).success)
    throw new WireError('token_invalid');
  for (const secret of secrets) {
    const claims = CLAIMS.safeParse(verified(token, secret));
    if (claims.success) return claims.data;
  }
  throw new WireError('token_invalid');
}

function verified(token: string, secret: string): unknown {
  try {
    // A key that can only be symmetric; the times are checked here, by the clock that was handed in.
    const key = createSecretKey(Buffer.from(secret, 'utf8'));
    return verify(token, key, { algorithms: ['HS256'], ignoreExpiration: true, ignoreNotBefore: true });
  } catch {
    return null;
  }
}

/** Compares in a time that tells nothing about where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
