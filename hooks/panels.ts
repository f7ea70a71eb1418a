/** Hooks that ask for something to show. A fault shows nothing and is logged: the host's page must not break. */
import { z } from 'zod';
import { reportOf } from '../module/faults';
import type { NavItem, Panel } from '../pages/page';
import type { Pages } from '../pages';
import type { HookParts } from './fact';
import { CLIENT, factsOf, hostId, words } from './payload';

export interface PanelParts extends HookParts {
  readonly pages: Pages;
}

const CONTEXT = z.object({
  locale: words(35),
  base: z.string().max(2000),
  assets: z.string().max(2000),
  csrf: z.object({ field: z.string().max(200), token: z.string().max(2000) }),
  links: z.object({ client: z.string().optional(), ticket: z.string().optional() }).optional(),
});
type Context = z.output<typeof CONTEXT>;

const STAFF_CONTEXT = CONTEXT.extend({ staff: z.object({ id: hostId, name: words(200) }) });

/** Leaves out what was not given, which is not the same as giving nothing. */
function contextOf<C extends Context>({ links, ...context }: C) {
  const { client, ticket } = links ?? {};
  return {
    ...context,
    links: { ...(client !== undefined && { client }), ...(ticket !== undefined && { ticket }) },
  };
}

/** One point at which something is shown. */
export interface PanelPoint<Shown> {
  (parts: PanelParts): (payload: unknown) => Promise<Shown>;
  /** What its payload must be. */
  readonly schema: z.ZodType;
}

function panelHook<S extends z.ZodType, Shown>(
  point: string,
  schema: S,
  nothing: Shown,
  show: (asked: z.output<S>, parts: PanelParts) => Promise<Shown>,
): PanelPoint<Shown> {
  const make = (parts: PanelParts) => async (payload: unknown) => {
    try {
      return await show(schema.parse(payload), parts);
    } catch (error) {
      const field = error instanceof z.ZodError ? error.issues[0]?.path.join('.') : undefined;
      parts.logger.error({ point, field, ...reportOf(error) }, 'hook failed: nothing is shown');
      return nothing;
    }
  };
  return Object.assign(make, { schema });
}

const FOR_CLIENT = z.object({ userid: hostId, page: CONTEXT });

/** The widget for the client's home page; none for a client without the program. */
export const clientAreaHomepagePanels = panelHook(
  'ClientAreaHomepagePanels',
  FOR_CLIENT,
  [] as Panel[],
  ({ userid, page }, { pages }) => pages.widget(userid, contextOf(page)),
);

export const clientAreaPrimaryNavbar = panelHook(
  'ClientAreaPrimaryNavbar',
  FOR_CLIENT,
  [] as NavItem[],
  ({ userid, page }, { pages }) => pages.navigation(userid, contextOf(page)),
);

/** The panel on a ticket: who asks, what speaks against it, and the switch. */
export const adminAreaViewTicketPage = panelHook(
  'AdminAreaViewTicketPage',
  z.object({ ticketid: hostId, userid: hostId, client: CLIENT, page: STAFF_CONTEXT }),
  '',
  async ({ ticketid, userid, client, page }, { pages, module }) => {
    const facts = await factsOf(module, client);
    return pages.ticketPanel({ ticketId: ticketid, clientId: userid, facts }, contextOf(page));
  },
);

/** The same switch on the client's summary. */
export const adminAreaClientSummaryPage = panelHook(
  'AdminAreaClientSummaryPage',
  z.object({ userid: hostId, client: CLIENT, page: STAFF_CONTEXT }),
  '',
  async ({ userid, client, page }, { pages, module }) => {
    const facts = await factsOf(module, client);
    return pages.clientPanel({ clientId: userid, facts }, contextOf(page));
  },
);
