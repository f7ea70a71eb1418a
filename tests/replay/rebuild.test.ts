/** I16: what the accepted events made once, they make again; and what was not made by them is found. */
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { migrate } from '../../module/database/migrate';
import { MIGRATIONS } from '../../module/database/migrations';
import type { Difference, RebuildReport } from '../../module/replay';
import { COMPARISONS, NOT_COMPARED } from '../../module/replay/comparisons';
import { createAcceptance, type Intake } from '../../module/events';
import type { ProgramEvent } from '../../module/events/rules';
import { HANDLERS } from '../../module/handlers';
import { identityKeyReader } from '../../module/keys';
import { readSettings } from '../../module/settings';
import { livedIn } from '../proof/given';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, PORTAL, requestId, STAFF, type TestProgram } from '../support/given';
import { expectReplayable, rebuilt, runsWith } from '../support/replay';

const T = 'mod_affiliates_';
const nextUlid = monotonicFactory();
/** Whether ids are made as they were before they followed from the event. */
const past = { mocked: false };

jest.mock('../../module/ids', () => {
  const real = jest.requireActual<typeof import('../../module/ids')>('../../module/ids');
  return {
    idsOf: (eventId: string, at: number) => (past.mocked ? () => nextUlid(at) : real.idsOf(eventId, at)),
  };
});

afterEach(() => {
  past.mocked = false;
});

const differing = ({ comparisons }: RebuildReport) =>
  comparisons.filter(({ differing: rows }) => rows > 0).map(({ name }) => name);
const firstOf = ({ comparisons }: RebuildReport, name: string): Difference | null | undefined =>
  comparisons.find((comparison) => comparison.name === name)?.first;

const approve = (test: TestProgram, withdrawalId: string, transactionId = '') =>
  test.acts.approveWithdrawal({ requestId: requestId(), staff: STAFF, withdrawalId, transactionId });

