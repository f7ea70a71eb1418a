/** Whether the books add up: the last proof, and a button for another. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { menuOf } from './menu';

export const proof: AreaPage<Staff> = {
  async load(visit) {
    const { language, module } = visit;
    const report = await module.reads.lastProof();
    return {
      template: 'staff/proof',
      title: language.t('staff.menu.proof'),
      model: {
        ...menuOf(visit, 'proof'),
        report,
        time: report ? language.time(report.at) : '',
        broken: report?.checks.filter(({ finding }) => finding).length ?? 0,
      },
    };
  },

  async submit({ module }) {
    await module.acts.prove();
    return { page: 'proof', done: 'proved' };
  },
};
