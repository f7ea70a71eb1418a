/** Compares what is kept with what a replay made, row by row and in bounded memory. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Knex } from 'knex';
import { PERSONAL, rowsOf, type Comparison } from './comparisons';

/** One thing that is not the same: where, and both values; null for a row or value that is not there. */
export interface Difference {
  readonly table: string;
  /** The row's key: 'affiliate_id 1, currency USD'. */
  readonly row: string;
  /** '' when one side has no such row at all. */
  readonly column: string;
  readonly kept: string | number | null;
  readonly replayed: string | number | null;
}

export interface Compared {
  readonly name: string;
  /** How many rows are kept. */
  readonly rows: number;
  /** How many rows differ, are missing or are too many. */
  readonly differing: number;
  readonly first: Difference | null;
}

type Row = Readonly<Record<string, string | number | null>>;

const BATCH = 500;

/** @returns what differs between the two databases' rows of one comparison */
export async function compare(kept: Knex, replayed: Knex, comparison: Comparison): Promise<Compared> {
  let [rows, found, differing] = [0, 0, 0];
  let first: Difference | null = null;
  for await (const batch of batchesOf(kept, comparison)) {
    const others = await lookUp(replayed, comparison, batch);
    for (const row of batch) {
      const other = others.take(row);
      rows++;
      if (other) found++;
      const difference = differenceOf(comparison, row, other);
      if (difference) differing++;
      first ??= difference;
    }
  }
  const tooMany = (await countOf(replayed, comparison)) - found;
  if (tooMany > 0) first ??= await firstTooMany(kept, replayed, comparison);
  return { name: comparison.name, rows, differing: differing + tooMany, first };
}

/** @returns the first row that was made by the replay alone */
async function firstTooMany(kept: Knex, replayed: Knex, comparison: Comparison): Promise<Difference | null> {
  for await (const batch of batchesOf(replayed, comparison)) {
    const others = await lookUp(kept, comparison, batch);
    const alone = batch.find((row) => !others.take(row));
    if (alone) return missing(comparison, alone, 'kept');
  }
  return null;
}

async function* batchesOf(knex: Knex, comparison: Comparison): AsyncGenerator<readonly Row[]> {
  const { key, tie } = comparison;
  const order = tie === undefined ? key : [...key, tie];
  for (let last: Row | undefined; ;) {
    const after = last;
    const query = rowsOf(knex, comparison).orderBy(order.map(qualified)).limit(BATCH);
    if (after) void query.where((later) => past(later, order, after));
    const batch = (await query) as Row[];
    yield batch;
    last = batch.at(-1);
    if (batch.length < BATCH) return;
    await nextTurn();
  }
}

const qualified = (column: string) => (column.includes('.') ? column : `x.${column}`);
const plain = (column: string) => column.slice(column.indexOf('.') + 1);

/** Rows after one: greater in the first column that is not equal. */
function past(query: Knex.QueryBuilder, order: readonly string[], row: Row): void {
  order.forEach((column, index) => {
    void query.orWhere((later) => {
      for (const equal of order.slice(0, index)) void later.where(qualified(equal), valueOf(row, equal));
      void later.where(qualified(column), '>', valueOf(row, column));
    });
  });
}

/** No column of a key is ever null. */
const valueOf = (row: Row, column: string): string | number => row[plain(column)] ?? '';
const keyOf = ({ key }: Comparison, row: Row) => JSON.stringify(key.map((column) => valueOf(row, column)));

interface Others {
  /** Takes out the row of the same key, of several the one that is equal. */
  take(row: Row): Row | null;
}

/** @returns the other database's rows that may belong to a batch */
async function lookUp(knex: Knex, comparison: Comparison, batch: readonly Row[]): Promise<Others> {
  const [column] = comparison.key;
  const values = [...new Set(batch.map((row) => valueOf(row, column)))];
  const rows = (await rowsOf(knex, comparison).whereIn(qualified(column), values)) as Row[];
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(comparison, row);
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return {
    take(row) {
      const same = byKey.get(keyOf(comparison, row)) ?? [];
      const equal = same.findIndex((other) => !differenceOf(comparison, row, other));
      return same.splice(Math.max(equal, 0), 1)[0] ?? null;
    },
  };
}

function differenceOf(comparison: Comparison, row: Row, other: Row | null): Difference | null {
  if (!other) return missing(comparison, row, 'replayed');
  const { table, without } = comparison;
  const column = Object.keys(row).find((name) => !without.includes(name) && row[name] !== other[name]);
  if (column === undefined) return null;
  const values = PERSONAL.has(column) ? ['one text', 'another'] : [row[column], other[column]];
  const [kept = null, replayed = null] = values;
  return { table, row: nameOf(comparison, row), column, kept, replayed };
}

function missing(comparison: Comparison, row: Row, where: 'kept' | 'replayed'): Difference {
  const sides = { kept: 'a row', replayed: 'a row', [where]: null };
  return { table: comparison.table, row: nameOf(comparison, row), column: '', ...sides };
}

const nameOf = (comparison: Comparison, row: Row): string =>
  comparison.key.map((column) => `${plain(column)} ${valueOf(row, column)}`).join(', ');

async function countOf(knex: Knex, comparison: Comparison): Promise<number> {
  const row = (await rowsOf(knex, comparison).clearSelect().count({ count: '*' }).first()) as {
    count: number | string;
  };
  return Number(row.count);
}