describeOnEachDatabase('A history replayed into an empty database', (database) => {
  it('makes every row again, with its id', async () => {
    const { test } = await livedIn(database);
    await expectReplayable(test.knex);
    const accepted = (await test.knex(`${T}events`)).length;
    const report = await rebuilt(test.knex);
    expect(report).toMatchObject({ same: true, events: { replayed: accepted, setAside: 0, waiting: 0 } });
  });

  it('leaves aside what was set aside, and lets wait what waits', async () => {
    const test = await given.program(database);
    await test.hooks.InvoicePaid({ invoiceid: 'without a client' });
    const [one, other] = [await test.affiliate(), await test.affiliate()];
    await test.pays({ userid: await test.referral(one), total: '600.00' });
    const withdrawalId = await test.withdrawal(one);
    test.host.fails('addCredit');
    await approve(test, withdrawalId);
    await test.program.deliver();
    await test.hooks.AfterClientMerge({ fromUserID: one.clientId, toUserID: other.clientId });
    const { same, events } = await rebuilt(test.knex);
    expect({ same, events }).toMatchObject({ same: true, events: { setAside: 0, waiting: 1 } });
  });

  it('keeps to the order in which events were processed, where one had to wait', async () => {
    const test = await given.program(database);
    const [one, other] = [await test.affiliate(), await test.affiliate()];
    const userid = await test.referral(one);
    await test.pays({ userid, total: '600.00' });
    const withdrawalId = await test.withdrawal(one);
    test.host.fails('addCredit');
    await approve(test, withdrawalId);
    await test.program.deliver();
    await test.hooks.AfterClientMerge({ fromUserID: one.clientId, toUserID: other.clientId });
    // Accepted after the merge, and processed before it.
    await test.pays({ userid, total: '700.00' });
    test.host.works('addCredit');
    test.clock.advance({ hours: 1 });
    await test.program.daily();
    test.clock.advance({ hours: 1 });
    await test.program.daily();
    expect(await test.accounts(other)).toMatchObject({ cleared: 7000, withdrawn: 6000 });
    await expectReplayable(test.knex);
  });

  it('gives affiliates the numbers that they had, also where the database left one out', async () => {
    const test = await given.program(database);
    await test.affiliate();
    const taken = test
      .knex(`${T}affiliates`)
      .insert({ ...(await rowOf(test.knex, 'affiliates')), id: 7, client_id: 'x', code: 'x' });
    await taken;
    await test.knex(`${T}affiliates`).where({ id: 7 }).delete();
    const affiliate = await test.affiliate();
    expect(affiliate.id).toBe(8);
    await test.pays({ userid: await test.referral(affiliate), total: '600.00' });
    await test.withdrawal(affiliate);
    await expectReplayable(test.knex);
  });

  it('decides as it was decided by addresses that are erased since', async () => {
    const test = await given.program(database);
    const email = 'me@example.org';
    const affiliate = await test.affiliate({ email });
    const payload = given.signup({ client_id: '900', email, cookie: await test.click(affiliate) });
    await test.hooks.ClientAdd(payload);
    await test.pays({ userid: '900', total: '600.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
    await test.hooks.PreDeleteClient({ userid: '900' });
    await expectReplayable(test.knex);
  });

  it('does not judge a withdrawal by a threshold, a method and details of today', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.pays({ userid: await test.referral(affiliate), total: '600.00' });
    await approve(
      test,
      await test.withdrawal(affiliate, { method: 'paypal', details: 'me@example.com' }),
      'PP-1',
    );
    await test.hooks.PreDeleteClient({ userid: affiliate.clientId });
    runsWith(test.knex, readSettings({ portalUrl: PORTAL, threshold: '900.00', payoutMethods: 'bank' }));
    await expectReplayable(test.knex);
  });

  it('decides as it was decided by a coupon, under a setting and by an address of that day', async () => {
    const couponOrLink = { settings: { couponOrLink: 'coupon' } } as const;
    const test = await given.program(database, couponOrLink);
    const email = 'me@example.org';
    const [linked, owner] = [await test.affiliate(), await test.affiliate({ email })];
    const staff = { requestId: requestId(), staff: STAFF };
    await test.acts.changeCoupon({ ...staff, code: 'SPRING', affiliateId: owner.id, on: true });
    const own = await test.referral(linked, { email });
    const taken = await test.referral(linked);
    const intake = intakeOf(test);
    for (const clientId of [own, taken]) await createAcceptance(intake)(paidWith('spring', clientId));
    expect(await test.accounts(linked)).toMatchObject({ cleared: 1000 });
    expect(await test.accounts(owner)).toMatchObject({ cleared: 1000 });
    await test.hooks.PreDeleteClient({ userid: own });
    runsWith(test.knex, readSettings({ portalUrl: PORTAL }));
    await expectReplayable(test.knex);
  });

  it('gives a merged client what was told about it when it was another', async () => {
    const test = await given.program(database);
    const [linked, owner] = [await test.affiliate(), await test.affiliate()];
    const staff = { requestId: requestId(), staff: STAFF };
    await test.acts.changeCoupon({ ...staff, code: 'SPRING', affiliateId: owner.id, on: true });
    const userid = await test.referral(linked, { firstname: 'Rita' });
    await test.hooks.AfterClientMerge({ fromUserID: userid, toUserID: '7001' });
    await createAcceptance(intakeOf(test))(paidWith('spring', '7001'));
    await expectReplayable(test.knex);
  });

  it('finds the withdrawals of a history that is older than ids that can be repeated', async () => {
    past.mocked = true;
    const { test } = await livedIn(database);
    past.mocked = false;
    expect(differing(await rebuilt(test.knex))).toEqual([]);
  });

  it('takes the order of older answers from when they were given', async () => {
    const { test, url } = await livedIn(database);
    // The clock of a test stands still where real answers come a moment after one another.
    const places = await test.knex<{ event_id: string; sequence: number }>(`${T}event_order`);
    for (const { event_id, sequence } of places)
      await test.knex(`${T}event_answers`).where({ event_id }).increment('answered_at', sequence);
    await test.knex(`${T}event_order`).delete();
    const name = '0061_event_order_of_older_answers';
    await test.knex(`${T}migrations`).where({ name }).delete();
    await migrate(database.connect(url));
    expect(differing(await rebuilt(test.knex))).toEqual([]);
    // Its end is reached: nothing is left to do.
    await MIGRATIONS.find((migration) => migration.name === name)!.up(test.knex);
    expect(await test.knex(`${T}event_order`)).toHaveLength(places.length);
  });

  it('is the same for withdrawals, payments and refunds at one moment', async () => {
    const test = await given.program(database);
    const others = database.name === 'MariaDB' ? [await test.another(), await test.another()] : [];
    const programs = [test, ...others];
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'first', userid, total: '900.00' });
    for (let round = 0; round < 4; round++) {
      const ids = await Promise.all(
        programs.flatMap((each, index) => [
          each.pays({ invoiceid: `${round}-${index}`, userid, total: '1000.00' }).then(() => ''),
          each.refunds({ invoiceid: 'first', refundid: `${round}-${index}`, amount: '10.00' }).then(() => ''),
          each.withdrawal(affiliate).catch(() => ''),
        ]),
      );
      const withdrawalId = ids.find(Boolean) ?? '';
      const act = { requestId: requestId(), staff: STAFF, withdrawalId, reason: 'Another try' };
      if (withdrawalId) await test.acts.denyWithdrawal(act);
    }
    await expectReplayable(test.knex);
  });
});

