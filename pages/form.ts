/** Reading what a person typed into a form. */
import { DateTime } from 'luxon';
import { AffiliatesError } from '../module/errors';
import type { PageRequest } from './page';

/** @returns the field without surrounding space, '' if absent. @throws AffiliatesError field_too_long */
export function typed(body: PageRequest['body'], field: string, limit = 1000): string {
  const text = (body[field] ?? '').trim();
  if (text.length > limit) throw new AffiliatesError('field_too_long', { field, limit });
  return text;
}

/** @returns the field, which must be filled in. @throws AffiliatesError field_required, field_too_long */
export function required(body: PageRequest['body'], field: string, limit = 1000): string {
  const text = typed(body, field, limit);
  if (!text) throw new AffiliatesError('field_required', { field });
  return text;
}

/** @returns what was typed as a whole number, not below zero. @throws AffiliatesError field_invalid */
export function wholeNumber(written: string, field: string): number {
  if (!/^\d+$/.test(written)) throw new AffiliatesError('field_invalid', { field });
  return Number(written);
}

/** @returns the start of a day that was written as '2026-03-01', in the time zone; undefined for what is none */
export function readDay(text: string, zone: string): DateTime | undefined {
  const day = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone });
  return day.isValid ? day : undefined;
}

/** @returns the day of a time in ms as `readDay` reads it */
export function dayOf(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM-dd');
}

/** @returns the id a form was rendered with, so that sending it twice acts once. @throws AffiliatesError field_invalid */
export function requestIdOf(body: PageRequest['body']): string {
  const id = body.requestId ?? '';
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))
    throw new AffiliatesError('field_invalid', { field: 'requestId' });
  return id;
}

/** What was typed, as it was, to show it again; never longer than a form would have let through. */
export function retyped<Name extends string>(
  body: PageRequest['body'],
  ...fields: Name[]
): Record<Name, string> {
  const kept = fields.map((field) => [field, (body[field] ?? '').slice(0, 2000)]);
  // The names come from `fields` alone.
  return Object.fromEntries(kept) as Record<Name, string>;
}
