/** The portal's connection and its tables. Modules share the connection and bring tables of their own. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { codeOf, Problem } from './problem';
import { parseUrl } from './url';

const URL_HELP =
  'DATABASE_URL must look like mysql://user:password@host:3306/name or sqlite:/path/to/file.sqlite.';

/**
 * @param url 'mysql://user:password@host:port/name', 'sqlite:/path/to/file' or 'sqlite::memory:'
 * @throws Problem when the address is not one of these, or nothing usable answers there
 */
export async function connect(url: string): Promise<Knex> {
  const db = url.startsWith('sqlite:') ? openFile(url.slice('sqlite:'.length)) : openServer(url);
  try {
    await db.raw('select 1');
  } catch (error) {
    await db.destroy();
    throw unreachable(url, error);
  }
  return db;
}

/** Knex writes what failed to the console and then throws it; the one who catches it says it once. */
const QUIET: Knex.Logger = { warn: () => undefined, error: () => undefined };

function openFile(filename: string): Knex {
  if (!filename) throw new Problem(URL_HELP);
  if (filename !== ':memory:') {
    try {
      mkdirSync(path.dirname(filename), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unreachable(`sqlite:${filename}`, error);
    }
  }
  return knex({
    client: 'better-sqlite3',
    log: QUIET,
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: { pragma(text: string): void }, done: (error: unknown) => void) {
        try {
          for (const pragma of [
            'journal_mode = WAL',
            'synchronous = FULL',
            'foreign_keys = ON',
            'busy_timeout = 5000',
          ])
            connection.pragma(pragma);
          done(null);
        } catch (error) {
          done(error);
        }
      },
    },
  });
}

/** @returns whether there is no client yet. @throws Problem as `connect` does */
export async function isNew(url: string): Promise<boolean> {
  const db = await connect(url);
  try {
    if (!(await db.schema.hasTable('portal_clients'))) return true;
    return (await db('portal_clients').first()) === undefined;
  } finally {
    await db.destroy();
  }
}

function openServer(url: string): Knex {
  const address = parseUrl(url);
  const name = address?.pathname.slice(1);
  if (!address || !name || !['mysql:', 'mariadb:'].includes(address.protocol)) throw new Problem(URL_HELP);
  return knex({
    client: 'mysql2',
    log: QUIET,
    connection: {
      host: address.hostname,
      port: Number(address.port || 3306),
      user: decodeURIComponent(address.username),
      password: decodeURIComponent(address.password),
      database: decodeURIComponent(name),
      charset: 'utf8mb4',
      timezone: 'Z',
    },
    pool: { min: 0, max: 10 },
  });
}

/** Says what is wrong without the password that stands in the address. */
function unreachable(url: string, error: unknown): Problem {
  const code = codeOf(error) || 'no answer';
  if (url.startsWith('sqlite:'))
    return new Problem(`The database file ${url.slice('sqlite:'.length)} cannot be opened (${code}).`);
  const { host, pathname } = new URL(url);
  return new Problem(`The database ${pathname.slice(1)} at ${host} cannot be used (${code}).`);
}

type Table = (table: Knex.CreateTableBuilder) => void;

const id = (table: Knex.CreateTableBuilder) => table.increments('id');
/** Times are ms since the epoch, which both databases keep exactly and without a time zone. */
const time = (table: Knex.CreateTableBuilder, name: string) => table.bigInteger(name);
const cents = (table: Knex.CreateTableBuilder, name: string) =>
  table.integer(name).notNullable().defaultTo(0);
const belongsTo = (table: Knex.CreateTableBuilder, name: string, owner: string) =>
  table.integer(name).unsigned().notNullable().references('id').inTable(owner).onDelete('CASCADE');

