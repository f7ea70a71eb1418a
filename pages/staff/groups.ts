/** Groups of affiliates, which terms can be about: what they are called, what promotes into them, who is moved. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped, typed, wholeNumber } from '../form';
import type { PageRequest } from '../page';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE } from './visit';

const NOTHING = { key: '', name: '', rank: '0', promoteAt: '', affiliateId: '', groupKey: '' };

export const groups: AreaPage<Staff> = {
  async load(visit, problem) {
    const { module, request, language } = visit;
    const found = await module.reads.groups();
    const named = found.find(({ key }) => key === request.query.key);
    const members = named
      ? await module.reads.groupMembers({ key: named.key, limit: PER_PAGE, ...cursorOf(visit) })
      : null;
    const form = problem.message
      ? retyped(request.body, 'key', 'name', 'rank', 'promoteAt', 'affiliateId', 'groupKey')
      : {
          ...NOTHING,
          ...named,
          promoteAt: String(named?.promoteAt ?? ''),
          affiliateId: request.query.affiliate ?? '',
        };
    return {
      template: 'staff/groups',
      title: language.t('staff.menu.groups'),
      model: {
        ...menuOf(visit, 'groups'),
        groups: found,
        named,
        members: members?.rows,
        ...(members && pagesOf(visit, members, { page: 'groups', key: named?.key ?? '' })),
        form,
        choices: found.map(({ key, name }) => ({ key, name, selected: key === form.groupKey })),
      },
    };
  },

  async submit({ module, who, request }) {
    const { body } = request;
    const act = { requestId: requestIdOf(body), staff: who };
    if (body.affiliateId === undefined) {
      await module.acts.changeGroup({ ...act, ...readGroup(body) });
      return { page: 'groups', done: 'group_changed' };
    }
    const affiliateId = wholeNumber(required(body, 'affiliateId', 9), 'affiliateId');
    await module.acts.moveToGroup({ ...act, affiliateId, groupKey: typed(body, 'groupKey', 40) });
    return { page: 'affiliate', parameters: { id: String(affiliateId) }, done: 'affiliate_moved' };
  },
};

function readGroup(body: PageRequest['body']) {
  const promoteAt = typed(body, 'promoteAt', 6);
  return {
    key: required(body, 'key', 40),
    name: required(body, 'name', 64),
    rank: wholeNumber(required(body, 'rank', 4), 'rank'),
    promoteAt: promoteAt ? wholeNumber(promoteAt, 'promoteAt') : null,
  };
}
