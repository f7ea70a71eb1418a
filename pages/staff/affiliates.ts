/** Finding an affiliate. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

export const affiliates: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const search = (request.query.q ?? '').trim().slice(0, 100);
    const rows = await module.reads.affiliates({ search, limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/affiliates',
      title: language.t('staff.menu.affiliates'),
      model: {
        ...menuOf(visit, 'affiliates'),
        search,
        currency: module.settings.currency,
        affiliates: rows.rows,
        ...pagesOf(visit, rows, { page: 'affiliates', q: search }),
      },
    };
  },
};
