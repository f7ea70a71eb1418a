import { isAffiliatesError } from '../errors';
import type { ImportedAffiliate } from '../events/rules';
import { toDecimal, type Currency } from '../money';
import { parseRate, type Rate } from '../settings';
import { note, type Row } from './reading';
import type { Note } from './rules';

/**
 * Reads a rate of an affiliate's own. It pays once or every time as it says, since an override stands for all that the
 * program's own rate would say; without a rate of its own, that an affiliate is paid once means nothing there.
 * @param currency the affiliate's, which a fixed amount is taken to be in
 */
export function overrideOf(
  { paytype, payamount, onetime }: Row<'affiliates'>,
  currency: Currency,
): { terms: ImportedAffiliate['terms']; notes: Note[] } {
  const once = /^(1|on|true)$/i.test(onetime);
  if (paytype === '') return { terms: null, notes: once ? [note('override_once_alone')] : [] };
  const rate = rateOf(paytype.toLowerCase(), payamount, currency);
  if (!rate) return { terms: null, notes: [note('override_unread', { paytype, payamount })] };
  const fixed = rate.kind === 'fixed' ? [note('override_currency', { amount: written(rate), currency })] : [];
  return { terms: { rate, recurring: once ? 'once' : 'every' }, notes: fixed };
}

const written = ({ amount, currency }: Extract<Rate, { kind: 'fixed' }>): string =>
  toDecimal({ amount, currency });

function rateOf(paytype: string, payamount: string, currency: Currency): Rate | null {
  try {
    if (paytype === 'percentage') return parseRate(`${payamount}%`, currency, 'payamount');
    if (paytype === 'fixed' || paytype === 'fixedamount') return parseRate(payamount, currency, 'payamount');
    return null;
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    return null;
  }
}
