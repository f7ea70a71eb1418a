/**
 * The ledger under everything that people and hosts may do to it, in random order: after every step the auditor, which
 * recomputes all of it from the tables, finds nothing. What the program refuses must leave no trace.
 */
import fc from 'fast-check';
import { AffiliatesError } from '../../module/errors';
import type { AffiliateView } from '../../module/views';
import { corrections } from '../corrections/given';
import { describeOnMariaDb } from '../support/databases';
import { given, requestId, SECOND, STAFF, type Options, type TestProgram } from '../support/given';
import { auditorOf, expectSound } from '../support/invariants';
import { percent } from '../terms/given';
import { decisions } from '../withdrawals/given';

/** A program with two affiliates, each with two referrals, and a step of its life. */
interface World {
  readonly test: TestProgram;
  readonly affiliates: readonly AffiliateView[];
  readonly clients: readonly string[];
}
type Step = readonly [name: string, run: (world: World) => Promise<unknown>];

const which = fc.integer({ min: 0, max: 99 });
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];
const currency = fc.constantFrom('USD', 'USD', 'USD', 'EUR');
const money = (cents: number) => (cents / 100).toFixed(2);
const act = () => ({ requestId: requestId(), staff: STAFF });

const invoices = fc.integer({ min: 1, max: 6 }).map((number) => `I${number}`);

const paid: fc.Arbitrary<Step> = fc
  .record({ invoiceid: invoices, client: which, cents: fc.integer({ min: 1, max: 300_00 }), currency })
  .map(({ invoiceid, client, cents, currency: code }) => [
    `${invoiceid} is paid`,
    ({ test, clients }) => {
      // A paid invoice of the host's keeps its lines: the same one again is the same one.
      const lines = { items: [{ amount: money(cents) }, { amount: '9.99', type: 'DomainRegister' }] };
      return test.pays({
        invoiceid: `${invoiceid}-${code}-${cents}`,
        userid: pick(clients, client)!,
        currency: code,
        ...lines,
      });
    },
  ]);

/** What may befall an invoice afterwards; one is chosen among those that were paid. */
const afterwards: fc.Arbitrary<Step> = fc
  .record({
    invoice: which,
    what: fc.constantFrom('refunded', 'refunded in part', 'unpaid', 'cancelled'),
    cents: fc.integer({ min: 1, max: 100_00 }),
  })
  .map(({ invoice, what, cents }) => [
    `an invoice is ${what}`,
    async ({ test }) => {
      const known = await test
        .knex<{ id: string; currency: string }>('mod_affiliates_invoices')
        .orderBy('id');
      const { id: invoiceid, currency: code } = pick(known, invoice) ?? { id: 'none', currency: 'USD' };
      const refund = { invoiceid, currency: code, refundid: requestId() };
      if (what === 'refunded') return test.refunds(refund);
      if (what === 'refunded in part') return test.refunds({ ...refund, amount: money(cents) });
      if (what === 'unpaid') return test.hooks.InvoiceUnpaid({ invoiceid });
      return test.hooks.InvoiceCancelled({ invoiceid });
    },
  ]);

const withdrawn: fc.Arbitrary<Step> = fc
  .record({ who: which, currency, method: fc.constantFrom('credit' as const, 'paypal' as const) })
  .map(({ who, currency: code, method }) => [
    'a withdrawal is asked for',
    ({ test, affiliates }) =>
      test.withdrawal(pick(affiliates, who)!, {
        currency: code,
        method,
        details: method === 'credit' ? '' : 'me@example.com',
      }),
  ]);

const decided: fc.Arbitrary<Step> = fc
  .record({ what: fc.constantFrom('approved', 'denied', 'cancelled'), by: fc.constantFrom(STAFF, SECOND) })
  .map(({ what, by }) => [
    `a withdrawal is ${what}`,
    async ({ test, affiliates }) => {
      const { rows } = await test.reads.withdrawals({ status: 'requested', limit: 1 });
      const [open] = rows;
      if (!open) return;
      const { approve, deny, cancel } = decisions(test, by);
      const owner = affiliates.find(({ id }) => id === open.affiliateId)!;
      if (what === 'denied') return deny(open.id);
      if (what === 'cancelled') return cancel(owner, open.id);
      await approve(open.id, open.method === 'credit' ? '' : `TX-${open.id}`);
      return test.program.deliver();
    },
  ]);

