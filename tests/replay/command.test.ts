/** `affiliates rebuild --check`, as an operator runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RebuildReport } from '../../module/replay';
import { COMPARISONS } from '../../module/replay/comparisons';
import { livedIn } from '../proof/given';
import { affiliates, COMMAND_LIMIT_MS, digestOfFile } from '../support/command';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given } from '../support/given';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'affiliates-settings-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describeOnEachDatabase('affiliates rebuild --check', (database) => {
  it(
    'says a line for each comparison and ends with 0, and with 1 once something is not what the history makes',
    async () => {
      const { url } = await livedIn(database);
      const good = affiliates(['rebuild', '--check', '--database', url]);
      expect(good).toMatchObject({ status: 0, stderr: '' });
      const lines = good.stdout.trim().split('\n');
      expect(lines[0]).toMatch(/^Events: \d\d replayed; 0 set aside and 0 waiting, which have no effect\.$/);
      expect(lines.filter((line) => line.startsWith('✓ '))).toHaveLength(COMPARISONS.length + 1);
      expect(lines).toContain('✓ balances: 1, all the same');
      expect(lines.at(-1)).toBe('The history makes everything again as it is kept.');

      await database
        .connect(url)('mod_affiliates_commissions')
        .where({ line_key: 'A/1' })
        .increment('earned', 5);
      const bad = affiliates(['rebuild', '--check'], { DATABASE_URL: url });
      expect(bad.status).toBe(1);
      expect(bad.stdout).toContain(
        '✗ commissions: 2, and 1 differ; first mod_affiliates_commissions, line_key A/1, affiliate_id 1, tier 1: ' +
          'earned is 7005, and 7000 when replayed\n',
      );
      expect(bad.stdout).toMatch(/\n1 of \d+ differ\.\nThis was replayed with the default settings\./);
    },
    COMMAND_LIMIT_MS,
  );
});

describeOnSqlite('affiliates rebuild --check', (database) => {
  it(
    'prints its report as JSON, and leaves the file as it is',
    async () => {
      const { test, url } = await livedIn(database);
      await test.close();
      const before = digestOfFile(url);
      const { status, stdout, stderr } = affiliates(['rebuild', '--check', '--json', '--database', url]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const report = JSON.parse(stdout) as RebuildReport;
      expect(report).toMatchObject({ same: true, events: { setAside: 0, waiting: 0 } });
      expect(digestOfFile(url)).toBe(before);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'replays with the settings of a file',
    async () => {
      const settings = { currency: 'EUR', timeZone: 'Europe/Berlin', clearingDays: 30 } as const;
      const url = await database.clean();
      const test = await given.program({ ...database, clean: () => Promise.resolve(url) }, { settings });
      const userid = await test.referral(await test.affiliate());
      // Its clearing days go over the change to summer time.
      await test.pays({ userid, currency: 'EUR', total: '100.00' });
      const rebuild = (...words: string[]) => affiliates(['rebuild', '--check', '--database', url, ...words]);
      const asked = rebuild('--settings', file('mine.yaml', 'currency: EUR\ntimeZone: Europe/Berlin\n'));
      expect(asked).toMatchObject({ status: 0, stderr: '' });
      expect(rebuild().stdout).toMatch(/clears_at is \d+, and \d+ when replayed/);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says in one sentence what is wrong with the settings that it is handed',
    async () => {
      const { url } = await livedIn(database);
      const refused: [string, RegExp][] = [
        [join(folder, 'none.yaml'), /none\.yaml cannot be read: ENOENT\.\n$/],
        [file('broken.yaml', 'currency: [EUR'), /broken\.yaml is no YAML: .+\n$/],
        [file('list.yaml', '- EUR'), /list\.yaml does not hold settings by their names\.\n$/],
        [file('wrong.json', '{"timeZone": "Mars"}'), /^The setting timeZone must be an IANA time zone .+\n$/],
      ];
      for (const [path, sentence] of refused) {
        const words = ['rebuild', '--check', '--database', url, '--settings', path];
        const { status, stdout, stderr } = affiliates(words);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'does nothing without being told to check, or on a database without a program',
    () => {
      const bare = affiliates(['rebuild', '--database', 'sqlite::memory:']);
      expect(bare.status).toBe(2);
      expect(bare.stderr).toMatch(/required option '--check'/);
      const none = affiliates(['rebuild', '--check', '--database', `sqlite:${file('empty', '')}`]);
      expect(none).toMatchObject({ status: 2, stderr: 'There is no affiliate program in this database.\n' });
    },
    COMMAND_LIMIT_MS,
  );
});
