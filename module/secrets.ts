import { AffiliatesError } from './errors';

/** Characters. */
export const SHORTEST_SECRET = 32;

/**
 * @returns the secrets, of which the first signs and all verify
 * @throws AffiliatesError setting_invalid for none or a short one: a guessable secret would let anybody sign
 */
export function readSecrets(secrets: readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = secrets;
  if (first === undefined || [first, ...others].some((secret) => secret.length < SHORTEST_SECRET)) {
    const problem = `must hold at least one secret, each of ${SHORTEST_SECRET} characters or more`;
    throw new AffiliatesError(
      'setting_invalid',
      { setting: 'secrets', problem },
      `The setting secrets ${problem}.`,
    );
  }
  return [first, ...others];
}
