import { idOf, momentOf, note, type Bought, type Reading, type Row } from './reading';
import type { EarlierReferral, LostRow, Note } from './rules';

interface Looked {
  readonly reading: Reading;
  /** Which affiliate has which client so far, by the client. */
  readonly claimed: Map<string, string>;
  readonly lost: LostRow[];
  /** null where the source has no list of clients. */
  readonly clients: ReadonlyMap<string, Row<'clients'>> | null;
}

/**
 * The source ties services to an affiliate, and here clients are tied: whoever bought a service through an affiliate's
 * link is its referral.
 */
export function referralsOf(
  affiliate: Row<'affiliates'>,
  bought: readonly Bought[],
  looked: Looked,
): { referrals: EarlierReferral[]; notes: Note[] } {
  const notes: Note[] = [];
  const byClient = new Map<string, Bought[]>();
  for (const each of bought) {
    const problem = problemOf(each, affiliate, looked);
    if (problem) notes.push(problem);
    else if (each.service) {
      const { userid } = each.service;
      byClient.set(userid, [...(byClient.get(userid) ?? []), each]);
      looked.claimed.set(userid, affiliate.id);
    }
  }
  const referrals = [...byClient].map(([clientId, own]) => referralOf(clientId, own, looked));
  return { referrals, notes };
}

function problemOf(
  { account, service }: Bought,
  { id, clientid }: Row<'affiliates'>,
  { claimed, clients }: Looked,
): Note | null {
  if (!service) return note('service_missing', { account: account.id, service: account.relid });
  const { userid } = service;
  if (clients && !clients.has(userid))
    return note('referral_client_missing', { service: service.id, client: userid });
  if (userid === clientid) return note('own_service', { service: service.id });
  const owner = claimed.get(userid);
  if (owner === undefined || owner === id) return null;
  return note('other_affiliates_referral', { client: userid, affiliate: owner });
}

function referralOf(clientId: string, own: readonly Bought[], { clients, reading }: Looked): EarlierReferral {
  const client = clients?.get(clientId);
  const services = own.map((each) => ({
    serviceId: idOf(each.account.relid),
    earnedAt: earnedAt(each, reading),
  }));
  const earned = own.flatMap((each) => earnings(each, reading));
  const bought = own.flatMap(({ service }) => momentOf(service?.regdate ?? '', reading) ?? []);
  const known = momentOf(client?.datecreated ?? '', reading) ?? Math.min(...bought, reading.now);
  return {
    clientId,
    signedUpAt: Math.min(known, reading.now),
    convertedAt: earned.length > 0 ? Math.min(...earned, reading.now) : null,
    services,
    person: {
      firstName: client?.firstname ?? '',
      lastName: client?.lastname ?? '',
      email: client?.email ?? '',
    },
  };
}

/** When a service last earned something; 0 for never; ms, UTC. */
const earnedAt = (each: Bought, reading: Reading): number => Math.max(0, ...earnings(each, reading));

/** Times at which it earned, as far as they are told: what waits for its clearing date has earned as well. */
function earnings({ account, history, pending }: Bought, reading: Reading): number[] {
  const paid = momentOf(account.lastpaid, reading);
  const rows = history
    .filter(({ amount }) => /[1-9]/.test(amount) && !amount.startsWith('-'))
    .flatMap(({ date }) => momentOf(date, reading) ?? []);
  return [...(paid === null ? [] : [paid]), ...rows, ...(pending.length > 0 ? [reading.now] : [])];
}
