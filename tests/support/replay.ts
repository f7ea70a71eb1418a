/** I16: the accepted events, replayed into an empty database, make everything again, down to the ids. */
import type { Knex } from 'knex';
import { rebuildAndCompare, type RebuildReport } from '../../module/replay';
import { COMPARISONS } from '../../module/replay/comparisons';
import { openCopy } from '../../module/replay/replay';
import { readSettings, type Settings } from '../../module/settings';

const settingsOf = new WeakMap<Knex, Settings>();

/** Tells with which settings the program on that connection runs. */
export function runsWith(knex: Knex, settings: Settings): void {
  settingsOf.set(knex, settings);
}

/** Rebuilds what is in the database, and lends the copy before it vanishes. */
export async function rebuilt(
  knex: Knex,
  look: (copy: Knex) => Promise<unknown> = () => Promise.resolve(),
): Promise<RebuildReport> {
  const settings = settingsOf.get(knex) ?? readSettings({ portalUrl: 'https://my.example.com' });
  const copy = await openCopy();
  try {
    const report = await rebuildAndCompare(knex, copy.knex, { settings, now: 0, progress: () => undefined });
    await look(copy.knex);
    return report;
  } finally {
    await copy.close();
  }
}

/** Fails with what a replay makes otherwise. */
export async function expectReplayable(knex: Knex): Promise<void> {
  const { comparisons } = await rebuilt(knex, async (copy) => {
    for (const [table, columns] of MADE)
      expect(await rows(copy, table, columns)).toEqual(await rows(knex, table, columns));
  });
  expect(comparisons.filter(({ differing }) => differing > 0)).toEqual([]);
}

type Row = Record<string, unknown>;

/** What no event makes, or only its first part. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  mod_affiliates_withdrawals: ['ticket_id'],
  mod_affiliates_disputes: ['ticket_id'],
  mod_affiliates_affiliate_totals: ['clicks'],
  mod_affiliates_commands: ['status', 'attempts', 'due_at', 'claimed_until', 'answer'],
};

/** Tables with the columns that are not made by events. */
const MADE = [
  ...COMPARISONS.map(({ table }) => table),
  'mod_affiliates_audit',
  'mod_affiliates_commands',
].map((table): [string, readonly string[]] => [table, OUTSIDE[table] ?? []]);

async function rows(knex: Knex, table: string, without: readonly string[]): Promise<string[]> {
  const found = await knex<Row>(table);
  return found
    .map((row) => Object.entries(row).filter(([column]) => !without.includes(column)))
    .map((entries) => JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1))))
    .sort();
}
