/** A database of the first schema, with a half year of business in it, is carried to the present one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { insertRows } from '../module/database/insertRows';
import { MIGRATIONS, type Migration } from '../module/database/migrations';
import { migrate } from '../module/database/migrate';
import { prove } from '../module/proof';
import { settableClock } from './support/clock';
import { describeOnEachDatabase } from './support/databases';
import { given, STAFF, requestId } from './support/given';
import { auditorOf } from './support/invariants';
import { rebuilt } from './support/replay';

/** The last migration of the first schema. */
const FIRST_SCHEMA = '0027_client_states';

interface Kept {
  /** Per affiliate and currency: clearing, cleared, reserved, withdrawn; minor units. */
  readonly accounts: readonly (readonly [number, string, number, number, number, number])[];
  readonly figures: Readonly<Record<string, { clicks: number; signups: number; conversions: number }>>;
  /** When the last of it happened; ms, UTC. */
  readonly until: number;
  readonly tables: Readonly<Record<string, { columns: readonly string[]; rows: readonly unknown[][] }>>;
}

/** What the program wrote, by its own hand, when the first schema was all there was. */
const KEPT = JSON.parse(
  readFileSync(join(__dirname, 'fixtures/first-schema/rows.json'), 'utf8'),
) as unknown as Kept;

/** What a replay makes now and the first schema did not keep: the first column in which each table differs. */
const MORE_NOW = {
  event_answers: 'answer', // whether a payout waits for a second person
  withdrawals: 'decided_by_id',
  invoice_lines: 'discount',
  evaluations: 'steps', // which scopes were asked
};

const firstSchema: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve(MIGRATIONS.filter(({ name }) => name <= FIRST_SCHEMA)),
  getMigrationName: ({ name }) => name,
  getMigration: ({ up }) => Promise.resolve({ up, down: () => Promise.resolve() }),
};

async function fill(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    migrationSource: firstSchema,
    tableName: 'mod_affiliates_migrations',
    disableTransactions: true,
  });
  await knex.transaction(async (trx) => {
    for (const [table, { columns, rows }] of Object.entries(KEPT.tables)) {
      const records = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
      await insertRows(trx, table, records);
    }
  });
}

const SETTINGS = { clearingDays: 14 };

describeOnEachDatabase('A database of the first schema', (database) => {
  async function carried() {
    const url = await database.empty();
    const knex = database.connect(url);
    await fill(knex);
    await migrate(knex);
    const clock = settableClock(new Date(KEPT.until).toISOString());
    return { url, knex, clock };
  }

  it('has the same totals afterwards, proves sound, and is made again by its events', async () => {
    const { url, knex, clock } = await carried();
    const test = await given.programOn(url, { clock, settings: SETTINGS });
    for (const [id, currency, clearing, cleared, reserved, withdrawn] of KEPT.accounts) {
      expect(await test.accounts({ id }, currency)).toEqual({ clearing, cleared, reserved, withdrawn });
    }
    for (const [id, figures] of Object.entries(KEPT.figures))
      expect(await test.reads.figures(Number(id))).toEqual(figures);
    await test.program.daily();
    expect(await auditorOf(knex, () => clock.now().getTime()).audit()).toEqual([]);
    const { checks } = await prove(knex, clock.now().getTime());
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
    const { comparisons } = await rebuilt(test.knex);
    const differing = comparisons.filter((each) => each.differing > 0);
    expect(Object.fromEntries(differing.map(({ name, first }) => [name, first?.column]))).toEqual(MORE_NOW);
  });

  it('goes on with what was begun before', async () => {
    const { url, knex, clock } = await carried();
    const test = await given.programOn(url, { clock, settings: SETTINGS });
    const before = await test.accounts({ id: 1 });
    const kept = await keptOf(knex, 'I1');
    clock.advance({ days: 1 });
    await test.pays({ invoiceid: 'AFTER', userid: '101', total: '40.00' });
    await test.refunds({ invoiceid: 'I1', refundid: 'R9' });
    const { rows } = await test.reads.withdrawals({ status: 'requested', limit: 5 });
    expect(rows).toHaveLength(1);
    await test.acts.approveWithdrawal({
      requestId: requestId(),
      staff: STAFF,
      withdrawalId: rows[0]!.id,
      transactionId: 'TX-9',
    });
    expect(kept).toBeGreaterThan(0);
    expect(await test.accounts({ id: 1 })).toEqual({
      ...before,
      clearing: before.clearing + 400,
      cleared: before.cleared - kept,
    });
    expect(await test.accounts({ id: 1 }, 'EUR')).toMatchObject({ reserved: 0, withdrawn: 8730 });
    expect(await auditorOf(knex, () => clock.now().getTime()).audit()).toEqual([]);
  });
});

/** @returns what affiliates keep of an invoice so far, minor units */
async function keptOf(knex: Knex, invoice: string): Promise<number> {
  const rows = await knex<{ line_key: string; earned: number; reversed: number }>(
    'mod_affiliates_commissions',
  ).where('line_key', 'like', `${invoice}/%`);
  return rows.reduce((total, { earned, reversed }) => total + earned - reversed, 0);
}
