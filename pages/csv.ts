/**
 * Tables for spreadsheets: UTF-8 with the mark that Excel needs to see it, lines as RFC 4180 has them, and no cell that a
 * spreadsheet would carry out as a formula.
 */
import { Readable } from 'node:stream';
import { stringify, type Options } from 'csv-stringify/sync';
import { toDecimal, type Currency } from '../module/money';

/** A text, a count, or an amount of minor units. */
export type Cell = string | number | { readonly amount: number; readonly currency: Currency };

type Batches = AsyncIterable<readonly Cell[][]> | Iterable<readonly Cell[][]>;

export const CSV_TYPE = 'text/csv; charset=utf-8';

const OPTIONS: Options = {
  record_delimiter: 'windows',
  cast: {
    string: harmless,
    // Written from digits alone: its minus is a minus, and it stays a number.
    object: (amount) => toDecimal(amount as Exclude<Cell, string | number>),
  },
};

/** @param batches rows, some at a time, which are written while the next ones are fetched */
export function csvOf(columns: readonly string[], batches: Batches): Readable {
  return Readable.from(written(columns, batches));
}

async function* written(columns: readonly string[], batches: Batches): AsyncGenerator<string> {
  yield stringify([[...columns]], { ...OPTIONS, bom: true });
  for await (const rows of batches) if (rows.length > 0) yield stringify([...rows], OPTIONS);
}

/** What a spreadsheet takes for the beginning of a formula, in the wide forms of East Asian keyboards as well. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * Text that stays text. Where semicolons separate cells, as in most of Europe, what follows one begins a cell too; and
 * space in front of a sign would hide it from us, though not from every spreadsheet.
 */
function harmless(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim().replaceAll(';', ',');
  return FORMULA.test(plain) ? `'${plain}` : plain;
}
