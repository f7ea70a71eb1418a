/** The affiliate's own statement of a month. */
import type { AreaPage } from '../area';
import { loadMonth } from '../month';
import { ownAffiliate, type ClientPerson } from './affiliate';

export const statement: AreaPage<ClientPerson> = {
  async load(visit) {
    const affiliate = await ownAffiliate(visit);
    return loadMonth(visit, affiliate, {
      template: 'client/month',
      keep: { page: 'statement' },
      more: {},
    });
  },
};
