/**
 * The only arithmetic on amounts. An amount is an integer count of a currency's minor units (cents for USD,
 * yen for JPY), never a fraction, so that no sum can drift. Whatever divides does it here, in exact integers,
 * and says how it rounds.
 */
import { code as iso4217 } from 'currency-codes';
import { AffiliatesError } from './errors';

/** An ISO 4217 code in capitals: 'USD'. */
export type Currency = string;

/** An integer count of minor units in one currency; negative where money flows back. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/** A rate in basis points: 1000 is 10 %. */
export type BasisPoints = number;

const FULL_RATE = 10_000n;

/** @returns whether it is an ISO 4217 code. */
export function isCurrency(code: string): code is Currency {
  return iso4217(code) !== undefined;
}

/** @returns how many decimals the currency's amounts are written with (ISO 4217: USD 2, JPY 0, KWD 3). */
export function decimalsOf(currency: Currency): number {
  const entry = iso4217(currency);
  if (!entry) throw new AffiliatesError('currency_unknown', { currency });
  return entry.digits;
}

/**
 * Reads a decimal string as minor units. The only way in for an amount from outside.
 * Refuses exponents, thousands separators, signs other than one leading '-', and more decimals than the
 * currency has, because a host that sends '10.005' means something we must not guess.
 * @throws AffiliatesError amount_malformed naming the field
 */
export function parseAmount(text: string, currency: Currency, field: string): number {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,8}))?$/.exec(text.trim());
  if (!match) throw new AffiliatesError('amount_malformed', { field });
  const decimals = decimalsOf(currency);
  const [, sign, whole = '0', fraction = ''] = match;
  // WHMCS writes two decimals whatever the currency, so trailing zeros beyond the currency's own are no error.
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) throw new AffiliatesError('amount_malformed', { field });
  const amount = toSafe(BigInt(whole + kept));
  return sign && amount !== 0 ? -amount : amount;
}

/** @returns the amount as a decimal string for a host: 1050 USD → '10.50'. */
export function toDecimal({ amount, currency }: Money): string {
  return writeDecimal(BigInt(amount), decimalsOf(currency));
}

/** @returns the amount with its currency: 1050 USD → '10.50 USD'. */
export const writeMoney = (money: Money): string => `${toDecimal(money)} ${money.currency}`;

/** @returns '10.50 USD' in its two parts; a text without a currency is all decimal, in the one given */
export function splitCurrency(text: string, currency: Currency): [decimal: string, currency: Currency] {
  const [, decimal = text, code = currency] = /^\s*([\d.-]+)\s+([A-Z]{3})\s*$/.exec(text) ?? [];
  return [decimal, code];
}

/**
 * Reads an amount that may name its currency: '10.50 USD', or '10.50' in the one given.
 * @throws AffiliatesError amount_malformed naming the field, currency_unknown
 */
export function parseMoney(text: string, currency: Currency, field: string): Money {
  const [decimal, code] = splitCurrency(text, currency);
  return { amount: parseAmount(decimal, code, field), currency: code };
}

function writeDecimal(scaled: bigint, decimals: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Adds amounts of one currency. @throws AffiliatesError amount_out_of_range past 2^53. */
export function sum(amounts: readonly number[]): number {
  return toSafe(amounts.reduce((total, amount) => total + BigInt(amount), 0n));
}

/** Takes an amount a whole number of times. @throws AffiliatesError amount_out_of_range past 2^53. */
export function times(amount: number, count: number): number {
  return toSafe(BigInt(amount) * BigInt(count));
}

/** @returns rate × amount, rounded half away from zero to a whole minor unit: 10 % of 9.99 is 1.00. */
export function applyRate(amount: number, rate: BasisPoints): number {
  return toSafe(divideRounding(BigInt(amount) * BigInt(rate), FULL_RATE));
}

/** @returns whether `applyRate` has nothing to round. */
export function comesOutEven(amount: number, rate: BasisPoints): boolean {
  return (BigInt(amount) * BigInt(rate)) % FULL_RATE === 0n;
}

/** How many decimals a share in basis points adds to those of its currency. */
const RATE_DECIMALS = 4;

/** @returns rate × amount to its last digit, before `applyRate` rounds it, as a decimal string: 10 % of 9.99 is '0.9990'. */
export function exactShare({ amount, currency }: Money, rate: BasisPoints): string {
  return writeDecimal(BigInt(amount) * BigInt(rate), decimalsOf(currency) + RATE_DECIMALS);
}

/**
 * @returns amount × numerator / denominator, rounded half away from zero; numerator and denominator may be
 * products too large for a number, hence bigint.
 */
export function prorate(amount: number, numerator: bigint, denominator: bigint): number {
  return toSafe(divideRounding(BigInt(amount) * numerator, denominator));
}

/**
 * Converts an amount at a rate that the host told, rounded half away from zero to a whole minor unit.
 * @param rate units of `to` for one unit of the amount's currency, as a decimal string: '0.9231'
 * @throws AffiliatesError amount_malformed (field exchangeRate) unless the rate is a positive decimal
 */
export function convert({ amount, currency }: Money, to: Currency, rate: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(rate);
  const fraction = match?.[2] ?? '';
  const scaled = BigInt((match?.[1] ?? '0') + fraction);
  if (scaled === 0n) throw new AffiliatesError('amount_malformed', { field: 'exchangeRate' });
  const numerator = scaled * 10n ** BigInt(decimalsOf(to));
  return prorate(amount, numerator, 10n ** BigInt(fraction.length + decimalsOf(currency)));
}

/** @returns the least and the most of an amount's bounds applied; null is no bound. */
export function clamp(amount: number, least: number | null, most: number | null): number {
  return Math.min(Math.max(amount, least ?? amount), most ?? Infinity);
}

/**
 * Splits an amount over weights so that the parts add up to it exactly: each part is rounded towards zero and
 * the minor units left over go one each to the largest remainders, the earlier part first among equals.
 * With no positive weight there is nobody to give to: all parts are 0.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((all, weight) => all + BigInt(weight), 0n);
  if (total <= 0n) return weights.map(() => 0);
  const sign = amount < 0 ? -1 : 1;
  const whole = BigInt(Math.abs(amount));
  const shares = weights.map((weight, index) => {
    const product = whole * BigInt(weight);
    return { index, part: product / total, remainder: product % total };
  });
  let left = whole - shares.reduce((given, share) => given + share.part, 0n);
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  );
  for (const share of byRemainder) {
    if (left === 0n) break;
    share.part += 1n;
    left -= 1n;
  }
  return shares.map((share) => (share.part === 0n ? 0 : sign * toSafe(share.part)));
}

function divideRounding(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
}

function toSafe(amount: bigint): number {
  const value = Number(amount);
  if (!Number.isSafeInteger(value)) throw new AffiliatesError('amount_out_of_range', {});
  return value;
}
