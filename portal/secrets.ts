/** The portal's keys: made once, and kept where only its own user can read them. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeOf, Problem } from './problem';

export interface Secrets {
  /** The first signs, all verify. */
  readonly program: readonly string[];
  /** Signs the portal's own cookies. */
  readonly session: string;
}

const MIN_LENGTH = 32;
const kept = z.object({
  program: z.array(z.string().min(MIN_LENGTH)).min(1),
  session: z.string().min(MIN_LENGTH),
});

/**
 * @param given a secret of the operator's own, from which nothing needs to be kept; undefined to use the folder's
 * @throws Problem when it is too short, or the folder or its file cannot be used
 */
export function loadSecrets(folder: string, given: string | undefined): Secrets {
  if (given !== undefined) {
    if (given.length < MIN_LENGTH)
      throw new Problem(`AFFILIATES_SECRET must have at least ${MIN_LENGTH} characters.`);
    return { program: [given], session: createHmac('sha256', given).update('portal session').digest('hex') };
  }
  const file = path.join(folder, 'secrets.json');
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const code = codeOf(error);
    if (!code)
      throw new Problem(`The file ${file} holds no secrets. Restore it, or delete it to make new ones.`);
    if (code !== 'ENOENT') throw unusable(folder, code);
  }
  const made: Secrets = { program: [newSecret()], session: newSecret() };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(folder, codeOf(error));
  }
  return made;
}

const unusable = (folder: string, code: string) =>
  new Problem(`The data folder ${folder} cannot be used (${code}). Choose another with DATA_DIR.`);

const newSecret = () => randomBytes(32).toString('hex');
