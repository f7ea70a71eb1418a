/** Paging by key: a page starts after the last row of the one before it, so depth costs nothing and no row is skipped. */
import type { Knex } from 'knex';
import type { Rows } from '../views';

/** How a list is ordered: by `column`, and by the unique `id` among equals. */
export interface Order<Row> {
  readonly column: string;
  readonly id: string;
  readonly descending: boolean;
  /** The row's value of `column`, and of `id`. */
  keyOf(row: Row): readonly [value: string | number, id: string | number];
}

export interface PageOfList {
  readonly limit: number;
  /** From `Rows.next` or `Rows.previous`; one that cannot be read gives the first page. */
  readonly cursor?: string | undefined;
}

type Way = 'after' | 'before';
type Cursor = readonly [way: Way, value: string | number, id: string | number];

/** @returns one page of the query's rows with the cursors of its neighbours. */
export async function pageOf<Row extends object>(
  query: Knex.QueryBuilder<object, Row[]>,
  order: Order<NoInfer<Row>>,
  { limit, cursor: written }: PageOfList,
): Promise<Rows<Row>> {
  const cursor = readCursor(written);
  const backwards = cursor?.[0] === 'before';
  const descending = order.descending !== backwards;
  if (cursor) startFrom(query, order, cursor, descending);
  const direction = descending ? 'desc' : 'asc';
  const found = (await query
    .clone()
    .orderBy([
      { column: order.column, order: direction },
      { column: order.id, order: direction },
    ])
    .limit(limit + 1)) as Row[];
  const more = found.length > limit;
  const rows = backwards ? found.slice(0, limit).reverse() : found.slice(0, limit);
  const hasNext = backwards ? true : more;
  const hasPrevious = backwards ? more : cursor !== null;
  const cursorAt = (way: Way, row: Row | undefined) => (row ? writeCursor([way, ...order.keyOf(row)]) : null);
  return {
    rows,
    next: hasNext ? cursorAt('after', rows.at(-1)) : null,
    previous: hasPrevious ? cursorAt('before', rows[0]) : null,
  };
}

function startFrom<Row extends object>(
  query: Knex.QueryBuilder<object, Row[]>,
  { column, id }: Order<Row>,
  [, value, key]: Cursor,
  descending: boolean,
): void {
  pastKey(query, [column, id], descending ? '<' : '>', [value, key]);
}

/** Narrows a query to rows past one, by two columns of which the second decides among equals of the first. */
export function pastKey<Query extends Knex.QueryBuilder>(
  query: Query,
  [column, id]: readonly [column: string, id: string],
  past: '<' | '>',
  [value, key]: readonly [value: string | number, key: string | number],
): Query {
  // Says nothing that what follows does not say as well, but an index can be entered by it.
  void query.andWhere(column, `${past}=`, value);
  void query.andWhere((either) => {
    void either.where(column, past, value).orWhere((equal) => {
      void equal.where(column, value).andWhere(id, past, key);
    });
  });
  return query;
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(written: string | undefined): Cursor | null {
  if (!written) return null;
  try {
    const read: unknown = JSON.parse(Buffer.from(written, 'base64url').toString());
    if (!Array.isArray(read) || read.length !== 3) return null;
    const [way, value, id] = read as unknown[];
    const isKey = (part: unknown): part is string | number =>
      typeof part === 'string' || typeof part === 'number';
    return (way === 'after' || way === 'before') && isKey(value) && isKey(id) ? [way, value, id] : null;
  } catch {
    // Somebody edited the address: the first page is the helpful answer, and nothing is lost.
    return null;
  }
}
