/** The reads of whoever asks why something was earned or not, and what would be. */
import type { Knex } from 'knex';
import { explainEntry, explainLines, explainReferral, lineOfEntry, wouldEarn } from './commissions';
import type { Reads } from './module';
import type { Settings } from './settings';

export function whyReads(
  knex: Knex,
  settings: Settings,
): Pick<Reads, 'whyReferral' | 'whyEntry' | 'lines' | 'wouldEarn'> {
  return {
    whyReferral: ({ limit, cursor, ...whose }) =>
      explainReferral(knex, whose, { limit, cursor }, settings.referralPrivacy),
    whyEntry: ({ affiliateId, entryId }) => explainEntry(knex, affiliateId, entryId),
    lines: async ({ about: { entryId, ...about }, ...paging }) => {
      if (entryId === undefined) return explainLines(knex, about, paging);
      const lineKey = await lineOfEntry(knex, entryId);
      if (lineKey === null) return { rows: [], next: null, previous: null };
      return explainLines(knex, { ...about, lineKey }, paging);
    },
    wouldEarn: (question) => wouldEarn(knex, settings, question),
  };
}
