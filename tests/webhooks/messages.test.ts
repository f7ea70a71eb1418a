/** What is told, when, and what it costs: messages are written with the facts, and once. */
import { requestId, given, STAFF, type TestProgram } from '../support/given';
import { describeOnEachDatabase } from '../support/databases';
import { breakTable } from '../support/faults';
import { expectReplayable, rebuilt } from '../support/replay';
import { SECRET } from './given';

/** Nobody listens there: what is told is read again, not received. */
const WEBHOOKS = [{ url: 'http://127.0.0.1:1/', secret: SECRET }];
const TABLE = 'mod_affiliates_webhook_messages';

async function told({ program }: TestProgram, after?: string) {
  const { messages } = await program.webhooks.messages({ after, limit: 500 });
  return messages;
}
const typesOf = (messages: readonly { type: string }[]) => messages.map(({ type }) => type);
const usd = (minorUnits: number, decimal: string) => ({ decimal, minorUnits, currency: 'USD' });

/** Those by which messages are written: what delivers them looks at their numbers, or at whom they go to. */
const WRITING =
  /insert into .mod_affiliates_webhook_messages|from .mod_affiliates_balances. where .affiliate_id. in/;

/** @returns the statements of an act by which messages are written */
async function statements({ knex }: TestProgram, act: () => Promise<unknown>): Promise<string[]> {
  const heard: string[] = [];
  const hear = ({ sql }: { sql: string }) => {
    if (WRITING.test(sql)) heard.push(sql);
  };
  knex.on('query', hear);
  await act();
  knex.removeListener('query', hear);
  return heard;
}

