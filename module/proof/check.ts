/**
 * What a check of the live database is. The proof reads the tables with statements of its own instead of asking the
 * nouns: an auditor who takes the bookkeeper's word proves nothing.
 */
import type { Knex } from 'knex';

/** A row that breaks an invariant: which table, which row, and in what way. */
export interface Finding {
  readonly table: string;
  readonly row: string;
  /** A code; its sentence is `proof.problem.<problem>` in lang/. */
  readonly problem: string;
}

export interface Check {
  /** A code; its sentence is `proof.check.<name>` in lang/. */
  readonly name: string;
  /** @returns the first bad row, or null when the invariant holds */
  readonly run: (proof: ProofRun) => Promise<Finding | null>;
}

export interface ProofRun {
  readonly knex: Knex;
  /** ms, UTC */
  readonly now: number;
  /** Told how far a long check is, from 0 to 1. */
  readonly progress: (part: number) => void;
}

/** A statement that finds rows breaking an invariant, the first of which is told. */
export function firstRow(
  table: string,
  problem: string,
  find: (knex: Knex, now: number) => Knex.QueryBuilder,
): Check['run'] {
  return async ({ knex, now }) => {
    const row = (await find(knex, now).first()) as { row: string | number } | undefined;
    return row ? { table, row: String(row.row), problem } : null;
  };
}

/** Several statements for one invariant: the first finding counts. */
export function firstOf(...runs: readonly Check['run'][]): Check['run'] {
  return async (proof) => {
    for (const [index, run] of runs.entries()) {
      const finding = await run(proof);
      if (finding) return finding;
      proof.progress((index + 1) / runs.length);
    }
    return null;
  };
}
