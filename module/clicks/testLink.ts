import type { Knex } from 'knex';
import { affiliateByCode } from '../affiliates';
import type { Settings } from '../settings';
import type { AffiliateView } from '../views';
import { judgeLink, readLink, type LinkFacts, type LinkReport } from './link';
import { readCode } from './rules';

/**
 * Answers whether a click on an address would be credited to the affiliate now, and if not, why. Nothing is recorded,
 * and the address is never fetched.
 * @param written whatever was taken for a link
 * @param userAgent what the affiliate's own browser calls itself; null where the host does not tell
 */
export async function testLink(
  knex: Knex,
  settings: Settings,
  {
    affiliate,
    written,
    userAgent,
  }: { affiliate: AffiliateView; written: string } & Pick<LinkFacts, 'userAgent'>,
): Promise<LinkReport> {
  const link = readLink(settings, written);
  const code = readCode(link.code);
  const owner = code ? await affiliateByCode(knex, code) : null;
  return judgeLink({ settings, link, affiliate, owner, userAgent });
}