const corrected: fc.Arbitrary<Step> = fc
  .record({
    who: which,
    amount: fc.integer({ min: 1, max: 120_00 }),
    direction: fc.constantFrom('credit' as const, 'debit' as const),
    currency,
    approves: fc.boolean(),
  })
  .map(({ who, amount, direction, currency: code, approves }) => [
    `a correction is made: ${direction}`,
    async ({ test, affiliates }) => {
      const asked = { direction, amount, currency: code };
      const { correctionId, posted } = await corrections(test).propose(pick(affiliates, who)!, asked);
      if (posted) return;
      const second = corrections(test, SECOND);
      return approves ? second.approve(correctionId) : second.reject(correctionId);
    },
  ]);

const held: fc.Arbitrary<Step> = fc.boolean().map((releases) => [
  releases ? 'what is on hold is released' : 'what is on hold is voided',
  async ({ test }) => {
    const { rows } = await test.reads.holds({ limit: 1 });
    if (!rows[0]) return;
    const decision = { ...act(), lineKey: rows[0].lineKey, reason: 'Looked at.' };
    return releases ? test.acts.releaseHold(decision) : test.acts.voidHold(decision);
  },
]);

const switched: fc.Arbitrary<Step> = fc.record({ who: which, on: fc.boolean() }).map(({ who, on }) => [
  `an affiliate is switched ${on ? 'on' : 'off'}`,
  ({ test, affiliates }) => {
    const { clientId } = pick(affiliates, who)!;
    const facts = { clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
    return test.acts.switchAffiliate({ ...act(), ...facts, on, reason: on ? '' : 'A word with them.' });
  },
]);

const termed: fc.Arbitrary<Step> = fc.integer({ min: 0, max: 5000 }).map((basisPoints) => [
  'the terms change',
  ({ test }) => {
    const terms = { scope: 'program', scopeKey: '', recurring: 'every', clearingDays: 3 } as const;
    return test.acts.changeTerms({ ...act(), ...terms, rate: percent(basisPoints) });
  },
]);

const nights: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 5 }).map((days) => [
  `${days} days pass`,
  async ({ test }) => {
    test.clock.advance({ days });
    expect(await test.program.daily()).toMatchObject({ failed: [] });
  },
]);

const step = fc.oneof(
  { weight: 6, arbitrary: paid },
  { weight: 4, arbitrary: afterwards },
  { weight: 3, arbitrary: nights },
  { weight: 2, arbitrary: withdrawn },
  { weight: 2, arbitrary: decided },
  { weight: 2, arbitrary: corrected },
  { weight: 1, arbitrary: held },
  { weight: 1, arbitrary: switched },
  { weight: 1, arbitrary: termed },
);
const history = fc.array(step, { minLength: 10, maxLength: 30 });

type Start = (options: Options) => Promise<TestProgram>;

async function begin(start: Start): Promise<World> {
  const settings = { clearingDays: 3, threshold: '5.00', approvalAbove: '60.00' };
  const test = await start({ settings });
  const affiliates = [await test.affiliate(), await test.affiliate()];
  const clients: string[] = [];
  for (const [index, affiliate] of [...affiliates, ...affiliates].entries()) {
    // One of them comes with a throw-away address, so that there is something on hold.
    const email = index === 0 ? 'some@mailinator.com' : `client${index}@example.org`;
    clients.push(await test.referral(affiliate, { email }));
  }
  return { test, affiliates, clients };
}

async function staysSound(start: Start, steps: readonly Step[]): Promise<void> {
  const world = await begin(start);
  const { knex, clock, close } = world.test;
  const auditor = auditorOf(knex, () => clock.now().getTime());
  for (const [name, run] of steps) {
    clock.advance({ minutes: 1 });
    try {
      await run(world);
    } catch (error) {
      // Refusals are part of life; anything else is a fault.
      if (!(error instanceof AffiliatesError)) throw error;
    }
    expect([name, await auditor.audit()]).toEqual([name, []]);
  }
  await expectSound(knex, clock.now);
  await close();
}

const check = (start: Start, runs: number) =>
  fc.assert(
    fc.asyncProperty(history, (steps) => staysSound(start, steps)),
    { numRuns: runs, interruptAfterTimeLimit: 60_000 },
  );

const LONG = 120_000;

describe('The ledger through any history on SQLite', () => {
  it('is sound after every step', () => check(given.programInMemory, 12), LONG);
});

describeOnMariaDb('The ledger through any history', (database) => {
  it('is sound after every step', () => check((options) => given.program(database, options), 3), LONG);
});
