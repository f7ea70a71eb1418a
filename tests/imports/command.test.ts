/** `affiliates import`, as an operator runs it, from WHMCS's own database and from an export. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { ImportReport } from '../../module/importing';
import { affiliates, COMMAND_LIMIT_MS, digestOfFile } from '../support/command';
import { describeOnMariaDb, describeOnSqlite } from '../support/databases';
import { given, PORTAL } from '../support/given';
import { expectSound } from '../support/invariants';
import { affiliate, broughtOver, client, source } from './given';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'affiliates-import-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(content: unknown): string {
  const file = join(folder, `${randomBytes(6).toString('hex')}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const settings = () => write({ portalUrl: PORTAL, approvalAbove: '' });

/** As public documents describe WHMCS's tables; columns that nobody asks for stand for all the others. */
const TABLES: Readonly<Record<string, readonly [list: string, columns: string]>> = {
  tblaffiliates: [
    'affiliates',
    'id int auto_increment primary key, date date, clientid int, visitors int, paytype text, payamount decimal(16,2), onetime int(1), balance decimal(16,2), withdrawn decimal(16,2)',
  ],
  tblaffiliatesaccounts: ['accounts', 'id int primary key, affiliateid int, relid int, lastpaid date'],
  tblaffiliateshistory: [
    'history',
    'id int primary key, affiliateid int, date date, affaccid int, invoice_id int, description text, amount decimal(16,2)',
  ],
  tblaffiliatespending: [
    'pending',
    'id int primary key, affaccid int, invoice_id int, amount decimal(16,2), clearingdate date',
  ],
  tblaffiliateswithdrawals: [
    'withdrawals',
    'id int primary key, affiliateid int, date date, amount decimal(16,2)',
  ],
  tblhosting: ['services', 'id int primary key, userid int, packageid int, regdate date, password text'],
  tblclients: [
    'clients',
    'id int primary key, status varchar(20), currency int, datecreated date, firstname text, lastname text, email text, language text, password text',
  ],
  tblcurrencies: ['currencies', 'id int primary key, code text, rate decimal(10,5)'],
  tblconfiguration: ['', 'setting varchar(60) primary key, value text'],
};

async function fill(knex: Knex, from: Readonly<Record<string, unknown>>): Promise<void> {
  await knex.raw("SET SESSION sql_mode = ''");
  for (const [table, [list, columns]] of Object.entries(TABLES)) {
    await knex.raw(`CREATE TABLE ${table} (${columns})`);
    const rows = (from[list] ?? []) as object[];
    if (rows.length > 0) await knex(table).insert(rows);
  }
  await knex('tblconfiguration').insert({ setting: 'AffiliateEnabled', value: String(from['enabled']) });
}

