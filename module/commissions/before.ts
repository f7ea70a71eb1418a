/** Counts what was before an invoice, where the terms of its lines go by a count. */
import { DateTime } from 'luxon';
import { conversionsBefore, EARLIER, type Referral } from '../referrals';
import { sum } from '../money';
import { countsAffiliate, countsReferral, type AppliedTerms, type Limits } from '../terms/rules';
import type { Reading } from './facts';
import { earlierOfReferral, earnedInPeriod } from './counts';
import type { Invoice } from './queries';
import { NOTHING_BEFORE, type Before } from './rules';

/**
 * @param terms of each line of the invoice; null for a line that is nobody's
 * @returns for each line what was before it, counted as far as its terms ask
 */
export async function countBefore(
  work: Reading,
  invoice: Invoice,
  referral: Referral | null,
  terms: readonly (AppliedTerms | null)[],
): Promise<Before[]> {
  const byAffiliate = terms.some((each) => each && countsAffiliate(each));
  const byReferral = terms.some((each) => each && countsReferral(each));
  if (!referral || !(byAffiliate || byReferral)) return terms.map(() => NOTHING_BEFORE);
  const earlier = await earlierOfReferral(work.trx, referral.id, invoice);
  const base: Before = {
    ...NOTHING_BEFORE,
    payments: new Set(earlier.map(({ invoice_id }) => invoice_id)).size,
    // Who converted in an earlier program is no new conversion, and its months go on from then.
    firstEarnedAt: referral.converted_by === EARLIER ? referral.converted_at : (earlier[0]?.paid_at ?? null),
    ...(byAffiliate ? await countConversions(work, invoice, referral.affiliate_id) : {}),
  };
  const periods = new Map<string, number>();
  const counts: Before[] = [];
  for (const each of terms) {
    const limits = each?.limits ?? null;
    const own = limits ? earlier.filter(({ currency }) => currency === limits.currency) : [];
    counts.push({
      ...base,
      earnedByReferral: sum(own.map(({ earned }) => earned)),
      earnedInPeriod: await inPeriod(work, invoice, referral.affiliate_id, limits, periods),
    });
  }
  return counts;
}

async function countConversions(
  { trx, settings }: Reading,
  invoice: Invoice,
  affiliateId: number,
): Promise<Pick<Before, 'monthConversions' | 'conversions'>> {
  const month = startOf('month', invoice.paid_at, settings.timeZone);
  const before = { affiliateId, at: invoice.paid_at, by: `${invoice.id}/` };
  return {
    monthConversions: await conversionsBefore(trx, { ...before, since: month }),
    conversions: await conversionsBefore(trx, { ...before, since: 0 }),
  };
}

async function inPeriod(
  { trx, settings }: Reading,
  invoice: Invoice,
  affiliateId: number,
  limits: Limits | null,
  known: Map<string, number>,
): Promise<number> {
  if (!limits || limits.periodMaximum === null) return 0;
  const { currency, period } = limits;
  const key = `${currency}:${period}`;
  const earned =
    known.get(key) ??
    (await earnedInPeriod(trx, {
      affiliateId,
      currency,
      since: startOf(period, invoice.paid_at, settings.timeZone),
      invoice,
    }));
  known.set(key, earned);
  return earned;
}

const startOf = (period: 'month' | 'year', at: number, zone: string) =>
  DateTime.fromMillis(at, { zone }).startOf(period).toMillis();
