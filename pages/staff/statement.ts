/** Any affiliate's statement of a month. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { loadMonth } from '../month';
import { findAffiliate } from './affiliate';
import { menuOf } from './menu';

export const statement: AreaPage<Staff> = {
  async load(visit) {
    const affiliate = await findAffiliate(visit);
    return loadMonth(visit, affiliate, {
      template: 'staff/month',
      keep: { page: 'statement', id: String(affiliate.id) },
      more: { ...menuOf(visit, 'affiliates'), affiliate },
    });
  },
};
