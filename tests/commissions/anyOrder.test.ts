/**
 * I12: hosts report late, twice and in any order, and the end is the same. Histories are random but legal; what they
 * must come to is predicted by a model of a few lines that knows nothing of the program.
 */
import fc from 'fast-check';
import { describeOnMariaDb } from '../support/databases';
import { given, type Options, type TestProgram } from '../support/given';
import { auditorOf } from '../support/invariants';
import { expectReplayable } from '../support/replay';

const START = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const RATES = { basic: 1000n, special: 2550n } as const;
type Product = keyof typeof RATES;

interface Line {
  readonly cents: number;
  readonly product: Product;
}
interface Refund {
  readonly kind: 'refund';
  readonly cents: number;
  /** null: the invoice as a whole. */
  readonly line: number | null;
  /** Whether the money came back: a chargeback that the host won. */
  readonly reversed: boolean;
}
type Step = { readonly kind: 'unpaid' | 'paid again' } | Refund;
interface Bill {
  readonly client: 'one' | 'two';
  readonly lines: readonly Line[];
  readonly taxed: boolean;
  readonly steps: readonly Step[];
}
interface History {
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
const grossOf = (bill: Bill) => netOf(bill) + (bill.taxed ? Math.floor((netOf(bill) * 19) / 100) : 0);

/** When things happened: bills are paid an hour after one another, what follows comes days later, in its order. */
const paidAt = (bill: number) => START + (bill + 2) * HOUR;
const stepAt = (bill: number, index: number) => START + (24 * (index + 1) + bill + 2) * HOUR;
const signedUpAt = (client: 'one' | 'two') => START + (client === 'one' ? 1 : 1.5) * HOUR;
const closedAt = (client: 'one' | 'two') => START + (client === 'one' ? 400 : 401) * HOUR;

function factsOf({ bills, closes }: History, cookie: string): Fact[] {
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

/** What it must come to, in cents. */
interface Outcome {
  readonly cleared: number;
  readonly referrals: Readonly<Record<string, unknown>>;
  readonly commissions: Record<string, number>;
}

const stands = ({ steps }: Bill) =>
  steps.reduce((paid, { kind }) => (kind === 'refund' ? paid : kind === 'paid again'), true);

function expected({ bills, recurring, closes }: History): Outcome {
  const commissions: Record<string, number> = {};
  const rows = new Map<string, { paid: number; earned: number; last: number | null; product: string }>();
  const served = new Set<string>();
  bills.forEach((bill, index) => {
    const row = rows.get(bill.client) ?? { paid: 0, earned: 0, last: null, product: '' };
    rows.set(bill.client, row);
    const largest = bill.lines.reduce((most, each) => (each.cents > most.cents ? each : most));
    row.product = `${largest.product} of I${index}`;
    if (!stands(bill)) return;
    bill.lines.forEach(({ cents, product }, number) => {
      const service = `${bill.client}-${number}`;
      const first = !served.has(service);
      served.add(service);
      const [top, bottom] = refundedShare(bill, number);
      row.paid += cents - part(BigInt(cents), top, bottom);
      if (recurring === 'once' && !first) return;
      const earned = BigInt(part(BigInt(cents), RATES[product], 10_000n));
      const kept = Number(earned) - part(earned, top, bottom);
      if (kept === 0) return;
      commissions[`I${index}/${number + 1}`] = kept;
      row.earned += kept;
      row.last = paidAt(index);
    });
  });
  const referrals = [...rows].map(([client, { paid, earned, last, product }]) => {
    const status = closes.some((closed) => closed === client) ? 'closed' : 'active';
    return [client, { paid, earned, lastCommissionAt: last, product, status }];
  });
  const cleared = Object.values(commissions).reduce((all, cents) => all + cents, 0);
  return { cleared, commissions, referrals: Object.fromEntries(referrals) as Record<string, unknown> };
}

/** All refunds whose money did not come back together, as a fraction of a line; never more than all of it. */
function refundedShare(bill: Bill, line: number): [bigint, bigint] {
  const refunds = bill.steps.filter((step): step is Refund => step.kind === 'refund' && !step.reversed);
  const sum = (of: number | null) =>
    BigInt(refunds.filter((refund) => refund.line === of).reduce((all, { cents }) => all + cents, 0));
  const [net, gross] = [BigInt(bill.lines[line]!.cents), BigInt(grossOf(bill))];
  const [top, bottom] = [sum(line) * gross + sum(null) * net, net * gross];
  return top > bottom ? [1n, 1n] : [top, bottom];
}

/** amount × top / bottom in whole cents, half a cent up. */
const part = (amount: bigint, top: bigint, bottom: bigint) =>
  Number((2n * amount * top + bottom) / (2n * bottom));

async function outcomeOf(test: TestProgram, affiliateId: number): Promise<Outcome> {
  const { knex, reads } = test;
  const { cleared } = await test.accounts({ id: affiliateId });
  const query = { affiliateId, currency: 'USD', filter: { status: 'all' as const } };
  const list = await reads.referrals({ ...query, sort: 'signedUp', descending: false, limit: 10 });
  const clients = await knex<{ id: string; client_id: string }>('mod_affiliates_referrals');
  const clientOf = new Map(clients.map(({ id, client_id }) => [id, client_id]));
  const rows = await knex<{ line_key: string; earned: number; reversed: number }>(
    'mod_affiliates_commissions',
  );
  const kept = rows.map(({ line_key, earned, reversed }) => [line_key, earned - reversed] as const);
  return {
    cleared,
    commissions: Object.fromEntries(kept.filter(([, cents]) => cents !== 0)),
    referrals: Object.fromEntries(
      list.rows.map(({ id, paid, earned, lastCommissionAt, product, status }) => [
        clientOf.get(id) ?? '',
        { paid, earned, lastCommissionAt, product, status },
      ]),
    ),
  };
}

/** One delivery of a fact; facts reported twice come under one event id or under two. */
interface Delivery {
  readonly fact: number;
  readonly copy: number;
  /** Whether the nightly order runs after it. */
  readonly night: boolean;
}

const told = history.chain((past) => {
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

type Start = (options: Options) => Promise<TestProgram>;

async function endsAsExpected(start: Start, past: History, deliveries: readonly Delivery[]): Promise<void> {
  const { recurring, clearingDays } = past;
  const test = await start({ settings: { recurring, clearingDays, defaultRate: '10%' } });
  const affiliate = await test.affiliate();
  await test.acts.changeTerms({
    requestId: 'special rate',
    staff: { id: '1', name: 'Sam' },
    scope: 'product',
    scopeKey: 'special',
    rate: { kind: 'percent', basisPoints: Number(RATES.special) },
    recurring: null,
    clearingDays: null,
  });
  const facts = factsOf(past, await test.click(affiliate));
  // Everything has happened when the first report arrives; what clears does so some nights later.
  test.clock.advance({ hours: 500 });
  const auditor = auditorOf(test.knex, () => test.clock.now().getTime());
  for (const { fact, copy, night } of deliveries) {
    await facts[fact]!.deliver(test, `F${fact} report ${copy % 2}`);
    if (night) {
      test.clock.advance({ hours: 12 });
      await test.program.daily();
    }
    expect(await auditor.audit()).toEqual([]);
  }
  test.clock.advance({ days: 60 });
  expect(await test.program.daily()).toMatchObject({ failed: [] });
  const proof = await test.reads.lastProof();
  expect(proof?.checks.filter(({ finding }) => finding)).toEqual([]);
  expect(await auditor.audit()).toEqual([]);
  await expectReplayable(test.knex);
  expect(await outcomeOf(test, affiliate.id)).toEqual(expected(past));
  await test.close();
}

const check = (start: Start, runs: number) =>
  fc.assert(
    fc.asyncProperty(told, ({ past, deliveries }) => endsAsExpected(start, past, deliveries)),
    { numRuns: runs, interruptAfterTimeLimit: 60_000 },
  );

const LONG = 120_000;

describe('A history told late, twice and in any order on SQLite', () => {
  it('ends in the same balances, commissions and referrals', () => check(given.programInMemory, 40), LONG);
});

describeOnMariaDb('A history told late, twice and in any order', (database) => {
  const start: Start = (options) => given.program(database, options);
  it('ends in the same balances, commissions and referrals', () => check(start, 4), LONG);
});
