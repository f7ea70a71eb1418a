import { AffiliatesError, isAffiliatesError } from '../errors';
import { holdBalances, post, type LedgerTransaction } from '../ledger';
import type { Money } from '../money';
import type { UnitOfWork } from '../unitOfWork';
import type { CorrectionView } from '../views';

type Posted = Pick<CorrectionView, 'id' | 'affiliate' | 'currency' | 'amount' | 'direction'>;

/** @returns the key under which a correction is posted, once. */
export const keyOf = ({ id }: Pick<CorrectionView, 'id'>): string => `correct:${id}`;

/**
 * Books a correction: a credit from expense to cleared, a debit the other way. Only a reversal may leave a debt, so a
 * debit takes no more than there is.
 * @throws AffiliatesError correction_overdraws
 */
export async function postCorrection(work: UnitOfWork, correction: Posted): Promise<void> {
  try {
    await post(work, [posting(correction, work.at)]);
  } catch (error) {
    if (!isAffiliatesError(error, 'ledger_overdraw')) throw error;
    throw overdraws(correction, await clearedOf(work, correction));
  }
}

/**
 * Says at once that a debit could not be booked, where it is not booked yet.
 * @throws AffiliatesError correction_overdraws
 */
export async function checkCovered(work: UnitOfWork, correction: Posted): Promise<void> {
  if (correction.direction === 'credit') return;
  const cleared = await clearedOf(work, correction);
  if (cleared < correction.amount) throw overdraws(correction, cleared);
}

/** Held, so that what was found is still true when the decision that rests on it is written. */
async function clearedOf({ trx }: UnitOfWork, { affiliate, currency }: Posted): Promise<number> {
  const balances = await holdBalances(trx, affiliate.id);
  return balances.find((balance) => balance.currency === currency)?.cleared ?? 0;
}

/** A debt leaves nothing to take. */
function overdraws({ currency }: Money, cleared: number): AffiliatesError {
  return new AffiliatesError('correction_overdraws', { available: Math.max(0, cleared), currency });
}

function posting(correction: Posted, at: number): LedgerTransaction {
  const { affiliate, currency, amount, direction } = correction;
  const given = direction === 'credit' ? amount : -amount;
  return {
    key: keyOf(correction),
    kind: 'correct',
    affiliateId: affiliate.id,
    currency,
    amount,
    commissionId: null,
    withdrawalId: null,
    at,
    entries: [
      { affiliateId: affiliate.id, account: 'expense', amount: -given },
      { affiliateId: affiliate.id, account: 'cleared', amount: given },
    ],
  };
}
