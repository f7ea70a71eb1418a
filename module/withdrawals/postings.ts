import type { Account, LedgerTransaction } from '../ledger';
import type { WithdrawalView } from '../views';

const MOVES = {
  reserve: ['cleared', 'reserved'],
  release: ['reserved', 'cleared'],
  pay: ['reserved', 'withdrawn'],
} as const satisfies Record<string, readonly [Account, Account]>;

/** @returns the posting that a step of a withdrawal makes; each happens once in its life. */
export function posting(
  kind: keyof typeof MOVES,
  { id, affiliateId, currency, amount }: Pick<WithdrawalView, 'id' | 'affiliateId' | 'currency' | 'amount'>,
  at: number,
): LedgerTransaction {
  const [from, to] = MOVES[kind];
  return {
    key: `${kind}:${id}`,
    kind,
    affiliateId,
    currency,
    amount,
    commissionId: null,
    withdrawalId: id,
    at,
    entries: [
      { affiliateId, account: from, amount: -amount },
      { affiliateId, account: to, amount },
    ],
  };
}
