/** Whether both sides agree: asked of the ledger's entries, not of what was noted while they were posted. */
import type { Knex } from 'knex';
import { sumsUnder } from '../ledger';
import { linesOf } from './queries';
import { figuresFrom, type EarlierAffiliate, type Figures } from './rules';

/** @returns what the ledger holds of an affiliate's money from the earlier program, as that would show it */
export async function ledgerFigures(
  knex: Knex,
  { legacyId, pending }: Pick<EarlierAffiliate, 'legacyId' | 'pending'>,
): Promise<Figures> {
  const sums = await sumsUnder(knex, [`opening:${legacyId}:`, `clear:opening:${legacyId}:`]);
  const lines = await linesOf(knex, legacyId);
  const still = pending.flatMap(({ lineId }) => lines.get(lineId) ?? []);
  return figuresFrom(sums, still);
}
