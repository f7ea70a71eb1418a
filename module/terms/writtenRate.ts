/** Rates as people write them: amounts with their currency, or in the program's. */
import { AffiliatesError } from '../errors';
import { splitCurrency, writeMoney, type Currency } from '../money';
import { parseRate, type Rate } from '../settings';

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
