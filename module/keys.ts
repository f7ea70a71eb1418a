import { createHmac, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import validator from 'validator';

const KEYS = 'mod_affiliates_keys';
const IDENTITY = 'identity';
const KEY_BYTES = 32;

/** Makes the program's own key, once for ever; part of the installation. */
export async function makeIdentityKey(knex: Knex): Promise<void> {
  const value = randomBytes(KEY_BYTES).toString('hex');
  await knex(KEYS).insert({ name: IDENTITY, value }).onConflict(['name']).ignore();
}

/**
 * Gives the program's own key, read once: what is derived from it (referral codes, hashes of mail addresses) must stay
 * comparable when the host rotates its secrets.
 * @returns a function that reads through the connection it is given, which inside a transaction must be that one
 */
export function identityKeyReader(): (knex: Knex) => Promise<string> {
  let known: string | undefined;
  return async (knex) => {
    if (known !== undefined) return known;
    const row: { value: string } | undefined = await knex(KEYS).where({ name: IDENTITY }).first('value');
    if (!row) throw new Error('the program has no key: install() makes it');
    known = row.value;
    return known;
  };
}

/**
 * @returns a keyed hash by which addresses compare equal that reach the same mailbox: case, and at providers known to
 * ignore them dots and plus-tags, are folded. '' for no address.
 */
export function hashEmail(identityKey: string, address: string): string {
  const written = address.trim();
  // The library makes '@' of nothing, which everybody without an address would share.
  const folded = written !== '' && validator.normalizeEmail(written);
  return folded ? createHmac('sha256', identityKey).update(`email:${folded}`).digest('hex') : '';
}
