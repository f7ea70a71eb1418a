import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { PANEL_SCHEMAS, type PanelPointName } from '../../hooks';
import type { AffiliateProgram, NavItem, Page, PageRequest, Panel } from '../../index';
import { WireError } from '../errors';
import { parseJson } from '../json';
import type { Routes } from '../route';

const FIELDS = z.record(z.string().max(200), z.string().max(100_000));
const ID = z.string().min(1).max(64);

/** Every field of a request, also those that a host may leave out: one that is missing here would never arrive. */
const PAGE_REQUEST_FIELDS = z.object({
  who: z.union([
    z.object({ client: z.object({ id: ID }) }),
    z.object({ staff: z.object({ id: ID, name: z.string().max(200) }) }),
  ]),
  locale: z.string().max(35),
  method: z.enum(['GET', 'POST']),
  query: FIELDS,
  body: FIELDS,
  userAgent: z.string().max(2000).optional(),
  ip: z.string().max(64).optional(),
  base: z.string().max(2000),
  assets: z.string().max(2000),
  csrf: z.object({ field: z.string().max(200), token: z.string().max(2000) }),
  links: z
    .object({ client: z.string().max(2000).optional(), ticket: z.string().max(2000).optional() })
    .optional(),
} satisfies Record<keyof PageRequest, z.ZodType>);
const PAGE_REQUEST = PAGE_REQUEST_FIELDS.meta({ id: 'PageRequest' });

/** The same in an address, for hosts that pass links through: base64url of its JSON. */
const IN_ADDRESS = z.object({ request: z.base64url().max(16_000) });

const PAGE = z
  .object({
    status: z.int().describe('What the browser is answered with.'),
    title: z.string(),
    html: z.string().describe('A fragment for the host’s own layout.'),
    headers: z.record(z.string(), z.string()),
    file: z.base64().optional().describe('The bytes of a file, sent in place of a page.'),
  })
  .meta({ id: 'Page' });

/** What each panel shows. */
const SHOWN: Readonly<Record<PanelPointName, z.ZodType>> = {
  AdminAreaViewTicketPage: z.string(),
  AdminAreaClientSummaryPage: z.string(),
  ClientAreaHomepagePanels: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      icon: z.string(),
      order: z.int(),
      extras: z.object({
        color: z.string(),
        'btn-link': z.string(),
        'btn-text': z.string(),
        'btn-icon': z.string(),
      }),
      bodyHtml: z.string(),
      footerHtml: z.string(),
    } satisfies Record<keyof Panel, z.ZodType>),
  ),
  ClientAreaPrimaryNavbar: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      uri: z.string(),
      order: z.int(),
    } satisfies Record<keyof NavItem, z.ZodType>),
  ),
};

type Area = keyof AffiliateProgram['pages'];
const AREAS: readonly Area[] = ['client', 'staff'];

export function addPages(routes: Routes): void {
  for (const area of AREAS) {
    const url = `/pages/${area}`;
    const summary = `A page of the ${area} area, to be shown in the host’s own layout.`;
    routes.add({ method: 'POST', url, summary, body: PAGE_REQUEST, answer: PAGE }, ({ program, body }) =>
      show(program, area, body),
    );
    routes.add({ method: 'GET', url, summary, query: IN_ADDRESS, answer: PAGE }, ({ program, query }) =>
      show(program, area, readAddress(query.request)),
    );
  }
  for (const [point, schema] of Object.entries(PANEL_SCHEMAS) as [PanelPointName, z.ZodType][])
    addPanel(routes, point, schema);
}

function addPanel(routes: Routes, point: PanelPointName, payload: z.ZodType): void {
  routes.add(
    {
      method: 'POST',
      url: `/pages/panels/${point}`,
      summary: `What ${point} shows on a page of the host’s own; nothing where there is nothing to show.`,
      // A panel never breaks the host's page: what it cannot read shows nothing.
      body: z.unknown(),
      describedBody: payload,
      answer: z.object({ shown: SHOWN[point] }),
    },
    async ({ program, body }) => ({ shown: await program.hooks[point](body) }),
  );
}

async function show(program: AffiliateProgram, area: Area, request: z.output<typeof PAGE_REQUEST>) {
  // zod leaves out what was not given, which its types do not tell.
  return sendable(await program.pages[area](request as PageRequest));
}

/** What asks by address reads and acts on nothing. @throws WireError body_invalid */
function readAddress(written: string): z.output<typeof PAGE_REQUEST> {
  const text = Buffer.from(written, 'base64url').toString('utf8');
  const request = PAGE_REQUEST_FIELDS.extend({ method: z.literal('GET') }).safeParse(parseJson(text));
  if (request.success) return request.data;
  throw new WireError('body_invalid', ['request', ...(request.error.issues[0]?.path ?? [])].join('.'));
}

async function sendable({ body, ...page }: Page): Promise<z.output<typeof PAGE>> {
  return body ? { ...page, file: (await buffer(body)).toString('base64') } : page;
}
