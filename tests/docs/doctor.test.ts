/** Each broken set-up of docs/operate.md, broken here as it is there, and whether the doctor says what stands beside it. */
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { installDatabase } from '../../module/install';
import { examine } from '../../server/doctor/doctor';
import { describeProblem } from '../../server/doctor/sentences';
import { aFolder, asNobody } from '../operate/given';
import { startService, type Signing } from '../server/given';
import { describeOnSqlite, type TestDatabase } from '../support/databases';
import { given } from '../support/given';

const TEXT = readFileSync(join(__dirname, '../../docs/operate.md'), 'utf8');
const [, TABLE = ''] = /\| what is wrong \|.*\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(TEXT) ?? [];
const ROWS = [...TABLE.matchAll(/^\| (.+) \| (.+) \|$/gm)].map(
  ([, cause = '', says = '']) => [cause, says] as const,
);

const NOW = Date.parse('2026-03-01T12:00:00Z');

/** `…` stands for what is another each time. */
const asPattern = (says: string) =>
  new RegExp(
    `^${says
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  );

describeOnSqlite('The doctor', (database) => {
  const folder = aFolder();
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  const listening = async (status: number) => {
    const server = createServer((_request, response) => response.writeHead(status).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  /** @returns the address of a server that answers everything with this status */
  const answering = async (status: number) => {
    const { server, address } = await listening(status);
    servers.push(server);
    return address;
  };
  let nowhere = '';
  beforeAll(async () => {
    const { server, address } = await listening(200);
    server.close();
    await once(server, 'close');
    nowhere = address;
  });
  const causes = causesOn(database, folder, answering, () => nowhere);

  it('is said to name ten causes and more, each of which is broken here', () => {
    expect(ROWS.length).toBeGreaterThan(10);
    expect(ROWS.map(([cause]) => cause)).toEqual(Object.keys(causes));
  });

  it.each(ROWS)('says that %s', async (cause, says) => {
    const problems = await causes[cause]!();
    expect(problems.map((problem) => describeProblem(problem).wrong)).toContainEqual(
      expect.stringMatching(asPattern(says)),
    );
  });
});

type Found = ReturnType<typeof examine>;

/** What is wrong, in the document's words: each breaks it, and asks the doctor. */
function causesOn(
  database: TestDatabase,
  folder: ReturnType<typeof aFolder>,
  answering: (status: number) => Promise<string>,
  nowhere: () => string,
): Record<string, () => Found> {
  const look = (
    told: object,
    { mode, now = NOW, ...options }: { mode?: number; now?: number; whmcs?: string } = {},
  ) =>
    examine(
      { config: folder.configuration({ listen: nowhere(), ...told }, mode), ...options },
      () => undefined,
      () => now,
    );
  const refused = (signing: (at: number) => Signing) => async (): Found => {
    const url = await database.clean();
    const { ask, address, clock } = await startService(url);
    for (let count = 0; count < 3; count++)
      await ask('GET', '/commands', undefined, signing(clock.now().getTime() / 1000));
    return look({ database: url, listen: new URL(address).host }, { now: clock.now().getTime() });
  };
  const aProgram = async (options: Parameters<typeof given.program>[1] = {}) => {
    const url = await database.clean();
    return { url, test: await given.program({ ...database, clean: () => Promise.resolve(url) }, options) };
  };
  const silent = async (hours: number): Found => {
    const { url, test } = await aProgram();
    test.clock.advance({ hours });
    return look({ database: url }, { now: test.clock.now().getTime() });
  };
  return {
    'the portal signs with another secret': refused(() => ({ secret: 'a secret that the portal has alone' })),
    "the portal's clock is ahead": refused((at) => ({ claims: { iat: at + 90, exp: at + 150 } })),
    "the portal's clock is behind": refused((at) => ({ claims: { iat: at - 150, exp: at - 90 } })),
    'a proxy rewrites paths': refused(() => ({ claims: { req: 'GET /affiliates/commands' } })),
    'a proxy takes the signature away': refused(() => ({ authorization: null })),
    "the portal's module is off": () => silent(1),
    "the portal's cron does not run": () => silent(30),
    'the portal fetches no commands': async () => {
      const { url, test } = await aProgram({ remote: true });
      await test.affiliate();
      test.clock.advance({ hours: 2 });
      return look({ database: url }, { now: test.clock.now().getTime() });
    },
    '`portalUrl` is mistyped': async () =>
      look({ settings: { portalUrl: `http://${await answering(404)}/shop` } }),
    'the portal does not answer': () => look({ settings: { portalUrl: `http://${nowhere()}` } }),
    'the service is not started': () => look({}),
    'another program has its port': async () => look({ listen: await answering(404) }),
    '`install` was never run': () => look({}),
    'the package was upgraded, and `install` not run': async () => {
      const url = await database.clean();
      const knex = database.connect(url);
      const [{ last }] = (await knex('mod_affiliates_migrations').max({ last: 'name' })) as [
        { last: string },
      ];
      await knex('mod_affiliates_migrations').where({ name: last }).delete();
      return look({ database: url });
    },
    'the database server is down': () => look({ database: `mysql://user:password@${nowhere()}/affiliates` }),
    'the SQLite file cannot be written': async () => {
      chmodSync(folder.path, 0o755);
      const file = join(folder.path, 'read-only.sqlite');
      await installDatabase(`sqlite:${file}`);
      chmodSync(file, 0o444);
      return asNobody(() =>
        examine({ database: `sqlite:${file}`, offline: true }, () => undefined, Date.now),
      );
    },
    'a setting is mistyped': () => look({ settings: { defaultRate: 'lots' } }),
    'a secret was taken from an example': () =>
      look({ secrets: ['change-me-change-me-change-me-change-me'] }),
    'everybody can read the configuration': () => look({}, { mode: 0o644 }),
    "WHMCS's own program is still on": async () => {
      const whmcs = await database.empty();
      const table = database.connect(whmcs);
      await table.schema.createTable('tblconfiguration', (columns) => {
        columns.string('setting');
        columns.string('value');
      });
      await table('tblconfiguration').insert({ setting: 'AffiliateEnabled', value: 'on' });
      return look({}, { whmcs });
    },
  };
}
