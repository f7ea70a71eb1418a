/** `affiliates doctor`: each broken set-up, and whether its cause is named. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { diagnoseDatabase } from '../../module/diagnosis';
import { installDatabase } from '../../module/install';
import { openWireStore } from '../../module/wire';
import { examine, type DoctorOptions } from '../../server/doctor/doctor';
import { examineNode, examineTimeZone } from '../../server/doctor/machine';
import { examinePortal, isPublic } from '../../server/doctor/network';
import { describeProblem } from '../../server/doctor/sentences';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import {
  describeOnEachDatabase,
  describeOnMariaDb,
  describeOnSqlite,
  type TestDatabase,
} from '../support/databases';
import { breakTable } from '../support/faults';
import { given } from '../support/given';
import { aFolder, newSecret } from './given';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const now = () => NOW;
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

/** Of a server of tests, whose clock is another than the test's and which may forget. */
const OF_SERVER = ['database_clock', 'durability_weak'];

async function aProgram(database: TestDatabase) {
  const url = await database.clean();
  const test = await given.program({ ...database, clean: () => Promise.resolve(url) });
  const diagnosed = async () => {
    const problems = await diagnoseDatabase(url, () => test.clock.now().getTime());
    return problems.filter(({ code }) => !OF_SERVER.includes(code));
  };
  return { url, test, diagnosed };
}

/** Its host has spoken, and its night has passed. */
async function aHealthyProgram(database: TestDatabase) {
  const program = await aProgram(database);
  await program.test.pays();
  await program.test.program.daily();
  return program;
}

describeOnEachDatabase('The doctor', (database) => {
  it('finds nothing where nothing is wrong, and changes nothing', async () => {
    const { test, diagnosed } = await aHealthyProgram(database);
    const keys = await test.knex('mod_affiliates_keys');
    expect(await diagnosed()).toEqual([]);
    expect(await test.knex('mod_affiliates_keys')).toEqual(keys);
  });

  it('tells a database without tables, with older and with newer ones, and an installation that broke off', async () => {
    const url = await database.empty();
    const found = async () => codes(await diagnoseDatabase(url, now));
    // A server has the database before its tables; a file is made with them.
    expect(await found()).toContain(database.name === 'SQLite' ? 'database_missing' : 'tables_missing');
    await installDatabase(url);
    const knex = database.connect(url);
    const migrations = () => knex('mod_affiliates_migrations');
    const [{ last }] = (await migrations().max({ last: 'name' })) as [{ last: string }];
    await migrations().where({ name: last }).update({ name: '9999_of_the_future' });
    expect(await found()).toContain('tables_newer');
    await migrations().where({ name: '9999_of_the_future' }).delete();
    expect(await found()).toContain('tables_older');
    await migrations().insert({ name: last, batch: 1, migration_time: new Date(NOW) });
    await knex('mod_affiliates_keys').delete();
    expect(await found()).toContain('install_unfinished');
  });

  it('tells nights that did not pass, a proof that failed, and what waits inside and for the host', async () => {
    const { test, diagnosed } = await aHealthyProgram(database);
    const affiliate = await test.affiliate();
    test.host.fails('sendMail');
    await test.program.deliver();
    const mend = await breakTable(test.knex, 'mod_affiliates_invoice_lines');
    await test.pays({ userid: await test.referral(affiliate) });
    expect(await diagnosed()).toEqual([]);
    test.clock.advance({ hours: 27 });
    expect(await diagnosed()).toMatchObject([
      { code: 'nightly_late', parameters: { hours: 27, ever: true } },
      { code: 'events_waiting', parameters: { count: 1, hours: 27, code: 'fault' } },
      { code: 'commands_waiting', parameters: { hours: 27, attempts: 1 } },
    ]);
    await mend();
    test.host.works('sendMail');
    await test.program.daily();
    await test.knex('mod_affiliates_balances').increment('expense', 5);
    await test.program.daily();
    expect(codes(await diagnosed())).toEqual(['proof_failed']);
  });

  it('tells a host that has never spoken, and a night that never came', async () => {
    const { test, diagnosed } = await aProgram(database);
    test.clock.advance({ hours: 30 });
    expect(await diagnosed()).toEqual([
      { code: 'host_silent', parameters: {} },
      { code: 'nightly_late', parameters: { hours: 30, ever: false } },
    ]);
  });

  it('takes settings that the host sent for its first word', async () => {
    const { url, diagnosed } = await aProgram(database);
    expect(codes(await diagnosed())).toEqual(['host_silent']);
    const store = openWireStore(url);
    await store.keepSettings({ timeZone: 'Asia/Tokyo' }, 0);
    await store.close();
    expect(await diagnosed()).toEqual([]);
  });
});

