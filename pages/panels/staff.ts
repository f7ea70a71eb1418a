/** Our panel on the host's own pages for staff: a ticket, and a client's summary. */
import type { ClientFacts } from '../../module/events/rules';
import type { AffiliateView } from '../../module/views';
import type { House } from '../area';
import { makeFrame } from '../frame';
import type { PanelContext } from '../page';
import { describeSwitch } from './switch';

interface About {
  readonly ticketId: string;
  readonly clientId: string;
  readonly facts: ClientFacts;
  readonly affiliate: AffiliateView | null;
  readonly from: 'ticket' | 'client';
}

/** @returns '' unless the ticket asked for the program or its client is in it */
export async function ticketPanel(
  house: House,
  { ticketId, clientId, facts }: { ticketId: string; clientId: string; facts: ClientFacts },
  context: PanelContext,
): Promise<string> {
  if (!clientId) return '';
  const { reads } = house.module;
  const [affiliate, asks] = await Promise.all([
    reads.affiliateOfClient(clientId),
    reads.isProgramRequest(ticketId),
  ]);
  if (!affiliate && !asks) return '';
  return render(house, context, { ticketId, clientId, facts, affiliate, from: 'ticket' });
}

export async function clientPanel(
  house: House,
  { clientId, facts }: { clientId: string; facts: ClientFacts },
  context: PanelContext,
): Promise<string> {
  const affiliate = await house.module.reads.affiliateOfClient(clientId);
  return render(house, context, { ticketId: '', clientId, facts, affiliate, from: 'client' });
}

async function render(house: House, context: PanelContext, about: About): Promise<string> {
  const { module, languages, templates, sealer } = house;
  const { ticketId, clientId, facts, affiliate, from } = about;
  const [request, concerns] = await Promise.all([
    module.reads.openRequestOf(clientId),
    module.reads.concerns(clientId, facts),
  ]);
  const language = languages.of(context.locale);
  const model = {
    clientId,
    onTicket: from === 'ticket',
    askedAt: request?.askedAt ?? 0,
    requestTicketId: request && request.ticketId !== ticketId ? request.ticketId : '',
    concerns,
    affiliate,
    switcher: describeSwitch(sealer, affiliate, { clientId, ticketId, ...facts, from }, request !== null),
  };
  return templates.render('staff/panel', model, makeFrame(context, language, module.settings));
}
