/** Where the environment alone says what a service runs with, as under systemd, every command knows it. */
import { openWireStore } from '../../module/wire';
import { source } from '../imports/given';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnSqlite } from '../support/databases';
import { given } from '../support/given';
import { aFolder, newSecret } from './given';

const folder = aFolder();

const environmentOf = (database: string) => ({
  AFFILIATES_DATABASE: database,
  AFFILIATES_SECRETS: newSecret(),
  AFFILIATES_HOST_SECRETS: newSecret(),
});

/** What WHMCS's addon sends, on a machine in Tokyo. */
async function send(database: string, settings: Record<string, string>): Promise<void> {
  const store = openWireStore(database);
  await store.keepSettings(settings, 0);
  await store.close();
}

describeOnSqlite('Commands without a file', (database) => {
  it(
    'replay the database of the service with the settings that the portal sent',
    async () => {
      const settings = { currency: 'EUR', timeZone: 'Europe/Berlin', clearingDays: 30 } as const;
      const url = await database.clean();
      const test = await given.program({ ...database, clean: () => Promise.resolve(url) }, { settings });
      const userid = await test.referral(await test.affiliate());
      await test.pays({ userid, currency: 'EUR', total: '100.00' });
      await send(url, { currency: 'EUR', timeZone: 'Europe/Berlin' });
      expect(affiliates(['rebuild', '--check'], environmentOf(url))).toMatchObject({ status: 0, stderr: '' });
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'prove the database of the service, and import into it with days as the portal has them',
    async () => {
      const url = await database.clean();
      await (await given.programOn(url, {})).close();
      await send(url, { timeZone: 'Asia/Tokyo' });
      const words = ['import', '--file', folder.file('export.json', JSON.stringify(source())), '--apply'];
      const environment = environmentOf(url);
      expect(affiliates(['prove'], environment)).toMatchObject({ status: 0, stderr: '' });
      expect(affiliates(words, environment)).toMatchObject({ status: 0, stderr: '' });
      const clearing = await database
        .connect(url)('mod_affiliates_import_lines')
        .pluck<number[]>('clears_at');
      expect(clearing.map((at) => new Date(at).toISOString())).toEqual(
        expect.arrayContaining(['2026-03-04T15:00:00.000Z']),
      );
    },
    2 * COMMAND_LIMIT_MS,
  );

  it(
    'say what they need where nothing tells it',
    () => {
      for (const words of [['prove'], ['rebuild', '--check'], ['import', '--file', 'x.json']])
        expect(affiliates(words)).toMatchObject({
          status: 2,
          stdout: '',
          stderr: expect.stringMatching(/^Give the program: --config/) as string,
        });
    },
    3 * COMMAND_LIMIT_MS,
  );
});
