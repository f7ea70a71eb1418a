import type { Knex } from 'knex';
import { pageOf } from '../database/keyset';
import type { Reads } from '../module';
import type { Settings } from '../settings';
import { evidenceFor } from './evidence';
import { disputeRows, toView } from './queries';

const MOST_OF_ONE = 50;

/** Ids are ULIDs: later ones are larger. */
const NEWEST_FIRST = {
  column: 'd.id',
  id: 'd.id',
  descending: true,
  keyOf: ({ id }: { id: string }) => [id, id] as const,
};

/** What pages may look at of disputes. */
export function disputeReads(
  knex: Knex,
  settings: Settings,
): Pick<Reads, 'disputesOf' | 'disputes' | 'dispute' | 'evidence'> {
  return {
    disputesOf: async (affiliateId) => {
      const rows = disputeRows(knex).where({ 'd.affiliate_id': affiliateId });
      return (await rows.orderBy('d.id', 'desc').limit(MOST_OF_ONE)).map(toView);
    },
    disputes: async ({ status, limit, cursor }) => {
      const query = disputeRows(knex);
      if (status !== 'all') void query.where({ 'd.status': status });
      const page = await pageOf(query, NEWEST_FIRST, { limit, cursor });
      return { ...page, rows: page.rows.map(toView) };
    },
    dispute: async (id) => {
      const [row] = await disputeRows(knex).where({ 'd.id': id });
      return row ? toView(row) : null;
    },
    evidence: (disputeId) => evidenceFor(knex, settings, disputeId),
  };
}
