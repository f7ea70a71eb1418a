/** What is on hold, the oldest first: all of it, or for one reason, of one affiliate, of one age. */
import {
  HOLD_AGES,
  type HoldAge,
  type HoldCounts,
  type HoldFilter,
  type HoldView,
} from '../../module/commissions';
import type { Staff } from '../../module/module';
import { SUSPICIONS } from '../../module/referrals/rules';
import type { AreaPage } from '../area';
import type { Language } from '../language';
import type { PageRequest } from '../page';
import { describeSteps } from '../why';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

const AGES = Object.keys(HOLD_AGES) as HoldAge[];

export const holds: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const filter = readFilter(request.query);
    const [rows, counts] = await Promise.all([
      module.reads.holds({ filter, limit: PER_PAGE, ...cursorOf(visit) }),
      module.reads.holdCounts(filter),
    ]);
    const { reason = '', age = '', affiliateId = '' } = filter;
    return {
      template: 'staff/holds',
      title: language.t('staff.menu.holds'),
      model: {
        ...menuOf(visit, 'holds'),
        ...(await choices(filter, counts, async (id) => (await module.reads.affiliate(id))?.code)),
        shown: counts.shown,
        isFiltered: Object.keys(filter).length > 0,
        holds: rows.rows.map((hold) => describeHold(hold, language)),
        ...pagesOf(visit, rows, { page: 'holds', reason, age, affiliate: affiliateId }),
      },
    };
  },
};

/** Names come from lists; whatever else stands in the address asks for nothing. */
function readFilter({ reason, age, affiliate = '' }: PageRequest['query']): HoldFilter {
  const suspicion = SUSPICIONS.find((name) => name === reason);
  const named = AGES.find((name) => name === age);
  return {
    ...(suspicion && { reason: suspicion }),
    ...(named && { age: named }),
    ...(/^\d{1,9}$/.test(affiliate) && { affiliateId: Number(affiliate) }),
  };
}

/** @param codeOf gives the code of an affiliate that is asked for, and of whom little or nothing waits */
async function choices(
  { reason, age, affiliateId }: HoldFilter,
  counts: HoldCounts,
  codeOf: (id: number) => Promise<string | undefined>,
) {
  const listed = counts.affiliates.some(({ id }) => id === affiliateId);
  const code = affiliateId === undefined || listed ? undefined : await codeOf(affiliateId);
  const own =
    affiliateId !== undefined && code !== undefined ? [{ id: affiliateId, code, count: counts.shown }] : [];
  return {
    reasons: (['all', ...SUSPICIONS] as const).map((value) => ({
      value,
      count: counts.reasons[value],
      selected: value === (reason ?? 'all'),
    })),
    ages: (['all', ...AGES] as const).map((value) => ({
      value,
      count: counts.ages[value],
      selected: value === (age ?? 'all'),
    })),
    affiliates: [...own, ...counts.affiliates].map((each) => ({
      ...each,
      selected: each.id === affiliateId,
    })),
  };
}

/** @returns what waits with the sentences that say why */
export function describeHold(hold: HoldView, language: Language) {
  const line = { net: hold.amount, currency: hold.currency, quantity: 1 };
  return { ...hold, reasons: describeSteps(line, hold, language, 'staff') };
}