describeOnEachDatabase('What is told to those who subscribed', (database) => {
  it('is the whole story of an affiliate, and of each balance what it came to', async () => {
    const test = await given.program(database, { webhooks: WEBHOOKS, settings: { clearingDays: 10 } });
    const affiliate = await test.affiliate();
    const client = await test.referral(affiliate);
    // What two processes do within one millisecond has no order.
    test.clock.advance({ seconds: 1 });
    await test.pays({ userid: client, invoiceid: '900', total: '1000.00' });
    await test.refunds({ invoiceid: '900', refundid: '1', amount: '100.00' });
    test.clock.advance({ days: 11 });
    await test.program.daily();
    test.clock.advance({ seconds: 1 });
    const id = await test.withdrawal(affiliate);
    await test.acts.denyWithdrawal({
      requestId: requestId(),
      staff: STAFF,
      withdrawalId: id,
      reason: 'Rita',
    });
    const messages = await told(test);
    expect(typesOf(messages)).toEqual([
      'affiliate.activated',
      'commission.earned',
      'balance.changed',
      'commission.reversed',
      'balance.changed',
      'commission.cleared',
      'balance.changed',
      'withdrawal.requested',
      'balance.changed',
      'withdrawal.denied',
      'balance.changed',
    ]);
    const [activated, earned, balance, reversed] = messages;
    const affiliateId = String(affiliate.id);
    expect(activated!.data).toEqual({ affiliateId, clientId: affiliate.clientId });
    expect(earned!.timestamp).toBe('2026-03-01T12:00:01.000Z');
    expect(earned!.data).toMatchObject({
      affiliateId,
      invoiceId: '900',
      lineId: '1',
      tier: 1,
      state: 'clearing',
      clearsAt: '2026-03-11T12:00:01.000Z',
      amount: usd(10_000, '100.00'),
    });
    expect(balance!.data).toMatchObject({ affiliateId, currency: 'USD', clearing: usd(10_000, '100.00') });
    expect(reversed!.data).toMatchObject({
      amount: usd(1000, '10.00'),
      earned: usd(10_000, '100.00'),
      reversed: usd(1000, '10.00'),
    });
    expect(messages.at(-1)!.data).toMatchObject({ cleared: usd(9000, '90.00'), reserved: usd(0, '0.00') });
    expect(JSON.stringify(messages)).not.toMatch(/rita|referred|example\.org/i);
  });

  it('is read again from after any message, page by page, in an order that never changes', async () => {
    const test = await given.program(database, { webhooks: WEBHOOKS });
    const affiliate = await test.affiliate();
    const client = await test.referral(affiliate);
    await Promise.all([1, 2, 3].map(() => test.pays({ userid: client })));
    const all = await told(test);
    const read: string[] = [];
    for (let more = true; more;) {
      const page = await test.program.webhooks.messages({ after: read.at(-1), limit: 2 });
      read.push(...page.messages.map(({ id }) => id));
      more = page.more;
    }
    expect(read).toEqual(all.map(({ id }) => id));
    expect(new Set(read).size).toBe(read.length);
    await test.pays({ userid: client });
    expect((await told(test)).slice(0, read.length)).toEqual(all);
    expect(typesOf(await told(test, read.at(-1)))).toEqual([
      'commission.earned',
      'commission.cleared',
      'balance.changed',
    ]);
  });

  it('is written with the fact or not at all', async () => {
    const test = await given.program(database, { webhooks: WEBHOOKS });
    const affiliate = await test.affiliate();
    const client = await test.referral(affiliate);
    const before = await told(test);
    const mend = await breakTable(test.knex, TABLE);
    const answer = await test.pays({ userid: client });
    expect(answer.status).toBe('waiting');
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
    await mend();
    await test.acts.retryEvents();
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
    expect(typesOf((await told(test)).slice(before.length))).toEqual([
      'commission.earned',
      'commission.cleared',
      'balance.changed',
    ]);
  });

  it('takes two statements for whatever arrives together, and none where nobody subscribed', async () => {
    const payTogether = async (test: TestProgram) => {
      const client = await test.referral(await test.affiliate());
      const items = [{ amount: '10.00' }, { amount: '20.00' }];
      const together = Array.from({ length: 5 }, () => ({ userid: client, items }));
      return statements(test, () => Promise.all(together.map((invoice) => test.pays(invoice))));
    };
    const silent = await given.program(database);
    expect(await payTogether(silent)).toEqual([]);
    expect(await silent.knex(TABLE)).toEqual([]);
    await silent.close();
    const heard = await given.program(database, { webhooks: WEBHOOKS });
    expect(await payTogether(heard)).toHaveLength(2);
    const types = typesOf(await told(heard));
    expect(types.filter((type) => type === 'commission.earned')).toHaveLength(10);
    expect(types.filter((type) => type === 'balance.changed')).toHaveLength(1);
  });

  it('is not told again when the history is lived again', async () => {
    const test = await given.program(database, { webhooks: WEBHOOKS });
    const affiliate = await test.affiliate();
    const client = await test.referral(affiliate);
    await test.pays({ userid: client, total: '900.00' });
    await test.withdrawal(affiliate);
    expect(await told(test)).not.toEqual([]);
    const report = await rebuilt(test.knex, async (copy) => {
      expect(await copy(TABLE)).toEqual([]);
    });
    expect(report.same).toBe(true);
    await expectReplayable(test.knex);
  });

  it('is forgotten after 30 days but for the newest, after which reading can go on', async () => {
    const test = await given.program(database, { webhooks: WEBHOOKS });
    const affiliate = await test.affiliate();
    const client = await test.referral(affiliate);
    await test.pays({ userid: client });
    const messages = await told(test);
    test.clock.advance({ days: 31 });
    const report = await test.program.daily();
    expect(report.failed).toEqual([]);
    expect(await told(test)).toEqual(messages.slice(-1));
    expect(await told(test, messages.at(-1)!.id)).toEqual([]);
    await expect(told(test, messages[0]!.id)).rejects.toMatchObject({ code: 'message_missing' });
    expect(await test.knex('mod_affiliates_webhook_deliveries')).toHaveLength(1);
    // Written while somebody listened, and numbered by nobody since.
    await test.knex(TABLE).update({ number: null });
    await test.program.daily();
    expect(await test.knex(TABLE)).toEqual([]);
  });
});

describe('What is told of a hold', () => {
  it('is that it began, and how it ended', async () => {
    const test = await given.programInMemory({ webhooks: WEBHOOKS });
    const affiliate = await test.affiliate();
    test.clock.advance({ seconds: 1 });
    const throwaway = { email: 'rita@mailinator.com' };
    const [first, second] = [
      await test.referral(affiliate, throwaway),
      await test.referral(affiliate, throwaway),
    ];
    await test.pays({ userid: first, invoiceid: '1' });
    await test.pays({ userid: second, invoiceid: '2' });
    const act = () => ({ requestId: requestId(), staff: STAFF, reason: 'looked at' });
    const start = (await told(test)).at(-1)!.id;
    await test.acts.releaseHold({ ...act(), lineKey: '1/1' });
    await test.acts.voidHold({ ...act(), lineKey: '2/1' });
    expect(typesOf((await told(test)).slice(1, 4))).toEqual([
      'commission.earned',
      'commission.held',
      'balance.changed',
    ]);
    const ends = (await told(test, start)).map(({ type, data }) => [type, data['state']]);
    expect(ends).toEqual([
      ['commission.released', 'clearing'],
      ['commission.reversed', 'held'],
      ['commission.voided', 'held'],
      ['balance.changed', undefined],
    ]);
  });

  it.each([0, 501, 1.5, NaN])('is not read %p at a time', async (limit) => {
    const test = await given.programInMemory({ webhooks: WEBHOOKS });
    await expect(test.program.webhooks.messages({ limit })).rejects.toMatchObject({ code: 'field_invalid' });
  });
});
