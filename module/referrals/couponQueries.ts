/** All the SQL of the affiliates' coupons. */
import type { Knex } from 'knex';
import { pageOf, type PageOfList } from '../database/keyset';
import type { CouponView, Rows } from '../views';

const COUPONS = 'mod_affiliates_coupons';
const AFFILIATES = 'mod_affiliates_affiliates';

interface CouponRow {
  /** As `couponKey` writes it. */
  readonly code: string;
  readonly affiliate_id: number;
  readonly from_at: number;
  readonly until_at: number | null;
  /** How many clients became its affiliate's referrals by it. */
  readonly referrals: number;
}

export async function couponByCode(knex: Knex, code: string): Promise<CouponRow | null> {
  return (await knex<CouponRow>(COUPONS).where({ code }).first()) ?? null;
}

/** @returns an affiliate's codes that are not ended, by name. */
export async function couponsOf(knex: Knex, affiliateId: number): Promise<string[]> {
  return knex(COUPONS).where({ affiliate_id: affiliateId, until_at: null }).orderBy('code').pluck('code');
}

/** @returns all codes that were ever an affiliate's, by name. */
export async function allCoupons(knex: Knex, paging: PageOfList): Promise<Rows<CouponView>> {
  const query = knex({ c: COUPONS })
    .join({ a: AFFILIATES }, 'a.id', 'c.affiliate_id')
    .select('c.*', { affiliate_code: 'a.code' }) as Knex.QueryBuilder<
    object,
    (CouponRow & { affiliate_code: string })[]
  >;
  const byCode = {
    column: 'c.code',
    id: 'c.code',
    descending: false,
    keyOf: ({ code }: { code: string }) => [code, code] as const,
  };
  const page = await pageOf(query, byCode, paging);
  const rows = page.rows.map(({ code, affiliate_id, affiliate_code, from_at, until_at, referrals }) => ({
    code,
    affiliate: { id: affiliate_id, code: affiliate_code },
    from: from_at,
    until: until_at,
    referrals,
  }));
  return { ...page, rows };
}

/** Keeps whose a code is; what it brought before stays counted only where it stays the same affiliate's. */
export async function saveCoupon(
  trx: Knex.Transaction,
  { code, affiliate_id, from_at, until_at }: Omit<CouponRow, 'referrals'>,
): Promise<void> {
  await trx(COUPONS).where({ code }).whereNot({ affiliate_id }).update({ referrals: 0 });
  await trx(COUPONS)
    .insert({ code, affiliate_id, from_at, until_at, referrals: 0 })
    .onConflict(['code'])
    .merge(['affiliate_id', 'from_at', 'until_at']);
}

/** Counts one more client who became its affiliate's referral. */
export async function countReferral(trx: Knex.Transaction, code: string): Promise<void> {
  await trx(COUPONS).where({ code }).increment('referrals', 1);
}

/** Gives all codes of one affiliate to another. */
export async function moveCoupons(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(COUPONS).where({ affiliate_id: from }).update({ affiliate_id: to });
}
