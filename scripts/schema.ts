/**
 * Writes what the migrations make of an empty database to docs/schema/, one file per kind of database, so that a
 * change of the schema is seen in its review. With --check it writes nothing and fails where the files differ.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { connect } from '../module/database/connection';
import { migrate } from '../module/database/migrate';
import { startMariaDb } from '../tests/support/mariadb';
import { MARIADB, findBinary } from '../tests/support/programs';

const FOLDER = join(__dirname, '../docs/schema');

async function main(): Promise<void> {
  const check = process.argv.includes('--check');
  const dumps = new Map([['sqlite.sql', await dumpOfSqlite()]]);
  if (findBinary(MARIADB.binaries)) dumps.set('mariadb.sql', await dumpOfMariaDb());
  else if (check && process.env['CI'] !== 'true')
    report(`Skipped mariadb.sql: no mariadbd on this machine; ${MARIADB.install}`);
  else throw new Error(`MariaDB is needed: ${MARIADB.install}`);
  if (check) compare(dumps);
  else write(FOLDER, dumps);
}

async function dumpOfSqlite(): Promise<string> {
  return migrated('sqlite::memory:', async (knex) => {
    const made = await knex('sqlite_master')
      .select<{ sql: string }[]>('sql')
      .whereNotNull('sql')
      .whereNot('name', 'like', 'sqlite%')
      .orderBy(['tbl_name', { column: 'type', order: 'desc' }, 'name']);
    return made.map(({ sql }) => `${sql.startsWith('CREATE TABLE') ? onePerLine(sql) : sql};\n`).join('\n');
  });
}

/** Breaks a table's statement as MariaDB does, so that a change shows as the line it is. */
function onePerLine(sql: string): string {
  return sql
    .replace('(', '(\n  ')
    .replace(/, (?=`|primary key|foreign key|unique|check|constraint)/g, (comma, at: number) =>
      // Not within the parentheses of a key over several columns.
      /\([^()]*$/.test(sql.slice(sql.indexOf('(') + 1, at)) ? comma : ',\n  ',
    )
    .replace(/\)$/, '\n)');
}

async function dumpOfMariaDb(): Promise<string> {
  const server = await startMariaDb();
  try {
    await using(`${server.url}/mysql`, (knex) => knex.raw('CREATE DATABASE affiliates'));
    return await migrated(`${server.url}/affiliates`, async (knex) => {
      const [tables = []] = await knex.raw<[{ name: string }[]?]>(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() ORDER BY BINARY table_name',
      );
      const made: string[] = [];
      for (const { name } of tables) {
        const [[row] = []] = await knex.raw<[{ 'Create Table': string }[]?]>('SHOW CREATE TABLE ??', [name]);
        if (row) made.push(`${row['Create Table'].replace(/ AUTO_INCREMENT=\d+/, '')};\n`);
      }
      return made.join('\n');
    });
  } finally {
    await server.stop();
  }
}

function migrated(url: string, dump: (knex: Knex) => Promise<string>): Promise<string> {
  return using(url, async (knex) => {
    await migrate(knex);
    const names = await knex('mod_affiliates_migrations').orderBy('id').pluck<string[]>('name');
    const done = names.map(
      (name) => `INSERT INTO \`mod_affiliates_migrations\` (\`name\`) VALUES ('${name}');\n`,
    );
    return `${await dump(knex)}\n${done.join('')}`;
  });
}

async function using<T>(url: string, use: (knex: Knex) => PromiseLike<T>): Promise<T> {
  const { knex, close } = connect(url);
  try {
    return await use(knex);
  } finally {
    await close();
  }
}

function write(folder: string, dumps: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, dump] of dumps) writeFileSync(join(folder, file), dump);
}

function compare(dumps: ReadonlyMap<string, string>): void {
  const fresh = mkdtempSync(join(tmpdir(), 'affiliates-schema-'));
  try {
    write(fresh, dumps);
    const different = [...dumps.keys()].filter((file) => !same(join(FOLDER, file), join(fresh, file)));
    if (different.length > 0) {
      throw new Error(
        `The migrations no longer make docs/schema/${different.join(', ')}: run npm run schema`,
      );
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Shows the difference, if there is one. */
function same(committed: string, made: string): boolean {
  if (!existsSync(committed)) return false;
  try {
    execFileSync(
      'diff',
      ['-u', '--label', 'committed', '--label', 'made by the migrations', committed, made],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return true;
  } catch {
    return false;
  }
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: unknown) => {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
