/** Pages of people who ask why. */
import type { Page } from '../../index';
import type { AffiliateView, ReferralView } from '../../module/views';
import { asked, aClient, STAFF, textOf } from '../pages/given';
import type { TestProgram } from '../support/given';

type Texts = Record<string, string>;

export function readAs(
  test: TestProgram,
  { clientId }: AffiliateView,
  query: Texts,
  locale = 'en',
): Promise<Page> {
  return test.program.pages.client({ ...asked(aClient(clientId), query), locale });
}

export function readAsStaff(test: TestProgram, query: Texts, locale = 'en'): Promise<Page> {
  return test.program.pages.staff({ ...asked(STAFF, query), locale });
}

/** The affiliate's only referral, as its table shows it. */
export async function referralOf(test: TestProgram, { id }: AffiliateView): Promise<ReferralView> {
  const query = { currency: 'USD', filter: { status: 'all' }, sort: 'signedUp', descending: true } as const;
  const { rows } = await test.reads.referrals({ affiliateId: id, ...query, limit: 1 });
  return rows[0]!;
}

/** @returns what the affiliate reads of why its only referral earned what it did */
export async function whyReferral(
  test: TestProgram,
  affiliate: AffiliateView,
  locale = 'en',
): Promise<string> {
  const { id } = await referralOf(test, affiliate);
  return textOf((await readAs(test, affiliate, { page: 'why', referral: id }, locale)).html);
}

/** @returns what the affiliate reads of why each entry of a kind was posted, the first one first */
export async function whyEntries(
  test: TestProgram,
  affiliate: AffiliateView,
  kind: string,
): Promise<string[]> {
  const { rows } = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 50 });
  const entries = rows.filter((entry) => entry.kind === kind).reverse();
  return Promise.all(
    entries.map(async ({ id }) => textOf((await readAs(test, affiliate, { page: 'why', entry: id })).html)),
  );
}
