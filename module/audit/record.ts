import { nameOf, type UnitOfWork } from '../unitOfWork';
import { insertAudit } from './queries';

/** What of a unit of work the log needs; what is no event has this alone. */
export type Recording = Pick<UnitOfWork, 'trx' | 'newId' | 'now' | 'by'>;

/**
 * Notes who did what, in the transaction of the deed itself, so that neither is ever without the other.
 * @param parameters whatever the sentence `audit.<action>` needs; never a secret, an address or payout details
 */
export async function record(
  work: Recording,
  action: string,
  affiliateId: number | null,
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  await insertAudit(work.trx, {
    id: work.newId(),
    at: work.now,
    actor: nameOf(work.by),
    action,
    affiliate_id: affiliateId,
    parameters: JSON.stringify(parameters),
  });
}
