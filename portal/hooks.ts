/**
 * Hook points, named and shaped as WHMCS's: the only way in which a module learns what happened here, and adds to
 * our pages. A fact carries everything a module needs to act on it, an `eventId` that stays the same however often
 * it is reported, and `at`, when it happened (ms since the epoch).
 */
import type { Logger } from 'pino';
import { faultOf } from './problem';

interface Fact {
  readonly eventId: string;
  readonly at: number;
}

/** The client's side of a ticket or a page, as far as modules may know it. */
export interface ClientSnapshot {
  readonly email: string;
  readonly language: string;
  readonly status: ClientStatus;
}

export type ClientStatus = 'Active' | 'Inactive' | 'Closed';

export interface InvoiceItem {
  readonly id: number;
  readonly type: 'Hosting' | 'Domain' | 'Setup';
  /** The service it is for. */
  readonly relid: number;
  /** Net, as a decimal string, like every amount here. */
  readonly amount: string;
  readonly description: string;
  readonly productid: number;
  readonly productname: string;
  readonly productgroupid: string;
  readonly billingcycle: 'Monthly' | 'Annually';
  /** The name that a domain line is for. */
  readonly domain?: string;
}

/** What a module needs to render into one of our pages. */
export interface PageContext {
  readonly locale: string;
  readonly base: string;
  readonly assets: string;
  readonly csrf: { readonly field: string; readonly token: string };
  readonly links: { readonly client?: string; readonly ticket?: string };
}

export interface StaffPageContext extends PageContext {
  readonly staff: { readonly id: string; readonly name: string };
}

/** A card on the client's home page. */
export interface HomePanel {
  readonly name: string;
  readonly label: string;
  readonly icon: string;
  readonly order: number;
  readonly bodyHtml: string;
  readonly footerHtml: string;
}

export interface NavItem {
  readonly name: string;
  readonly label: string;
  readonly uri: string;
  readonly order: number;
}

/** Every hook point with what its handlers are told. */
export interface HookVars {
  ClientAdd: Fact & {
    readonly client_id: number;
    readonly user_id: number;
    readonly firstname: string;
    readonly lastname: string;
    readonly companyname: string;
    readonly email: string;
    readonly country: string;
    readonly language: string;
    /** The Cookie header of the sign-up. */
    readonly cookie: string;
    readonly ip: string;
  };
  ClientEdit: Fact & {
    readonly userid: number;
    readonly firstname: string;
    readonly lastname: string;
    readonly companyname: string;
    readonly email: string;
    readonly language: string;
    readonly status: ClientStatus;
  };
  ClientClose: Fact & { readonly userid: number };
  PreDeleteClient: Fact & { readonly userid: number };
  AfterClientMerge: Fact & { readonly toUserID: number; readonly fromUserID: number };
  InvoicePaid: Fact & {
    readonly invoiceid: number;
    readonly invoice: {
      readonly userid: number;
      readonly currency: string;
      /** With tax, before credit. */
      readonly total: string;
      /** Account credit used, with tax. */
      readonly credit: string;
      /** Of the client, ISO 3166. */
      readonly country: string;
      /** The promotion it was ordered under. */
      readonly promocode?: string;
      readonly items: readonly InvoiceItem[];
    };
  };
  InvoiceRefunded: Fact & {
    readonly invoiceid: number;
    readonly refundid: number;
    readonly currency: string;
    /** With tax, or without it where `lineid` says which line it was for; absent: all of it. */
    readonly amount?: string;
    readonly lineid?: number;
  };
  InvoiceUnpaid: Fact & { readonly invoiceid: number };
  InvoiceCancelled: Fact & { readonly invoiceid: number };
  TicketOpen: Fact & {
    readonly ticketid: number;
    readonly userid: number;
    readonly deptname: string;
    readonly subject: string;
    readonly message: string;
    readonly client: ClientSnapshot;
  };
  AdminAreaViewTicketPage: {
    readonly ticketid: number;
    readonly userid: number;
    readonly client: ClientSnapshot;
    readonly page: StaffPageContext;
  };
  AdminAreaClientSummaryPage: {
    readonly userid: number;
    readonly client: ClientSnapshot;
    readonly page: StaffPageContext;
  };
  ClientAreaHomepagePanels: { readonly userid: number; readonly page: PageContext };
  ClientAreaPrimaryNavbar: { readonly userid: number; readonly page: PageContext };
  DailyCronJob: Record<never, never>;
}

export type HookPoint = keyof HookVars;

/** What a handler may give back, for the points that show it. */
interface Shown {
  AdminAreaViewTicketPage: string;
  AdminAreaClientSummaryPage: string;
  ClientAreaHomepagePanels: readonly HomePanel[];
  ClientAreaPrimaryNavbar: readonly NavItem[];
}
export type HookResult<P extends HookPoint> = P extends keyof Shown ? Shown[P] : unknown;

export type HookHandler<P extends HookPoint> = (vars: HookVars[P]) => Promise<HookResult<P>>;

export interface Hooks {
  /** Handlers of one point run one after the other, the lowest priority first. */
  addHook<P extends HookPoint>(point: P, priority: number, handler: HookHandler<P>): void;
  /** Never throws: a handler that fails is logged and left out, because the sign-up or payment has happened. */
  runHook<P extends HookPoint>(point: P, vars: HookVars[P]): Promise<HookResult<P>[]>;
}

interface Registered<P extends HookPoint> {
  readonly priority: number;
  readonly handler: HookHandler<P>;
}

export function createHooks(logger: Logger): Hooks {
  const registered = new Map<HookPoint, unknown[]>();
  // addHook is the only writer, and puts a point's own handlers under its name.
  const handlersOf = <P extends HookPoint>(point: P) => (registered.get(point) ?? []) as Registered<P>[];
  return {
    addHook(point, priority, handler) {
      const handlers = [...handlersOf(point), { priority, handler }];
      registered.set(
        point,
        handlers.sort((a, b) => a.priority - b.priority),
      );
    },
    async runHook(point, vars) {
      const results = [];
      for (const { handler } of handlersOf(point)) {
        try {
          results.push(await handler(vars));
        } catch (error) {
          logger.error({ ...faultOf(error), point }, 'A hook handler failed');
        }
      }
      return results;
    },
  };
}
