/** Why all that an affiliate earns waits, and how staff end that. */
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped } from '../form';
import { findAffiliate } from './affiliate';
import { menuOf } from './menu';

const REASON_LIMIT = 500;

export const mark: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const affiliate = await findAffiliate(visit);
    const found = await module.reads.markOf(affiliate.id);
    if (!found) throw new AffiliatesError('mark_missing', {});
    return {
      template: 'staff/mark',
      title: language.t('staff.mark.title', { code: affiliate.code }),
      model: {
        ...menuOf(visit, 'affiliates'),
        id: String(affiliate.id),
        mark: found,
        ...retyped(request.body, 'reason'),
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const affiliate = await findAffiliate(visit);
    const reason = required(request.body, 'reason', REASON_LIMIT);
    const act = { requestId: requestIdOf(request.body), staff: who, affiliateId: affiliate.id };
    await module.acts.liftMark({ ...act, reason });
    return { page: 'affiliate', parameters: { id: String(affiliate.id) }, done: 'mark_lifted' };
  },
};
