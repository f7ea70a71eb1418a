/**
 * Terms as a person writes them into a file: YAML, a list with an entry for each scope. Everything is read as text, so
 * that an amount is what was written and no number of the machine's.
 */
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { AffiliatesError, isAffiliatesError } from '../errors';
import type { TermsChange } from '../events/rules';
import type { Currency } from '../money';
import { checkContent } from './check';
import { SCOPES, type Scope, type TermsContent } from './rules';
import { contentSchema } from './writtenContent';

const MOST_ENTRIES = 500;
/** Deeper than terms can be said, and far from where the reader of YAML runs out of memory. */
const MOST_BRACKETS = 50;

/**
 * @param text `- scope: product`, `key: 3`, `rate: 12%`, `recurring: once`, `clearingDays: 14` …
 * @param currency the program's, which amounts without one are in: '5.00', '5.00 EUR'
 * @returns the changes in the order of the list; what an entry does not say it inherits
 * @throws AffiliatesError terms_unreadable, saying which entry and which part of it
 */
export function readWrittenTerms(text: string, currency: Currency): TermsChange[] {
  const entries: unknown = parseText(text);
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES)
    throw unreadable(1, '', 'no_list');
  const schema = entrySchema(currency);
  return entries.map((entry, index) => {
    const read = schema.safeParse(entry);
    if (!read.success) throw problemOf(index + 1, entry, read.error);
    return toChange(index + 1, read.data);
  });
}

/**
 * @param scope whose terms they are
 * @param text parts of the terms of that scope: `limits:`, `when:` …, without `scope` and `key`
 * @param currency the program's, which amounts without one are in: '5.00', '5.00 EUR'
 * @returns what the text says; what it does not say is null or absent
 * @throws AffiliatesError terms_unreadable, saying which part of it
 */
export function readWrittenParts(scope: Scope, text: string, currency: Currency): TermsContent {
  const parts: unknown = parseText(text);
  if (typeof parts !== 'object' || parts === null || Array.isArray(parts))
    throw unreadable(1, '', 'no_parts');
  const read = contentSchema(currency).safeParse(parts);
  if (!read.success) throw problemOf(1, parts, read.error);
  check(1, scope, read.data);
  return read.data;
}

function parseText(text: string): unknown {
  const line = lineTooDeep(text);
  if (line) throw unreadable(line, '', 'not_yaml');
  const document = parseDocument(text, { schema: 'failsafe' });
  const [broken] = document.errors;
  if (broken) throw unreadable(broken.linePos?.[0].line ?? 1, '', 'not_yaml');
  return document.toJS();
}

/** @returns the number of the first line with more open brackets than terms can have; null for none */
function lineTooDeep(text: string): number | null {
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    for (const [bracket] of line.matchAll(/[[\]{}]/g)) {
      open = '[{'.includes(bracket) ? open + 1 : Math.max(0, open - 1);
      if (open > MOST_BRACKETS) return index + 1;
    }
  }
  return null;
}

const entrySchema = (currency: Currency) =>
  contentSchema(currency).extend({
    scope: z.enum(SCOPES),
    key: z.string().trim().min(1).max(64).default(''),
  });

function toChange(
  number: number,
  { scope, key, ...content }: z.output<ReturnType<typeof entrySchema>>,
): TermsChange {
  const isProgram = scope === 'program';
  if (!isProgram && key === '') throw unreadable(number, 'key', 'missing');
  if (isProgram && key !== '') throw unreadable(number, 'key', 'unknown');
  const said = ['rate', 'recurring', 'clearingDays'] as const;
  const unsaid = isProgram && said.find((part) => content[part] === null);
  if (unsaid) throw unreadable(number, unsaid, 'missing');
  check(number, scope, content);
  return { scope, scopeKey: key, ...content };
}

function check(number: number, scope: Scope, content: TermsContent): void {
  try {
    checkContent(scope, content);
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    throw unreadable(number, 'field' in error.parameters ? error.parameters.field : '', 'invalid');
  }
}

type Problem = 'not_yaml' | 'no_list' | 'no_parts' | 'unknown' | 'missing' | 'invalid';

function problemOf(number: number, entry: unknown, { issues }: z.ZodError): AffiliatesError {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const [part = ''] = issue.keys;
    return unreadable(number, path ? `${path}.${part}` : part, 'unknown');
  }
  const lacksScope = path === 'scope' && !Object.hasOwn(Object(entry) as object, 'scope');
  return unreadable(number, path, lacksScope ? 'missing' : 'invalid');
}

/** @param place the number of the entry, or of the line in what is no YAML */
const unreadable = (place: number, part: string, problem: Problem) =>
  new AffiliatesError('terms_unreadable', { place, part, problem });