/** The way in of a program, for what hooks cannot tell. */
function intakeOf({ knex, clock, logger }: TestProgram): Intake {
  const now = () => clock.now().getTime();
  const identityKey = identityKeyReader();
  const settings = readSettings({ portalUrl: PORTAL, couponOrLink: 'coupon' });
  return { knex, settings, logger, handlers: HANDLERS, identityKey, now, newId: () => nextUlid(now()) };
}

function paidWith(coupon: string, clientId: string): ProgramEvent<'invoice.paid'> {
  const product = { serviceId: `S${clientId}`, productId: 'web-1', productName: 'Web hosting' };
  const line = {
    lineId: '1',
    kind: 'service',
    amount: 10_000,
    discount: 0,
    quantity: 1,
    ...product,
  } as const;
  const money = { currency: 'USD', total: 10_000, credit: 0, discount: 0 };
  const payload = { invoiceId: `I${clientId}`, clientId, ...money, lines: [line], coupon };
  const occurredAt = Date.parse('2026-03-01T12:00:00Z');
  return {
    source: 'host',
    id: `paid ${clientId}`,
    type: 'invoice.paid',
    occurredAt,
    by: { kind: 'host' },
    payload,
  };
}

const rowOf = async (knex: Knex, table: string) => (await knex<Record<string, unknown>>(T + table).first())!;

/** [what was done, what finds it first, what is done] */
const DAMAGE: readonly (readonly [string, string, (knex: Knex) => Promise<unknown>])[] = [
  [
    'a posting, its commission and the balance were raised alike',
    'balances',
    async (knex) => {
      const { transaction_id } = await rowOf(knex, 'ledger_entries');
      const entries = knex(`${T}ledger_entries`).where({ transaction_id });
      await entries.clone().where('amount', '>', 0).increment('amount', 100);
      await entries.clone().where('amount', '<', 0).decrement('amount', 100);
      await knex(`${T}balances`).increment('cleared', 100).decrement('expense', 100);
    },
  ],
  ['a commission was raised', 'commissions', (knex) => knex(`${T}commissions`).increment('earned', 1)],
  [
    'a commission was taken out',
    'commissions',
    (knex) => knex(`${T}commissions`).where({ state: 'clearing' }).delete(),
  ],
  [
    'a commission was put in',
    'commissions',
    async (knex) =>
      knex(`${T}commissions`).insert({ ...(await rowOf(knex, 'commissions')), id: 'X', line_key: 'none/1' }),
  ],
  [
    'a withdrawal was marked as paid',
    'withdrawals',
    (knex) => knex(`${T}withdrawals`).where({ status: 'denied' }).update({ status: 'paid' }),
  ],
  ['a referral was given away', 'referrals', (knex) => knex(`${T}referrals`).update({ affiliate_id: 2 })],
  [
    'what a referral brought was changed',
    'referral_totals',
    (knex) => knex(`${T}referral_totals`).increment('paid', 1),
  ],
  ['a figure was raised', 'affiliate_totals', (knex) => knex(`${T}affiliate_totals`).increment('signups', 1)],
  [
    'an affiliate was suspended by nobody',
    'affiliates',
    (knex) => knex(`${T}affiliates`).update({ status: 'suspended' }),
  ],
  ['a rate was changed in retrospect', 'terms', (knex) => knex(`${T}terms`).update({ content: '{}' })],
  ['a line was made cheaper', 'invoice_lines', (knex) => knex(`${T}invoice_lines`).update({ net: 1 })],
  [
    'an evaluation was reworded',
    'evaluations',
    (knex) => knex(`${T}evaluations`).update({ code: 'nothing_paid' }),
  ],
  [
    'a posting was dated back',
    'ledger_transactions',
    (knex) => knex(`${T}ledger_transactions`).update({ at: 1 }),
  ],
  [
    'an entry was moved to another account',
    'ledger_entries',
    (knex) => knex(`${T}ledger_entries`).where({ account: 'reserved' }).update({ account: 'expense' }),
  ],
  [
    'an event was taken out with its answer',
    'balances',
    async (knex) => {
      const [id] = await knex(`${T}events`).where({ type: 'invoice.refunded' }).pluck<string[]>('id');
      for (const table of ['event_order', 'event_answers'])
        await knex(T + table)
          .where({ event_id: id })
          .delete();
      await knex(`${T}events`).where({ id }).delete();
    },
  ],
  [
    'an event was taken out under its answer',
    'event_answers',
    (knex) => knex(`${T}events`).where({ type: 'invoice.refunded' }).delete(),
  ],
  [
    'an event lost its place',
    'event_answers',
    (knex) => knex(`${T}event_order`).where('sequence', '>', 3).delete(),
  ],
  [
    'a payment was made larger in the history',
    'balances',
    async (knex) => {
      const where = {
        source_id: (await knex(`${T}events`).where({ type: 'invoice.paid' }).first<{ source_id: string }>())
          .source_id,
      };
      const event = await knex(`${T}events`).where(where).first<{ payload: string }>();
      await knex(`${T}events`)
        .where(where)
        .update({ payload: event.payload.replaceAll('70000', '80000') });
    },
  ],
  [
    'an answer was changed',
    'event_answers',
    (knex) =>
      knex(`${T}event_answers`)
        .where('answer', 'like', '%attributed%')
        .update({ answer: '{"status":"processed","result":{"attribution":"self_referral"}}' }),
  ],
];

