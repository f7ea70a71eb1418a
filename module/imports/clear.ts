import type { Knex } from 'knex';
import { post, type LedgerTransaction } from '../ledger';
import type { UnitOfWork } from '../unitOfWork';
import { dueLines, markLinesCleared, shiftToCleared, type DueLine } from './queries';

/** Small enough that a transaction is short. */
const BATCH = 250;

/** Clears a batch of what came over as pending and is due. @returns how many lines; 0 when none is due any more */
export async function clearImported(work: UnitOfWork): Promise<number> {
  const due = await dueLines(work.trx, work.at, BATCH);
  await markLinesCleared(work.trx, due);
  for (const { legacy_id, amount } of due) await shiftToCleared(work.trx, legacy_id, amount);
  await post(
    work,
    due.map((line) => clearing(line, work)),
  );
  return due.length;
}

/** @returns whether anything that came over is due at that time (ms, UTC). */
export async function isImportDue(knex: Knex, now: number): Promise<boolean> {
  return (await dueLines(knex, now, 1)).length > 0;
}

function clearing(
  { line_id, legacy_id, amount, ...whose }: DueLine,
  { at, eventId }: UnitOfWork,
): LedgerTransaction {
  const affiliateId = whose.affiliate_id;
  return {
    key: `clear:opening:${legacy_id}:${line_id}:${eventId}`,
    kind: 'clear',
    affiliateId,
    currency: whose.currency,
    amount,
    commissionId: null,
    withdrawalId: null,
    at,
    entries: [
      { affiliateId, account: 'clearing', amount: -amount },
      { affiliateId, account: 'cleared', amount },
    ],
  };
}