/** In the order in which they refer to each other. */
const TABLES: Readonly<Record<string, Table>> = {
  portal_clients(table) {
    id(table);
    table.string('firstname', 60).notNullable();
    table.string('lastname', 60).notNullable();
    table.string('companyname', 120).notNullable().defaultTo('');
    table.string('email', 190).notNullable().unique();
    table.string('password_hash', 200).notNullable();
    table.string('country', 2).notNullable();
    table.string('language', 20).notNullable();
    table.string('status', 10).notNullable().defaultTo('Active');
    cents(table, 'credit');
    table.integer('revision').notNullable().defaultTo(0);
    time(table, 'created_at').notNullable();
  },
  portal_staff(table) {
    id(table);
    table.string('name', 80).notNullable();
    table.string('email', 190).notNullable().unique();
    table.string('password_hash', 200).notNullable();
    table.string('role', 10).notNullable();
  },
  portal_products(table) {
    id(table);
    table.string('name', 80).notNullable().unique();
    table.string('description', 200).notNullable();
    table.string('type', 10).notNullable();
    cents(table, 'price');
    cents(table, 'setup');
    table.integer('months').notNullable();
  },
  portal_services(table) {
    id(table);
    belongsTo(table, 'client_id', 'portal_clients');
    belongsTo(table, 'product_id', 'portal_products');
    table.string('label', 120).notNullable();
    table.string('status', 10).notNullable().defaultTo('Pending');
    time(table, 'next_due_at').notNullable().index();
    time(table, 'created_at').notNullable();
  },
  portal_invoices(table) {
    id(table);
    belongsTo(table, 'client_id', 'portal_clients');
    table.string('status', 10).notNullable().defaultTo('Unpaid');
    cents(table, 'net');
    table.integer('tax_percent').notNullable().defaultTo(0);
    cents(table, 'tax');
    cents(table, 'total');
    cents(table, 'credit');
    cents(table, 'refunded');
    table.integer('revision').notNullable().defaultTo(0);
    time(table, 'created_at').notNullable();
    time(table, 'paid_at');
  },
  portal_invoice_lines(table) {
    id(table);
    belongsTo(table, 'invoice_id', 'portal_invoices');
    belongsTo(table, 'service_id', 'portal_services');
    table.string('type', 10).notNullable();
    table.string('description', 200).notNullable();
    cents(table, 'amount');
    cents(table, 'refunded');
  },
  portal_payments(table) {
    id(table);
    belongsTo(table, 'invoice_id', 'portal_invoices');
    table.string('kind', 10).notNullable();
    cents(table, 'amount');
    table.string('note', 120).notNullable();
    time(table, 'at').notNullable();
  },
  portal_credits(table) {
    id(table);
    belongsTo(table, 'client_id', 'portal_clients');
    cents(table, 'amount');
    table.string('description', 200).notNullable();
    time(table, 'at').notNullable();
  },
  portal_tickets(table) {
    id(table);
    belongsTo(table, 'client_id', 'portal_clients');
    table.string('department', 40).notNullable();
    table.string('subject', 190).notNullable();
    table.string('status', 20).notNullable();
    time(table, 'created_at').notNullable();
    time(table, 'updated_at').notNullable();
  },
  portal_ticket_replies(table) {
    id(table);
    belongsTo(table, 'ticket_id', 'portal_tickets');
    table.string('author', 10).notNullable();
    table.string('author_name', 130).notNullable();
    table.text('message').notNullable();
    time(table, 'at').notNullable();
  },
  portal_mails(table) {
    id(table);
    belongsTo(table, 'client_id', 'portal_clients');
    table.string('recipient', 190).notNullable();
    table.string('subject', 250).notNullable();
    table.text('html').notNullable();
    table.text('text').notNullable();
    time(table, 'at').notNullable();
  },
  portal_article_votes(table) {
    id(table);
    table.string('article', 60).notNullable();
    table.boolean('helpful').notNullable();
    time(table, 'at').notNullable();
  },
  portal_idempotency(table) {
    table.string('idempotency_key', 190).primary();
    table.text('answer').notNullable();
    time(table, 'at').notNullable();
  },
};

/** @returns whether it is MySQL or MariaDB, and not a file of SQLite's */
export function isServer(db: Knex): boolean {
  // Knex types its own client as any.
  return (db.client as Knex.Client).driverName === 'mysql2';
}

type Column = (table: Knex.AlterTableBuilder, name: string) => void;

/** Columns that came later, for tables from before. */
const LATER_COLUMNS: readonly (readonly [table: string, column: string, add: Column])[] = [
  ['portal_products', 'category', (table, name) => void table.string(name, 40).notNullable().defaultTo('')],
  ['portal_invoices', 'promocode', (table, name) => void table.string(name, 40).notNullable().defaultTo('')],
];

/** Makes what is missing and leaves the rest alone. */
export async function createTables(db: Knex): Promise<void> {
  for (const [name, describe] of Object.entries(TABLES)) {
    if (await db.schema.hasTable(name)) continue;
    await db.schema.createTable(name, (table) => {
      if (isServer(db)) table.charset('utf8mb4');
      describe(table);
    });
  }
  for (const [name, column, add] of LATER_COLUMNS) {
    if (await db.schema.hasColumn(name, column)) continue;
    await db.schema.alterTable(name, (table) => add(table, column));
  }
}
