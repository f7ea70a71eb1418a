/**
 * An affiliate's statement of a month. All of it is summed up from entries, and an entry belongs to the month in which
 * it was posted, so that a month that has passed never changes: see docs/decisions/0011.
 */
import type { Knex } from 'knex';
import { pageOf, type PageOfList } from './database/keyset';
import { describeEntries } from './entries';
import {
  changesIn,
  firstPostingAt,
  firstIdAt,
  movementsIn,
  postedAt,
  postedRows,
  sumsBefore,
  toSums,
  type ChangeRow,
  type Sums,
} from './ledger';
import type { MonthQuery, Reads } from './module';
import { sum } from './money';
import type { Settings } from './settings';
import type { AccountsView, MonthEntryView, MonthView, Rows } from './views';

const BATCH = 500;
const NOTHING: AccountsView = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 0, owed: 0 };

export function monthReads(
  knex: Knex,
  settings: Settings,
): Pick<Reads, 'month' | 'monthEntries' | 'allMonthEntries' | 'firstPostingAt'> {
  return {
    month: (query) => monthOf(knex, query),
    monthEntries: ({ limit, cursor, ...query }) => monthEntries(knex, settings, query, { limit, cursor }),
    allMonthEntries: (query) => allMonthEntries(knex, settings, query),
    firstPostingAt: (whose) => firstPostingAt(knex, whose),
  };
}

/** @returns opening and closing balance, and what came between, by kind */
async function monthOf(knex: Knex, query: MonthQuery): Promise<MonthView> {
  const opening = toAccounts(await sumsBefore(knex, query, firstIdAt(query.from)));
  const movements = await movementsIn(knex, query, query);
  const described = movements.map((movement) => ({ ...movement, changes: toAccounts(movement.changes) }));
  return {
    opening,
    movements: described,
    closing: described.reduce((before, { changes }) => add(before, changes), opening),
  };
}

/** @returns a page of the month's entries, in the order they were posted */
async function monthEntries(
  knex: Knex,
  settings: Settings,
  query: MonthQuery,
  paging: PageOfList,
): Promise<Rows<MonthEntryView>> {
  const page = await pageOf(changesIn(knex, query, query), IN_ORDER, paging);
  const [first] = page.rows;
  const before = first ? toAccounts(await sumsBefore(knex, query, first.id)) : NOTHING;
  return { ...page, rows: await describeChanges(knex, settings, page.rows, before) };
}

/** @returns all entries of the month in the order they were posted, so many at a time that they fit in memory */
async function* allMonthEntries(
  knex: Knex,
  settings: Settings,
  query: MonthQuery,
): AsyncGenerator<readonly MonthEntryView[]> {
  let standing = toAccounts(await sumsBefore(knex, query, firstIdAt(query.from)));
  let cursor: string | undefined;
  do {
    const page = await pageOf(changesIn(knex, query, query), IN_ORDER, { limit: BATCH, cursor });
    const entries = await describeChanges(knex, settings, page.rows, standing);
    standing = entries.at(-1)?.after ?? standing;
    yield entries;
    cursor = page.next ?? undefined;
  } while (cursor);
}

const IN_ORDER = {
  column: 'e.transaction_id',
  id: 'e.transaction_id',
  descending: false,
  keyOf: ({ id }: { id: string }) => [id, id] as const,
};

/** @param before what stood in the accounts before the first of them */
async function describeChanges(
  knex: Knex,
  settings: Settings,
  rows: readonly ChangeRow[],
  before: AccountsView,
): Promise<MonthEntryView[]> {
  const posted = await postedRows(
    knex,
    rows.map(({ id }) => id),
  );
  const inOrder = rows.flatMap(({ id }) => posted.get(id) ?? []);
  const changesOf = new Map(rows.map((row) => [row.id, toAccounts(toSums(row))]));
  let after = before;
  return (await describeEntries(knex, settings, inOrder)).map((entry): MonthEntryView => {
    const changes = changesOf.get(entry.id) ?? NOTHING;
    after = add(after, changes);
    return { ...entry, postedAt: postedAt(entry.id), changes, after };
  });
}

function toAccounts({ clearing, cleared, reserved, withdrawn }: Sums): AccountsView {
  return { clearing, cleared, reserved, withdrawn, owed: sum([clearing, cleared, reserved]) };
}

function add(one: AccountsView, other: AccountsView): AccountsView {
  return {
    clearing: sum([one.clearing, other.clearing]),
    cleared: sum([one.cleared, other.cleared]),
    reserved: sum([one.reserved, other.reserved]),
    withdrawn: sum([one.withdrawn, other.withdrawn]),
    owed: sum([one.owed, other.owed]),
  };
}
