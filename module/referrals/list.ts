import type { Knex } from 'knex';
import { pageOf, type Order } from '../database/keyset';
import type { ReferralQuery } from '../module';
import type { Settings } from '../settings';
import type { ReferralFilter, ReferralList, ReferralSort, ReferralView } from '../views';
import { namesByReferral } from './queries';
import { shownName } from './rules';

type Privacy = Settings['referralPrivacy'];

interface Row {
  readonly id: string;
  readonly signed_up_at: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly initials: string;
  readonly product: string;
  readonly status: 'active' | 'closed';
  readonly paid: number;
  readonly earned: number;
  readonly last_commission_at: number;
}

/** An affiliate's referrals with what they brought in one currency: filtered, sorted, one page, and a total. */
export async function listReferrals(
  knex: Knex,
  query: ReferralQuery,
  privacy: Privacy,
): Promise<ReferralList> {
  const { affiliateId, currency, filter } = query;
  const filtered = knex({ r: 'mod_affiliates_referrals' })
    .join({ t: 'mod_affiliates_referral_totals' }, 't.referral_id', 'r.id')
    .where({ 't.affiliate_id': affiliateId, 't.currency': currency })
    .modify((builder: Knex.QueryBuilder) => {
      narrow(builder, filter, privacy);
    });
  const total = await totalOf(filtered);
  const rows = filtered.clone().select('r.*', 't.paid', 't.earned', 't.last_commission_at');
  const order = orderOf(query.sort, query.descending, privacy);
  // The columns selected above are those of Row.
  const page = await pageOf(rows as Knex.QueryBuilder<object, Row[]>, order, query);
  return { ...page, rows: page.rows.map((row) => toView(row, privacy)), currency, total };
}

async function totalOf(filtered: Knex.QueryBuilder): Promise<ReferralList['total']> {
  const row = (await filtered
    .clone()
    .count({ count: '*' })
    .sum({ paid: 't.paid', earned: 't.earned' })
    .first()) as Record<'count' | 'paid' | 'earned', string | number | null>;
  return { count: Number(row.count), paid: Number(row.paid ?? 0), earned: Number(row.earned ?? 0) };
}

function narrow(query: Knex.QueryBuilder, filter: ReferralFilter, privacy: Privacy): void {
  const { status, from, to, minimumEarned, search } = filter;
  if (status !== 'all') void query.andWhere('r.status', status);
  if (from !== undefined) void query.andWhere('r.signed_up_at', '>=', from);
  if (to !== undefined) void query.andWhere('r.signed_up_at', '<=', to);
  if (minimumEarned !== undefined) void query.andWhere('t.earned', '>=', minimumEarned);
  if (search) searchIn(query, search, searchable(privacy));
}

/** Only what is shown can be searched: otherwise a search would spell out the names that privacy hides. */
function searchable(privacy: Privacy): string[] {
  if (privacy === 'hidden') return ['r.product'];
  return privacy === 'initials' ? ['r.product', 'r.initials'] : ['r.product', 'r.initials', 'r.first_name'];
}

function searchIn(query: Knex.QueryBuilder, search: string, columns: readonly string[]): void {
  const pattern = `%${search.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  void query.andWhere((either) => {
    for (const column of columns) void either.orWhereRaw("lower(??) like ? escape '!'", [column, pattern]);
  });
}

function orderOf(sort: ReferralSort, descending: boolean, privacy: Privacy): Order<Row> {
  const name = privacy === 'name' ? 'first_name' : 'initials';
  const order = (column: string, id: string, valueOf: (row: Row) => string | number): Order<Row> => ({
    column,
    id,
    descending,
    keyOf: (row) => [valueOf(row), row.id],
  });
  const orders: Record<ReferralSort, Order<Row>> = {
    signedUp: order('r.signed_up_at', 'r.id', (row) => row.signed_up_at),
    name: order(`r.${name}`, 'r.id', (row) => row[name]),
    product: order('r.product', 'r.id', (row) => row.product),
    status: order('r.status', 'r.id', (row) => row.status),
    paid: order('t.paid', 't.referral_id', (row) => row.paid),
    earned: order('t.earned', 't.referral_id', (row) => row.earned),
    lastCommission: order('t.last_commission_at', 't.referral_id', (row) => row.last_commission_at),
  };
  return orders[sort];
}

function toView(row: Row, privacy: Privacy): ReferralView {
  const name = { firstName: row.first_name, lastName: row.last_name, initials: row.initials };
  return {
    id: row.id,
    signedUpAt: row.signed_up_at,
    name: shownName(name, privacy),
    product: row.product,
    status: row.status,
    paid: row.paid,
    earned: row.earned,
    lastCommissionAt: row.last_commission_at || null,
  };
}

/** @returns the names of referrals as privacy allows, by id. */
export async function namesOf(
  knex: Knex,
  ids: readonly string[],
  privacy: Privacy,
): Promise<Map<string, string>> {
  const names = await namesByReferral(knex, ids);
  return new Map([...names].map(([id, name]) => [id, shownName(name, privacy)]));
}
