/** What people see: the client and staff areas, our panels on the host's own pages, and what the program writes. */
import type { ClientFacts } from '../module/events/rules';
import type { MailName } from '../module/commands';
import type { Logger } from '../module/host';
import type { Module } from '../module/module';
import { answer, type House } from './area';
import { clientPages } from './client';
import { loadLanguages } from './language';
import { writeMail, writeSentence, type Mail, type Parameters } from './message';
import type { NavItem, Page, PageRequest, Panel, PanelContext } from './page';
import { navigation, widget } from './panels/client';
import { clientPanel, ticketPanel } from './panels/staff';
import { makeSealer } from './sealer';
import { staffPages } from './staff';
import { compileTemplates } from './templates';

export interface Pages {
  /** Never throws: what goes wrong is answered as a page. */
  client(request: PageRequest): Promise<Page>;
  /** Never throws; a client is answered 403. */
  staff(request: PageRequest): Promise<Page>;
  /** The widget for the home page; none for a client without the program. */
  widget(clientId: string, context: PanelContext): Promise<Panel[]>;
  /** The menu entry of every signed-in client. */
  navigation(clientId: string, context: PanelContext): Promise<NavItem[]>;
  /** HTML for a ticket; '' unless it asked for the program or its client is in it. */
  ticketPanel(
    input: { ticketId: string; clientId: string; facts: ClientFacts },
    context: PanelContext,
  ): Promise<string>;
  /** HTML for a client's summary. */
  clientPanel(input: { clientId: string; facts: ClientFacts }, context: PanelContext): Promise<string>;
  mail(message: MailName, locale: string, parameters: Parameters): Mail;
  /** A sentence of lang/ as plain text; see `writeSentence` for what becomes of its parameters. */
  sentence(key: string, locale: string, parameters: Parameters): string;
}

/**
 * @param options `templates` is a host's folder of templates that win over ours; of the secrets the first signs
 *   and each verifies
 */
export function createPages(
  module: Module,
  options: { templates?: string; secrets: readonly string[]; logger: Logger },
): Pages {
  const house: House = {
    module,
    languages: loadLanguages(module.settings),
    templates: compileTemplates(options.templates),
    sealer: makeSealer(options.secrets, () => module.now()),
    logger: options.logger,
  };
  return {
    client: async (request) => {
      const { who, ip } = request;
      if ('client' in who && ip) await module.noteSeen({ clientId: who.client.id, ip });
      return answer(house, request, clientPages, (person) => ('client' in person ? person.client : null));
    },
    staff: (request) => answer(house, request, staffPages, (who) => ('staff' in who ? who.staff : null)),
    widget: (clientId, context) => widget(house, clientId, context),
    navigation: async (_clientId, context) => navigation(house, context),
    ticketPanel: (input, context) => ticketPanel(house, input, context),
    clientPanel: (input, context) => clientPanel(house, input, context),
    mail: (message, locale, parameters) => writeMail(house, message, locale, parameters),
    sentence: (key, locale, parameters) => writeSentence(house, key, locale, parameters),
  };
}

export type { Mail, NavItem, Page, PageRequest, Panel, PanelContext };
