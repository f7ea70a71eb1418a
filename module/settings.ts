/**
 * The one table of settings. It validates what an operator wrote, gives defaults, draws the settings page and
 * (through `describe`) every other form that offers the same choices. Titles and help are in lang/ under
 * `setting.<name>.title` and `setting.<name>.help`.
 */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { AffiliatesError, isAffiliatesError } from './errors';
import { decimalsOf, parseAmount, parseMoney, type BasisPoints, type Currency, type Money } from './money';
import { DEFAULT_REFERRAL_LINK, isLinkForm } from './referralLink';
import { DEFAULT_ORDER, type OrderedScope } from './terms/rules';

/** What one paid line earns: a share of its net amount, or a fixed amount in the program's currency. */
export type Rate = { readonly kind: 'percent'; readonly basisPoints: BasisPoints } | FixedRate;
export interface FixedRate {
  readonly kind: 'fixed';
  /** Minor units of `currency`; a line in another currency earns nothing under it. */
  readonly amount: number;
  readonly currency: Currency;
  /** For each unit of the line's quantity; without it once for the line. */
  readonly per?: 'unit';
}

/** The ways an affiliate can be paid: account credit through the host, or by hand by staff. */
export const PAYOUT_METHODS = ['credit', 'paypal', 'bank'] as const;
export type PayoutMethod = (typeof PAYOUT_METHODS)[number];

const text = (limit: number) =>
  z
    .string('must be text')
    .trim()
    .min(1, 'must not be empty')
    .max(limit, `must be at most ${limit} characters`);
/** As a form or an environment writes it; an empty field is not a zero. */
const writtenNumber = z
  .string()
  .regex(/^-?\d{1,9}$/)
  .transform(Number);
const wholeNumber = (least: number, most: number) =>
  z
    .union([z.number(), writtenNumber], 'must be a whole number')
    .pipe(
      z
        .int('must be a whole number')
        .min(least, `must be at least ${least}`)
        .max(most, `must be at most ${most}`),
    );
const oneOf = <const T extends readonly [string, ...string[]]>(...choices: T) =>
  z.enum(choices, `must be one of: ${choices.join(', ')}`);
const words = (value: unknown) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean)
    : value;

const OTHER_THRESHOLDS = 'must be amounts with their currency, such as 45.00 EUR, 7500 JPY';

const REFERRAL_LINK =
  'must be an address of the portal with {code} in its path or as a parameter, such as {portal}/r/{code}';

/** As z.enum wants it: never empty. */
const ORDERED_SCOPES = DEFAULT_ORDER as readonly [OrderedScope, ...OrderedScope[]];

interface Field {
  /** How a form draws it. */
  readonly control: 'text' | 'number' | 'choice' | 'list';
  readonly choices?: readonly string[];
  readonly schema: z.ZodType;
}

const field = <S extends z.ZodType>(control: Field['control'], schema: S, choices?: readonly string[]) => ({
  control,
  schema,
  ...(choices && { choices }),
});

