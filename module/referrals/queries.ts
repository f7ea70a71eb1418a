/** All the SQL of the referrals' tables, lists excepted (list.ts). */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { pastKey } from '../database/keyset';
import type { Currency } from '../money';
import { moveCoupons } from './couponQueries';
import { EARLIER, nameAfter, type Attribution, type Name } from './rules';

const ATTRIBUTIONS = 'mod_affiliates_attributions';
const REFERRALS = 'mod_affiliates_referrals';
const TOTALS = 'mod_affiliates_referral_totals';
export const CLIENT_STATES = 'mod_affiliates_client_states';

export interface Referral {
  readonly id: string;
  readonly client_id: string;
  readonly affiliate_id: number;
  readonly signed_up_at: number;
  /** Payments before this are not the referral's: 0, when a merge moved it to another client, or NEVER. */
  readonly holds_from: number;
  readonly status: 'active' | 'closed';
  readonly closed_at: number | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly initials: string;
  /** What they last bought. */
  readonly product: string;
  readonly product_at: number;
  readonly campaign: string;
  /** 0 or 1 in SQLite and MySQL alike */
  readonly converted: number | boolean;
  /** When the first line was paid that earned a commission, and which it was; null before that; ms, UTC. */
  readonly converted_at: number | null;
  readonly converted_by: string | null;
}

/** For a referral that a merge has made its own affiliate's: what it earned stays, and it earns no more. */
export const NEVER = Number.MAX_SAFE_INTEGER;

export interface AttributionRow {
  readonly client_id: string;
  readonly affiliate_id: number | null;
  readonly outcome: Attribution;
  readonly signed_up_at: number;
  readonly click_id: string;
  readonly campaign: string;
}

export async function referralOfClient(knex: Knex, clientId: string): Promise<Referral | null> {
  return (await knex<Referral>(REFERRALS).where({ client_id: clientId }).first()) ?? null;
}

/** Lets a referral hold from an earlier time on, unless it does, or holds no more; ms, UTC. */
export async function beginEarlier(trx: Knex.Transaction, { id }: Referral, from: number): Promise<void> {
  await trx(REFERRALS)
    .where({ id })
    .andWhere('holds_from', '>', from)
    .andWhere('holds_from', '<', NEVER)
    .update({ holds_from: from });
}

export async function referralById(knex: Knex, id: string): Promise<Referral | null> {
  return (await knex<Referral>(REFERRALS).where({ id }).first()) ?? null;
}

/** @returns which of these clients are the affiliate's referrals */
export async function referralsAmong(
  knex: Knex,
  affiliateId: number,
  clientIds: readonly string[],
): Promise<Referral[]> {
  return knex<Referral>(REFERRALS).where({ affiliate_id: affiliateId }).whereIn('client_id', clientIds);
}

export async function attributionOfClient(knex: Knex, clientId: string): Promise<AttributionRow | null> {
  return (await knex<AttributionRow>(ATTRIBUTIONS).where({ client_id: clientId }).first()) ?? null;
}

/** Keeps what became of a client's attribution, in place of what was kept before. */
export async function saveAttribution(trx: Knex.Transaction, row: AttributionRow): Promise<void> {
  await trx(ATTRIBUTIONS).insert(row).onConflict(['client_id']).merge();
}

/** Gives one referral that has earned nothing to another affiliate. */
export async function moveReferral(
  trx: Knex.Transaction,
  referral: Referral,
  affiliateId: number,
): Promise<void> {
  const { id, affiliate_id } = referral;
  const moved = await trx(REFERRALS).where({ id, affiliate_id }).update({ affiliate_id: affiliateId });
  if (moved !== 1) throw new WriteConflict('a referral went to another affiliate');
  await trx(TOTALS).where({ referral_id: id }).update({ affiliate_id: affiliateId });
}

/** Inserts a referral with an empty total in the program's currency, so that every referral is in that list. */
export async function insertReferral(
  trx: Knex.Transaction,
  row: Referral,
  currency: Currency,
): Promise<void> {
  await trx(REFERRALS).insert(row);
  await trx(TOTALS).insert(emptyTotal(row.id, row.affiliate_id, currency));
}

export async function updateReferral(
  trx: Knex.Transaction,
  id: string,
  changes: Partial<Referral>,
): Promise<void> {
  await trx<Referral>(REFERRALS).where({ id }).update(changes);
}

