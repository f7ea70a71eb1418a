/** The reads of whoever asks why something was earned or not, and what would be. */
import type { Knex } from 'knex';
import { explainEntry, explainLines, explainReferral, wouldEarn } from './commissions';
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
    lines: ({ about, ...paging }) => explainLines(knex, about, paging),
    wouldEarn: (question) => wouldEarn(knex, settings, question),
  };
}
