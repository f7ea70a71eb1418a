/** `affiliates prove`, as an operator runs it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectForReading } from '../../module/database/connection';
import type { ProofReport } from '../../module/proof';
import { PROOF_LENGTH } from '../../module/proof';
import { affiliates, COMMAND_LIMIT_MS, digestOfFile } from '../support/command';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given } from '../support/given';
import { livedIn } from './given';

describeOnEachDatabase('affiliates prove', (database) => {
  it(
    'says a line for each invariant and ends with 0, and with 1 once a row is damaged, which it names',
    async () => {
      const { url } = await livedIn(database);
      const good = affiliates(['prove', '--database', url]);
      expect(good).toMatchObject({ status: 0, stderr: '' });
      const lines = good.stdout.trim().split('\n');
      expect(lines.filter((line) => line.startsWith('✓ '))).toHaveLength(PROOF_LENGTH);
      expect(lines.at(-1)).toBe(`All ${PROOF_LENGTH} hold.`);

      const entries = database.connect(url)('mod_affiliates_ledger_entries');
      const [transaction_id] = await entries
        .clone()
        .orderBy('transaction_id')
        .pluck<string[]>('transaction_id');
      await entries.clone().where({ transaction_id, position: 1 }).increment('amount', 1);
      const bad = affiliates(['prove'], { DATABASE_URL: url });
      expect(bad.status).toBe(1);
      expect(bad.stdout).toContain(
        `✗ Every ledger transaction sums to zero. mod_affiliates_ledger_transactions, row ${transaction_id}: its entries do not sum to zero.`,
      );
      expect(bad.stdout).toMatch(
        new RegExp(
          `found something; the first bad row is ${transaction_id} in mod_affiliates_ledger_transactions\\.\n$`,
        ),
      );
    },
    COMMAND_LIMIT_MS,
  );

  it('opens the database so that it refuses to be written to', async () => {
    const { url } = await livedIn(database);
    const { knex, close } = connectForReading(url);
    const written = knex('mod_affiliates_balances').update({ cleared: 0 });
    // SQLite's errors are made outside of the test's own world, where they are no instances of its Error.
    expect(await written.catch(String)).toMatch(/readonly|READ ONLY/);
    await close();
  });
});

describeOnSqlite('affiliates prove', (database) => {
  it(
    'prints its report as JSON, and leaves the file as it is',
    async () => {
      const { test, url } = await livedIn(database);
      await test.close();
      const before = digestOfFile(url);
      const { status, stdout, stderr } = affiliates(['prove', '--json', '--database', url]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const report = JSON.parse(stdout) as ProofReport;
      expect(report).toMatchObject({ holds: true, seal: { number: 3 } });
      expect(report.checks).toHaveLength(PROOF_LENGTH);
      expect(digestOfFile(url)).toBe(before);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says in one sentence what is wrong with a database that it cannot prove',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'affiliates-none-'));
      const missing = join(folder, 'none.sqlite');
      const refused = [
        [`sqlite:${missing}`, /^The database cannot be read: SQLITE_CANTOPEN\.\n$/],
        ['mysql://root:a-password@127.0.0.1:1/x', /^The database cannot be read: ECONNREFUSED\.\n$/],
        ['postgres://localhost/x', /^The address is of no kind that is known: .*\n$/],
      ] as const;
      for (const [address, sentence] of refused) {
        const { status, stdout, stderr } = affiliates(['prove', '--database', address]);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
      expect(existsSync(missing)).toBe(false);
      rmSync(folder, { recursive: true });
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'does not take a program of another version, or none at all, for a damaged one',
    async () => {
      const { test, url } = await livedIn(database);
      await test.knex('mod_affiliates_migrations').where('name', 'like', '%proofs').delete();
      const older = affiliates(['prove', '--database', url]);
      expect(older).toMatchObject({ status: 2, stdout: '' });
      expect(older.stderr).toMatch(/^The tables are of another version: .*\n$/);
      const other = await given.program(database);
      await other.knex.schema.dropTable('mod_affiliates_migrations');
      const [{ file } = { file: '' }] = await other.knex.raw<{ file: string }[]>('pragma database_list');
      const none = affiliates(['prove', '--database', `sqlite:${file}`]);
      expect(none).toEqual({
        status: 2,
        stdout: '',
        stderr: 'There is no affiliate program in this database.\n',
      });
    },
    COMMAND_LIMIT_MS,
  );

  it.each([
    ['without a database', ['prove'], /^Give the program: --config/],
    [
      'with an option that there is not',
      ['prove', '--database', 'sqlite::memory:', '--fast'],
      /unknown option '--fast'/,
    ],
    ['with a command that there is not', ['improve'], /unknown command 'improve'/],
  ])(
    'ends with 2 when it is called %s',
    (_how, words, sentence) => {
      const { status, stderr } = affiliates(words);
      expect(status).toBe(2);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    COMMAND_LIMIT_MS,
  );
});
