import { AffiliatesError } from '../errors';
import type { UnitOfWork } from '../unitOfWork';
import { applyChange, digestsByKey, ensureBalance, insertTransactions } from './queries';
import { balanceChanges, checkBalanced, digestOf, type LedgerTransaction } from './rules';

/**
 * The only way money moves. Posts balanced transactions and updates the balances they touch, in five statements
 * or fewer per affiliate and currency whatever their number. A transaction whose key is posted already is left out.
 * @returns the keys that were posted now
 * @throws AffiliatesError ledger_unbalanced, ledger_overdraw (something would be spent that is not there),
 *   ledger_conflict (the key is posted with another content)
 */
export async function post(work: UnitOfWork, transactions: readonly LedgerTransaction[]): Promise<string[]> {
  transactions.forEach(checkBalanced);
  if (transactions.length === 0) return [];
  const posted = await digestsByKey(
    work.trx,
    transactions.map(({ key }) => key),
  );
  for (const transaction of transactions) {
    const known = posted.get(transaction.key);
    if (known !== undefined && known !== digestOf(transaction)) {
      throw new AffiliatesError('ledger_conflict', { key: transaction.key });
    }
  }
  const fresh = transactions.filter(({ key }) => !posted.has(key));
  if (fresh.length === 0) return [];
  await insertTransactions(work, fresh);
  for (const change of balanceChanges(fresh)) {
    work.tell({ type: 'balance.changed', affiliateId: change.affiliateId, currency: change.currency });
    if (await applyChange(work.trx, change)) continue;
    // Either the affiliate's first money in this currency, or more than there is: the second try tells.
    await ensureBalance(work.trx, change.affiliateId, change.currency);
    if (!(await applyChange(work.trx, change))) {
      throw new AffiliatesError('ledger_overdraw', { account: `${change.affiliateId}:${change.currency}` });
    }
  }
  return fresh.map(({ key }) => key);
}
