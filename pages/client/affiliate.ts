/** Whom a client's page is about. */
import { AffiliatesError } from '../../module/errors';
import type { AffiliateView, StatementView } from '../../module/views';
import type { Visit } from '../area';

export interface ClientPerson {
  readonly id: string;
}

export type ClientVisit = Visit<ClientPerson>;

/**
 * The signed-in client's own affiliate. Pages take it from here and never from the address or a form, so that
 * nobody reaches another's. @throws AffiliatesError forbidden for a client without the program
 */
export async function ownAffiliate({ module, who }: ClientVisit): Promise<AffiliateView> {
  const affiliate = await module.reads.affiliateOfClient(who.id);
  if (!affiliate) throw new AffiliatesError('forbidden', {});
  return affiliate;
}

/** The statement in the currency an address or form asks for; the program's own for any other. */
export function chooseStatement(
  statements: readonly StatementView[],
  currency: string | undefined,
): StatementView {
  const chosen = statements.find((statement) => statement.currency === currency) ?? statements[0];
  if (!chosen) throw new Error('reads.statements always holds the program currency');
  return chosen;
}
