/** What people do in the program, through its own pages and links. */
import type { AffiliateProgram } from '../../index';
import type { Portal } from '../app';
import { snapshot } from '../office/clients';
import type { Client, StaffMember } from '../office/rows';
import { clientArea, contextOf, plain, read, send, staffArea } from './visitor';

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36';

export interface Acts {
  /** Somebody new follows the affiliate's link. @returns the cookie it left, as a Cookie header */
  click(affiliate: Client, campaign: string): Promise<string>;
  askForProgram(client: Client): Promise<void>;
  /** As support does it: on the ticket that asked. */
  switchOn(client: Client): Promise<void>;
  /** As an admin does it: on the client's summary. */
  switchOff(client: Client, reason: string): Promise<void>;
  askToBePaid(affiliate: Client, payout: { method: string; details: string }): Promise<void>;
  /** Pays the one open withdrawal. */
  payOut(transactionId: string): Promise<void>;
}

export function createActs({ office, program }: Portal): Acts {
  const { db, hooks } = office;
  const { pages } = program;
  const codes = new Map<number, string>();
  let visitors = 0;

  const staffOf = async (role: StaffMember['role']) => {
    const member = await db('portal_staff').where({ role }).first();
    return { id: String(member?.id), name: member?.name ?? '' };
  };

  return {
    async click(affiliate, campaign) {
      visitors += 1;
      const code = codes.get(affiliate.id) ?? (await codeOf(program, affiliate));
      codes.set(affiliate.id, code);
      return follow(program, { code, campaign, ip: `203.0.113.${visitors % 250}` });
    },

    async askForProgram(client) {
      const area = clientArea(pages, client);
      await send(area, await read(area), 'request', {});
    },

    async switchOn(client) {
      const staff = await staffOf('support');
      const area = staffArea(pages, staff);
      const where = { client_id: client.id, department: 'Affiliates' };
      const ticket = await db('portal_tickets').where(where).orderBy('id', 'desc').first();
      const page = { ...contextOf(area), staff, links: {} };
      const panels = await hooks.runHook('AdminAreaViewTicketPage', {
        ticketid: ticket?.id ?? 0,
        userid: client.id,
        client: snapshot(client),
        page,
      });
      await send(area, panels.join(''), 'switch', { on: '1' });
    },

    async switchOff(client, reason) {
      const staff = await staffOf('admin');
      const area = staffArea(pages, staff);
      const page = { ...contextOf(area), staff, links: {} };
      const vars = { userid: client.id, client: snapshot(client), page };
      const panels = await hooks.runHook('AdminAreaClientSummaryPage', vars);
      await send(area, panels.join(''), 'switch', { on: '0', reason });
    },

    async askToBePaid(affiliate, payout) {
      const area = clientArea(pages, affiliate);
      await send(area, await read(area, { page: 'withdraw' }), 'withdraw', payout);
    },

    async payOut(transactionId) {
      const area = staffArea(pages, await staffOf('admin'));
      const list = plain(await read(area, { page: 'withdrawals' }));
      const id = decodeURIComponent(/page=withdrawal&id=([^"&]+)/.exec(list)?.[1] ?? '');
      const html = await read(area, { page: 'withdrawal', id });
      await send(area, html, 'withdrawal', { decision: 'approve', transactionId });
    },
  };
}

/** @returns the code in the link that stands on the affiliate's page */
async function codeOf({ pages }: AffiliateProgram, affiliate: Client): Promise<string> {
  const page = plain(await read(clientArea(pages, affiliate)));
  return /\/r\/([A-Za-z0-9_-]+)/.exec(page)?.[1] ?? '';
}

async function follow(
  { clicks }: AffiliateProgram,
  link: { code: string; campaign: string; ip: string },
): Promise<string> {
  const headers = { 'user-agent': BROWSER };
  const { setCookie } = await clicks.visit({
    ...link,
    headers,
    landing: '/',
    cookie: undefined,
    secure: false,
  });
  return setCookie?.split(';')[0] ?? '';
}
