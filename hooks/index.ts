/** The table of hooks: each point at which a host speaks to us, under WHMCS's name for it. */
import { afterClientMerge, clientAdd, clientClose, clientEdit, preDeleteClient } from './clients';
import type { DailyReport } from '../module/daily';
import type { FactHook } from './fact';
import {
  invoiceCancelled,
  invoicePaid,
  invoiceRefunded,
  invoiceRefundReversed,
  invoiceUnpaid,
} from './invoices';
import {
  adminAreaClientSummaryPage,
  adminAreaViewTicketPage,
  clientAreaHomepagePanels,
  clientAreaPrimaryNavbar,
  type PanelParts,
} from './panels';
import { ticketOpen } from './tickets';

const FACTS = {
  ClientAdd: clientAdd,
  ClientEdit: clientEdit,
  ClientClose: clientClose,
  PreDeleteClient: preDeleteClient,
  AfterClientMerge: afterClientMerge,
  InvoicePaid: invoicePaid,
  InvoiceRefunded: invoiceRefunded,
  InvoiceRefundReversed: invoiceRefundReversed,
  InvoiceUnpaid: invoiceUnpaid,
  InvoiceCancelled: invoiceCancelled,
  TicketOpen: ticketOpen,
};

const PANELS = {
  AdminAreaViewTicketPage: adminAreaViewTicketPage,
  AdminAreaClientSummaryPage: adminAreaClientSummaryPage,
  ClientAreaHomepagePanels: clientAreaHomepagePanels,
  ClientAreaPrimaryNavbar: clientAreaPrimaryNavbar,
};

type FactHooks = { readonly [Point in keyof typeof FACTS]: FactHook };
type PanelHooks = { readonly [Point in keyof typeof PANELS]: ReturnType<(typeof PANELS)[Point]> };

/** One function per hook point. None ever throws into the host; a fact's answer tells what became of it. */
export interface Hooks extends FactHooks, PanelHooks {
  DailyCronJob(): Promise<DailyReport>;
}

export interface HooksParts extends PanelParts {
  daily(): Promise<DailyReport>;
  /** Called after each accepted fact, which may have left something for the host to do. */
  afterFact(): void;
}

export function createHooks(parts: HooksParts): Hooks {
  const facts = Object.entries(FACTS).map(([point, make]) => {
    const hook = make(parts);
    const heard: FactHook = async (payload) => {
      const answer = await hook(payload);
      if (answer.status === 'processed') parts.afterFact();
      return answer;
    };
    return [point, heard] as const;
  });
  const panels = Object.entries(PANELS).map(([point, make]) => [point, make(parts)] as const);
  // Built from the two tables, point by point.
  return { ...Object.fromEntries([...facts, ...panels]), DailyCronJob: () => parts.daily() } as Hooks;
}
