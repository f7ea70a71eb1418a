/** Switches the program on or off for a client; sent from the ticket, the client's summary or the affiliate's page. */
import type { Staff } from '../../module/module';
import { address } from '../address';
import type { AreaPage, Destination } from '../area';
import { required, requestIdOf, retyped, typed } from '../form';
import { describeSwitch } from '../panels/switch';
import type { SealedFacts } from '../sealer';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

const REASON_LIMIT = 500;

export const switchProgram: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, house, request } = visit;
    const facts = openSeal(visit);
    const affiliate = await module.reads.affiliateOfClient(facts.clientId);
    const asked = (await module.reads.openRequestOf(facts.clientId)) !== null;
    return {
      template: 'staff/switch',
      title: language.t('switch.title'),
      model: {
        ...menuOf(visit, 'affiliates'),
        clientId: facts.clientId,
        switcher: {
          ...describeSwitch(house.sealer, affiliate, facts, asked),
          ...retyped(request.body, 'reason'),
        },
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const { from, ...facts } = openSeal(visit);
    const on = request.body.on === '1';
    const { affiliateId } = await module.acts.switchAffiliate({
      ...facts,
      requestId: requestIdOf(request.body),
      staff: who,
      on,
      reason: typed(request.body, 'reason', REASON_LIMIT),
    });
    return (
      hostPage(visit, from, facts) ??
      (affiliateId === null
        ? { page: '', parameters: {}, done: 'declined' }
        : {
            page: 'affiliate',
            parameters: { id: affiliateId },
            done: on ? 'switched_on' : 'switched_off',
          })
    );
  },
};

function openSeal({ house, request }: StaffVisit): SealedFacts {
  return house.sealer.open(required(request.body, 'sealed', 4000));
}

/** The host's page on which the form stood, where its address is known. */
function hostPage(
  { request }: StaffVisit,
  from: SealedFacts['from'],
  facts: { ticketId: string; clientId: string },
): Destination | null {
  if (from === 'affiliate') return null;
  const pattern = request.links?.[from];
  const id = from === 'ticket' ? facts.ticketId : facts.clientId;
  return pattern && id ? { host: address(pattern.replace('{id}', encodeURIComponent(id)), {}) } : null;
}