/** Every setting, in the order a form shows them. Amounts and rates are checked again once the currency is known. */
const FIELDS = {
  programName: field('text', text(80).default('Affiliate Program')),
  portalUrl: field(
    'text',
    z.url({
      protocol: /^https?$/,
      error: 'must be the http(s) address of the portal, such as https://my.example.com',
    }),
  ),
  referralLink: field('text', z.string(REFERRAL_LINK).trim().default(DEFAULT_REFERRAL_LINK)),
  currency: field(
    'text',
    z
      .string('must be an ISO 4217 code such as USD')
      .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as USD')
      .default('USD'),
  ),
  threshold: field('text', z.string('must be an amount such as 50.00').default('50.00')),
  otherThresholds: field('list', z.preprocess(words, z.array(text(30), OTHER_THRESHOLDS)).default([])),
  defaultRate: field(
    'text',
    z.string('must be a percentage such as 10% or an amount such as 5.00').default('10%'),
  ),
  recurring: field('choice', oneOf('every', 'once').default('every'), ['every', 'once']),
  clearingDays: field('number', wholeNumber(0, 365).default(0)),
  termsOrder: field(
    'list',
    z
      .preprocess(
        words,
        z
          .array(oneOf(...ORDERED_SCOPES), `must be these, in any order: ${ORDERED_SCOPES.join(', ')}`)
          .refine(
            (scopes) =>
              new Set(scopes).size === ORDERED_SCOPES.length && scopes.length === ORDERED_SCOPES.length,
            `must hold each of these once: ${ORDERED_SCOPES.join(', ')}`,
          ),
      )
      .default([...DEFAULT_ORDER]),
  ),
  payoutCurrency: field('choice', oneOf('invoice', 'program').default('invoice'), ['invoice', 'program']),
  couponOrLink: field('choice', oneOf('link', 'coupon').default('link'), ['link', 'coupon']),
  cookieDays: field('number', wholeNumber(1, 730).default(90)),
  cookieName: field(
    'text',
    z
      .string('must be 1 to 64 letters, digits, _ or -')
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
      .default('affiliates_ref'),
  ),
  attribution: field('choice', oneOf('last', 'first').default('last'), ['last', 'first']),
  repeatClickMinutes: field('number', wholeNumber(0, 1440).default(30)),
  ticketDepartment: field('text', text(80).default('Support')),
  requestWords: field(
    'list',
    z
      .preprocess(
        words,
        z.array(text(40), 'must be words, separated by commas').min(1, 'must hold at least one word'),
      )
      .default(['affiliate']),
  ),
  referralPrivacy: field('choice', oneOf('initials', 'name', 'hidden').default('initials'), [
    'initials',
    'name',
    'hidden',
  ]),
  payoutMethods: field(
    'list',
    z
      .preprocess(
        words,
        z
          .array(oneOf(...PAYOUT_METHODS), `must be one or more of: ${PAYOUT_METHODS.join(', ')}`)
          .min(1, 'must hold at least one method'),
      )
      .default([...PAYOUT_METHODS]),
    PAYOUT_METHODS,
  ),
  approvalAbove: field(
    'text',
    z.string('must be an amount such as 500.00, or empty for never').trim().default('500.00'),
  ),
  timeZone: field(
    'text',
    z
      .string('must be an IANA time zone such as Europe/Berlin')
      .refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone such as Europe/Berlin')
      .default('UTC'),
  ),
  language: field('choice', oneOf('english', 'german', 'arabic').default('english'), [
    'english',
    'german',
    'arabic',
  ]),
} satisfies Record<string, Field>;

export type SettingName = keyof typeof FIELDS;

type Written = { [Name in SettingName]: z.output<(typeof FIELDS)[Name]['schema']> };

/** What an operator hands in: only `portalUrl` has no default. */
export type SettingsInput = Partial<{ [Name in SettingName]: z.input<(typeof FIELDS)[Name]['schema']> }> & {
  portalUrl: string;
};

/** Settings as the module uses them: amounts in minor units, the rate read. */
export interface Settings extends Readonly<
  Omit<Written, 'threshold' | 'otherThresholds' | 'defaultRate' | 'payoutMethods' | 'approvalAbove'>
> {
  /** Minor units of `currency`: the least that can be withdrawn. */
  readonly threshold: number;
  /** The least that can be withdrawn in other currencies than the program's. */
  readonly otherThresholds: readonly Money[];
  readonly defaultRate: Rate;
  readonly payoutMethods: readonly PayoutMethod[];
  /** Minor units of `currency`: what is corrected or paid out above it takes a second person; null: nothing does. */
  readonly approvalAbove: number | null;
}

/**
 * Validates and completes settings.
 * @throws AffiliatesError setting_invalid with the setting's name and what it must be
 */
