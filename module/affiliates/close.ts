import { record } from '../audit';
import type { UnitOfWork } from '../unitOfWork';
import { affiliateByClient, insertState, updateAffiliate } from './queries';

/** Ends an affiliate whose client account ended: it earns nothing from then on, and keeps its ledger. */
export async function closeAffiliate(work: UnitOfWork, clientId: string): Promise<void> {
  const affiliate = await affiliateByClient(work.trx, clientId);
  if (!affiliate || affiliate.status === 'closed') return;
  await updateAffiliate(work.trx, affiliate.id, { status: 'closed', status_reason: '' });
  await insertState(work.trx, {
    id: work.newId(),
    affiliate_id: affiliate.id,
    status: 'closed',
    at: work.at,
  });
  work.tell({ type: 'affiliate.closed', affiliateId: affiliate.id, clientId });
  await record(work, 'affiliate.closed', affiliate.id);
}