describeOnSqlite('A replay', (database) => {
  it.each(DAMAGE)('finds that %s', async (_what, name, damage) => {
    const { test } = await livedIn(database);
    await damage(test.knex);
    const report = await rebuilt(test.knex);
    expect(report.same).toBe(false);
    expect(differing(report)).toContain(name);
    expect(firstOf(report, name)).toMatchObject({
      table: T + name,
      row: expect.stringMatching(/./) as string,
    });
  });

  it('names the row and both values', async () => {
    const { test } = await livedIn(database);
    await test.knex(`${T}balances`).increment('cleared', 5);
    const report = await rebuilt(test.knex);
    expect(differing(report)).toEqual(['balances']);
    const { cleared } = (await rowOf(test.knex, 'balances')) as { cleared: number };
    expect(firstOf(report, 'balances')).toEqual({
      table: `${T}balances`,
      row: 'affiliate_id 1, currency USD',
      column: 'cleared',
      kept: cleared,
      replayed: cleared - 5,
    });
  });

  it('tells of a row that no replay makes, and of one that only a replay makes', async () => {
    const { test } = await livedIn(database);
    await test.knex(`${T}balances`).where({ affiliate_id: 1 }).update({ affiliate_id: 9 });
    const report = await rebuilt(test.knex);
    const balances = report.comparisons.find(({ name }) => name === 'balances');
    expect(balances).toMatchObject({
      rows: 1,
      differing: 2,
      first: { row: 'affiliate_id 9, currency USD', column: '', replayed: null },
    });
    await test.knex(`${T}balances`).delete();
    const first = firstOf(await rebuilt(test.knex), 'balances');
    expect(first).toMatchObject({ row: 'affiliate_id 1, currency USD', column: '', kept: null });
  });

  it('never tells what is known of a person', async () => {
    const { test } = await livedIn(database);
    await test.knex(`${T}withdrawals`).update({ details: 'IBAN of a thief' });
    const report = await rebuilt(test.knex);
    expect(firstOf(report, 'withdrawals')).toMatchObject({
      column: 'details',
      kept: 'one text',
      replayed: 'another',
    });
  });

  it('compares more rows than fit into one look', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = Array.from({ length: 60 }, (_, index) => ({
      id: index + 1,
      amount: '10.00',
      relid: `S${index}`,
    }));
    for (let invoice = 0; invoice < 12; invoice++)
      await test.pays({ invoiceid: `I${invoice}`, userid, items });
    await expectReplayable(test.knex);
    await test.knex(`${T}commissions`).where({ line_key: 'I9/9' }).increment('earned', 1);
    const report = await rebuilt(test.knex);
    expect(report.comparisons.find(({ name }) => name === 'commissions')).toMatchObject({
      rows: 720,
      differing: 1,
      first: { row: 'line_key I9/9, affiliate_id 1, tier 1', column: 'earned', kept: 101, replayed: 100 },
    });
  });

  it('knows of every table whether it is compared, and why not', async () => {
    const test = await given.program(database);
    const tables = await test
      .knex('sqlite_master')
      .where({ type: 'table' })
      .andWhere('name', 'like', `${T}%`)
      .pluck('name');
    const known = [...COMPARISONS.map(({ table }) => table), ...Object.keys(NOT_COMPARED)];
    expect([...(tables as string[])].sort()).toEqual([...known].sort());
  });
});
