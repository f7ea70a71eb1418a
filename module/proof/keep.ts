import type { Knex } from 'knex';
import { prove, type ProofReport } from './prove';

const PROOFS = 'mod_affiliates_proofs';

/** Proves, and keeps the report for the staff page. */
export async function proveAndKeep(
  knex: Knex,
  { id, now }: { id: string; now: number },
): Promise<ProofReport> {
  const report = await prove(knex, now);
  await knex(PROOFS).insert({ id, report: JSON.stringify(report) });
  return report;
}

/** @returns the last report that was kept; null before the first. */
export async function lastProof(knex: Knex): Promise<ProofReport | null> {
  const row: { report: string } | undefined = await knex(PROOFS).orderBy('id', 'desc').first('report');
  // Reports are written by `proveAndKeep` alone.
  return row ? (JSON.parse(row.report) as ProofReport) : null;
}
