/** Reads the built-in affiliates from WHMCS's own database, which is opened for reading alone. */
import type { Knex } from 'knex';
import { connectForReading } from '../database/connection';
import { inSnapshot } from '../database/reading';
import { AffiliatesError, isAffiliatesError } from '../errors';
import {
  ACCOUNT,
  AFFILIATE,
  CLIENT,
  CURRENCY,
  HISTORY,
  PENDING,
  readRows,
  SERVICE,
  WITHDRAWAL,
  type Rows,
} from './rows';

/**
 * @param address 'mysql://user:password@host:port/name'; a user who may only read is enough
 * @returns all rows, as they were at one moment
 * @throws AffiliatesError database_unusable: `no_source` where the tables are not there, or the database's own code
 */
export async function readWhmcs(address: string): Promise<Rows> {
  return reading(address, (knex) => inSnapshot(knex, readAll));
}

/** @returns whether the built-in program is on, so that both would pay. @throws as `readWhmcs` does */
export async function isBuiltInOn(address: string): Promise<boolean> {
  return reading(address, async (knex) => {
    if (!(await knex.schema.hasTable('tblconfiguration')))
      throw new AffiliatesError('database_unusable', { reason: 'no_source' });
    return (await isEnabled(knex)) === 'on';
  });
}

async function reading<T>(address: string, read: (knex: Knex) => Promise<T>): Promise<T> {
  const { knex, close } = connectForReading(address);
  try {
    return await read(knex);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (isAffiliatesError(error) || typeof code !== 'string') throw error;
    throw new AffiliatesError('database_unusable', { reason: code });
  } finally {
    await close();
  }
}

async function readAll(knex: Knex): Promise<Rows> {
  if (!(await knex.schema.hasTable('tblaffiliates'))) {
    throw new AffiliatesError('database_unusable', { reason: 'no_source' });
  }
  return readRows({
    enabled: await isEnabled(knex),
    affiliates: await rows(knex, 'tblaffiliates', AFFILIATE),
    accounts: await rows(knex, 'tblaffiliatesaccounts', ACCOUNT),
    history: await rows(knex, 'tblaffiliateshistory', HISTORY),
    pending: await rows(knex, 'tblaffiliatespending', PENDING),
    withdrawals: await rows(knex, 'tblaffiliateswithdrawals', WITHDRAWAL),
    services: await rows(knex, 'tblhosting', SERVICE, (all) =>
      all.whereIn('id', knex('tblaffiliatesaccounts').select('relid')),
    ),
    clients: await rows(knex, 'tblclients', CLIENT, (all) =>
      all
        .whereIn('id', knex('tblaffiliates').select('clientid'))
        .orWhereIn(
          'id',
          knex('tblhosting').whereIn('id', knex('tblaffiliatesaccounts').select('relid')).select('userid'),
        ),
    ),
    currencies: await rows(knex, 'tblcurrencies', CURRENCY),
  });
}

async function isEnabled(knex: Knex): Promise<string | null> {
  const row: { value: string | null } | undefined = await knex('tblconfiguration')
    .where({ setting: 'AffiliateEnabled' })
    .first('value');
  return row ? (row.value ?? '') || 'off' : null;
}

/**
 * Every value as text: a date such as 0000-00-00 is none to a driver, and an amount must not become a fraction. Versions
 * differ in their columns, so only those that are there are asked for.
 */
async function rows(
  knex: Knex,
  table: string,
  shape: Readonly<Record<string, unknown>>,
  some: (all: Knex.QueryBuilder) => Knex.QueryBuilder = (all) => all,
): Promise<object[]> {
  const known: object = await knex(table).columnInfo();
  const columns = Object.keys(shape).filter((column) => column in known);
  const asText = columns.map((column) => knex.raw('CAST(?? AS CHAR) AS ??', [column, column]));
  const found: unknown = await some(knex(table)).orderBy('id').select(asText);
  // Columns by name, each a text or null: `readRows` looks at every one.
  return found as object[];
}
