/** The statement of a month, as its affiliate and staff see it: as a page, as CSV and as PDF. */
import type { AffiliateView } from '../../module/views';
import { address, type Query } from '../address';
import type { Download, Shown, Visit } from '../area';
import { askedMonth, type AskedMonth } from './asked';
import { monthAsCsv } from './csv';
import { monthAsPdf } from './pdf';
import { COLUMNS, describeMonthEntry, describeSummary } from './describe';

const PER_PAGE = 50;

/** Where the page stands. */
export interface Place {
  readonly template: string;
  /** The parameters that lead to it. */
  readonly keep: Query;
  /** What its template needs besides. */
  readonly more: object;
}

/** @returns the month that the address asks for, in the `format` that it asks for */
export async function loadMonth(
  visit: Visit<unknown>,
  affiliate: AffiliateView,
  place: Place,
): Promise<Shown | Download> {
  const asked = await askedMonth(visit, affiliate);
  const { format } = visit.request.query;
  if (format === 'csv') return monthAsCsv(visit, asked);
  if (format === 'pdf') return monthAsPdf(visit, asked);
  return showMonth(visit, asked, place);
}

async function showMonth(
  { module, language, request }: Visit<unknown>,
  asked: AskedMonth,
  { template, keep, more }: Place,
): Promise<Shown> {
  const { cursor } = request.query;
  const { month, months, query, currencies } = asked;
  const [summary, entries] = await Promise.all([
    module.reads.month(query),
    module.reads.monthEntries({ ...query, limit: PER_PAGE, ...(cursor && { cursor }) }),
  ]);
  const isOver = month.to <= module.now();
  const severalCurrencies = currencies.length > 1;
  const kept = { ...keep, currency: severalCurrencies ? query.currency : '' };
  const here = (change: Query) => address(request.base, { ...kept, month: month.key, ...change });
  const turn = (to: string | null) => (to ? here({ cursor: to }) : '');
  return {
    template,
    title: language.t('month.title', { month: language.month(month.from) }),
    model: {
      ...more,
      currency: query.currency,
      severalCurrencies,
      currencies,
      fields: Object.entries(keep).map(([name, value]) => ({ name, value })),
      months: months.map(({ key, from }) => ({
        key,
        label: language.month(from),
        selected: key === month.key,
      })),
      columns: COLUMNS.map((column) => ({ column, label: language.t(`month.column.${column}`) })),
      summary: describeSummary(summary, query.currency, isOver, language),
      isOver,
      entries: entries.rows.map((entry) => describeMonthEntry(entry, language)),
      nextAddress: turn(entries.next),
      previousAddress: turn(entries.previous),
      ...neighbours(asked, here),
      csvAddress: here({ format: 'csv' }),
      pdfAddress: here({ format: 'pdf' }),
    },
  };
}

/** The addresses of the months before and after, '' where nothing can have been posted. */
function neighbours({ month, months }: AskedMonth, here: (change: Query) => string) {
  // Months are newest first, and their keys sort as they follow each other.
  const earlier = months.find(({ key }) => key < month.key);
  const later = months.filter(({ key }) => key > month.key).at(-1);
  return {
    earlierAddress: earlier ? here({ month: earlier.key }) : '',
    laterAddress: later ? here({ month: later.key }) : '',
  };
}
