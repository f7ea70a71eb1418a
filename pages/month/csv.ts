/** A month's statement as CSV: opening, every entry, closing. In each account the rows before the last add up to it. */
import { isoTime } from '../../module/calendar';
import type { AccountsView, MonthEntryView } from '../../module/views';
import type { Download, Visit } from '../area';
import { csvOf, CSV_TYPE, type Cell } from '../csv';
import { fileName, type AskedMonth } from './asked';

/** The same in every language, so that a sheet made for one statement takes every other. */
const COLUMNS = [
  'posted',
  'happened',
  'kind',
  'description',
  'referral',
  'product',
  'reason',
  'currency',
  'in',
  'out',
  'balance',
  'clearing',
  'cleared',
  'reserved',
  'withdrawn',
];

export async function monthAsCsv(visit: Visit<unknown>, asked: AskedMonth): Promise<Download> {
  const { reads } = visit.module;
  // Asked before the file begins: a fault is still a page that says so.
  const { opening } = await reads.month({ ...asked.query, to: asked.query.from });
  return {
    name: fileName(asked, 'csv'),
    type: CSV_TYPE,
    body: csvOf(COLUMNS, rowsOf(visit, asked, opening)),
  };
}

async function* rowsOf(
  { module, language }: Visit<unknown>,
  { query, month }: AskedMonth,
  opening: AccountsView,
): AsyncGenerator<Cell[][]> {
  const { timeZone } = module.settings;
  const { currency } = query;
  const amount = (minorUnits: number): Cell => ({ amount: minorUnits, currency });
  const standing = (accounts: AccountsView) =>
    [accounts.clearing, accounts.cleared, accounts.reserved, accounts.withdrawn].map(amount);
  const border = (at: number, kind: string, label: string, accounts: AccountsView): Cell[] => {
    const before = [isoTime(at, timeZone), '', kind, label, '', '', '', currency, '', ''];
    return [...before, amount(accounts.owed), ...standing(accounts)];
  };
  const entryRow = (entry: MonthEntryView): Cell[] => {
    const { owed } = entry.changes;
    return [
      isoTime(entry.postedAt, timeZone),
      isoTime(entry.at, timeZone),
      entry.kind,
      language.t(`entry.${entry.kind}`),
      entry.referral,
      entry.product,
      entry.correction?.reason ?? '',
      currency,
      owed > 0 ? amount(owed) : '',
      owed < 0 ? amount(-owed) : '',
      amount(entry.after.owed),
      ...standing(entry.changes),
    ];
  };
  yield [border(month.from, 'opening', language.t('month.opening'), opening)];
  let closing = opening;
  for await (const entries of module.reads.allMonthEntries(query)) {
    closing = entries.at(-1)?.after ?? closing;
    yield entries.map(entryRow);
  }
  const now = module.now();
  const last = month.to <= now ? language.t('month.closing') : language.t('month.present');
  yield [border(Math.min(month.to, now), 'closing', last, closing)];
}
