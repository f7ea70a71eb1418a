/** Secrets as operators handle them: made at random, and told apart without being shown. */
import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const FINGERPRINT_LETTERS = 12;

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

/** @returns enough to compare two places where a secret is kept, and of no use to whoever reads it */
export const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, FINGERPRINT_LETTERS);
