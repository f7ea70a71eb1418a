/** Reads of what the program found, line by line. */
import type { Knex } from 'knex';

interface Finding {
  readonly line_key: string;
  readonly number: number;
  readonly code: string;
  readonly amount: number;
}

/** @returns the last evaluation of every line, 'invoice/line': [code, minor units] */
export async function findings(knex: Knex): Promise<Record<string, [code: string, amount: number]>> {
  const rows = await knex<Finding>('mod_affiliates_evaluations').orderBy('number');
  return Object.fromEntries(rows.map(({ line_key, code, amount }) => [line_key, [code, amount]]));
}

/** @returns what every line earned and how much of it was taken back, 'invoice/line': [earned, reversed] */
export async function commissions(knex: Knex): Promise<Record<string, [earned: number, reversed: number]>> {
  const rows = await knex<{ line_key: string; earned: number; reversed: number }>(
    'mod_affiliates_commissions',
  );
  return Object.fromEntries(rows.map(({ line_key, earned, reversed }) => [line_key, [earned, reversed]]));
}
