/**
 * Tokens for requests: ours to the host, signed as the host signs its own with the two names the other way round; and the
 * host's, where we stand in its place to try it.
 */
import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import { sign } from 'jsonwebtoken';
import { parseUrl } from '../module/url';
import { Unusable } from './terminal';

const LIFE_S = 60;

/** Who speaks to whom. */
export type Direction =
  | { readonly iss: 'affiliates'; readonly aud: 'portal' }
  | { readonly iss: 'portal'; readonly aud: 'affiliates' };
const TO_HOST: Direction = { iss: 'affiliates', aud: 'portal' };

/** What a token is for. */
export interface Signed {
  /** As `req` names it: 'GET /list?from=2026-01-01'. */
  readonly request: string;
  /** The bytes that are sent; '' for none. */
  readonly body: string;
  /** To the host unless given. */
  readonly direction?: Direction;
}

/** @param now ms, UTC @returns a token for one request, good for a minute */
export function signRequest(
  { request, body, direction = TO_HOST }: Signed,
  secret: string,
  now: number,
): string {
  const iat = Math.floor(now / 1000);
  const claims = {
    ...direction,
    iat,
    exp: iat + LIFE_S,
    jti: randomUUID(),
    req: request,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  return sign(claims, createSecretKey(Buffer.from(secret, 'utf8')), { algorithm: 'HS256' });
}

/**
 * @param option as the operator calls it: '--host-url'
 * @throws Unusable for an address to which nobody should send a signed request
 */
export function readHostUrl(written: string, option: string): URL {
  const url = parseUrl(written);
  if (!url) throw new Unusable(`${option} must be an address of the host’s.`);
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear))
    throw new Unusable(`${option} must begin with https://; http is for this machine alone.`);
  if (url.username || url.password) throw new Unusable(`${option} must hold no user and no password.`);
  url.hash = '';
  return url;
}
