/** Events of the host that have no good end yet. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { menuOf } from './menu';

export const events: AreaPage<Staff> = {
  async load(visit) {
    const events = await visit.module.reads.trouble();
    return {
      template: 'staff/events',
      title: visit.language.t('staff.menu.events'),
      model: {
        ...menuOf(visit, 'events'),
        events,
        someWait: events.some((event) => event.status === 'waiting'),
      },
    };
  },

  async submit({ module }) {
    await module.acts.retryEvents();
    return { page: 'events', done: 'events_retried' };
  },
};
