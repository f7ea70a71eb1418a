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
 * @param written whatever names an account to be paid from or to: a payment provider's word for a card, the address of a
 *   PayPal account, an IBAN, or payout details that hold one of them among other words
 * @returns keyed hashes by which accounts compare equal however they are written, with a space between; '' for what names
 *   none
 */
export function hashAccounts(identityKey: string, written: string): string {
  const hashes = accountsIn(written.normalize('NFKC')).map((account) =>
    createHmac('sha256', identityKey).update(`account:${account}`).digest('hex'),
  );
  return [...new Set(hashes)].sort().slice(0, MOST_ACCOUNTS).join(' ');
}

/** More addresses than that are no payout details. */
const MOST_ACCOUNTS = 4;
/** A shorter word names how somebody pays ('PayPal', 'Visa'), not from where. */
const SHORTEST_ACCOUNT = 8;

function accountsIn(text: string): string[] {
  const mails = (text.match(/[^\s<>()[\],;:"']{1,64}@[^\s<>()[\],;:"'@]{1,255}/g) ?? [])
    .map((mail) => validator.normalizeEmail(mail.replace(/\.$/, '')))
    .filter((mail) => mail !== false);
  const ibans = (text.match(/\b[A-Z]{2}\d{2}[A-Z0-9 -]{10,50}/gi) ?? []).map(ibanAtStart).filter(Boolean);
  const known = [...mails, ...ibans];
  if (known.length > 0) return known;
  const folded = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return folded.length >= SHORTEST_ACCOUNT && /\d/.test(folded) ? [folded] : [];
}

/** @returns the IBAN that the text begins with, as one word; '' when it begins with none */
function ibanAtStart(text: string): string {
  const word = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  for (let end = Math.min(word.length, LONGEST_IBAN); end >= SHORTEST_IBAN; end--) {
    if (validator.isIBAN(word.slice(0, end))) return word.slice(0, end);
  }
  return '';
}

const LONGEST_IBAN = 34;
const SHORTEST_IBAN = 15;

/**
 * @returns a keyed hash by which postal addresses compare equal whatever their case, accents, spaces and dots; '' unless
 *   there are a street and a postcode: a country alone is shared by too many
 */
export function hashPostal(
  identityKey: string,
  { street, postcode, country }: { street: string; postcode: string; country: string },
): string {
  const fold = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  const parts = [street, postcode, country].map(fold);
  if (!parts[0] || !parts[1]) return '';
  return createHmac('sha256', identityKey)
    .update(`postal:${parts.join('\n')}`)
    .digest('hex');
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
