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

export type Row = Readonly<Record<string, string | number | null>>;

const BATCH = 500;

/** @returns what differs between the two databases' rows of one comparison */
export async function compare(kept: Knex, replayed: Knex, comparison: Comparison): Promise<Compared> {
  let [rows, differing] = [0, 0];
  let first: Difference | null = null;
  for await (const pair of pairsOf(kept, replayed, comparison)) {
    if (pair.kept) rows++;
    const difference = differenceOf(comparison, pair);
    if (difference) differing++;
    first ??= difference;
  }
  return { name: comparison.name, rows, differing, first };
}

/** A row of both databases, or of one where the other has none of its key. */
export type Pair =
  { readonly kept: Row; readonly replayed: Row | null } | { readonly kept: null; readonly replayed: Row };

/** Goes through the rows of both databases: all that are kept, then those that only the replay made. */
export async function* pairsOf(kept: Knex, replayed: Knex, comparison: Comparison): AsyncGenerator<Pair> {
  let found = 0;
  for await (const batch of batchesOf(kept, comparison)) {
    const others = await lookUp(replayed, comparison, batch);
    for (const row of batch) {
      const other = others.take(row);
      if (other) found++;
      yield { kept: row, replayed: other };
    }
  }
  if ((await countOf(replayed, comparison)) === found) return;
  for await (const batch of batchesOf(replayed, comparison)) {
    const others = await lookUp(kept, comparison, batch);
    for (const row of batch) if (!others.take(row)) yield { kept: null, replayed: row };
  }
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
      const equal = same.findIndex((other) => !differenceOf(comparison, { kept: row, replayed: other }));
      return same.splice(Math.max(equal, 0), 1)[0] ?? null;
    },
  };
}

function differenceOf(comparison: Comparison, { kept, replayed }: Pair): Difference | null {
  const { table, without } = comparison;
  if (!kept) return { table, row: nameOf(comparison, replayed), column: '', kept: null, replayed: 'a row' };
  if (!replayed) return { table, row: nameOf(comparison, kept), column: '', kept: 'a row', replayed: null };
  const column = Object.keys(kept).find((name) => !without.includes(name) && kept[name] !== replayed[name]);
  if (column === undefined) return null;
  const [one = null, other = null] = PERSONAL.has(column)
    ? ['one text', 'another']
    : [kept[column], replayed[column]];
  return { table, row: nameOf(comparison, kept), column, kept: one, replayed: other };
}

const nameOf = (comparison: Comparison, row: Row): string =>
  comparison.key.map((column) => `${plain(column)} ${valueOf(row, column)}`).join(', ');

async function countOf(knex: Knex, comparison: Comparison): Promise<number> {
  const row = (await rowsOf(knex, comparison).clearSelect().count({ count: '*' }).first()) as {
    count: number | string;
  };
  return Number(row.count);
}
