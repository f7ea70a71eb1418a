/** What is wrong with a program's database, as far as it can be told from here. */
import { statSync } from 'node:fs';
import type { Knex } from 'knex';
import { decodeTime } from 'ulid';
import { connect, connectForReading } from '../database/connection';
import { isMysql } from '../database/dialect';
import { weakDurability } from '../database/durability';
import { driverCode, tablesVersion } from '../database/reading';
import { isAffiliatesError } from '../errors';
import { codeOf, reportOf } from '../faults';
import { lastProof } from '../proof';
import {
  clockOf,
  commandsWaiting,
  eventsWaiting,
  firstEvents,
  hasKey,
  oddTables,
  tryToWrite,
} from './queries';
import {
  connectionProblem,
  NIGHTLY_LIMIT_MS,
  SKEW_LIMIT_MS,
  WAITING_LIMIT_MS,
  wholeHours,
  wholeSeconds,
  type DatabaseProblem,
} from './rules';

/**
 * Looks at a database that is not open yet, and changes nothing in it.
 * @param address as for `affiliates({ database })`
 * @param now gives the present; ms, UTC
 * @returns what is wrong; nothing further where it cannot be read, or its tables are not of this version
 */
export async function diagnoseDatabase(address: string, now: () => number): Promise<DatabaseProblem[]> {
  let reading: ReturnType<typeof connectForReading> | undefined;
  try {
    reading = connectForReading(address);
    return await diagnose(reading.knex, address, now);
  } catch (error) {
    if (isAffiliatesError(error, 'database_unusable')) return [{ code: 'database_address', parameters: {} }];
    const code = driverCode(error);
    // The message may repeat the address, and with it the password.
    if (code === undefined) throw error;
    return [isClosedFile(code, address) ? CLOSED : connectionProblem(code)];
  } finally {
    await reading?.close();
  }
}

const CLOSED: DatabaseProblem = { code: 'database_forbidden', parameters: {} };

/** SQLite says the same of a file that is not there and of one that may not be opened. */
function isClosedFile(code: string, address: string): boolean {
  if (code !== 'SQLITE_CANTOPEN') return false;
  try {
    return statSync(fileOf(address)).isFile();
  } catch (error) {
    // Of a folder that may not be entered nobody can say what is in it.
    return codeOf(error) === 'EACCES';
  }
}

const fileOf = (address: string) => address.slice('sqlite:'.length);

const UNREADY = { none: 'tables_missing', older: 'tables_older', newer: 'tables_newer' } as const;

async function diagnose(knex: Knex, address: string, now: () => number): Promise<DatabaseProblem[]> {
  const version = await tablesVersion(knex);
  const server = isMysql(knex) ? await diagnoseServer(knex, now) : [];
  if (version !== 'same') return [{ code: UNREADY[version], parameters: {} }, ...server];
  if (!(await hasKey(knex))) return [{ code: 'install_unfinished', parameters: {} }, ...server];
  return [
    ...(await diagnoseWriting(address)),
    ...(isMysql(knex) ? await diagnoseTables(knex) : []),
    ...server,
    ...(await diagnoseLife(knex, now())),
  ];
}

async function diagnoseServer(mysql: Knex, now: () => number): Promise<DatabaseProblem[]> {
  const setting = await weakDurability(mysql);
  const asked = now();
  const told = await clockOf(mysql);
  const skew = told - (asked + now()) / 2;
  return [
    ...(setting === null ? [] : [{ code: 'durability_weak', parameters: { setting } } as const]),
    ...(Math.abs(skew) <= SKEW_LIMIT_MS
      ? []
      : [{ code: 'database_clock', parameters: { seconds: wholeSeconds(skew) } } as const]),
  ];
}

async function diagnoseTables(mysql: Knex): Promise<DatabaseProblem[]> {
  return (await oddTables(mysql)).map(({ name, engine, collation }): DatabaseProblem =>
    engine === 'InnoDB'
      ? { code: 'table_characters', parameters: { table: name, collation } }
      : { code: 'table_engine', parameters: { table: name, engine } },
  );
}

/** On a connection of its own: the one that reads would be refused every write. */
async function diagnoseWriting(address: string): Promise<DatabaseProblem[]> {
  const { knex, close } = connect(address);
  try {
    await tryToWrite(knex);
    return [];
  } catch (error) {
    const code = driverCode(error) ?? reportOf(error).fault;
    // SQLite has one writer: whoever keeps it busy shows that it can be written to.
    return code === 'SQLITE_BUSY' ? [] : [{ code: 'database_readonly', parameters: { code } }];
  } finally {
    await close();
  }
}

/** Whether the program is alive: the host speaks, its nights pass, and nothing is stuck. */
async function diagnoseLife(knex: Knex, now: number): Promise<DatabaseProblem[]> {
  const { first, hostSpoke } = await firstEvents(knex);
  const proof = await lastProof(knex);
  const since = now - (proof?.at ?? (first === null ? now : decodeTime(first)));
  const bad = proof?.checks.find(({ finding }) => finding !== null);
  const before = now - WAITING_LIMIT_MS;
  const events = await eventsWaiting(knex, before);
  const commands = await commandsWaiting(knex, before);
  const problems: (DatabaseProblem | false | null | undefined)[] = [
    !hostSpoke && { code: 'host_silent', parameters: {} },
    since > NIGHTLY_LIMIT_MS && {
      code: 'nightly_late',
      parameters: { hours: wholeHours(since), ever: proof !== null },
    },
    bad?.finding && {
      code: 'proof_failed',
      parameters: { check: bad.check, table: bad.finding.table, row: bad.finding.row },
    },
    events && {
      code: 'events_waiting',
      parameters: { count: events.count, hours: wholeHours(now - events.oldest), code: events.code },
    },
    commands && {
      code: 'commands_waiting',
      parameters: {
        count: commands.count,
        hours: wholeHours(now - commands.oldest),
        attempts: commands.attempts,
      },
    },
  ];
  return problems.filter((problem) => problem !== false && problem !== null && problem !== undefined);
}
