/** Writes news as the messages that are sent: `{ type, timestamp, data }`, ids as strings, times in ISO 8601. */
import { toDecimal, type Currency } from '../money';
import type { News } from './rules';

/** An affiliate's balance in one currency, minor units. */
export interface BalanceTold {
  readonly currency: Currency;
  readonly clearing: number;
  readonly cleared: number;
  readonly reserved: number;
  readonly withdrawn: number;
}

type Written = Exclude<News, { type: 'balance.changed' }>;

/** @param at ms, UTC */
export function writeNews(news: Written, at: number): string {
  return write(news.type, at, { affiliateId: String(news.affiliateId), ...detailsOf(news) });
}

/** @param at ms, UTC */
export function writeBalance(affiliateId: number, balance: BalanceTold, at: number): string {
  const { currency, clearing, cleared, reserved, withdrawn } = balance;
  return write('balance.changed', at, {
    affiliateId: String(affiliateId),
    currency,
    clearing: amountOf(clearing, currency),
    cleared: amountOf(cleared, currency),
    reserved: amountOf(reserved, currency),
    withdrawn: amountOf(withdrawn, currency),
  });
}

function write(type: News['type'], at: number, data: object): string {
  return JSON.stringify({ type, timestamp: iso(at), data });
}

function detailsOf(news: Written): object {
  if ('clientId' in news) return { clientId: news.clientId };
  if ('withdrawal' in news) {
    const { id, amount, currency, method } = news.withdrawal;
    return { withdrawalId: id, method, amount: amountOf(amount, currency) };
  }
  const { id, clearsAt, currency, earned, reversed, ...commission } = news.commission;
  return {
    commissionId: id,
    ...commission,
    clearsAt: iso(clearsAt),
    amount: amountOf(news.amount, currency),
    earned: amountOf(earned, currency),
    reversed: amountOf(reversed, currency),
  };
}

const iso = (at: number) => new Date(at).toISOString();

const amountOf = (amount: number, currency: Currency) => ({
  decimal: toDecimal({ amount, currency }),
  minorUnits: amount,
  currency,
});
