/** What a host reports, with ordinary values for all that a test is not about. Names and shapes are WHMCS's. */

export interface Item {
  readonly id?: string | number;
  readonly type?: string;
  readonly relid?: string | number;
  readonly amount: string;
  readonly discount?: string;
  readonly quantity?: number;
  readonly productid?: string | number;
  readonly productname?: string;
  readonly productgroupid?: string | number;
  readonly billingcycle?: string;
  readonly domain?: string;
}

export interface PaidInvoice {
  readonly invoiceid?: string | number;
  readonly userid?: string | number;
  readonly currency?: string;
  /** With tax. Without items, one hosting line of this amount is what was paid. */
  readonly total?: string;
  readonly credit?: string;
  readonly discount?: string;
  /** Units of the program's currency for one of the invoice's. */
  readonly exchangerate?: string;
  readonly promocode?: string;
  readonly country?: string;
  readonly items?: readonly Item[];
  readonly eventId?: string;
  readonly at?: string | number | Date;
}

let last = 1000;
/** @returns a number of the host's that no other row of the test file has */
export const number = (): string => String(++last);

/** Of an invoice whose lines cost nothing else, the total is theirs. */
const cents = (amount: string) => Math.round(Number(amount) * 100);
const sumOf = (items: readonly Item[]) =>
  String(items.reduce((all, { amount, discount = '0' }) => all + cents(amount) - cents(discount), 0) / 100);

export function paidInvoice({
  invoiceid = number(),
  userid = '7',
  eventId,
  at,
  ...invoice
}: PaidInvoice = {}) {
  const { currency = 'USD', total, items = [{ amount: total ?? '100.00' }], ...rest } = invoice;
  return {
    invoiceid,
    ...(eventId !== undefined && { eventId }),
    ...(at !== undefined && { at }),
    invoice: {
      userid,
      currency,
      ...rest,
      total: total ?? sumOf(items),
      items: items.map((item, index) => ({
        id: index + 1,
        type: 'Hosting',
        relid: `service-${userid}`,
        productid: 'web-1',
        productname: 'Web hosting',
        ...item,
      })),
    },
  };
}

export interface Refund {
  readonly invoiceid: string | number;
  readonly refundid?: string | number;
  readonly amount?: string;
  readonly lineid?: string | number;
  readonly currency?: string;
  readonly eventId?: string;
  readonly at?: string | number | Date;
}

export const refund = (told: Refund) => ({ currency: 'USD', ...told });

export interface Signup {
  readonly client_id?: string | number;
  readonly user_id?: string | number;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly language?: string;
  readonly cookie?: string;
  readonly eventId?: string;
  readonly at?: string | number | Date;
}

export const signup = (told: Signup = {}) => ({
  client_id: '7',
  firstname: 'Rita',
  lastname: 'Referred',
  companyname: 'Referred Ltd',
  email: 'rita@example.org',
  language: 'english',
  ...told,
});
