/** The form that makes a version of terms: the simple parts in fields of their own, everything else written. */
import { AffiliatesError } from '../../module/errors';
import type { TermsChange } from '../../module/events/rules';
import type { Settings } from '../../module/settings';
import { readRate, readWrittenParts, writeParts, writeRate } from '../../module/terms';
import { SCOPES, type Scope, type TermsContent } from '../../module/terms/rules';
import type { TermsView } from '../../module/views';
import { readDay, required, typed, wholeNumber } from '../form';
import type { PageRequest } from '../page';

export const LONGEST_TEXT = 20_000;
export const RECURRINGS = ['every', 'once'] as const;
const SIMPLE = ['rate', 'recurring', 'clearingDays'] as const;

const FIELDS = ['scope', 'scopeKey', 'rate', 'recurring', 'clearingDays', 'from', 'terms'] as const;
export type TermsFields = Readonly<Record<(typeof FIELDS)[number], string>>;

export function typedFields(body: PageRequest['body']): TermsFields {
  const kept = FIELDS.map((field) => [field, (body[field] ?? '').slice(0, LONGEST_TEXT)]);
  // The names come from FIELDS alone.
  return Object.fromEntries(kept) as TermsFields;
}

/** The form filled in with the terms that an address names, for changing them. */
export function fieldsOf(query: PageRequest['query'], current: readonly TermsView[]): TermsFields {
  const scope = SCOPES.find((name) => name === query.scope) ?? 'product';
  const scopeKey = scope === 'program' ? '' : (query.key ?? '').slice(0, 64);
  const version = current.find((candidate) => candidate.scope === scope && candidate.scopeKey === scopeKey);
  const empty = { scope, scopeKey, rate: '', recurring: '', clearingDays: '', from: '', terms: '' };
  return version ? { ...empty, ...partsOf(version) } : empty;
}

/** What the simple fields have no room for is written. */
function partsOf({ rate, recurring, clearingDays, ...others }: TermsView): Partial<TermsFields> {
  const isSimple = rate !== null && (rate.kind === 'percent' || (rate.kind === 'fixed' && !rate.per));
  const simpleRecurring = typeof recurring === 'string' ? recurring : '';
  return {
    rate: isSimple ? writeRate(rate) : '',
    recurring: simpleRecurring,
    clearingDays: String(clearingDays ?? ''),
    terms: writeParts({
      ...others,
      rate: isSimple ? null : rate,
      recurring: simpleRecurring ? null : recurring,
    }),
  };
}

/**
 * An empty field inherits; the program's own terms inherit from nothing and need the simple parts, here or written.
 * @throws AffiliatesError terms_unreadable naming the part, rate_invalid, field_invalid, field_required
 */
export function readChange(body: PageRequest['body'], { currency, timeZone }: Settings): TermsChange {
  const scope = SCOPES.find((name) => name === body.scope);
  if (!scope) throw new AffiliatesError('field_invalid', { field: 'scope' });
  const isProgram = scope === 'program';
  const scopeKey = isProgram ? '' : required(body, 'scopeKey', 64);
  const content = readContent(scope, body, currency);
  const lacking = isProgram && SIMPLE.find((part) => content[part] === null);
  if (lacking) throw new AffiliatesError('field_required', { field: lacking });
  return { scope, scopeKey, ...content, ...readFrom(typed(body, 'from', 10), timeZone) };
}

function readContent(scope: Scope, body: PageRequest['body'], currency: string): TermsContent {
  const simple = readSimple(body, currency);
  const text = typed(body, 'terms', LONGEST_TEXT);
  if (!text) return simple;
  const written = readWrittenParts(scope, text, currency);
  const twice = SIMPLE.find((part) => simple[part] !== null && written[part] !== null);
  if (twice) throw new AffiliatesError('terms_unreadable', { place: 1, part: twice, problem: 'twice' });
  return {
    ...written,
    rate: simple.rate ?? written.rate,
    recurring: simple.recurring ?? written.recurring,
    clearingDays: simple.clearingDays ?? written.clearingDays,
  };
}

type Simple = Pick<TermsContent, (typeof SIMPLE)[number]>;

function readSimple(body: PageRequest['body'], currency: string): Simple {
  const rate = typed(body, 'rate', 20);
  const recurring = typed(body, 'recurring', 10);
  const clearingDays = typed(body, 'clearingDays', 3);
  return {
    rate: rate ? readRate(rate, currency) : null,
    recurring: recurring ? readRecurring(recurring) : null,
    clearingDays: clearingDays ? readDays(clearingDays) : null,
  };
}

function readFrom(written: string, timeZone: string): Pick<TermsChange, 'from'> {
  if (!written) return {};
  const day = readDay(written, timeZone);
  if (!day) throw new AffiliatesError('field_invalid', { field: 'from' });
  return { from: day.toMillis() };
}

function readRecurring(written: string): 'every' | 'once' {
  const recurring = RECURRINGS.find((name) => name === written);
  if (!recurring) throw new AffiliatesError('field_invalid', { field: 'recurring' });
  return recurring;
}

function readDays(written: string): number {
  const days = wholeNumber(written, 'clearingDays');
  if (days > 365) throw new AffiliatesError('field_invalid', { field: 'clearingDays' });
  return days;
}
