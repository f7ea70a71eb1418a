import type { Knex } from 'knex';
import type { ClientFacts } from '../events/rules';
import type { Concern } from '../views';
import { affiliateByClient, affiliatesSharing } from './queries';

/** @returns what staff should know before they switch the program on for a client. */
export async function concernsAbout(knex: Knex, clientId: string, facts: ClientFacts): Promise<Concern[]> {
  const affiliate = await affiliateByClient(knex, clientId);
  const others = (await affiliatesSharing(knex, facts)).filter(({ client_id }) => client_id !== clientId);
  const concerns: [Concern, boolean][] = [
    ['already_suspended', affiliate?.status === 'suspended'],
    ['affiliate_closed', affiliate?.status === 'closed'],
    [
      'same_email_as_affiliate',
      others.some((other) => other.email_hash === facts.emailHash && facts.emailHash !== ''),
    ],
    [
      'same_login_as_affiliate',
      others.some((other) => other.user_id === facts.userId && facts.userId !== ''),
    ],
  ];
  return concerns.filter(([, holds]) => holds).map(([concern]) => concern);
}
