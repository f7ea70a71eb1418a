/** Messages to those who subscribed: where they go, what came of each, and sending one again. */
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { DeliveryView, EndpointState, EndpointView } from '../../module/webhooks';
import type { AreaPage } from '../area';
import { required } from '../form';
import type { Language } from '../language';
import { menuOf } from './menu';
import { cursorOf, pagesOf, PER_PAGE, type StaffVisit } from './visit';

const STATUSES = ['all', 'waiting', 'failed', 'sent'] as const satisfies readonly (
  DeliveryView['status'] | 'all'
)[];
const LONGEST_ID = 40;

export const webhooks: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    checkUsed(visit);
    const status = STATUSES.find((name) => name === request.query.status) ?? 'all';
    const rows = await module.reads.deliveries({ status, limit: PER_PAGE, ...cursorOf(visit) });
    const states = await module.reads.endpointStates(module.endpoints.map(({ key }) => key));
    return {
      template: 'staff/webhooks',
      title: language.t('staff.menu.webhooks'),
      model: {
        ...menuOf(visit, 'webhooks'),
        endpoints: module.endpoints.map((endpoint) => describe(endpoint, states.get(endpoint.key), language)),
        statuses: STATUSES.map((value) => ({ value, selected: value === status })),
        deliveries: rows.rows.map((delivery) => ({ ...delivery, answered: answerOf(delivery, language) })),
        ...pagesOf(visit, rows, { page: 'webhooks', status }),
      },
    };
  },

  async submit(visit) {
    checkUsed(visit);
    const {
      module,
      who: staff,
      request: { body },
    } = visit;
    const endpoint = required(body, 'endpoint', LONGEST_ID);
    switch (body.act) {
      case 'enable':
        await module.acts.enableEndpoint({ staff, endpoint });
        return { page: 'webhooks', done: 'endpoint_enabled' };
      case 'again':
        await module.acts.sendAgain({ staff, endpoint, messageId: required(body, 'message', LONGEST_ID) });
        return { page: 'webhooks', done: 'message_sent_again' };
      default:
        throw new AffiliatesError('field_invalid', { field: 'act' });
    }
  },
};

/** @throws AffiliatesError page_missing where there is nobody to tell */
function checkUsed({ module }: StaffVisit): void {
  if (module.endpoints.length === 0) throw new AffiliatesError('page_missing', {});
}

function describe(
  { key, url, types }: EndpointView,
  state: EndpointState | undefined,
  language: Language,
): { key: string; url: string; types: string; state: string; disabled: boolean } {
  return {
    key,
    url,
    types: types ? types.join(', ') : language.t('staff.webhooks.all_types'),
    state: sentenceOf(state, language),
    disabled: (state?.disabledAt ?? null) !== null,
  };
}

function sentenceOf(state: EndpointState | undefined, language: Language): string {
  const { disabledAt = null, disabledFor = '', failingSince = null, restsUntil = null } = state ?? {};
  if (disabledAt !== null) {
    const key = disabledFor === 'gone' ? 'staff.webhooks.state.gone' : 'staff.webhooks.state.given_up';
    return language.t(key, { time: language.time(disabledAt) });
  }
  if (restsUntil !== null) {
    return language.t('staff.webhooks.state.resting', { time: language.time(restsUntil) });
  }
  if (failingSince === null) return language.t('staff.webhooks.state.working');
  return language.t('staff.webhooks.state.failing', { time: language.time(failingSince) });
}

/** A status is a number that everybody knows; whatever else came of it is a sentence. */
function answerOf({ answer }: DeliveryView, language: Language): string {
  return /^\d+$/.test(answer) || answer === '' ? answer : language.t(`webhook.answer.${answer}`);
}