describeOnMariaDb('The doctor', (database) => {
  it('tells an address without a server, a wrong password, and a database that is not there', async () => {
    const url = await database.empty();
    const at = async (change: (address: URL) => unknown) => {
      const address = new URL(url);
      change(address);
      return codes(await diagnoseDatabase(address.href, now));
    };
    expect(await at((address) => (address.port = '1'))).toEqual(['database_unreachable']);
    expect(await at((address) => (address.password = 'wrong'))).toEqual(['database_password']);
    expect(await at((address) => (address.pathname = '/nowhere'))).toEqual(['database_missing']);
  });

  it('tells a user who may not use the database, or not write to it', async () => {
    const { url, test, diagnosed } = await aHealthyProgram(database);
    const name = new URL(url).pathname.slice(1);
    const as = async (user: string) => {
      const address = new URL(url);
      [address.username, address.password] = [user, 'a-password'];
      return diagnoseDatabase(address.href, () => test.clock.now().getTime());
    };
    const user = `reader_${name.slice(-12)}`;
    await test.knex.raw(`CREATE USER ??@'%' IDENTIFIED BY 'a-password'`, [user]);
    try {
      expect(codes(await as(user))).toEqual(['database_forbidden']);
      await test.knex.raw(`GRANT SELECT ON ??.* TO ??@'%'`, [name, user]);
      const [problem] = await as(user);
      expect(problem).toEqual({
        code: 'database_readonly',
        parameters: { code: 'ER_TABLEACCESS_DENIED_ERROR' },
      });
      expect(await diagnosed()).toEqual([]);
    } finally {
      await test.knex.raw(`DROP USER ??@'%'`, [user]);
    }
  });

  it('tells a server that may forget, whose clock is wrong, and tables of another kind', async () => {
    const url = await database.empty();
    await installDatabase(url);
    const knex = database.connect(url);
    const [[{ before }]] = (await knex.raw('SELECT @@innodb_flush_log_at_trx_commit AS `before`')) as [
      [{ before: number }],
    ];
    await knex.raw('SET GLOBAL innodb_flush_log_at_trx_commit = 2');
    await knex.raw('ALTER TABLE mod_affiliates_coupons CONVERT TO CHARACTER SET latin1');
    await knex.raw('ALTER TABLE mod_affiliates_groups ENGINE = MyISAM');
    try {
      const problems = await diagnoseDatabase(url, () => Date.now() + 90_000);
      expect(problems).toEqual(
        expect.arrayContaining([
          { code: 'durability_weak', parameters: { setting: 'innodb_flush_log_at_trx_commit=2' } },
          {
            code: 'table_characters',
            parameters: {
              table: 'mod_affiliates_coupons',
              collation: expect.stringMatching(/^latin1/) as string,
            },
          },
          { code: 'table_engine', parameters: { table: 'mod_affiliates_groups', engine: 'MyISAM' } },
        ]),
      );
      const clock = problems.find(({ code }) => code === 'database_clock');
      expect(clock).toMatchObject({ parameters: { seconds: expect.any(Number) as number } });
      expect(clock && describeProblem(clock).wrong).toMatch(/^The database’s clock is \d+ s behind/);
      const inTime = await diagnoseDatabase(url, Date.now);
      expect(codes(inTime)).not.toContain('database_clock');
    } finally {
      await knex.raw('SET GLOBAL innodb_flush_log_at_trx_commit = ?', [before]);
    }
  });
});

