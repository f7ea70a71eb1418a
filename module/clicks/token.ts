/**
 * The referral cookie: a signed token that alone carries whose link was clicked and when, so that an attribution
 * survives the loss of everything else. Signed and read with HS256 only.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { parse, serialize } from 'cookie';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Touch } from '../events/rules';
import type { Settings } from '../settings';
import { CLOCK_TOLERANCE_MS, readLegacyId } from './rules';

const ALGORITHM = 'HS256';
const AUDIENCE = 'affiliates/cookie';
const ISSUER = 'affiliates';
/** Browsers refuse larger cookies, so no honest one comes back larger. */
const TOKEN_LIMIT = 4096;
const SECONDS_PER_DAY = 86_400;

/** What `signTouch` writes; whatever else a key of ours has signed is no referral. */
const CLAIMS = z.object({
  sub: z.string().regex(/^[1-9]\d{0,14}$/),
  jti: z.string().regex(/^[0-9A-Z]{26}$/),
  iat: z.int().positive(),
  exp: z.int().positive(),
  campaign: z.string().regex(/^[A-Za-z0-9_.-]{0,64}$/),
});

export type LinkTouch = Extract<Touch, { kind: 'link' }>;
type CookieSettings = Pick<Settings, 'cookieName' | 'cookieDays'>;

/**
 * @param touch `clickedAt` is when the token begins; the token keeps whole seconds of it
 * @param secrets the first signs
 */
export function signTouch(
  touch: Omit<LinkTouch, 'kind'>,
  cookieDays: number,
  secrets: readonly string[],
): string {
  const [secret] = secrets;
  if (secret === undefined) throw new Error('a token needs a secret');
  const iat = Math.floor(touch.clickedAt / 1000);
  const { key, id } = keyOf(secret);
  return jwt.sign({ iat, exp: iat + cookieDays * SECONDS_PER_DAY, campaign: touch.campaign }, key, {
    algorithm: ALGORITHM,
    audience: AUDIENCE,
    issuer: ISSUER,
    subject: String(touch.affiliateId),
    jwtid: touch.clickId,
    keyid: id,
  });
}

/**
 * @param secrets all of them verify, so that one can be replaced while cookies of the old one live on
 * @param at the time to judge it by, ms since the epoch: when the visitor signed up, not when we hear of it
 */
export function readTouch(
  token: string,
  secrets: readonly string[],
  at: number,
): Exclude<Touch, { kind: 'none' }> {
  const claims = token.length <= TOKEN_LIMIT ? verify(token, secrets) : null;
  if (!claims || claims.iat * 1000 > at + CLOCK_TOLERANCE_MS)
    return { kind: 'invalid', code: 'token_tampered' };
  if (claims.exp * 1000 <= at) return { kind: 'invalid', code: 'token_expired' };
  return {
    kind: 'link',
    affiliateId: Number(claims.sub),
    clickedAt: claims.iat * 1000,
    clickId: claims.jti,
    campaign: claims.campaign,
  };
}

/** @returns what the referral cookie in a whole Cookie header says at that time (ms since the epoch). */
export function touchFromCookieHeader(
  header: string | undefined,
  { cookieName }: Pick<Settings, 'cookieName'>,
  secrets: readonly string[],
  at: number,
): Touch {
  const token = header ? parse(header)[cookieName] : undefined;
  return token ? readTouch(token, secrets, at) : { kind: 'none' };
}

/** The cookie that WHMCS's built-in affiliates set. */
const EARLIER_COOKIE = 'WHMCSAffiliateID';

/**
 * @returns the number of an affiliate that a cookie of the earlier program names; '' where a cookie of ours came, whatever
 *   it says: what is unsigned never speaks beside what is signed, also not in its place
 */
export function earlierCookieIn(
  header: string | undefined,
  { cookieName }: Pick<Settings, 'cookieName'>,
): string {
  const cookies = header ? parse(header) : {};
  return cookies[cookieName] === undefined ? readLegacyId(cookies[EARLIER_COOKIE]) : '';
}

/** @returns a whole Set-Cookie header value; Lax, because a visitor arrives from somebody else's page. */
export function touchCookie(
  token: string,
  { cookieName, cookieDays }: CookieSettings,
  secure: boolean,
): string {
  return serialize(cookieName, token, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: cookieDays * SECONDS_PER_DAY,
  });
}

/** Time is not judged here: the caller does, so that a forgery never passes for a merely old token. */
function verify(token: string, secrets: readonly string[]): z.infer<typeof CLAIMS> | null {
  try {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const signedWith = secrets.map(keyOf).find(({ id }) => id === kid);
    if (!signedWith) return null;
    const claims = jwt.verify(token, signedWith.key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      issuer: ISSUER,
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return CLAIMS.safeParse(claims).data ?? null;
  } catch {
    // Anything the parser stumbles over was not signed by us.
    return null;
  }
}

interface SigningKey {
  readonly key: KeyObject;
  /** Tells which secret signed without telling anything about it. */
  readonly id: string;
}

/** By secret; there are as many as a program has secrets. */
const KEYS = new Map<string, SigningKey>();

/** Made once, and as an object: jsonwebtoken first tries a string as a PEM, which costs more than all of a redirect. */
function keyOf(secret: string): SigningKey {
  const known = KEYS.get(secret);
  if (known) return known;
  const made = {
    key: createSecretKey(secret, 'utf8'),
    id: createHmac('sha256', secret).update('affiliates/kid').digest('hex').slice(0, 12),
  };
  KEYS.set(secret, made);
  return made;
}
