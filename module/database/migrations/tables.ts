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
