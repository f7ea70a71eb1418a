/** What every act of the portal needs: its tables, the present, and whom to tell. */
import type { Knex } from 'knex';
import type { Hooks } from '../hooks';

export interface Office {
  readonly db: Knex;
  /** ms since the epoch, UTC */
  readonly now: () => number;
  readonly hooks: Hooks;
}

/** A page of a list. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly page: number;
  readonly pages: number;
}

const PAGE_SIZE = 25;

/** @param query what to list, filtered; it is only counted, `read` reads a part of it in its order */
export async function list<Row>(
  query: Knex.QueryBuilder,
  page: number,
  read: (part: { limit: number; offset: number }) => PromiseLike<Row[]>,
): Promise<Listed<Row>> {
  const counted = await query.clone().count<{ total: number }[]>({ total: '*' });
  const pages = Math.max(1, Math.ceil(Number(counted[0]?.total) / PAGE_SIZE));
  const current = Math.min(Math.max(1, page), pages);
  const rows = await read({ limit: PAGE_SIZE, offset: (current - 1) * PAGE_SIZE });
  return { rows, page: current, pages };
}
