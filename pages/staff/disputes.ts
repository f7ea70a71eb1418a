/** Disputes by their state. */
import type { Staff } from '../../module/module';
import type { DisputeStatus } from '../../module/disputes';
import type { AreaPage } from '../area';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

const STATUSES = ['open', 'credited', 'declined', 'found', 'all'] as const satisfies readonly (
  DisputeStatus | 'all'
)[];

export const disputes: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const status = STATUSES.find((name) => name === request.query.status) ?? 'open';
    const rows = await module.reads.disputes({ status, limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/disputes',
      title: language.t('staff.menu.disputes'),
      model: {
        ...menuOf(visit, 'disputes'),
        statuses: STATUSES.map((value) => ({ value, selected: value === status })),
        disputes: rows.rows,
        ...pagesOf(visit, rows, { page: 'disputes', status }),
      },
    };
  },
};
