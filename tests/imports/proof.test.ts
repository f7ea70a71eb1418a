/** What somebody may do to what came over, and that the proof finds it. */
import type { Knex } from 'knex';
import { prove } from '../../module/proof';
import { describeOnEachDatabase } from '../support/databases';
import { given } from '../support/given';
import { affiliate, bring, client, source } from './given';

const IMPORTS = 'mod_affiliates_imports';
const LINES = 'mod_affiliates_import_lines';
const TRANSACTIONS = 'mod_affiliates_ledger_transactions';

/** What was done, what the proof says, and of which row. */
const DAMAGES: readonly (readonly [
  done: string,
  problem: string,
  row: string,
  damage: (knex: Knex) => unknown,
])[] = [
  [
    'more is said to have come over',
    'not_as_imported',
    '7',
    (knex) => knex(IMPORTS).where({ legacy_id: '7' }).increment('cleared', 1),
  ],
  [
    'less is said to be withdrawn',
    'not_as_imported',
    '77',
    (knex) => knex(IMPORTS).where({ legacy_id: '77' }).decrement('withdrawn', 1),
  ],
  [
    'a pending line was raised',
    'lines_differ',
    '7',
    (knex) => knex(LINES).where({ line_id: '2' }).increment('amount', 1),
  ],
  [
    'a pending line was taken out',
    'lines_differ',
    '7',
    (knex) => knex(LINES).where({ line_id: '2' }).delete(),
  ],
  [
    'a line was cleared before its date',
    'cleared_early',
    '1',
    (knex) => knex(LINES).where({ line_id: '1' }).increment('clears_at', 86_400_000),
  ],
  [
    'a line is said to be cleared',
    'cleared_early',
    '2',
    async (knex) => {
      await knex(LINES).where({ line_id: '2' }).update({ state: 'cleared' });
      // With everything else made to fit.
      await knex(IMPORTS).where({ legacy_id: '7' }).update({ clearing: 0 });
      const [id] = await knex(TRANSACTIONS)
        .where('key', 'like', 'opening:7:clearing:2:%')
        .pluck<string[]>('id');
      await knex('mod_affiliates_ledger_entries')
        .where({ transaction_id: id!, account: 'clearing' })
        .update({ account: 'cleared' });
      await knex(IMPORTS).where({ legacy_id: '7' }).increment('cleared', 750);
    },
  ],
  [
    'an import was forgotten',
    'without_import',
    '',
    (knex) => knex(IMPORTS).where({ legacy_id: '77' }).delete(),
  ],
];

describeOnEachDatabase('The proof of an import', (database) => {
  const livedIn = async () => {
    const test = await given.program(database);
    await bring(
      test,
      source({
        // One number begins with the other.
        affiliates: [affiliate(), affiliate({ id: 77, clientid: 32, withdrawn: '1.00' })],
        clients: [...source().clients, client(32)],
      }),
    );
    test.clock.set('2026-03-05T12:00:00Z');
    await test.program.daily();
    return test;
  };

  it.each(DAMAGES)('finds that %s', async (_done, problem, row, damage) => {
    const test = await livedIn();
    const found = async () => {
      const { checks } = await prove(test.knex, test.clock.now().getTime());
      return checks.find(({ check }) => check === 'imports_are_posted')?.finding;
    };
    expect(await found()).toBeNull();
    await damage(test.knex);
    expect(await found()).toMatchObject({ problem, ...(row && { row }) });
  });
});
