/** Which month of which affiliate an address asks for. */
import { monthsBetween, spanAt, spanNamed, type Span } from '../../module/calendar';
import type { MonthQuery } from '../../module/module';
import type { Currency } from '../../module/money';
import type { AffiliateView } from '../../module/views';
import type { Visit } from '../area';
import { chooseStatement } from '../client/affiliate';

export interface AskedMonth {
  readonly affiliate: AffiliateView;
  readonly month: Span;
  readonly query: MonthQuery;
  /** Those in which something may have been posted, the present one first. */
  readonly months: readonly Span[];
  readonly currencies: readonly { readonly currency: Currency; readonly selected: boolean }[];
}

/** A month or currency that cannot be read gives the present month, and the program's currency. */
export async function askedMonth(
  { module, request }: Visit<unknown>,
  affiliate: AffiliateView,
): Promise<AskedMonth> {
  const { reads, settings } = module;
  const zone = settings.timeZone;
  const statements = await reads.statements(affiliate.id);
  const { currency } = chooseStatement(statements, request.query.currency);
  const now = module.now();
  const first = await reads.firstPostingAt({ affiliateId: affiliate.id, currency });
  const month = spanNamed('month', request.query.month ?? '', zone) ?? spanAt('month', now, zone);
  return {
    affiliate,
    month,
    query: { affiliateId: affiliate.id, currency, from: month.from, to: month.to },
    months: monthsBetween(Math.min(first ?? now, now), now, zone),
    currencies: statements.map((statement) => ({
      currency: statement.currency,
      selected: statement.currency === currency,
    })),
  };
}

/** @returns a name that says whose, when and in what: 'statement-k7f2m9-2026-03-USD.csv' */
export function fileName({ affiliate, month, query }: AskedMonth, extension: string): string {
  return `statement-${affiliate.code}-${month.key}-${query.currency}.${extension}`;
}
