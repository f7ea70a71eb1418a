/** Amounts in written terms: with their currency, or in the program's. */
import { AffiliatesError } from '../errors';
import { parseAmount, toDecimal, type Currency, type Money } from '../money';
import { parseRate, type Rate } from '../settings';

/**
 * @param text '5.00', which is the program's currency, or '5.00 EUR'
 * @throws AffiliatesError amount_malformed, currency_unknown
 */
export function readMoney(text: string, currency: Currency): Money {
  const [decimal, code] = splitCurrency(text, currency);
  return { amount: parseAmount(decimal, code, 'amount'), currency: code };
}

/** @returns '5.00 EUR' */
export const writeMoney = (money: Money): string => `${toDecimal(money)} ${money.currency}`;

/**
 * @param text '12%', '5.00' or '5.00 EUR' for each line, '5.00 per unit'
 * @throws AffiliatesError rate_invalid
 */
export function readRate(text: string, currency: Currency): Rate {
  const [, amount] = /^(.*\S)\s+per unit$/.exec(text.trim()) ?? [];
  const [decimal, code] = splitCurrency(amount ?? text, currency);
  const rate = parseRate(decimal, code, 'rate');
  if (amount === undefined) return rate;
  if (rate.kind !== 'fixed') throw new AffiliatesError('rate_invalid', { field: 'rate' });
  return { ...rate, per: 'unit' };
}

/** @returns '12.5%', '5.00 USD' for each line, '5.00 USD per unit' */
export function writeRate(rate: Rate): string {
  if (rate.kind === 'percent') return `${rate.basisPoints / 100}%`;
  return rate.per === 'unit' ? `${writeMoney(rate)} per unit` : writeMoney(rate);
}

function splitCurrency(text: string, currency: Currency): [decimal: string, currency: Currency] {
  const [, decimal = text, code = currency] = /^\s*([\d.-]+)\s+([A-Z]{3})\s*$/.exec(text) ?? [];
  return [decimal, code];
}
