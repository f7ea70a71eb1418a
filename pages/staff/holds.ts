/** What is on hold, the oldest first. */
import type { HoldView } from '../../module/commissions';
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import type { Language } from '../language';
import { describeSteps } from '../why';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

export const holds: AreaPage<Staff> = {
  async load(visit) {
    const { module, language } = visit;
    const rows = await module.reads.holds({ limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/holds',
      title: language.t('staff.menu.holds'),
      model: {
        ...menuOf(visit, 'holds'),
        holds: rows.rows.map((hold) => describeHold(hold, language)),
        ...pagesOf(visit, rows, { page: 'holds' }),
      },
    };
  },
};

/** @returns what waits with the sentences that say why */
export function describeHold(hold: HoldView, language: Language) {
  const line = { net: hold.amount, currency: hold.currency, quantity: 1 };
  return { ...hold, reasons: describeSteps(line, hold, language, 'staff') };
}
