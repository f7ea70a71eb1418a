/** The portal's own prices: whole cents of one currency. */
export const CURRENCY = 'USD';

/** Value added tax in percent by the client's country; any other country pays none. */
const TAX_PERCENT: Readonly<Record<string, number>> = { DE: 19 };

export function taxPercent(country: string): number {
  return TAX_PERCENT[country] ?? 0;
}

/** @returns the tax on a net amount, rounded to a whole cent. */
export function taxOn(net: number, percent: number): number {
  return Math.round((net * percent) / 100);
}

/** @returns amount × part / whole, rounded to a whole cent; all of it for the whole. */
export function shareOf(amount: number, part: number, whole: number): number {
  return Math.round((amount * part) / whole);
}

/** 1050 → '10.50', as hooks carry amounts. */
export function decimal(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** '10.5' → 1050; null when it is no positive amount of at most two decimals. */
export function readCents(text: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const cents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return cents > 0 ? cents : null;
}
