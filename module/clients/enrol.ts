import { affiliateByClient, switchAffiliate } from '../affiliates';
import { paySignupBonus } from '../commissions';
import type { EventPayloads } from '../events/rules';
import type { UnitOfWork } from '../unitOfWork';

/** Staff switch the program on or off for a client; who is switched on for the first time gets what terms give for it. */
export async function enrol(
  work: UnitOfWork,
  switched: EventPayloads['affiliate.switched'],
): Promise<{ affiliateId: number | null }> {
  const before = await affiliateByClient(work.trx, switched.clientId);
  const result = await switchAffiliate(work, switched);
  if (!before && result.affiliateId !== null) await paySignupBonus(work, result.affiliateId);
  return result;
}
