/** What staff see of the proof. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNTS } from '../../module/ledger';
import { loadLanguages } from '../../pages/language';
import { describeOnSqlite } from '../support/databases';
import { given, STAFF, type TestProgram } from '../support/given';
import { A_FORM, asked, textOf, unescaped } from '../pages/given';
import { livedIn } from './given';

const ROOT = join(__dirname, '../..');

async function read({ program }: TestProgram, page: string): Promise<string> {
  return unescaped((await program.pages.staff(asked({ staff: STAFF }, { page }))).html);
}

const prove = ({ program }: TestProgram) =>
  program.pages.staff({ ...asked({ staff: STAFF }, { page: 'proof' }), method: 'POST', body: A_FORM });

describeOnSqlite('The page of the proof', (database) => {
  it('says so before the first proof', async () => {
    const test = await given.program(database);
    expect(textOf(await read(test, 'proof'))).toContain('No proof has been made yet.');
  });

  it('shows what the last night proved, and how the chain ends', async () => {
    const { test } = await livedIn(database);
    const text = textOf(await read(test, 'proof'));
    expect(text).toContain('Proved on Mar 13, 2026, 12:00 PM: everything holds.');
    expect(text).toMatch(/Every ledger transaction sums to zero\. Holds/);
    expect(text).toMatch(/The chain ends with seal 3: [0-9a-f]{64}/);
    expect(await read(test, '')).not.toContain('role="alert"');
  });

  it('proves when asked to, and names the first bad row, on the overview too', async () => {
    const { test } = await livedIn(database);
    await test.knex('mod_affiliates_balances').increment('cleared', 1);
    test.clock.advance({ hours: 1 });
    const answer = await prove(test);
    expect([answer.status, answer.headers['location']]).toEqual([
      303,
      '/admin?module=affiliates&page=proof&done=proved',
    ]);
    const text = textOf(await read(test, 'proof'));
    expect(text).toContain('Proved on Mar 13, 2026, 1:00 PM: one check found something wrong.');
    expect(text).toMatch(
      /Every balance is the sum of its entries\. mod_affiliates_balances, row 1: the balance of “cleared” is not the sum of its entries\. Broken/,
    );
    const overview = textOf(await read(test, ''));
    expect(overview).toContain(
      'The proof of Mar 13, 2026, 1:00 PM found something wrong in the books. Look at it',
    );

    await test.knex('mod_affiliates_balances').decrement('cleared', 1);
    await prove(test);
    expect(textOf(await read(test, ''))).not.toContain('found something wrong');
  });
});

it('There is a sentence for every problem that the proof can find', () => {
  const files = ['module/proof', 'module/ledger'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  const problems = files.flatMap((source) => [
    ...[...source.matchAll(/firstRow\([^,]+, '([a-z_]+)'/g)].map(([, problem = '']) => problem),
    ...[...source.matchAll(/problem: '([a-z_]+)'/g)].map(([, problem = '']) => problem),
  ]);
  const balances = ACCOUNTS.map((account) => `wrong_${account}`);
  expect(problems.length).toBeGreaterThan(35);
  const language = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en');
  const missing = [...problems, ...balances].filter((problem) => !language.has(`proof.problem.${problem}`));
  expect(missing).toEqual([]);
});
