import { invoicesOfClient } from '../commissions';
import { forgetPersonal } from '../events';
import { addressesOf } from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { eraseFrom, openDisputesAbout } from './queries';

/** A client is erased: whoever named its address or one of its invoices did so in vain. The dispute itself stays. */
export async function eraseDisputesAbout({ trx }: UnitOfWork, clientId: string): Promise<void> {
  const emailHashes = (await addressesOf(trx, clientId)).map(({ email_hash }) => email_hash);
  const invoiceIds = (await invoicesOfClient(trx, clientId)).map(({ id }) => id);
  const disputes = await openDisputesAbout(trx, { emailHashes, invoiceIds });
  await eraseFrom(
    trx,
    disputes.map(({ id }) => id),
  );
  for (const { event_id } of disputes) await forgetPersonal(trx, event_id);
}
