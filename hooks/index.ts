/** The table of hooks: each point at which a host speaks to us, under WHMCS's name for it. */
import type { z } from 'zod';
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

export type FactPointName = keyof typeof FACTS;
export type PanelPointName = keyof typeof PANELS;

const schemasOf = <Name extends string>(table: Readonly<Record<Name, { schema: z.ZodType }>>) =>
  // Built point by point from the table.
  Object.fromEntries(
    Object.entries<{ schema: z.ZodType }>(table).map(([point, { schema }]) => [point, schema]),
  ) as Readonly<Record<Name, z.ZodType>>;

/** What each fact's payload must be, for whoever takes them over a wire. */
export const FACT_SCHEMAS = schemasOf(FACTS);
/** What each panel's payload must be. */
export const PANEL_SCHEMAS = schemasOf(PANELS);

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
