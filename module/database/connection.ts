/** Opens the database a host names, and makes each connection behave the way the rest of the module relies on. */
import knexFactory, { type Knex } from 'knex';
import { AffiliatesError } from '../errors';

export interface Connection {
  readonly knex: Knex;
  readonly close: () => Promise<void>;
}

interface RawMysqlConnection {
  query(sql: string, done: (error: Error | null) => void): void;
}
interface RawSqliteConnection {
  pragma(statement: string): unknown;
}

/**
 * @param database a Knex instance (which stays the caller's to close), or an address:
 *   'mysql://user:password@host:port/name', 'sqlite:/folder/file.sqlite' or 'sqlite::memory:'
 * @throws AffiliatesError database_unusable for an address of another kind
 */
export function connect(database: Knex | string): Connection {
  if (typeof database !== 'string') return { knex: database, close: () => Promise.resolve() };
  return opened(byAddress(database, { sqlite, mysql }));
}

/**
 * Opens a database so that nothing can be written to it, not even by mistake; the database itself refuses.
 * @param address as in `connect`; a file that does not exist is not made
 * @throws AffiliatesError database_unusable for an address of another kind
 */
export function connectForReading(address: string): Connection {
  const configuration = byAddress(address, {
    sqlite: (filename) => ({
      client: 'better-sqlite3',
      connection: { filename, options: { readonly: true } },
      useNullAsDefault: true,
    }),
    mysql: (url) => mysql(url, ['SET SESSION TRANSACTION READ ONLY']),
  });
  return opened(configuration);
}

/**
 * Opens an empty database that vanishes when it is closed. SQLite keeps it in memory while it is small and in a
 * temporary file of its own beyond that, so that its size is no matter.
 */
export function connectToScratch(): Connection {
  return opened({
    client: 'better-sqlite3',
    connection: { filename: '' },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (raw: RawSqliteConnection, done: (error: Error | null, raw: unknown) => void) => {
        // Nobody relies on what it holds once it is closed.
        raw.pragma('synchronous = OFF');
        raw.pragma('journal_mode = MEMORY');
        raw.pragma('foreign_keys = ON');
        done(null, raw);
      },
    },
  });
}

/** What matters Knex also throws. Left alone it writes to the console of the host, advice on migrations included. */
const silent = (): void => undefined;
const SILENT = { warn: silent, error: silent, deprecate: silent, debug: silent };

function opened(configuration: Knex.Config): Connection {
  const knex = knexFactory({ ...configuration, log: SILENT });
  return { knex, close: () => knex.destroy() };
}

function byAddress(
  address: string,
  kinds: { sqlite: (filename: string) => Knex.Config; mysql: (address: string) => Knex.Config },
): Knex.Config {
  if (address.startsWith('sqlite:')) return kinds.sqlite(address.slice('sqlite:'.length));
  if (/^(mysql|mariadb):\/\//.test(address)) return kinds.mysql(address);
  throw new AffiliatesError('database_unusable', { reason: 'address' });
}

function sqlite(filename: string): Knex.Config {
  return {
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    // One connection: SQLite has one writer, and a second connection to ':memory:' would be another database.
    pool: {
      min: 1,
      max: 1,
      afterCreate: (raw: RawSqliteConnection, done: (error: Error | null, raw: unknown) => void) => {
        raw.pragma('journal_mode = WAL');
        // FULL, because an acknowledged event must survive a power cut, not only a crash of this process.
        raw.pragma('synchronous = FULL');
        raw.pragma('foreign_keys = ON');
        done(null, raw);
      },
    },
  };
}

/** @param first statements that each connection begins with */
function mysql(address: string, first: readonly string[] = []): Knex.Config {
  return {
    client: 'mysql2',
    connection: {
      ...partsOf(address),
      charset: 'utf8mb4',
      timezone: 'Z',
      supportBigNumbers: true,
      // An UPDATE must report the rows its WHERE matched, also when a value was already right.
      flags: ['FOUND_ROWS'],
    },
    pool: {
      min: 0,
      max: 10,
      afterCreate: (raw: RawMysqlConnection, done: (error: Error | null, raw: unknown) => void) => {
        // Strict: a value too long is an error, never a silent cut.
        const strict = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";
        inTurn(raw, [strict, ...first], (error) => done(error, raw));
      },
    },
  };
}

function partsOf(address: string) {
  try {
    const url = new URL(address.replace(/^mariadb:/, 'mysql:'));
    return {
      host: url.hostname,
      port: Number(url.port || '3306'),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch {
    // The parser's message would repeat the address, and with it the password.
    throw new AffiliatesError('database_unusable', { reason: 'address' });
  }
}

/** Runs statements one after the other on a connection that Knex does not know yet. */
function inTurn(
  raw: RawMysqlConnection,
  [statement, ...rest]: readonly string[],
  done: (error: Error | null) => void,
): void {
  if (statement === undefined) {
    done(null);
    return;
  }
  raw.query(statement, (error) => {
    if (error) done(error);
    else inTurn(raw, rest, done);
  });
}
