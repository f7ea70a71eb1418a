import {
  addToFigures,
  affiliateByClient,
  closeAffiliate,
  figuresOf,
  mergeInto,
  updateAffiliate,
} from '../affiliates';
import { record } from '../audit';
import { mergeMarks, moveCommissions, moveInvoices, settleUncleared } from '../commissions';
import { moveProposals } from '../corrections';
import { moveDisputes } from '../disputes';
import { AffiliatesError } from '../errors';
import { movePersonal } from '../events';
import type { EventPayloads } from '../events/rules';
import { moveImports } from '../imports';
import { ACCOUNTS, holdBalances, post, type LedgerTransaction } from '../ledger';
import { sum } from '../money';
import {
  moveAddresses,
  moveNetworks,
  moveReferrals,
  moveSuspicions,
  moveTraits,
  nameColumns,
  nameFrom,
  NEVER,
  referralOfClient,
  suspicionsAgainst,
  updateReferral,
  type Sharing,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import type { AffiliateView } from '../views';
import { cancelWithdrawal, moveWithdrawals, openWithdrawals } from '../withdrawals';
import { lookAtTraits } from './look';

const NOBODY = nameFrom('', '');

/**
 * The host merged one client's account into another's. An affiliate goes along with its account; where both are
 * affiliates, everything of the first becomes the second's. A referral goes along too, unless the other client
 * is one already, or would become its own.
 * @returns the referrals that now share something with their affiliate
 * @throws AffiliatesError merge_waits_for_payout while the host is paying the first affiliate
 */
export async function mergeClients(
  work: UnitOfWork,
  { fromClientId, toClientId }: EventPayloads['clients.merged'],
): Promise<{ sharing?: Sharing }> {
  if (fromClientId === toClientId) return {};
  const from = await affiliateByClient(work.trx, fromClientId);
  const to = await affiliateByClient(work.trx, toClientId);
  if (from && to) await mergeAffiliates(work, from, to);
  else if (from) {
    await updateAffiliate(work.trx, from.id, { client_id: toClientId });
    await record(work, 'affiliate.merged', from.id);
  }
  await mergeReferrals(work, fromClientId, toClientId);
  await moveInvoices(work.trx, fromClientId, toClientId);
  await moveAddresses(work.trx, fromClientId, toClientId);
  await moveNetworks(work.trx, fromClientId, toClientId);
  await moveTraits(work.trx, fromClientId, toClientId);
  await moveSuspicions(work.trx, fromClientId, toClientId);
  await movePersonal(work.trx, fromClientId, toClientId);
  const shared = await lookAtTraits(work, toClientId);
  // What either of the two was suspected of holds what both have brought.
  if ((await suspicionsAgainst(work.trx, toClientId)).length > 0) {
    await settleUncleared(work, { clientId: toClientId });
  }
  return shared;
}

async function mergeReferrals(work: UnitOfWork, fromClientId: string, toClientId: string): Promise<void> {
  const referral = await referralOfClient(work.trx, fromClientId);
  const affiliate = await affiliateByClient(work.trx, toClientId);
  const ended = { status: 'closed', closed_at: work.at } as const;
  if (referral) {
    const other = await referralOfClient(work.trx, toClientId);
    const ownReferral = referral.affiliate_id === affiliate?.id;
    const ends = other !== null || ownReferral;
    // Nobody will ever ask to erase the client that is gone, so a referral that ends keeps no name.
    const changes = ends
      ? { ...ended, ...nameColumns(NOBODY) }
      : { client_id: toClientId, holds_from: work.at };
    await updateReferral(work.trx, referral.id, changes);
  }
  // The client who stays may have been brought in by the affiliate that it now is.
  const staying = affiliate && (await referralOfClient(work.trx, toClientId));
  if (staying && staying.affiliate_id === affiliate.id) {
    await updateReferral(work.trx, staying.id, { ...ended, holds_from: NEVER });
  }
}

async function mergeAffiliates(work: UnitOfWork, from: AffiliateView, to: AffiliateView): Promise<void> {
  for (const withdrawal of await openWithdrawals(work.trx, from.id)) {
    if (withdrawal.status === 'paying') {
      throw new AffiliatesError('merge_waits_for_payout', { withdrawal: withdrawal.id });
    }
    await cancelWithdrawal(work, { affiliateId: from.id, withdrawalId: withdrawal.id });
  }
  // These two first: from here on nobody signs up and nothing is earned for the first affiliate, and all that was
  // earned before is in its balances.
  await mergeInto(work.trx, from.id, to.id);
  await moveReferrals(work.trx, from.id, to.id);
  await post(work, await transfers(work, from.id, to.id));
  await moveCommissions(work.trx, from.id, to.id);
  await moveImports(work.trx, from.id, to.id);
  await moveWithdrawals(work.trx, from.id, to.id);
  await moveProposals(work.trx, from.id, to.id);
  await moveDisputes(work.trx, from.id, to.id);
  const figures = await figuresOf(work.trx, from.id);
  await addToFigures(work.trx, to.id, figures);
  const { clicks, signups, conversions } = figures;
  await addToFigures(work.trx, from.id, { clicks: -clicks, signups: -signups, conversions: -conversions });
  await closeAffiliate(work, from.clientId);
  await mergeMarks(work, from.id, to.id);
  await record(work, 'affiliate.merged', to.id);
}

/** @returns postings that bring every account of one affiliate to zero and the other's up by as much. */
async function transfers(work: UnitOfWork, from: number, to: number): Promise<LedgerTransaction[]> {
  const balances = await holdBalances(work.trx, from);
  return balances.flatMap((balance) => {
    const moved = ACCOUNTS.filter((account) => balance[account] !== 0);
    if (moved.length === 0) return [];
    const entries = moved.flatMap((account) => [
      { affiliateId: from, account, amount: -balance[account] },
      { affiliateId: to, account, amount: balance[account] },
    ]);
    return {
      key: `transfer:${from}:${to}:${balance.currency}:${work.eventId}`,
      kind: 'transfer' as const,
      affiliateId: to,
      currency: balance.currency,
      amount: Math.abs(sum([balance.clearing, balance.cleared])),
      commissionId: null,
      withdrawalId: null,
      at: work.at,
      entries,
    };
  });
}
