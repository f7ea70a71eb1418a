/** Who did what, newest first. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { describeAudit } from '../entry';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

export const audit: AreaPage<Staff> = {
  async load(visit) {
    const rows = await visit.module.reads.audit({ limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/audit',
      title: visit.language.t('staff.menu.audit'),
      model: {
        ...menuOf(visit, 'audit'),
        audit: describeAudit(rows.rows, visit.language),
        ...pagesOf(visit, rows, { page: 'audit' }),
      },
    };
  },
};
