/** Why a referral's payments, or the one behind an entry of the statement, earned what they did. */
import { AffiliatesError } from '../../module/errors';
import type { AffiliateView, EntryView, WithdrawalView } from '../../module/views';
import { address } from '../address';
import type { AreaPage, Shown } from '../area';
import { describeEntries } from '../entry';
import type { Language } from '../language';
import { describeChange, describeLine } from '../why';
import { ownAffiliate, type ClientPerson, type ClientVisit } from './affiliate';

const PER_PAGE = 10;

export const why: AreaPage<ClientPerson> = {
  async load(visit) {
    const affiliate = await ownAffiliate(visit);
    const { entry = '', referral = '' } = visit.request.query;
    const shown = entry
      ? await whyEntry(visit, affiliate, entry)
      : await whyReferral(visit, affiliate, referral);
    // Another's is answered as one that does not exist.
    if (!shown) throw new AffiliatesError('page_missing', {});
    return shown;
  },
};

async function whyReferral(
  { module, language, request }: ClientVisit,
  { id }: AffiliateView,
  referralId: string,
): Promise<Shown | null> {
  const { cursor } = request.query;
  const paging = { limit: PER_PAGE, ...(cursor && { cursor }) };
  const referral = await module.reads.whyReferral({ affiliateId: id, referralId, ...paging });
  if (!referral) return null;
  const turn = (to: string | null) =>
    to ? address(request.base, { page: 'why', referral: referralId, cursor: to }) : '';
  return {
    template: 'client/why',
    title: language.t('why.title'),
    model: {
      entry: null,
      referral: { name: referral.name, signedUpAt: referral.signedUpAt },
      lines: referral.rows.map((line) => describeLine(line, language, 'affiliate')),
      nextAddress: turn(referral.next),
      previousAddress: turn(referral.previous),
    },
  };
}

async function whyEntry(
  visit: ClientVisit,
  { id: affiliateId }: AffiliateView,
  entryId: string,
): Promise<Shown | null> {
  const { module, language } = visit;
  const explained = await module.reads.whyEntry({ affiliateId, entryId });
  if (!explained) return null;
  const { currency, line } = explained;
  const found = await module.reads.entries({ affiliateId, currency, id: entryId, limit: 1 });
  const [entry] = describeEntries(found.rows);
  if (!entry) return null;
  return {
    template: 'client/why',
    title: language.t('why.title'),
    model: {
      entry,
      change: describeChange(entry, explained, language),
      withdrawal: await describeWithdrawal(visit, affiliateId, entry),
      lines: line ? [describeLine(line, language, 'affiliate')] : [],
      nextAddress: '',
      previousAddress: '',
    },
  };
}

/** What the affiliate asked for and what became of it; nobody of staff is named. */
async function describeWithdrawal(
  { module, language }: ClientVisit,
  affiliateId: number,
  { withdrawalId }: EntryView,
): Promise<{ sentence: string; reason: string } | null> {
  const withdrawal = withdrawalId ? await module.reads.withdrawal(withdrawalId) : null;
  if (withdrawal?.affiliateId !== affiliateId) return null;
  return { sentence: withdrawalSentence(withdrawal, language), reason: withdrawal.reason };
}

function withdrawalSentence(
  { amount, currency, requestedAt, method, status }: WithdrawalView,
  language: Language,
): string {
  return language.t('why.withdrawal', {
    amount: language.money(amount, currency),
    date: language.date(requestedAt),
    method: language.t(`payout.${method}`),
    status: language.t(`withdrawal.status.${status}`),
  });
}
