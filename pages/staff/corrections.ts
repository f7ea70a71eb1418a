/** Corrections by staff, by their state. */
import type { Staff } from '../../module/module';
import type { CorrectionStatus, CorrectionView } from '../../module/views';
import type { AreaPage } from '../area';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

const STATUSES = ['proposed', 'posted', 'rejected', 'retracted', 'all'] as const satisfies readonly (
  CorrectionStatus | 'all'
)[];

export const corrections: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const status = STATUSES.find((name) => name === request.query.status) ?? 'all';
    const rows = await module.reads.corrections({ status, limit: PER_PAGE, ...cursorOf(visit) });
    return {
      template: 'staff/corrections',
      title: language.t('staff.menu.corrections'),
      model: {
        ...menuOf(visit, 'corrections'),
        statuses: STATUSES.map((value) => ({ value, selected: value === status })),
        corrections: rows.rows.map(describeCorrection),
        ...pagesOf(visit, rows, { page: 'corrections', status }),
      },
    };
  },
};

/** @returns a correction with the amount as it changes the affiliate's balance */
export function describeCorrection(correction: CorrectionView): CorrectionView & { readonly moved: number } {
  const { amount, direction } = correction;
  return { ...correction, moved: direction === 'credit' ? amount : -amount };
}
