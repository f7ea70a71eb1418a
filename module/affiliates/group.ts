import { record } from '../audit';
import { AffiliatesError } from '../errors';
import type { EventPayloads } from '../events/rules';
import { nameOf, type UnitOfWork } from '../unitOfWork';
import type { GroupView } from '../views';
import {
  activeWithConversions,
  allGroups,
  groupAt,
  groupsOf,
  insertMembership,
  saveGroup,
} from './groupQueries';
import { affiliateById } from './queries';

/** Makes a group or changes its name, its rank and what promotes into it; its key stays for ever. */
export async function changeGroup(work: UnitOfWork, group: EventPayloads['group.changed']): Promise<void> {
  if (!/^[a-z0-9-]{1,40}$/.test(group.key)) throw new AffiliatesError('field_invalid', { field: 'key' });
  if (!group.name) throw new AffiliatesError('field_required', { field: 'name' });
  await saveGroup(work.trx, group);
  await record(work, 'group.changed', null, { key: group.key, name: group.name });
}

/**
 * Puts an affiliate into a group, or with '' out of its group, for lines paid from now on.
 * @throws AffiliatesError affiliate_missing, field_invalid for a group that does not exist
 */
export async function moveToGroup(
  work: UnitOfWork,
  { affiliateId, groupKey }: EventPayloads['affiliate.grouped'],
): Promise<void> {
  if (!(await affiliateById(work.trx, affiliateId))) {
    throw new AffiliatesError('affiliate_missing', { affiliate: String(affiliateId), field: 'affiliateId' });
  }
  const groups = await allGroups(work.trx);
  if (groupKey !== '' && !groups.some(({ key }) => key === groupKey)) {
    throw new AffiliatesError('field_invalid', { field: 'groupKey' });
  }
  if ((await groupAt(work.trx, affiliateId, work.at)) === groupKey) return;
  await move(work, affiliateId, groupKey);
}

/** Promotes whoever has enough conversions for a higher group; nobody is ever put down. @returns how many */
export async function promoteDue(work: UnitOfWork): Promise<number> {
  const groups = await allGroups(work.trx);
  const rising = groups.filter(
    (group): group is GroupView & { promoteAt: number } => group.promoteAt !== null,
  );
  const rankOf = new Map(groups.map(({ key, rank }) => [key, rank]));
  let promoted = 0;
  // The highest first: whoever has enough for it is not put into a lower one on the way.
  for (const group of [...rising].sort((one, other) => other.rank - one.rank)) {
    const candidates = await activeWithConversions(work.trx, group.promoteAt);
    const current = await groupsOf(work.trx, candidates, work.at);
    for (const affiliateId of candidates) {
      const rank = rankOf.get(current.get(affiliateId) ?? '') ?? -1;
      if (rank >= group.rank) continue;
      await move(work, affiliateId, group.key);
      promoted++;
    }
  }
  return promoted;
}

async function move(work: UnitOfWork, affiliateId: number, groupKey: string): Promise<void> {
  await insertMembership(work.trx, {
    id: work.newId(),
    affiliate_id: affiliateId,
    group_key: groupKey,
    from_at: work.at,
    made_by: nameOf(work.by),
  });
  await record(work, 'affiliate.grouped', affiliateId, { group: groupKey || 'none' });
}
