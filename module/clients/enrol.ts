import { affiliateByClient, switchAffiliate, updateAffiliate } from '../affiliates';
import { paySignupBonus } from '../commissions';
import type { EventPayloads } from '../events/rules';
import { addressesOf } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';

/** Staff switch the program on or off for a client; who is switched on for the first time gets what terms give for it. */
export async function enrol(
  work: UnitOfWork,
  switched: EventPayloads['affiliate.switched'],
): Promise<{ affiliateId: number | null }> {
  const before = await affiliateByClient(work.trx, switched.clientId);
  const result = await switchAffiliate(work, switched);
  if (!before && result.affiliateId !== null) {
    await takeKnownAddress(work, result.affiliateId, switched.clientId);
    await paySignupBonus(work, result.affiliateId);
  }
  return result;
}

/** Who switches it on may not have the client's address at hand; its signup told it, and self-referrals are known by it. */
async function takeKnownAddress(
  { trx, personal }: UnitOfWork,
  affiliateId: number,
  clientId: string,
): Promise<void> {
  if (personal.emailHash) return;
  const newest = (await addressesOf(trx, clientId)).at(-1);
  if (newest) await updateAffiliate(trx, affiliateId, { email_hash: newest.email_hash });
}
