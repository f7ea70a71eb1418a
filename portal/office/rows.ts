/** The portal's tables, as their rows are read. Amounts are cents, times ms since the epoch (UTC). */
import type { ClientStatus, InvoiceItem } from '../hooks';

export interface Client {
  readonly id: number;
  readonly firstname: string;
  readonly lastname: string;
  readonly companyname: string;
  readonly email: string;
  readonly password_hash: string;
  readonly country: string;
  readonly language: string;
  readonly status: ClientStatus;
  /** Account credit. */
  readonly credit: number;
  /** Counts edits, so that each of them has an event id of its own. */
  readonly revision: number;
  readonly created_at: number;
}

export interface StaffMember {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly password_hash: string;
  readonly role: 'support' | 'admin';
}

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly category: 'hosting' | 'servers' | 'domains';
  readonly type: 'Hosting' | 'Domain';
  /** Net, for each period of `months`. */
  readonly price: number;
  /** Net, once. */
  readonly setup: number;
  readonly months: number;
}

export interface Service {
  readonly id: number;
  readonly client_id: number;
  readonly product_id: number;
  readonly label: string;
  readonly status: 'Pending' | 'Active' | 'Cancelled';
  readonly next_due_at: number;
  readonly created_at: number;
}

export type InvoiceStatus = 'Unpaid' | 'Paid' | 'Refunded' | 'Cancelled';

export interface Invoice {
  readonly id: number;
  readonly client_id: number;
  readonly status: InvoiceStatus;
  readonly net: number;
  readonly tax_percent: number;
  readonly tax: number;
  readonly total: number;
  /** The promotion it was ordered under; '' for none. */
  readonly promocode: string;
  /** Account credit used, out of `total`. */
  readonly credit: number;
  readonly refunded: number;
  readonly revision: number;
  readonly created_at: number;
  readonly paid_at: number | null;
}

export interface Line {
  readonly id: number;
  readonly invoice_id: number;
  readonly service_id: number;
  readonly type: InvoiceItem['type'];
  readonly description: string;
  /** Net; negative for a promotion on the service. */
  readonly amount: number;
  /** With tax. */
  readonly refunded: number;
}

export interface Payment {
  readonly id: number;
  readonly invoice_id: number;
  readonly kind: 'payment' | 'credit' | 'refund';
  readonly amount: number;
  readonly note: string;
  readonly at: number;
}

interface Credit {
  readonly id: number;
  readonly client_id: number;
  readonly amount: number;
  readonly description: string;
  readonly at: number;
}

export type TicketStatus = 'Open' | 'Answered' | 'Customer reply' | 'Closed';

export interface Ticket {
  readonly id: number;
  readonly client_id: number;
  readonly department: string;
  readonly subject: string;
  readonly status: TicketStatus;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface Reply {
  readonly id: number;
  readonly ticket_id: number;
  readonly author: 'client' | 'staff' | 'module';
  readonly author_name: string;
  readonly message: string;
  readonly at: number;
}

export interface Mail {
  readonly id: number;
  readonly client_id: number;
  readonly recipient: string;
  readonly subject: string;
  /** '' for a mail of text alone. */
  readonly html: string;
  readonly text: string;
  readonly at: number;
}

interface Vote {
  readonly id: number;
  readonly article: string;
  readonly helpful: boolean;
  readonly at: number;
}

interface GivenAnswer {
  readonly idempotency_key: string;
  readonly answer: string;
  readonly at: number;
}

declare module 'knex/types/tables' {
  interface Tables {
    portal_clients: Client;
    portal_staff: StaffMember;
    portal_products: Product;
    portal_services: Service;
    portal_invoices: Invoice;
    portal_invoice_lines: Line;
    portal_payments: Payment;
    portal_credits: Credit;
    portal_tickets: Ticket;
    portal_ticket_replies: Reply;
    portal_mails: Mail;
    portal_article_votes: Vote;
    portal_idempotency: GivenAnswer;
  }
}
