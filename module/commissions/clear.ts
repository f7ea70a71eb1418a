import type { Knex } from 'knex';
import { post } from '../ledger';
import type { UnitOfWork } from '../unitOfWork';
import { newsOf } from './news';
import { clearTransaction } from './plan';
import { dueToClear, markCleared } from './queries';

/** Small enough that a transaction is short, large enough that the round trips per commission are few. */
const BATCH = 250;

/**
 * Clears a batch of what is due: clearing → cleared, of each commission what has not been reversed meanwhile.
 * @returns how many commissions were cleared; 0 when nothing is due any more
 */
export async function clearDue(work: UnitOfWork): Promise<number> {
  const due = await dueToClear(work.trx, work.at, BATCH);
  if (due.length === 0) return 0;
  const commissions = await markCleared(work.trx, due);
  const withMoney = commissions.filter(({ earned, reversed }) => earned > reversed);
  await post(
    work,
    withMoney.map((commission) => clearTransaction(commission, work.at)),
  );
  for (const commission of withMoney) work.tell(newsOf('commission.cleared', commission));
  return commissions.length;
}

/** @returns whether anything is due to clear at that time (ms, UTC). */
export async function isAnythingDue(knex: Knex, now: number): Promise<boolean> {
  return (await dueToClear(knex, now, 1)).length > 0;
}
