/** Random but legal histories of what a host reports, and random orders in which it is delivered. */
import fc from 'fast-check';
import { given, type TestProgram } from '../support/given';

const START = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
export const RATES = { basic: 1000n, special: 2550n } as const;
type Product = keyof typeof RATES;

interface Line {
  readonly cents: number;
  readonly product: Product;
}
export interface Refund {
  readonly kind: 'refund';
  readonly cents: number;
  /** null: the invoice as a whole. */
  readonly line: number | null;
  /** Whether the money came back: a chargeback that the host won. */
  readonly reversed: boolean;
}
type Step = { readonly kind: 'unpaid' | 'paid again' } | Refund;
export interface Bill {
  readonly client: 'one' | 'two';
  readonly lines: readonly Line[];
  readonly taxed: boolean;
  readonly steps: readonly Step[];
}
export interface History {
  readonly recurring: 'every' | 'once';
  readonly clearingDays: number;
  readonly bills: readonly Bill[];
  readonly closes: readonly ('one' | 'two')[];
}

const line = fc.record({
  cents: fc.integer({ min: 1, max: 30_000 }),
  product: fc.constantFrom<Product>('basic', 'special'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('unpaid' as const, 'paid again' as const) }),
  fc.record({
    kind: fc.constant('refund' as const),
    cents: fc.integer({ min: 1, max: 20_000 }),
    line: fc.constantFrom(null, null, 0, 1),
    reversed: fc.boolean(),
  }),
);
const history: fc.Arbitrary<History> = fc.record({
  recurring: fc.constantFrom('every', 'once'),
  clearingDays: fc.constantFrom(0, 21),
  bills: fc.array(
    fc.record({
      client: fc.constantFrom('one', 'two'),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
      taxed: fc.boolean(),
      steps: fc.array(step, { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  closes: fc.subarray(['one', 'two']),
});

/** One fact as the host would report it, at its own time. */
interface Fact {
  readonly at: number;
  deliver(test: TestProgram, eventId: string): Promise<unknown>;
}

const decimal = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
const netOf = (bill: Bill) => bill.lines.reduce((all, { cents }) => all + cents, 0);
export const grossOf = (bill: Bill) => netOf(bill) + (bill.taxed ? Math.floor((netOf(bill) * 19) / 100) : 0);

/** When things happened: bills are paid an hour after one another, what follows comes days later, in its order. */
export const paidAt = (bill: number) => START + (bill + 2) * HOUR;
const stepAt = (bill: number, index: number) => START + (24 * (index + 1) + bill + 2) * HOUR;
const signedUpAt = (client: 'one' | 'two') => START + (client === 'one' ? 1 : 1.5) * HOUR;
const closedAt = (client: 'one' | 'two') => START + (client === 'one' ? 400 : 401) * HOUR;

export function factsOf({ bills, closes }: History, cookie: string): Fact[] {
  const clients = [...new Set(bills.map(({ client }) => client))];
  return [
    ...clients.map((client): Fact => {
      const names = { firstname: client, lastname: 'Client', email: `${client}@example.org` };
      const at = signedUpAt(client);
      return {
        at,
        deliver: ({ hooks }, eventId) =>
          hooks.ClientAdd(given.signup({ client_id: client, ...names, cookie, at, eventId })),
      };
    }),
    ...bills.flatMap((bill, index) => billFacts(bill, index)),
    ...closes
      .filter((client) => clients.includes(client))
      .map((client): Fact => ({
        at: closedAt(client),
        deliver: ({ hooks }, eventId) => hooks.ClientClose({ userid: client, at: closedAt(client), eventId }),
      })),
  ];
}

function billFacts(bill: Bill, index: number): Fact[] {
  const invoiceid = `I${index}`;
  const items = bill.lines.map(({ cents, product }, number) => ({
    id: number + 1,
    amount: decimal(cents),
    relid: `${bill.client}-${number}`,
    productid: product,
    productname: `${product} of I${index}`,
  }));
  const pay = (at: number): Fact => ({
    at,
    deliver: (test, eventId) =>
      test.pays({ invoiceid, userid: bill.client, total: decimal(grossOf(bill)), items, at, eventId }),
  });
  return [
    pay(paidAt(index)),
    ...bill.steps.flatMap((step, number): Fact[] => {
      const at = stepAt(index, number);
      if (step.kind === 'refund') return refundFacts(step, invoiceid, number, at);
      if (step.kind === 'paid again') return [pay(at)];
      return [{ at, deliver: ({ hooks }, eventId) => hooks.InvoiceUnpaid({ invoiceid, at, eventId }) }];
    }),
  ];
}

function refundFacts(step: Refund, invoiceid: string, number: number, at: number): Fact[] {
  const refund = { invoiceid, refundid: `R${number}` };
  const of = step.line === null ? {} : { lineid: step.line + 1 };
  const told = { ...refund, ...of, amount: decimal(step.cents), at };
  const back = at + HOUR / 2;
  return [
    { at, deliver: (test, eventId) => test.refunds({ ...told, eventId }) },
    ...(step.reversed
      ? [
          {
            at: back,
            deliver: ({ hooks }: TestProgram, eventId: string) =>
              hooks.InvoiceRefundReversed({ ...refund, at: back, eventId }),
          },
        ]
      : []),
  ];
}

/** One delivery of a fact; facts reported twice come under one event id or under two. */
export interface Delivery {
  readonly fact: number;
  readonly copy: number;
  /** Whether the nightly order runs after it. */
  readonly night: boolean;
}

export const told = history.chain((past) => {
  const count = factsOf(past, '').length;
  const copies = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: count, maxLength: count });
  return copies.chain((each) => {
    const all = each.flatMap((times, fact) => Array.from({ length: times }, (_, copy) => ({ fact, copy })));
    const order = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    const nights = fc.infiniteStream(fc.boolean());
    return fc.tuple(order, nights).map(([deliveries, stream]) => ({
      past,
      deliveries: deliveries.map((one): Delivery => ({ ...one, night: stream.next().value === true })),
    }));
  });
});
