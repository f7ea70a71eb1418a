/** Withdrawals by their state. */
import type { Staff } from '../../module/module';
import type { WithdrawalStatus } from '../../module/views';
import type { AreaPage } from '../area';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

const STATUSES = [
  'requested',
  'paying',
  'paid',
  'denied',
  'cancelled',
  'failed',
  'all',
] as const satisfies readonly (WithdrawalStatus | 'all')[];

export const withdrawals: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const status = STATUSES.find((name) => name === request.query.status) ?? 'requested';
    const rows = await module.reads.withdrawals({ status, limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/withdrawals',
      title: language.t('staff.menu.withdrawals'),
      model: {
        ...menuOf(visit, 'withdrawals'),
        statuses: STATUSES.map((value) => ({ value, selected: value === status })),
        withdrawals: rows.rows,
        ...pagesOf(visit, rows, { page: 'withdrawals', status }),
      },
    };
  },
};
