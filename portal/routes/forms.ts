/** What people send: read strictly, and shown again with a sentence per field when something is missing. */
import { z } from 'zod';
import { Problem } from '../problem';
import { parseUrl } from '../url';
import { LANGUAGE_NAMES } from './languages';

export type Fields = Readonly<Record<string, string>>;

/** @returns a body or query with text values only; a repeated field keeps its last value. */
export function fieldsOf(sent: unknown): Fields {
  if (typeof sent !== 'object' || sent === null) return {};
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}

export type Read<Form> =
  { readonly data: Form; readonly errors?: never } | { readonly data?: never; readonly errors: Fields };

export function readForm<Form>(schema: z.ZodType<Form>, body: unknown): Read<Form> {
  const parsed = schema.safeParse(fieldsOf(body));
  if (parsed.success) return { data: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }): [string, string] => [path.join('.'), message]);
  return { errors: Object.fromEntries(errors.reverse()) };
}

/** For forms that offer nothing to mistype. @throws Problem naming what is wrong */
export function requireForm<Form>(schema: z.ZodType<Form>, body: unknown): Form {
  const { data, errors } = readForm(schema, body);
  if (errors) throw new Problem(Object.values(errors)[0] ?? 'The form is not complete.');
  return data;
}

/** Required text of at most `limit` characters. */
export const text = (what: string, limit: number) =>
  z
    .string(`Please enter ${what}.`)
    .trim()
    .min(1, `Please enter ${what}.`)
    .max(limit, `This is longer than ${limit} characters.`);

export const idField = z.coerce.number().int('This is no number.').positive('This is no number.');

/** @returns the number in an address such as /invoices/12. @throws Problem (404) for anything else */
export function idFrom(params: unknown, name = 'id'): number {
  const id = Number(fieldsOf(params)[name]);
  if (!Number.isSafeInteger(id) || id < 1) throw new Problem('There is no such page.', 404);
  return id;
}

export function pageFrom(query: unknown): number {
  const page = Number(fieldsOf(query)['page']);
  return Number.isSafeInteger(page) ? page : 1;
}

export const email = z
  .email('Please enter an e-mail address such as name@example.com.')
  .max(190, 'This is longer than 190 characters.')
  .transform((address) => address.toLowerCase());

export const language = z.enum(LANGUAGE_NAMES, 'Please choose a language.');

/** A place on this portal to go on to; anything else becomes '/'. */
export function localPath(path: string | undefined): string {
  const here = 'http://portal.invalid';
  const there = path?.startsWith('/') ? parseUrl(path, here) : null;
  if (!there) return '/';
  // The parser's own reading is what browsers follow, and it can end in '//host' (from '/.//host').
  const isHere = there.origin === here && !there.pathname.startsWith('//');
  return isHere ? there.pathname + there.search : '/';
}
