/** Opens the database a host names, and makes each connection behave the way the rest of the module relies on. */
import knexFactory, { type Knex } from 'knex';
import { AffiliatesError } from '../errors';

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
export function connect(database: Knex | string): { knex: Knex; close: () => Promise<void> } {
  if (typeof database !== 'string') return { knex: database, close: () => Promise.resolve() };
  const knex = knexFactory({ ...configurationFor(database), log: SILENT });
  return { knex, close: () => knex.destroy() };
}

/** What matters Knex also throws. Left alone it writes to the console of the host, advice on migrations included. */
const silent = (): void => undefined;
const SILENT = { warn: silent, error: silent, deprecate: silent, debug: silent };

function configurationFor(address: string): Knex.Config {
  if (address.startsWith('sqlite:')) return sqlite(address.slice('sqlite:'.length));
  if (/^(mysql|mariadb):\/\//.test(address)) return mysql(address);
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

function mysql(address: string): Knex.Config {
  let url: URL;
  try {
    url = new URL(address.replace(/^mariadb:/, 'mysql:'));
  } catch {
    // The parser's message would repeat the address, and with it the password.
    throw new AffiliatesError('database_unusable', { reason: 'address' });
  }
  return {
    client: 'mysql2',
    connection: {
      host: url.hostname,
      port: Number(url.port || '3306'),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
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
        raw.query("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'", (error) => {
          done(error, raw);
        });
      },
    },
  };
}
