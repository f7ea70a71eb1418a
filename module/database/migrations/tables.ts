import type { Knex } from 'knex';
import { isMysql } from '../dialect';

export interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

/**
 * States a table's desired end; does nothing when it exists.
 * Text compares byte by byte (utf8mb4_bin): the host's ids 'a1' and 'A1' are two, on every database.
 */
export function createTable(
  name: string,
  table: string,
  build: (columns: Knex.CreateTableBuilder) => void,
): Migration {
  return {
    name,
    up: async (knex) => {
      if (await knex.schema.hasTable(table)) return;
      await knex.schema.createTable(table, (columns) => {
        if (isMysql(knex)) {
          columns.engine('InnoDB');
          columns.charset('utf8mb4');
          columns.collate('utf8mb4_bin');
        }
        build(columns);
      });
    },
  };
}

/** States columns that a table has in the end, each with a default for the rows from before; adds those it lacks. */
export function addColumns(
  name: string,
  table: string,
  columns: Readonly<Record<string, (columns: Knex.AlterTableBuilder, column: string) => void>>,
): Migration {
  return {
    name,
    up: async (knex) => {
      for (const [column, build] of Object.entries(columns)) {
        if (await knex.schema.hasColumn(table, column)) continue;
        await knex.schema.alterTable(table, (builder) => build(builder, column));
      }
    },
  };
}

/** States that a table has an index; does nothing when it has one of that name. */
export function addIndex(name: string, table: string, index: string, columns: readonly string[]): Migration {
  return {
    name,
    up: async (knex) => {
      if (await hasIndex(knex, table, index)) return;
      await knex.schema.alterTable(table, (t) => t.index([...columns], index));
    },
  };
}

/** States that a table has no index of that name any more. */
export function dropIndex(name: string, table: string, index: string): Migration {
  return {
    name,
    up: async (knex) => {
      if (!(await hasIndex(knex, table, index))) return;
      await knex.schema.alterTable(table, (t) => t.dropIndex([], index));
    },
  };
}

async function hasIndex(knex: Knex, table: string, index: string): Promise<boolean> {
  const found = isMysql(knex)
    ? knex('information_schema.statistics')
        .where({ table_name: table, index_name: index })
        .andWhereRaw('table_schema = database()')
    : knex('sqlite_master').where({ type: 'index', tbl_name: table, name: index });
  return (await found.first(knex.raw('1 as found'))) !== undefined;
}

/** Lengths that recur, so that a key and what refers to it always agree. */
export const LENGTH = {
  id: 26,
  hostId: 64,
  lineKey: 130,
  code: 40,
  word: 24,
  hash: 64,
  key: 190,
  text: 500,
} as const;
