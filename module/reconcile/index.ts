/** What the host says has happened, against what was accepted of it. */
import type { Knex } from 'knex';
import { paidBetween } from '../commissions';
import type { Reads } from '../module';
import { compareFacts } from './compare';

const BATCH = 1000;

export function reconcileReads(knex: Knex): Pick<Reads, 'compareFacts' | 'paidBetween'> {
  return {
    compareFacts: (facts) => compareFacts(knex, facts),
    paidBetween: async function* (span) {
      for (let after = ''; ;) {
        const ids = await paidBetween(knex, span, { after, limit: BATCH });
        yield* ids;
        const last = ids.at(-1);
        if (ids.length < BATCH || last === undefined) return;
        after = last;
      }
    },
  };
}
