/** lang/ holds every sentence the program says, each is used, and translations take the same parameters. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describeSettings } from '../../module/settings';
import { DONE } from '../../pages/frame';
import { loadLanguages } from '../../pages/language';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const filesIn = (folder: string, extension: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => ({ path: `${folder}/${path}`, source: read(`${folder}/${path}`) }));

const english = JSON.parse(read('lang/english.json')) as Record<string, { message: string; note: string }>;
const keys = Object.keys(english);
const translations = ['german', 'arabic'].filter((name) => existsSync(join(ROOT, 'lang', `${name}.json`)));
const templates = filesIn('templates', '.hbs');
const code = [...filesIn('pages', '.ts'), ...filesIn('module', '.ts')];
/** What speaks in the place of the pages where those cannot be asked for. */
const addon = [...filesIn('whmcs', '.php'), ...filesIn('scripts', '.ts')];

/** Keys that templates and code name in whole. */
const named = new Set([
  ...templates.flatMap(({ source }) =>
    [...source.matchAll(/\bt "([^"]+)"(?! *[a-z."])/g)].map(([, key]) => key!),
  ),
  ...templates.flatMap(({ source }) => [...source.matchAll(/\bt "([^"]+)" [a-z]+=/g)].map(([, key]) => key!)),
  ...code.flatMap(({ source }) => [...source.matchAll(/\.t\('([^']+)'/g)].map(([, key]) => key!)),
]);

/** What keys that are put together begin with. */
const beginnings = [
  ...templates.flatMap(({ source }) =>
    [...source.matchAll(/\bt "([^"]+\.)" [a-z(]/g)].map(([, start]) => start!),
  ),
  ...code.flatMap(({ source }) =>
    [...source.matchAll(/`((?:[a-z-]+\.)+[a-z-]*)\$\{/g)].map(([, start]) => start!),
  ),
  ...addon.flatMap(({ source }) =>
    [...source.matchAll(/[`"]((?:[a-z-]+\.)+)\$/g)].map(([, start]) => start!),
  ),
];

const literals = new Set(
  [...code, ...addon.filter(({ path }) => !path.includes('/lang/'))].flatMap(({ source }) =>
    [...source.matchAll(/'([a-z][\w.-]+)'/g)].map(([, text]) => text!),
  ),
);

/** What ICU's parser gives for text that stands for itself, and for the `#` of a plural. */
const WITHOUT_PARAMETER = [0, 7];

interface Piece {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Piece[] }>>;
}

function parametersOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ type, value = '', options = {} }) =>
    WITHOUT_PARAMETER.includes(type)
      ? []
      : [value, ...Object.values(options).flatMap((option) => parametersOf(option.value))],
  );
}

function parameters(message: string): string[] {
  const parsed = new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst();
  return [...new Set(parametersOf(parsed))].sort();
}