export function readSettings(input: SettingsInput): Settings {
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown) refuse(unknown, `is not a setting; the settings are: ${Object.keys(FIELDS).join(', ')}`);
  const shape = Object.fromEntries(Object.entries(FIELDS).map(([name, { schema }]) => [name, schema]));
  const parsed = z.object(shape).safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    refuse(String(issue?.path[0] ?? 'settings'), issue?.message ?? 'is not valid');
  }
  // The shape is built from FIELDS, whose keys and schemas are those of Written.
  const written = parsed.data as Written;
  const { currency } = written;
  readOr('currency', 'must be an ISO 4217 code such as USD', () => decimalsOf(currency));
  const threshold = readOr('threshold', 'must be an amount such as 50.00', () =>
    parseAmount(written.threshold, currency, 'threshold'),
  );
  if (threshold <= 0) refuse('threshold', 'must be more than zero');
  const otherThresholds = readOtherThresholds(written.otherThresholds, currency);
  const defaultRate = readOr(
    'defaultRate',
    'must be a percentage such as 10% or an amount such as 5.00',
    () => parseRate(written.defaultRate, currency, 'defaultRate'),
  );
  const approvalAbove = readApprovalAbove(written.approvalAbove, currency);
  const portalUrl = written.portalUrl.replace(/\/+$/, '');
  if (!isLinkForm({ ...written, portalUrl })) refuse('referralLink', REFERRAL_LINK);
  return { ...written, portalUrl, threshold, otherThresholds, defaultRate, approvalAbove };
}

function readOtherThresholds(written: readonly string[], own: Currency): Money[] {
  const thresholds = written.map((text) =>
    // Without a currency there is none to fall back on.
    readOr('otherThresholds', OTHER_THRESHOLDS, () => parseMoney(text.toUpperCase(), '', 'otherThresholds')),
  );
  if (thresholds.some(({ amount }) => amount <= 0)) refuse('otherThresholds', 'must be more than zero');
  const currencies = new Set([own, ...thresholds.map(({ currency }) => currency)]);
  if (currencies.size !== thresholds.length + 1)
    refuse('otherThresholds', `must name each currency once, and not ${own}, whose setting is threshold`);
  return thresholds;
}

function readApprovalAbove(text: string, currency: Currency): number | null {
  if (!text) return null;
  const amount = readOr('approvalAbove', 'must be an amount such as 500.00, or empty for never', () =>
    parseAmount(text, currency, 'approvalAbove'),
  );
  if (amount < 0) refuse('approvalAbove', 'must not be negative');
  return amount;
}

/**
 * Reads '12.5%' or '5.00'. Percentages have at most two decimals (a basis point) and end at 100 %.
 * @throws AffiliatesError rate_invalid naming the field
 */
export function parseRate(written: string, currency: Currency, fieldName: string): Rate {
  const percent = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%$/.exec(written.trim());
  if (percent) {
    const basisPoints = Number(percent[1]) * 100 + Number((percent[2] ?? '').padEnd(2, '0'));
    if (basisPoints > 10_000) throw new AffiliatesError('rate_invalid', { field: fieldName });
    return { kind: 'percent', basisPoints };
  }
  try {
    const amount = parseAmount(written, currency, fieldName);
    if (amount >= 0) return { kind: 'fixed', amount, currency };
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
  }
  throw new AffiliatesError('rate_invalid', { field: fieldName });
}

/** @returns name, control and choices of every setting, for whoever draws a form. */
export function describeSettings(): {
  name: SettingName;
  control: Field['control'];
  choices: readonly string[];
}[] {
  return Object.entries(FIELDS).map(([name, entry]) => ({
    // Object.entries widens the keys of a literal that are known to be the names.
    name: name as SettingName,
    control: entry.control,
    choices: 'choices' in entry ? (entry.choices ?? []) : [],
  }));
}

function readOr<T>(setting: string, problem: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isAffiliatesError(error)) refuse(setting, problem);
    throw error;
  }
}

function refuse(setting: string, problem: string): never {
  throw new AffiliatesError('setting_invalid', { setting, problem }, `The setting ${setting} ${problem}.`);
}
