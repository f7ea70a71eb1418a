/** Coupon codes: whose each is, what it brought, and giving one to an affiliate or ending it. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped, typed, wholeNumber } from '../form';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

export const coupons: AreaPage<Staff> = {
  async load(visit, problem) {
    const { module, request, language } = visit;
    const rows = await module.reads.coupons({ limit: PER_PAGE, ...cursorOf(visit) });
    const { code = '', affiliate = '' } = request.query;
    return {
      template: 'staff/coupons',
      title: language.t('staff.menu.coupons'),
      model: {
        ...menuOf(visit, 'coupons'),
        coupons: rows.rows,
        form: problem.message
          ? retyped(request.body, 'code', 'affiliateId')
          : { code: code.slice(0, LONGEST_CODE), affiliateId: affiliate },
        longest: LONGEST_CODE,
        ...pagesOf(visit, rows, { page: 'coupons' }),
      },
    };
  },

  async submit({ module, who, request }) {
    const { body } = request;
    const on = typed(body, 'on', 1) === '1';
    await module.acts.changeCoupon({
      requestId: requestIdOf(body),
      staff: who,
      code: required(body, 'code', LONGEST_CODE),
      affiliateId: wholeNumber(required(body, 'affiliateId', 9), 'affiliateId'),
      on,
    });
    return { page: 'coupons', done: on ? 'coupon_given' : 'coupon_ended' };
  },
};

const LONGEST_CODE = 64;