describeOnSqlite('The doctor', (database) => {
  const folder = aFolder();
  const examined = async (told: Record<string, unknown>, options: DoctorOptions = {}, mode?: number) => {
    const config = folder.configuration({ database: await database.empty(), ...told }, mode);
    const problems = await examine({ offline: true, config, ...options }, () => undefined, now);
    return problems.filter(({ code }) => code !== 'database_missing');
  };

  it('tells a file that is not there, or is no database', async () => {
    expect(await diagnoseDatabase(`sqlite:${join(folder.path, 'none')}`, now)).toEqual([
      { code: 'database_missing', parameters: {} },
    ]);
    expect(await diagnoseDatabase('sqlite:/not/even/a/folder', now)).toMatchObject([
      { code: 'database_missing' },
    ]);
    const text = folder.file('text', 'This is no database, however long it is. '.repeat(50));
    expect(await diagnoseDatabase(`sqlite:${text}`, now)).toEqual([
      { code: 'database_unreadable', parameters: { code: 'SQLITE_NOTADB' } },
    ]);
    expect(await diagnoseDatabase('postgres://user:a-password@localhost/x', now)).toEqual([
      { code: 'database_address', parameters: {} },
    ]);
  });

  it('finds nothing wrong with a good configuration', async () => {
    expect(await examined({ settings: { timeZone: 'Europe/Berlin' } })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a key that there is not', { tablespace: 'x' }, /^tablespace is no key; the keys are: database,/],
    ['a bad value', { listen: 'everywhere' }, /^listen \(AFFILIATES_LISTEN\) must be an address and a port/],
    ['a setting that there is not', { settings: { colour: 'red' } }, /^settings\.colour is not a setting/],
    ['a bad setting', { settings: { defaultRate: 'lots' } }, /^settings\.defaultRate must be/],
    ['no secrets', { secrets: [] }, /^secrets \(AFFILIATES_SECRETS\) must hold at least one secret/],
    ['a short secret', { hostSecrets: ['short'] }, /^hostSecrets .* each of 32 characters or more/],
  ])('says what is wrong with a configuration that has %s', async (_what, told, sentence) => {
    const [problem, ...others] = await examined(told);
    expect(problem).toMatchObject({
      code: 'configuration',
      parameters: { sentence: expect.stringMatching(sentence) as string },
    });
    expect(others).toEqual([]);
  });

  it('tells secrets that can be guessed, are there twice, or serve two purposes', async () => {
    const [one, other] = [newSecret(), newSecret()];
    const weak = ['a'.repeat(40), 'change-me-change-me-change-me-change-me'];
    expect(await examined({ secrets: [one, ...weak, one], hostSecrets: [other, one] })).toEqual([
      { code: 'secret_weak', parameters: { list: 'secrets', place: 2 } },
      { code: 'secret_weak', parameters: { list: 'secrets', place: 3 } },
      { code: 'secret_twice', parameters: { list: 'secrets', place: 4 } },
      { code: 'secret_shared', parameters: {} },
    ]);
  });

  it.each([
    [0o644, ['configuration_readable']],
    [0o602, ['configuration_readable']],
    [0o640, []],
    [0o400, []],
  ])('looks at who may read the configuration: mode %o', async (mode, found) => {
    expect(codes(await examined({}, {}, mode))).toEqual(found);
  });

  it('tells a built-in program of WHMCS that is on as well, where it is told to look', async () => {
    const whmcs = await database.empty();
    const table = database.connect(whmcs);
    await table.schema.createTable('tblconfiguration', (columns) => {
      columns.string('setting');
      columns.string('value');
    });
    expect(codes(await examined({}, { whmcs }))).toEqual([]);
    await table('tblconfiguration').insert({ setting: 'AffiliateEnabled', value: 'on' });
    expect(codes(await examined({}, { whmcs }))).toEqual(['builtin_program_on']);
  });

  it('tells a Node that is too old, and one without time zones', () => {
    expect(['18.20.0', '20.11.1'].map((version) => codes(examineNode(version)))).toEqual([
      ['node_old'],
      ['node_old'],
    ]);
    expect(['20.12.0', '22.1.0', '100.0.0'].flatMap(examineNode)).toEqual([]);
    expect(examineTimeZone('Asia/Tokyo')).toEqual([]);
    expect(codes(examineTimeZone('Asia/Tokyo', () => 0))).toEqual(['time_zone_missing']);
    expect(codes(examineTimeZone('Asia/Nowhere'))).toEqual(['time_zone_missing']);
  });
});

describe('The doctor, on the network,', () => {
  const folder = aFolder();
  const servers: Server[] = [];
  /** @returns the address of a server that answers so */
  const answering = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterAll(() => {
    for (const server of servers) server.close();
  });
  const around = async (listen: string, options: DoctorOptions = {}) => {
    const problems = await examine(
      { config: folder.configuration({ listen }), ...options },
      () => undefined,
      now,
    );
    return codes(problems.filter(({ code }) => code !== 'database_missing'));
  };

  it('tells a service that does not run, is not ready, or is something else', async () => {
    expect(await around('127.0.0.1:1')).toEqual(['service_down']);
    const unready = await answering((_request, response) => response.writeHead(503).end());
    expect(await around(unready)).toEqual(['service_unready']);
    const other = await answering((_request, response) => response.writeHead(404).end());
    expect(await around(other)).toEqual(['port_taken']);
    const ready = await answering((_request, response) => response.end('{}'));
    expect(await around(ready)).toEqual([]);
    expect(await around(ready, { beforeServing: true })).toEqual(['port_taken']);
    expect(await around('127.0.0.1:0', { beforeServing: true })).toEqual([]);
  });

  it.each<[string, RequestListener, string[]]>([
    ['is there', (_request, response) => response.end('Welcome'), []],
    [
      'asks visitors to sign in',
      (_request, response) => response.writeHead(302, { location: '/login' }).end(),
      [],
    ],
    ['is not at that address', (_request, response) => response.writeHead(404).end(), ['portal_answers']],
    ['is broken', (_request, response) => response.writeHead(502).end(), ['portal_answers']],
    [
      'lives elsewhere',
      (_request, response) => response.writeHead(301, { location: 'https://www.example.com/' }).end(),
      ['portal_elsewhere'],
    ],
    [
      'has another time',
      (_request, response) => response.writeHead(200, { date: new Date(NOW - 60_000).toUTCString() }).end(),
      ['portal_clock'],
    ],
  ])('looks at a portal that %s', async (_how, answer, found) => {
    const address = await answering((request, response) => {
      response.setHeader('date', new Date(NOW).toUTCString());
      answer(request, response);
    });
    expect(codes(await examinePortal(`http://${address}`, now))).toEqual(found);
  });

  it('tells a portal that does not answer, and never the password in its address', async () => {
    const problems = await examinePortal('http://user:a-password@127.0.0.1:1/portal', now);
    expect(codes(problems)).toEqual(['portal_unreachable']);
    expect(JSON.stringify(problems.map(describeProblem))).not.toContain('a-password');
  });

  it('takes an address for public unless only people nearby can be on the way', () => {
    const near = [
      'localhost',
      'shop.localhost',
      '127.0.0.1',
      '10.1.2.3',
      '[::1]',
      '[fd00::1]',
      'portal.internal',
    ];
    expect(near.filter(isPublic)).toEqual([]);
    const far = ['my.example.com', '203.0.113.7', '[2001:db8::1]', 'localhost.example.com'];
    expect(far.filter(isPublic)).toEqual(far);
  });
});

describe('What the doctor says', () => {
  const folder = aFolder();
  it(
    'stands on the terminal and in JSON, without a secret, and ends with 1',
    () => {
      const secret = 'change-me-change-me-change-me-change-me';
      const config = folder.configuration({
        secrets: [secret],
        database: 'mysql://u:a-password@127.0.0.1:1/x',
      });
      const { status, stdout, stderr } = affiliates(['doctor', '--offline', '--config', config]);
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
      expect(stdout).toMatch(
        /^✗ Number 1 of secrets can be guessed\.\n {2}Run affiliates keys rotate secrets, /,
      );
      expect(stdout).toMatch(/\n✗ Nothing answers at the database’s address \(ECONNREFUSED\)\.\n {2}Start /);
      expect(stdout).toMatch(/\n2 things are wrong\.\n$/);
      const json = affiliates(['doctor', '--offline', '--json'], { AFFILIATES_CONFIG: config });
      expect(JSON.parse(json.stdout)).toMatchObject({
        well: false,
        problems: [{ code: 'secret_weak' }, { code: 'database_unreachable' }],
      });
      for (const told of [stdout, json.stdout])
        expect([secret, 'a-password'].filter((hidden) => told.includes(hidden))).toEqual([]);
    },
    COMMAND_LIMIT_MS,
  );
});
