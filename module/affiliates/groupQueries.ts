/** All the SQL of affiliate groups and of who was in which when. */
import type { Knex } from 'knex';
import { pageOf, type PageOfList } from '../database/keyset';
import type { AffiliateStatus, GroupMember, GroupView, Rows } from '../views';

const GROUPS = 'mod_affiliates_groups';
const MEMBERS = 'mod_affiliates_group_members';
const AFFILIATES = 'mod_affiliates_affiliates';
const TOTALS = 'mod_affiliates_affiliate_totals';

interface GroupRow {
  readonly key: string;
  readonly name: string;
  readonly rank: number;
  readonly promote_at: number | null;
}

const toGroup = ({ key, name, rank, promote_at }: GroupRow): GroupView => ({
  key,
  name,
  rank,
  promoteAt: promote_at,
});

/** @returns all groups, the lowest first. */
export async function allGroups(knex: Knex): Promise<GroupView[]> {
  return (await knex<GroupRow>(GROUPS).orderBy(['rank', 'key'])).map(toGroup);
}

export async function saveGroup(
  trx: Knex.Transaction,
  { key, name, rank, promoteAt }: GroupView,
): Promise<void> {
  await trx(GROUPS).insert({ key, name, rank, promote_at: promoteAt }).onConflict(['key']).merge();
}

/** @returns the group an affiliate was in at a time (ms, UTC); '' for none. */
export async function groupAt(knex: Knex, affiliateId: number, at: number): Promise<string> {
  const row: { group_key: string } | undefined = await knex(MEMBERS)
    .where({ affiliate_id: affiliateId })
    .andWhere('from_at', '<=', at)
    .orderBy([
      { column: 'from_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first('group_key');
  return row?.group_key ?? '';
}

/** Adds to the history of which group the affiliate was in when; '' takes it out of its group. */
export async function insertMembership(
  trx: Knex.Transaction,
  row: { id: string; affiliate_id: number; group_key: string; from_at: number; made_by: string },
): Promise<void> {
  await trx(MEMBERS).insert(row);
}

/** @returns the groups that these affiliates are in at a time (ms, UTC), by affiliate; none is left out. */
export async function groupsOf(
  knex: Knex,
  affiliateIds: readonly number[],
  at: number,
): Promise<Map<number, string>> {
  const rows: { affiliate_id: number; group_key: string }[] = await knex(MEMBERS)
    .whereIn('affiliate_id', [...affiliateIds])
    .andWhere('from_at', '<=', at)
    .orderBy(['from_at', 'id'])
    .select('affiliate_id', 'group_key');
  // The last one in time stands.
  return new Map(rows.map(({ affiliate_id, group_key }) => [affiliate_id, group_key]));
}

interface MemberRow {
  readonly id: number;
  readonly code: string;
  readonly client_id: string;
  readonly status: AffiliateStatus;
  readonly conversions: number;
  readonly from_at: number;
}

/** @returns a page of those who are in a group at a time (ms, UTC), by number */
export async function membersOf(
  knex: Knex,
  key: string,
  at: number,
  paging: PageOfList,
): Promise<Rows<GroupMember>> {
  const later = knex({ l: MEMBERS })
    .whereRaw('?? = ??', ['l.affiliate_id', 'm.affiliate_id'])
    .andWhere('l.from_at', '<=', at)
    .andWhereRaw('(?? > ?? or (?? = ?? and ?? > ??))', [
      ...['l.from_at', 'm.from_at'],
      ...['l.from_at', 'm.from_at', 'l.id', 'm.id'],
    ]);
  const query = knex({ m: MEMBERS })
    .join({ a: AFFILIATES }, 'a.id', 'm.affiliate_id')
    .join({ t: TOTALS }, 't.affiliate_id', 'a.id')
    .where({ 'm.group_key': key })
    .andWhere('m.from_at', '<=', at)
    .whereNotExists(later)
    .select('a.id', 'a.code', 'a.client_id', 'a.status', 't.conversions', 'm.from_at');
  // The columns selected above are those of MemberRow.
  const page = await pageOf(query as Knex.QueryBuilder<object, MemberRow[]>, BY_NUMBER, paging);
  const rows = page.rows.map(({ client_id: clientId, from_at: since, ...row }) => ({
    ...row,
    clientId,
    since,
  }));
  return { ...page, rows };
}

const BY_NUMBER = {
  column: 'a.id',
  id: 'a.id',
  descending: false,
  keyOf: ({ id }: MemberRow) => [id, id] as const,
};

/** @returns active affiliates with at least so many conversions, for promotion. */
export async function activeWithConversions(knex: Knex, conversions: number): Promise<number[]> {
  return knex({ a: AFFILIATES })
    .join({ t: TOTALS }, 't.affiliate_id', 'a.id')
    .where({ 'a.status': 'active' })
    .andWhere('t.conversions', '>=', conversions)
    .orderBy('a.id')
    .pluck('a.id');
}