/**
 * Notes what the referral bought, unless something it bought later is noted already. Of what was paid for in the same
 * instant the last by name stays, so that it doesn't matter which is reported first.
 */
export async function noteProduct(
  trx: Knex.Transaction,
  id: string,
  product: string,
  at: number,
): Promise<void> {
  await trx(REFERRALS)
    .where({ id })
    .andWhere((noted) => {
      void noted.where('product_at', '<', at);
      void noted.orWhere((same) => void same.where({ product_at: at }).andWhere('product', '<=', product));
    })
    .update({ product, product_at: at });
}

/** Takes back what was noted, for it to be noted anew. */
export async function forgetProduct(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(REFERRALS).where({ client_id: clientId }).update({ product: '', product_at: 0 });
}

/** Conversions are told apart by when their lines were paid, and at the same time by their names. */
const CONVERSION = ['converted_at', 'converted_by'] as const;

/** The line by which a referral converted, and when it was paid (ms, UTC). */
export interface ConversionPoint {
  readonly at: number;
  readonly by: string;
}

/** Notes a line that earned, unless an earlier one is noted. @returns whether it made the referral a conversion */
export async function noteConversion(
  trx: Knex.Transaction,
  id: string,
  { at, by }: ConversionPoint,
): Promise<boolean> {
  const point = { converted_at: at, converted_by: by };
  const first = await trx(REFERRALS)
    .where({ id, converted: false })
    .update({ converted: true, ...point });
  if (first === 1) return true;
  await pastKey(trx(REFERRALS).where({ id }), CONVERSION, '>', [at, by]).update(point);
  return false;
}

/** Sets by which line a referral converted; null takes the conversion back. @returns by how much conversions change */
export async function setConversion(
  trx: Knex.Transaction,
  id: string,
  point: ConversionPoint | null,
): Promise<-1 | 0 | 1> {
  if (point) {
    const isNew = (await trx(REFERRALS).where({ id, converted: false }).update({ converted: true })) === 1;
    await trx(REFERRALS).where({ id }).update({ converted_at: point.at, converted_by: point.by });
    return isNew ? 1 : 0;
  }
  const was = await trx(REFERRALS)
    .where({ id, converted: true })
    .update({ converted: false, converted_at: null, converted_by: null });
  return was === 1 ? -1 : 0;
}

/** @returns how many of an affiliate's referrals converted from a time (ms) on, before this line. */
export async function conversionsBefore(
  trx: Knex.Transaction,
  { affiliateId, since, at, by }: ConversionPoint & { affiliateId: number; since: number },
): Promise<number> {
  const own = trx(REFERRALS).where({ affiliate_id: affiliateId }).andWhere('converted_at', '>=', since);
  const before = pastKey(own, CONVERSION, '<', [at, by]);
  const [row] = (await before.count({ count: '*' })) as [{ count: number | string }];
  return Number(row.count);
}

/** @returns how many of an affiliate's referrals converted in an earlier program. */
export async function earlierConversions(knex: Knex, affiliateId: number): Promise<number> {
  const own = knex(REFERRALS).where({ affiliate_id: affiliateId, converted_by: EARLIER });
  const [row] = (await own.count({ count: '*' })) as [{ count: number | string }];
  return Number(row.count);
}

/** What to add to a referral's kept totals, minor units. */
export interface TotalsChange {
  readonly referralId: string;
  readonly affiliateId: number;
  readonly currency: Currency;
  readonly paid: number;
  readonly earned: number;
  /** When the line was paid that earned a commission; 0 for none. */
  readonly commissionAt: number;
}

export async function addToTotals(trx: Knex.Transaction, change: TotalsChange): Promise<void> {
  const { referralId, affiliateId, currency, paid, earned, commissionAt } = change;
  const update = () =>
    trx(TOTALS)
      .where({ referral_id: referralId, currency })
      .update({
        paid: trx.raw('?? + ?', ['paid', paid]),
        earned: trx.raw('?? + ?', ['earned', earned]),
        last_commission_at: trx.raw('CASE WHEN ?? < ? THEN ? ELSE ?? END', [
          'last_commission_at',
          commissionAt,
          commissionAt,
          'last_commission_at',
        ]),
      });
  if ((await update()) === 1) return;
  await trx(TOTALS)
    .insert(emptyTotal(referralId, affiliateId, currency))
    .onConflict(['referral_id', 'currency'])
    .ignore();
  await update();
}

