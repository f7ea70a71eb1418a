/**
 * The languages people read: whole sentences from lang/, filled in by ICU, and amounts, dates and numbers by Intl.
 * English comes with a note for translators on each key; a key that a translation lacks is said in English.
 */
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { decimalsOf, toDecimal, type Currency } from '../module/money';
import type { Rate, Settings } from '../module/settings';
import { folder } from './folders';

/** Each language file with its tag, in the order of the setting `language`. */
const TAGS = { english: 'en', german: 'de', arabic: 'ar' } as const;
type Name = keyof typeof TAGS;
const NAMES = Object.keys(TAGS) as Name[];
const RIGHT_TO_LEFT: readonly Name[] = ['arabic'];
const LEFT_TO_RIGHT = { start: '\u2066', end: '\u2069' };

/** The most that Intl is sure to write. */
const MOST_DECIMALS = 20;

export type Parameters = Readonly<Record<string, string | number>>;

/** One language as one reader's region writes it. */
export interface Language {
  /** For `lang` in HTML: 'de-AT'. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  has(key: string): boolean;
  /** The sentence of a key as plain text. @throws Error for a key that no language has */
  t(key: string, parameters?: Parameters): string;
  /** @param amount minor units; `signed` shows a plus as well */
  money(amount: number, currency: Currency, signed?: boolean): string;
  /** An amount to its last digit, which may be smaller than any coin: '$0.999'. */
  exactMoney(decimal: string, currency: Currency): string;
  number(value: number): string;
  /** The day of a time in ms, in the program's time zone. */
  date(at: number): string;
  /** Day and minute of a time in ms, in the program's time zone. */
  time(at: number): string;
  /** The month in which a time in ms lies in the program's time zone: 'March 2026'. */
  month(at: number): string;
  /** '12.5%' or '$5.00'. */
  rate(rate: Rate): string;
  list(items: readonly string[]): string;
}

export interface Languages {
  /** @param locale a BCP 47 tag or a language's English name; an unknown one gives the program's language */
  of(locale: string): Language;
}

/** Reads lang/ once. */
export function loadLanguages(settings: Pick<Settings, 'language' | 'timeZone'>): Languages {
  const messages = new Map(NAMES.map((name) => [name, readMessages(name)]));
  const english = messages.get('english') ?? new Map<string, string>();
  const made = new Map<string, Language>();
  return {
    of(locale) {
      const { name, tag } = resolveLocale(locale, settings.language);
      const known = made.get(tag);
      if (known) return known;
      const own = messages.get(name) ?? new Map<string, string>();
      const spoken = own.size > 0 ? { name, tag } : { name: 'english' as const, tag: TAGS.english };
      const language = makeLanguage(spoken, new Map([...english, ...own]), settings.timeZone);
      made.set(tag, language);
      return language;
    },
  };
}

function readMessages(name: Name): Map<string, string> {
  const path = join(folder('lang'), `${name}.json`);
  if (!existsSync(path)) return new Map();
  const written = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string | { message: string }>;
  return new Map(
    Object.entries(written).map(([key, entry]) => [key, typeof entry === 'string' ? entry : entry.message]),
  );
}

/** Only language and region are kept of a tag, so that what a browser sends cannot fill the memory with variants. */
function resolveLocale(locale: string, fallback: Name): { name: Name; tag: string } {
  const written = locale.trim().replace('_', '-').toLowerCase();
  const named = NAMES.find((name) => name === written);
  if (named) return { name: named, tag: TAGS[named] };
  try {
    const { language, region } = new Intl.Locale(written);
    const name = NAMES.find((candidate) => TAGS[candidate] === language);
    const tag = region ? `${language}-${region}` : language;
    if (name && Intl.NumberFormat.supportedLocalesOf(tag).length > 0) return { name, tag };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { name: fallback, tag: TAGS[fallback] };
}

function makeLanguage(
  { name, tag }: { name: Name; tag: string },
  messages: ReadonlyMap<string, string>,
  timeZone: string,
): Language {
  const compiled = new Map<string, IntlMessageFormat>();
  const moneyFormats = new Map<string, Intl.NumberFormat>();
  const numbers = new Intl.NumberFormat(tag);
  const percents = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 });
  // Some regions' default calendar is not the one invoices are dated by.
  const days = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone, calendar: 'gregory' });
  const times = new Intl.DateTimeFormat(tag, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
    calendar: 'gregory',
  });
  const months = new Intl.DateTimeFormat(tag, {
    month: 'long',
    year: 'numeric',
    timeZone,
    calendar: 'gregory',
  });
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' });
  const rightToLeft = RIGHT_TO_LEFT.includes(name);

  const writeMoney = (decimal: string, currency: Currency, style: MoneyStyle) => {
    const key = `${currency} ${style}`;
    const format = moneyFormats.get(key) ?? makeMoneyFormat(tag, currency, style);
    moneyFormats.set(key, format);
    const written = format.format(exact(decimal));
    // Within Arabic the parts of '-5.00 US$' would otherwise change places, differently with and without a sign.
    return rightToLeft ? isolate(written) : written;
  };
  const money: Language['money'] = (amount, currency, signed = false) =>
    writeMoney(toDecimal({ amount, currency }), currency, signed ? 'signed' : 'plain');

  return {
    tag,
    direction: rightToLeft ? 'rtl' : 'ltr',
    has: (key) => messages.has(key),
    t(key, parameters = {}) {
      let message = compiled.get(key);
      if (!message) {
        const source = messages.get(key);
        if (source === undefined) throw new Error(`lang/ has no sentence for ${key}`);
        message = new IntlMessageFormat(source, tag, undefined, { ignoreTag: true });
        compiled.set(key, message);
      }
      return String(message.format(parameters));
    },
    money,
    exactMoney: (decimal, currency) => writeMoney(decimal, currency, 'exact'),
    number: (value) => numbers.format(value),
    date: (at) => days.format(at),
    time: (at) => times.format(at),
    month: (at) => months.format(at),
    rate: (rate) =>
      rate.kind === 'fixed'
        ? money(rate.amount, rate.currency)
        : percents.format(exact(`${rate.basisPoints}E-4`)),
    list: (items) => lists.format(items),
  };
}

type MoneyStyle = 'plain' | 'signed' | 'exact';

function makeMoneyFormat(tag: string, currency: Currency, style: MoneyStyle): Intl.NumberFormat {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: style === 'exact' ? MOST_DECIMALS : decimals,
    signDisplay: style === 'signed' ? 'exceptZero' : 'auto',
  });
}

/** @returns the text as one piece from left to right, whatever stands around it; Intl's own marks would break it up */
function isolate(text: string): string {
  return LEFT_TO_RIGHT.start + text.replaceAll(/[\u200e\u200f\u061c]/g, '') + LEFT_TO_RIGHT.end;
}

/** Intl formats a decimal string digit by digit, where a number would first be rounded to a float. */
function exact(decimal: string): `${number}` {
  // The callers build it from digits alone.
  return decimal as `${number}`;
}
