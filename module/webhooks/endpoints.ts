/** Where messages go: what an operator may write under `webhooks`, and what it is refused for. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AffiliatesError } from '../errors';
import { isAllowedUrl } from './addresses';
import { MESSAGE_TYPES, type MessageType } from './rules';

const MOST_ENDPOINTS = 20;
const MOST_SECRETS = 5;
const LONGEST_URL = 500;

const URL_PROBLEM =
  'must be an https address without a user name, of a public host; http and this machine are for a URL that names localhost';
const SECRET_PROBLEM = 'must be whsec_ followed by 24 to 64 bytes in base64';

/** None of these says what was written: a secret must not get into a log. */
const url = z
  .string(URL_PROBLEM)
  .max(LONGEST_URL, `must be at most ${LONGEST_URL} characters`)
  .refine(isAllowedUrl, URL_PROBLEM)
  .transform((written) => new URL(written).href);

const secret = z
  .string(SECRET_PROBLEM)
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, SECRET_PROBLEM)
  .transform((written) => Buffer.from(written.slice('whsec_'.length), 'base64'))
  .refine((key) => key.length >= 24 && key.length <= 64, SECRET_PROBLEM);

const endpoint = z
  .strictObject(
    {
      url,
      secret: secret.optional(),
      /** While a secret is rotated: every one of them signs. */
      secrets: z
        .array(secret, SECRET_PROBLEM)
        .min(1, 'must hold at least one secret')
        .max(MOST_SECRETS, `must hold at most ${MOST_SECRETS} secrets`)
        .optional(),
      /** All of them without it. */
      types: z
        .array(z.enum(MESSAGE_TYPES, `must be of: ${MESSAGE_TYPES.join(', ')}`), 'must be a list of types')
        .min(1, 'must hold at least one type')
        .optional(),
    },
    'must be an object of url, secret (or secrets) and types',
  )
  .refine((written) => (written.secret === undefined) !== (written.secrets === undefined), {
    error: 'must have either secret or secrets',
  })
  .transform(({ url: href, secret: one, secrets, types }): Endpoint => ({
    key: keyOf(href),
    url: href,
    secrets: secrets ?? (one ? [one] : []),
    types: types ?? null,
  }));

/** The shape of the option and of the configuration key `webhooks`. */
const WEBHOOKS = z
  .array(endpoint, 'must be a list of endpoints')
  .max(MOST_ENDPOINTS, `must hold at most ${MOST_ENDPOINTS} endpoints`)
  .refine(
    (endpoints) => new Set(endpoints.map(({ key }) => key)).size === endpoints.length,
    'must name each address once',
  );

/** An endpoint as an operator writes it. */
export type WebhookInput = z.input<typeof endpoint>;

export interface Endpoint {
  /** Follows from the address, so that what waits for it is found again after a restart. */
  readonly key: string;
  readonly url: string;
  /** Each signs every message. */
  readonly secrets: readonly Buffer[];
  /** null: all. */
  readonly types: readonly MessageType[] | null;
}

/** Enough of a SHA-256 to tell addresses apart. */
const KEY_LETTERS = 32;
const keyOf = (href: string) => createHash('sha256').update(href).digest('hex').slice(0, KEY_LETTERS);

/** An address as staff see it: a query may hold what lets anybody in. */
export function shownUrl(href: string): string {
  const { origin, pathname } = new URL(href);
  return origin + pathname;
}

/** @throws AffiliatesError setting_invalid naming the place in `webhooks` and what it must be */
export function readWebhooks(input: readonly WebhookInput[]): readonly Endpoint[] {
  const read = WEBHOOKS.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const [index, ...path] = issue?.path ?? [];
  const place = [
    'webhooks',
    ...(index === undefined ? [] : [`[${String(index)}]`]),
    ...path.map((part) => `.${String(part)}`),
  ];
  const setting = place.join('');
  const problem = issue?.message ?? 'is not valid';
  throw new AffiliatesError('setting_invalid', { setting, problem }, `The setting ${setting} ${problem}.`);
}