/** Sets when the last commission was earned that is still kept; ms, 0 for none. */
export async function dateLastCommission(
  trx: Knex.Transaction,
  referralId: string,
  currency: Currency,
  at: number,
): Promise<void> {
  await trx(TOTALS).where({ referral_id: referralId, currency }).update({ last_commission_at: at });
}

const emptyTotal = (referralId: string, affiliateId: number, currency: Currency) => ({
  referral_id: referralId,
  affiliate_id: affiliateId,
  currency,
  paid: 0,
  earned: 0,
  last_commission_at: 0,
});

/**
 * Keeps a referral with its affiliate until this transaction ends, by writing to its row: a merge that moves it waits.
 * @throws WriteConflict when a merge has moved it since it was read
 */
export async function holdReferral(
  trx: Knex.Transaction,
  { id, affiliate_id }: Pick<Referral, 'id' | 'affiliate_id'>,
): Promise<void> {
  const held = await trx(REFERRALS).where({ id, affiliate_id }).update({ affiliate_id });
  if (held !== 1) throw new WriteConflict('a referral went to another affiliate');
}

/** Gives all referrals of one affiliate to another, and its coupons. */
export async function moveReferrals(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(REFERRALS).where({ affiliate_id: from }).update({ affiliate_id: to });
  await trx(TOTALS).where({ affiliate_id: from }).update({ affiliate_id: to });
  await trx(ATTRIBUTIONS).where({ affiliate_id: from }).update({ affiliate_id: to });
  await moveCoupons(trx, from, to);
}

/** A client's account as the host last told; 'deleted' is final. */
export type ClientStatus = 'active' | 'closed' | 'deleted';

export async function clientState(
  knex: Knex,
  clientId: string,
): Promise<{ status: ClientStatus; at: number } | null> {
  const row: { status: ClientStatus; status_at: number } | undefined = await knex(CLIENT_STATES)
    .where({ client_id: clientId })
    .first('status', 'status_at');
  return row ? { status: row.status, at: row.status_at } : null;
}

/** Notes a client's state, unless a later one or its deletion is noted already. @returns whether it was news */
export async function noteClientState(
  trx: Knex.Transaction,
  clientId: string,
  status: ClientStatus,
  at: number,
): Promise<boolean> {
  const known = await clientState(trx, clientId);
  if (!known) {
    await trx(CLIENT_STATES).insert({ client_id: clientId, status, status_at: at });
    return true;
  }
  const updated = await trx(CLIENT_STATES)
    .where({ client_id: clientId })
    .andWhereNot({ status: 'deleted' })
    .modify((query) => {
      if (status !== 'deleted') void query.andWhere('status_at', '<=', at);
    })
    .update({ status, status_at: at });
  return updated === 1;
}

export const nameColumns = ({ firstName, lastName, initials }: Name) => ({
  first_name: firstName,
  last_name: lastName,
  initials,
});

const nameOf = ({
  first_name,
  last_name,
  initials,
}: Pick<Referral, 'first_name' | 'last_name' | 'initials'>): Name => ({
  firstName: first_name,
  lastName: last_name,
  initials,
});

/** Changes the parts of a referral's name that are told. @throws WriteConflict if somebody else changed it just now */
export async function renameReferral(
  trx: Knex.Transaction,
  referral: Referral,
  told: Parameters<typeof nameAfter>[1],
): Promise<void> {
  const after = nameAfter(nameOf(referral), told);
  if (!after) return;
  const { id, first_name, last_name } = referral;
  const renamed = await trx(REFERRALS).where({ id, first_name, last_name }).update(nameColumns(after));
  if (renamed !== 1) throw new WriteConflict('a referral got another name');
}

/** @returns the names of referrals, by id. */
export async function namesByReferral(knex: Knex, ids: readonly string[]): Promise<Map<string, Name>> {
  const rows = await knex<Referral>(REFERRALS)
    .whereIn('id', ids)
    .select('id', 'first_name', 'last_name', 'initials');
  return new Map(rows.map((row) => [row.id, nameOf(row)]));
}
