/** `affiliates install`: a fresh machine, an upgrade, and several at once. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { MIGRATIONS } from '../../module/database/migrations';
import { installDatabase } from '../../module/install';
import { writeNewFile } from '../../server/configFile';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { PORTAL } from '../support/given';
import { aFolder } from './given';

describeOnEachDatabase('Installing the tables', (database) => {
  it('makes all of them once, also from several processes at once', async () => {
    const url = await database.empty();
    const reports = await Promise.all([1, 2, 3].map(() => installDatabase(url)));
    expect(reports.flatMap(({ migrations }) => migrations).sort()).toEqual(
      MIGRATIONS.map(({ name }) => name).sort(),
    );
    expect(await database.connect(url)('mod_affiliates_keys')).toHaveLength(1);
    expect(await installDatabase(url)).toEqual({ found: 'same', migrations: [] });
  });

  it('says of a database that is not there that it is not', async () => {
    const nowhere = database.name === 'SQLite' ? 'sqlite:/not/a/folder' : `${await database.empty()}_not`;
    const reason = database.name === 'SQLite' ? 'SQLITE_CANTOPEN' : 'ER_BAD_DB_ERROR';
    await expect(installDatabase(nowhere)).rejects.toMatchObject({ parameters: { reason } });
  });

  it('leaves tables of a newer version alone', async () => {
    const url = await database.clean();
    await database.connect(url)('mod_affiliates_migrations').insert({ name: '9999_of_the_future', batch: 9 });
    await expect(installDatabase(url)).rejects.toMatchObject({
      code: 'database_unusable',
      parameters: { reason: 'newer_version' },
    });
  });
});

describeOnSqlite('affiliates install', (database) => {
  const folder = aFolder();

  it(
    'writes a first configuration with secrets for its owner alone, makes the tables, and the second time neither',
    () => {
      const home = join(folder.path, 'first');
      mkdirSync(home);
      const config = join(home, 'affiliates.yaml');
      const first = affiliates(['install', '--secrets', '--portal', PORTAL, '--config', config]);
      expect(first).toMatchObject({ status: 0, stderr: '' });
      expect(first.stdout.split('\n')).toEqual([
        `Wrote ${config} with fresh secrets; only you can read it.`,
        `Made the tables, in ${MIGRATIONS.length} steps.`,
        `Next: affiliates serve --config ${config}`,
        '',
      ]);
      expect(readdirSync(home).sort()).toEqual(['affiliates.sqlite', 'affiliates.yaml']);
      expect(readdirSync(home).map((name) => statSync(join(home, name)).mode & 0o077)).toEqual([0, 0]);
      const written = readFileSync(config, 'utf8');
      const { secrets, hostSecrets, ...rest } = parse(written) as Record<string, string[]>;
      expect(rest).toEqual({
        database: `sqlite:${join(home, 'affiliates.sqlite')}`,
        listen: '127.0.0.1:8700',
        settings: { portalUrl: PORTAL },
      });
      expect([...secrets!, ...hostSecrets!].map((secret) => secret.length)).toEqual([43, 43]);
      expect(secrets).not.toEqual(hostSecrets);
      expect(first.stdout).not.toContain(secrets![0]);

      const again = affiliates(['install', '--secrets', '--json'], { AFFILIATES_CONFIG: config });
      expect(JSON.parse(again.stdout)).toEqual({
        config: { file: config, written: false },
        found: 'same',
        migrations: [],
      });
      expect(readFileSync(config, 'utf8')).toBe(written);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'upgrades the tables of the database that it is told, and says in which steps',
    async () => {
      const url = await database.clean();
      const knex = database.connect(url);
      await knex.schema.dropTable('mod_affiliates_coupons');
      const steps = MIGRATIONS.filter(({ name }) => name.endsWith('_coupons')).map(({ name }) => name);
      await knex('mod_affiliates_migrations').whereIn('name', steps).delete();
      const { status, stdout } = affiliates(['install', '--database', url]);
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: `Upgraded the tables: ${steps.join(', ')}.\nNext: affiliates serve\n`,
      });
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says what keeps it from its work, and ends with 2',
    () => {
      const refused: [string[], RegExp][] = [
        [[], /^Which database\? Give --database or --config; /],
        [['--database', 'mysql://u:a-password@127.0.0.1:1/x'], /^Nothing answers at the database’s address /],
        [
          ['--secrets', '--config', '/not/a/folder/a.yaml'],
          /^\/not\/a\/folder\/a\.yaml cannot be written: ENOENT\./,
        ],
      ];
      for (const [words, sentence] of refused) {
        const { status, stdout, stderr } = affiliates(['install', ...words]);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
    },
    COMMAND_LIMIT_MS,
  );
});

describe('A new file', () => {
  const folder = aFolder();

  it('is written whole by the first of several, and never over another', () => {
    const file = join(folder.path, 'new.yaml');
    expect([writeNewFile(file, 'one'), writeNewFile(file, 'other')]).toEqual([true, false]);
    expect(readFileSync(file, 'utf8')).toBe('one');
    expect(readdirSync(folder.path)).toEqual(['new.yaml']);
  });
});
