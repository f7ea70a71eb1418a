/** Runs tests on real databases: SQLite in a file, and MariaDB where the machine has it. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { connect } from '../../module/database/connection';
import { migrate } from '../../module/database/migrate';
import { MARIADB, describeWith } from './programs';
import { scratchFolder } from './scratch';

export interface TestDatabase {
  readonly name: 'SQLite' | 'MariaDB';
  /** A new database without tables. @returns its address, for `affiliates({ database })` */
  empty(): Promise<string>;
  /**
   * A database as `migrate` leaves it, without rows. On MariaDB it is the same one each time, emptied, so close
   * what uses it before asking again.
   * @returns its address
   */
  clean(): Promise<string>;
  /** Opens a connection of the test's own; it is closed at the next `clean()` and after the last test. */
  connect(url: string): Knex;
}

/** A `describe` that runs once per database, named 'name on SQLite' and 'name on MariaDB'. */
export function describeOnEachDatabase(name: string, tests: (database: TestDatabase) => void): void {
  describeOnSqlite(name, tests);
  describeOnMariaDb(name, tests);
}

/** For what no database could change: real rows, without the wait for a server. */
export function describeOnSqlite(name: string, tests: (database: TestDatabase) => void): void {
  describe(`${name} on SQLite`, () => {
    tests(sqlite());
  });
}

/** For what only a database with several writers can show. */
export function describeOnMariaDb(name: string, tests: (database: TestDatabase) => void): void {
  describeWith(MARIADB, name, () => {
    tests(mariaDb());
  });
}

function sqlite(): TestDatabase {
  const connections = openConnections();
  let folder = '';
  let template: Promise<string> | undefined;
  beforeAll(() => {
    folder = scratchFolder('affiliates-sqlite');
  });
  afterAll(async () => {
    await connections.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const newFile = () => join(folder, `${randomBytes(6).toString('hex')}.sqlite`);
  const makeTemplate = async () => {
    const file = newFile();
    await withConnection(`sqlite:${file}`, migrate);
    return file;
  };
  return {
    name: 'SQLite',
    connect: connections.open,
    empty: () => Promise.resolve(`sqlite:${newFile()}`),
    async clean() {
      await connections.close();
      template ??= makeTemplate();
      const file = newFile();
      copyFileSync(await template, file);
      return `sqlite:${file}`;
    },
  };
}

function mariaDb(): TestDatabase {
  const connections = openConnections();
  const created: string[] = [];
  let server = '';
  let reused: Promise<string> | undefined;
  beforeAll(async () => {
    server = await askForMariaDb();
  });
  afterAll(async () => {
    await connections.close();
    await withConnection(server, async (root) => {
      for (const name of created) await root.raw('DROP DATABASE IF EXISTS ??', [name]);
    });
  });
  const empty = async () => {
    const name = `affiliates_${randomBytes(6).toString('hex')}`;
    created.push(name);
    await withConnection(server, async (root) => {
      await root.raw('CREATE DATABASE ??', [name]);
    });
    return `${server}/${name}`;
  };
  const makeReused = async () => {
    const url = await empty();
    await withConnection(url, migrate);
    return url;
  };
  return {
    name: 'MariaDB',
    connect: connections.open,
    empty,
    async clean() {
      await connections.close();
      reused ??= makeReused();
      const url = await reused;
      await withConnection(url, emptyTables);
      return url;
    },
  };
}

/** Empties only tables that hold something: truncating is slow, and most tests write to a few tables. */
async function emptyTables(database: Knex): Promise<void> {
  const [tables = []] = await database.raw<[{ name: string }[]?]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() AND table_name NOT LIKE '%migrations%'",
  );
  const looks = tables.map(() => 'SELECT ? AS name FROM DUAL WHERE EXISTS (SELECT 1 FROM ??)');
  const [filled = []] = await database.raw<[{ name: string }[]?]>(
    looks.join(' UNION ALL '),
    tables.flatMap(({ name }) => [name, name]),
  );
  for (const { name } of filled) await database(name).truncate();
}

async function withConnection(url: string, use: (database: Knex) => Promise<unknown>): Promise<void> {
  const { knex, close } = connect(url);
  try {
    await use(knex);
  } finally {
    await close();
  }
}

function openConnections() {
  const closers: (() => Promise<void>)[] = [];
  return {
    open: (url: string): Knex => {
      const { knex, close } = connect(url);
      closers.push(close);
      return knex;
    },
    async close() {
      await Promise.all(closers.splice(0).map((close) => close()));
    },
  };
}

/** @returns the address of the run's private MariaDB, which the first to ask waits for. */
async function askForMariaDb(): Promise<string> {
  const socketPath = process.env['AFFILIATES_TEST_DESK'];
  if (!socketPath) throw new Error('These tests run under jest, whose set-up starts MariaDB');
  const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    // On a connection of its own: one that was kept may have been closed while a command held this process up.
    request({ socketPath, path: '/', agent: false }, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode, body });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
  if (answer.status !== 200) throw new Error(answer.body);
  return answer.body;
}
