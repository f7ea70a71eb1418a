/** A month's statement on paper. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MonthView } from '../../module/views';
import type { Download, Visit } from '../area';
import type { Language } from '../language';
import { newSheet, type Sheet } from '../pdf/sheet';
import type { Column } from '../pdf/table';
import { fileName, type AskedMonth } from './asked';
import {
  COLUMNS,
  describeMonthEntry,
  describeSummary,
  type MonthEntryModel,
  type SummaryRow,
} from './describe';

/** Others get their turn in between, and what is ready of the file goes out. */
const ROWS_AT_ONCE = 25;

export async function monthAsPdf(visit: Visit<unknown>, asked: AskedMonth): Promise<Download> {
  // Asked before the file begins: a fault is still a page that says so.
  const summary = await visit.module.reads.month(asked.query);
  const body = Readable.from(fileOf(visit, asked, summary), { objectMode: false });
  return { name: fileName(asked, 'pdf'), type: 'application/pdf', body };
}

/** Made as it is read, so that a month of any length takes no more memory than a few pages. */
async function* fileOf(visit: Visit<unknown>, asked: AskedMonth, summary: MonthView): AsyncGenerator<Buffer> {
  const { module, language } = visit;
  const { affiliate, month, query } = asked;
  const now = module.now();
  const isOver = month.to <= now;
  const title = language.t('month.title', { month: language.month(month.from) });
  const program = module.settings.programName;
  const sheet = newSheet(language, { title, author: program, made: now });
  sheet.heading(title);
  sheet.paragraph(
    language.t('month.whose', {
      program,
      code: affiliate.code,
      currency: query.currency,
      time: language.time(now),
    }),
  );
  writeSummary(sheet, describeSummary(summary, query.currency, isOver, language), language);
  sheet.paragraph(language.t(isOver ? 'month.over' : 'month.running'));
  for await (const ready of writeEntries(visit, asked, sheet)) {
    if (ready.length > 0) yield ready;
    await nextTurn();
  }
  yield* sheet.finish();
}

function writeSummary(sheet: Sheet, rows: readonly SummaryRow[], language: Language): void {
  const columns: Column[] = [
    { label: language.t('entries.column.what'), share: 5, align: 'start' },
    ...COLUMNS.map((column): Column => ({
      label: language.t(`month.column.${column}`),
      share: 2.6,
      align: 'end',
    })),
  ];
  const table = sheet.table(columns);
  for (const { label, cells, count } of rows) {
    const what = count > 0 ? `${label} (${language.number(count)})` : label;
    table.row([what, ...cells.map(({ text }) => text)], count > 0 ? 'regular' : 'bold');
  }
  sheet.paragraph(language.t('month.summary.help'));
}

/** Names stand apart from what is around them, whichever way they are read. */
const isolated = (name: string) => `\u2068${name}\u2069`;

/** Pauses after some rows with what is ready of the file, until the next are asked for. */
async function* writeEntries(
  { module, language }: Visit<unknown>,
  { query }: AskedMonth,
  sheet: Sheet,
): AsyncGenerator<Buffer> {
  sheet.heading(language.t('month.entries'));
  const label = (key: string) => language.t(key);
  const table = sheet.table([
    { label: label('entries.column.date'), share: 2.6, align: 'start' },
    { label: label('entries.column.what'), share: 5, align: 'start' },
    { label: label('entries.column.about'), share: 4, align: 'start' },
    { label: label('month.column.in'), share: 2.6, align: 'end' },
    { label: label('month.column.out'), share: 2.6, align: 'end' },
    { label: label('month.column.owed'), share: 2.8, align: 'end' },
  ]);
  let written = 0;
  for await (const entries of module.reads.allMonthEntries(query)) {
    for (const entry of entries) {
      table.row(cellsOf(describeMonthEntry(entry, language)));
      if (++written % ROWS_AT_ONCE === 0) yield sheet.ready();
    }
  }
  if (written === 0) sheet.paragraph(language.t('month.none'));
}

function cellsOf(entry: MonthEntryModel): string[] {
  const { date, what, notes, referral, product, reason, paidIn, paidOut, balance } = entry;
  const about = [referral, product, reason].filter(Boolean).map(isolated);
  return [date, [what, ...notes].join(' · '), about.join(' · '), paidIn, paidOut, balance];
}
