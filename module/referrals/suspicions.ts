/** Why the host's clients may be no honest referrals. A suspicion is never taken back: staff decide what it holds. */
import type { Knex } from 'knex';
import { affiliateByClient, standingAffiliate } from '../affiliates';
import type { UnitOfWork } from '../unitOfWork';
import { clientsWithAddress } from './addresses';
import { isOwnPerson } from './known';
import { referralOfClient, referralsAmong } from './queries';
import type { Suspicion } from './rules';

const SUSPICIONS = 'mod_affiliates_suspicions';

interface SuspicionRow {
  readonly client_id: string;
  readonly code: Suspicion;
  /** When it happened, ms, UTC; the first time of several. */
  readonly noted_at: number;
}

/** Notes a suspicion against a client, once. */
export async function suspect({ trx, at }: UnitOfWork, client_id: string, code: Suspicion): Promise<void> {
  await insert(trx, { client_id, code, noted_at: at });
}

async function insert(trx: Knex.Transaction, { noted_at, ...key }: SuspicionRow): Promise<void> {
  await trx(SUSPICIONS)
    .insert({ ...key, noted_at })
    .onConflict(['client_id', 'code'])
    .ignore();
  // What is told later may have happened earlier.
  await trx(SUSPICIONS).where(key).andWhere('noted_at', '>', noted_at).update({ noted_at });
}

/** @returns what a client is suspected of, in a fixed order */
export async function suspicionsAgainst(knex: Knex, clientId: string): Promise<Suspicion[]> {
  return knex<SuspicionRow>(SUSPICIONS).where({ client_id: clientId }).orderBy('code').pluck('code');
}

/** Lets what a client is suspected of go along with its account; what it held stays held. */
export async function moveSuspicions(trx: Knex.Transaction, from: string, to: string): Promise<void> {
  const rows = await trx<SuspicionRow>(SUSPICIONS).where({ client_id: from }).orderBy('code');
  await trx(SUSPICIONS).where({ client_id: from }).delete();
  for (const row of rows) await insert(trx, { ...row, client_id: to });
}

/**
 * Looks for referrals who, by the address that came with the event, are one person with the affiliate who brought them.
 * Whoever already is at the signup is refused at once; this is for addresses told later, by either of the two.
 * @returns the referrals' clients: what no replay can find out again once an address is erased
 */
export async function sharingWithAffiliate(work: UnitOfWork, clientId: string): Promise<string[]> {
  const told = work.recorded?.['suspected'];
  if (Array.isArray(told)) return told.map(String);
  const { trx, personal } = work;
  const { emailHash } = personal;
  if (!emailHash) return [];
  const referral = await referralOfClient(trx, clientId);
  const brought = referral && (await standingAffiliate(trx, referral.affiliate_id));
  const itself = brought && (await isOwnPerson(trx, clientId, brought)) ? [clientId] : [];
  const affiliate = await affiliateByClient(trx, clientId);
  const others = affiliate ? await clientsWithAddress(trx, emailHash) : [];
  const own = affiliate ? await referralsAmong(trx, affiliate.id, others) : [];
  return [...itself, ...own.map(({ client_id }) => client_id).sort()];
}