describeOnMariaDb('affiliates import', (database) => {
  it(
    "reads WHMCS's database, says what is wrong with it, brings over to the cent, and writes nothing there",
    async () => {
      const [there, here] = [await database.empty(), await database.empty()];
      const whmcs = database.connect(there);
      await whmcs.transaction(async (one) => {
        await fill(
          one,
          source({
            enabled: 'on',
            affiliates: [
              affiliate({ balance: '35.00' }),
              affiliate({
                id: 8,
                clientid: 32,
                balance: '-12.34',
                withdrawn: '100.00',
                paytype: 'percentage',
                payamount: '15.50',
              }),
              affiliate({ id: 9, clientid: 33, balance: '15000', withdrawn: '3' }),
              affiliate({ id: 11, clientid: 99, balance: '4.20', withdrawn: '0' }),
            ],
            clients: [...source().clients, client(32, { currency: 2 }), client(33, { currency: 3 })],
          }),
        );
      });
      const before = await Promise.all(Object.keys(TABLES).map((table) => whmcs<object>(table)));
      const test = await given.programOn(here, {});
      const words = ['import', '--from', there, '--database', here, '--settings', settings()];

      const dry = affiliates(words);
      expect(dry).toMatchObject({ status: 1, stderr: '' });
      expect(dry.stdout).toContain('! The built-in program is on: both would pay');
      expect(dry.stdout).toContain(
        '+ Affiliate 7 (client 31) comes over: $12.50 pending, $35.00 balance, $20.00 withdrawn, 2 new referrals, 3 rows of history.',
      );
      expect(dry.stdout).toContain(
        'Its balance is 35.00 USD, and its history less its withdrawals 30.00 USD: the balance counts, a difference of 5.00 USD',
      );
      expect(dry.stdout).toContain(
        'Client 99 is deleted, so there is nobody to owe to: a balance of 4.20 and 0.00 withdrawn stay there.',
      );
      expect(dry.stdout).toContain(
        '3 new, 0 changed, 0 the same, 1 that cannot come over. Nothing was written',
      );
      expect(await test.knex('mod_affiliates_affiliates')).toEqual([]);

      const applied = affiliates([...words, '--apply', '--json']);
      expect(applied).toMatchObject({ status: 1, stderr: '' });
      const report = JSON.parse(applied.stdout) as ImportReport;
      expect(report.affiliates.map(({ legacyId, ledger, agrees }) => [legacyId, agrees, ledger])).toEqual([
        ['7', true, { pending: 1250, balance: 3500, withdrawn: 2000 }],
        ['8', true, { pending: 0, balance: -1234, withdrawn: 10_000 }],
        ['9', true, { pending: 0, balance: 15_000, withdrawn: 3 }],
        ['11', null, null],
      ]);
      expect(await Promise.all(Object.keys(TABLES).map((table) => whmcs<object>(table)))).toEqual(before);

      await whmcs('tblaffiliates').where({ id: 11 }).delete();
      await whmcs('tblconfiguration').update({ value: '' });
      const again = affiliates([...words, '--apply']);
      expect(again).toMatchObject({ status: 0, stderr: '' });
      expect(again.stdout).toContain('= Affiliate 8 (client 32) is here as it is there.');
      expect(again.stdout).toContain(
        '0 new, 0 changed, 3 the same, 0 that cannot come over. Both sides agree to the cent.',
      );
      // Rows were dated by the present, which is not the test's.
      const now = new Date();
      await expectSound(test.knex, () => now);
      expect(await test.accounts(await broughtOver(test, '9'), 'JPY')).toMatchObject({ cleared: 15_000 });
    },
    3 * COMMAND_LIMIT_MS,
  );
});

describeOnSqlite('affiliates import', (database) => {
  it(
    'brings over an export, and leaves the file of the database as it is without --apply',
    async () => {
      const url = await database.clean();
      const test = await given.programOn(url, {});
      await test.close();
      const before = digestOfFile(url);
      const words = ['import', '--file', write(source()), '--settings', settings()];
      expect(affiliates(words, { DATABASE_URL: url })).toMatchObject({ status: 0, stderr: '' });
      expect(digestOfFile(url)).toBe(before);
      const applied = affiliates([...words, '--apply'], { DATABASE_URL: url });
      expect(applied).toMatchObject({ status: 0, stderr: '' });
      expect(applied.stdout).toContain('Whether the built-in program is on was not told');
      expect(applied.stdout).toMatch(/7 here +│ +\$12\.50 +│ +\$30\.00 +│ +\$20\.00 +│ ✓/);
    },
    2 * COMMAND_LIMIT_MS,
  );

  it(
    'takes database and settings from what the service runs with',
    async () => {
      const url = await database.clean();
      await (await given.programOn(url, {})).close();
      const secret = (name: string) => `${name} that is long enough to sign with`;
      const config = write({
        database: url,
        secrets: [secret('a secret')],
        hostSecrets: [secret('another secret')],
        settings: { timeZone: 'Europe/Berlin' },
      });
      const words = ['import', '--file', write(source()), '--json'];
      const nowhere = affiliates(words, { DATABASE_URL: url });
      expect(nowhere).toMatchObject({ status: 2, stdout: '' });
      expect(nowhere.stderr).toMatch(/^Give the program: --config/);
      const run = affiliates(words, { AFFILIATES_CONFIG: config });
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect((JSON.parse(run.stdout) as ImportReport).affiliates).toMatchObject([{ status: 'new' }]);
    },
    2 * COMMAND_LIMIT_MS,
  );

  it.each([
    [
      'neither a database nor a file',
      [],
      'Give the source: either --from with its database, or --file with an export.\n',
    ],
    ['a file that is not there', ['--file', 'nowhere.json'], 'nowhere.json cannot be read: ENOENT.\n'],
    ['a database of another kind', ['--from', 'postgres://x'], /^The address is of no kind that is known/],
  ])(
    'ends with 2 for %s',
    async (_what, words, sentence) => {
      const url = await database.clean();
      const run = affiliates(['import', ...words, '--settings', settings(), '--database', url]);
      expect(run.status).toBe(2);
      expect(run.stderr).toMatch(sentence);
    },
    COMMAND_LIMIT_MS,
  );
});
