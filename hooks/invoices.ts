/** What a host reports of its invoices. Amounts come as decimal strings and become minor units here, once. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AffiliatesError } from '../module/errors';
import { LINE_KINDS, type LineKind, type PaidLine } from '../module/events/rules';
import { isCurrency, parseAmount, type Currency } from '../module/money';
import { factHook } from './fact';
import { amount, FACT, hostId, optionalId, words } from './payload';

/** WHMCS's words for what a line sells. A mass payment's `Invoice` lines pay invoices that are reported themselves. */
const WHMCS_KINDS: Readonly<Record<string, LineKind>> = {
  hosting: 'service',
  domainregister: 'domain',
  domaintransfer: 'domain',
  addfunds: 'deposit',
  invoice: 'deposit',
  latefee: 'fee',
  promohosting: 'service',
  promodomain: 'domain',
  promoaddon: 'addon',
};

const kind = words(40).transform((word): LineKind => {
  const lower = word.toLowerCase();
  return LINE_KINDS.find((known) => known === lower) ?? WHMCS_KINDS[lower] ?? 'other';
});

const ITEM = z.object({
  id: hostId,
  type: kind,
  /** The service, addon or domain that the line is for. */
  relid: optionalId,
  amount,
  discount: amount.optional(),
  quantity: z.coerce.number().int().min(1).max(1_000_000).default(1),
  productid: optionalId,
  productname: words(200),
  productgroupid: optionalId,
  /** The host's word: Monthly, Annually, One Time. */
  billingcycle: words(40),
  /** The name that a domain line is for, from which its top level is read. */
  domain: words(253),
});

const MOST_ITEMS = 1000;

const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/)
  .transform((code) => code.toUpperCase())
  .refine(isCurrency);

/** An invoice was paid. The snapshot carries everything the evaluation needs; nothing is asked of the host. */
export const invoicePaid = factHook('InvoicePaid', {
  schema: z.object({
    ...FACT,
    invoiceid: hostId,
    invoice: z.object({
      userid: hostId,
      currency,
      total: amount,
      credit: amount.optional(),
      discount: amount.optional(),
      /** The promotion code used. */
      promocode: words(64),
      /** What it was paid from: any text that stays the same for one card, PayPal or bank account. Kept as a hash. */
      paymentaccount: words(200),
      /** ISO 3166, of the client. */
      country: z
        .string()
        .trim()
        .regex(/^([A-Za-z]{2})?$/)
        .default(''),
      /** Units of the program's currency for one of the invoice's. */
      exchangerate: z
        .string()
        .trim()
        .regex(/^\d{1,9}(\.\d{1,12})?$/)
        .refine((rate) => /[1-9]/.test(rate))
        .optional(),
      items: z
        .array(ITEM)
        .max(MOST_ITEMS)
        .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'two lines have one id'),
    }),
  }),
  async read({ invoiceid, invoice }, { module }) {
    const read = (written: string | undefined, field: string) =>
      positive(written ?? '0', invoice.currency, field);
    const accounts = await module.hashAccounts(invoice.paymentaccount);
    return {
      type: 'invoice.paid',
      payload: {
        invoiceId: invoiceid,
        clientId: invoice.userid,
        currency: invoice.currency,
        // Below zero it is a credit note, for which nothing was paid.
        total: Math.max(0, parseAmount(invoice.total, invoice.currency, 'invoice.total')),
        credit: read(invoice.credit, 'invoice.credit'),
        discount: read(invoice.discount, 'invoice.discount'),
        lines: invoice.items.map((item, index) => toLine(item, invoice.currency, `invoice.items.${index}`)),
        // What the host does not tell is left out: an event keeps its digest when hosts learn to tell more.
        ...(invoice.promocode && { coupon: invoice.promocode }),
        ...(invoice.country && { country: invoice.country.toUpperCase() }),
        ...(invoice.exchangerate && { exchangeRate: invoice.exchangerate }),
      },
      ...(accounts && { personal: { accounts }, personalOf: invoice.userid }),
    };
  },
});

function toLine(item: z.output<typeof ITEM>, code: Currency, field: string): PaidLine {
  return {
    lineId: item.id,
    kind: item.type,
    amount: parseAmount(item.amount, code, `${field}.amount`),
    discount: positive(item.discount ?? '0', code, `${field}.discount`),
    quantity: item.quantity,
    serviceId: item.relid,
    productId: item.productid,
    productName: item.productname,
    ...(item.productgroupid && { productGroup: item.productgroupid }),
    ...(item.billingcycle && { cycle: item.billingcycle.toLowerCase() }),
    ...(item.domain && { tld: topLevelOf(item.domain) }),
  };
}

/** @returns what follows a domain's first label, as registries sell it: shop.example.co.uk is no domain to buy, example.co.uk is */
function topLevelOf(domain: string): string {
  const name = domain.trim().toLowerCase();
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot, dot + 50);
}

/** Hosts write a discount or a refund with or without its minus; what is meant is how much. */
function positive(written: string, code: Currency, field: string): number {
  return Math.abs(parseAmount(written, code, field));
}

/** A refund, in part (`amount`, with tax; of one line: `lineid`, without) or, without an amount, of all that was paid. */
export const invoiceRefunded = factHook('InvoiceRefunded', {
  schema: z.object({
    ...FACT,
    invoiceid: hostId,
    refundid: optionalId,
    amount: amount.optional(),
    lineid: optionalId,
    currency: currency.optional(),
  }),
  read(told, { module }) {
    const code = told.currency ?? module.settings.currency;
    const refunded = told.amount === undefined ? null : positive(told.amount, code, 'amount');
    return {
      type: 'invoice.refunded',
      payload: {
        invoiceId: told.invoiceid,
        refundId: told.refundid || refundKey(told, refunded),
        amount: refunded,
        lineId: told.lineid,
      },
    };
  },
});

/**
 * A refund without a number of its own is known by its event, its time, or, being all there is, by that.
 * @throws AffiliatesError field_required for a part without any of them: two alike could not be told from one told twice
 */
function refundKey(
  { eventId, at, lineid }: { eventId?: string | undefined; at?: number | undefined; lineid: string },
  refunded: number | null,
): string {
  if (refunded !== null && eventId === undefined && at === undefined) {
    throw new AffiliatesError('field_required', { field: 'refundid' });
  }
  const told = eventId === undefined ? { at, refunded } : { eventId };
  const known = JSON.stringify({ lineid, ...(refunded === null ? {} : told) });
  return createHash('sha256').update(known).digest('hex');
}

/**
 * The money of a refund came back: a chargeback was decided for the host, or a refund failed. WHMCS has no point for it.
 * @see invoiceRefunded, whose number it names
 */
export const invoiceRefundReversed = factHook('InvoiceRefundReversed', {
  schema: z.object({ ...FACT, invoiceid: hostId, refundid: hostId }),
  read: ({ invoiceid, refundid }) => ({
    type: 'invoice.refund_reversed',
    payload: { invoiceId: invoiceid, refundId: refundid },
  }),
});

const ONE_INVOICE = z.object({ ...FACT, invoiceid: hostId });

export const invoiceUnpaid = factHook('InvoiceUnpaid', {
  schema: ONE_INVOICE,
  read: ({ invoiceid }) => ({
    type: 'invoice.reopened',
    payload: { invoiceId: invoiceid, reason: 'unpaid' },
  }),
});

export const invoiceCancelled = factHook('InvoiceCancelled', {
  schema: ONE_INVOICE,
  read: ({ invoiceid }) => ({
    type: 'invoice.reopened',
    payload: { invoiceId: invoiceid, reason: 'cancelled' },
  }),
});