/** The members of a type that is a union of words, or the keys of an interface. */
const wordsOf = (source: string, pattern: RegExp) =>
  [...(pattern.exec(source)?.[1] ?? '').matchAll(/'([\w.]+)'|^ {2}(\w+): \{/gm)].map(
    ([, word, key]) => word ?? key!,
  );

describe('the sentences of lang/', () => {
  it('are there for every key that a template or the code names', () => {
    expect([...named].filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('are all used', () => {
    const isUsed = (key: string) =>
      named.has(key) || literals.has(key) || beginnings.some((start) => key.startsWith(start));
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });

  it('each come with a note for translators', () => {
    expect(keys.filter((key) => !english[key]!.note)).toEqual([]);
  });

  it('are there for every error, setting, concern, kind of entry, state and confirmation', () => {
    const errors = read('module/errors.ts');
    const views = read('module/views.ts');
    const expected = [
      ...wordsOf(errors, /interface ErrorParameters \{(.*?)^\}/ms).map((word) => `error.${word}`),
      ...wordsOf(views, /type EntryKind =(.*?);/s).map((word) => `entry.${word}`),
      ...wordsOf(views, /type WithdrawalStatus =(.*?);/s).map((word) => `withdrawal.status.${word}`),
      ...wordsOf(views, /type CorrectionStatus =(.*?);/s).map((word) => `correction.status.${word}`),
      ...wordsOf(views, /type Concern =(.*?);/s).map((word) => `concern.${word}`),
      ...wordsOf(views, /type AffiliateStatus =(.*?);/s).map((word) => `switch.status.${word}`),
      ...wordsOf(views, /REFERRAL_SORTS = \[(.*?)\]/s).map((word) => `referrals.column.${word}`),
      ...describeSettings().flatMap(({ name }) => [`setting.${name}.title`, `setting.${name}.help`]),
      ...DONE.map((code) => `done.${code}`),
    ];
    expect(expected.length).toBeGreaterThan(90);
    expect(expected.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('are there for everything the audit log records', () => {
    const recorded = code.flatMap(({ source }) =>
      [...source.matchAll(/\brecord\(\s*work,\s*([^,]+),/g)].flatMap(([, actions = '']) =>
        [...actions.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, action]) => `audit.${action}`),
      ),
    );
    expect(recorded.length).toBeGreaterThan(5);
    expect(recorded.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('are there for every ticket, mail and credit that the module writes', () => {
    const written = code.flatMap(({ source }) =>
      [...source.matchAll(/'((?:ticket|credit)\.[a-z.-]*(?:subject|message|description))'/g)].map(
        ([, key]) => key!,
      ),
    );
    const steps = ['paid', 'denied', 'cancelled', 'failed'].map(
      (step) => `ticket.withdrawal-${step}.message`,
    );
    expect([...written, ...steps].filter((key) => !keys.includes(key))).toEqual([]);
  });

  it.each(['english', ...translations])('ask for the program in words that are recognised (%s)', (name) => {
    const language = loadLanguages({ language: 'english', timeZone: 'UTC' }).of(name);
    expect(language.t('ticket.program-request.subject')).toMatch(/affiliate/i);
    expect(language.t('ticket.program-request.message')).toMatch(/affiliate/i);
  });

  it('need the parameters that their errors have', () => {
    const source = read('module/errors.ts');
    const given = [...source.matchAll(/^ {2}(\w+): \{(.*?)\};$/gm)];
    for (const [, error = '', fields = ''] of given) {
      const known = [...fields.matchAll(/(\w+):/g)].map(([, field]) => field!);
      expect({
        error,
        missing: parameters(english[`error.${error}`]!.message).filter((p) => !known.includes(p)),
      }).toEqual({
        error,
        missing: [],
      });
    }
  });
});

describe.each(translations)('the translation %s', (name) => {
  const translated = JSON.parse(read(`lang/${name}.json`)) as Record<string, string>;

  it('has every key of English and no other', () => {
    expect(Object.keys(translated).sort()).toEqual([...keys].sort());
  });

  it('takes the same parameters', () => {
    const different = keys.filter(
      (key) =>
        translated[key] !== undefined &&
        parameters(translated[key]).join() !== parameters(english[key]!.message).join(),
    );
    expect(different).toEqual([]);
  });
});

describe('a language', () => {
  const languages = loadLanguages({ language: 'german', timeZone: 'America/New_York' });

  it.each([
    ['de-AT', 'de-AT', 'ltr'],
    ['en_GB', 'en-GB', 'ltr'],
    ['Arabic', 'ar', 'rtl'],
    ['german', 'de', 'ltr'],
    ['klingon', 'de', 'ltr'],
    ['', 'de', 'ltr'],
    ['de-x-anything-goes-here', 'de', 'ltr'],
  ])('is found for %p', (locale, tag, direction) => {
    expect(languages.of(locale)).toMatchObject({ tag, direction });
  });

  it.each([
    ['en', 123456789012345, 'USD', '$1,234,567,890,123.45'],
    ['en', 9007199254740991, 'USD', '$90,071,992,547,409.91'],
    ['en', -5, 'USD', '-$0.05'],
    ['en', 1234, 'JPY', '¥1,234'],
    ['en', 1234, 'KWD', 'KWD 1.234'],
    ['de', 123456, 'EUR', '1.234,56 €'],
    ['ar', -1050, 'USD', '\u2066-10.50 US$\u2069'],
  ])('writes money exactly (%s, %d %s)', (locale, amount, currency, written) => {
    expect(languages.of(locale).money(amount, currency).replaceAll('\u00a0', ' ')).toBe(written);
  });

  it('writes days as they are in the program’s time zone', () => {
    expect(languages.of('en').date(Date.parse('2026-03-01T03:00:00Z'))).toBe('Feb 28, 2026');
  });

  it('writes rates to the basis point', () => {
    expect(languages.of('en').rate({ kind: 'percent', basisPoints: 1234 })).toBe('12.34%');
    expect(languages.of('en').rate({ kind: 'percent', basisPoints: 0 })).toBe('0%');
    expect(languages.of('en').rate({ kind: 'fixed', amount: 500, currency: 'USD' })).toBe('$5.00');
  });
});
