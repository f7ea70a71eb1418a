/** The statement of a month: what it says, where months begin and end, and that it adds up whatever happened. */
import fc from 'fast-check';
import { monthsBetween } from '../../module/calendar';
import type { AccountsView } from '../../module/views';
import { describeOnEachDatabase } from '../support/databases';
import { settableClock } from '../support/clock';
import { given } from '../support/given';
import { decisions } from '../withdrawals/given';
import { entriesOf, history, liveThrough, monthQuery } from './given';

const BERLIN = 'Europe/Berlin';
const NOTHING: AccountsView = { clearing: 0, cleared: 0, reserved: 0, withdrawn: 0, owed: 0 };

describeOnEachDatabase('A monthly statement', (database) => {
  const start = (instant: string, settings = {}) =>
    given.program(database, {
      clock: settableClock(instant),
      settings: { timeZone: BERLIN, clearingDays: 10, ...settings },
    });

  it('says what a month worked out by hand says', async () => {
    const test = await start('2026-02-10T09:00:00Z');
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, total: '700.00' });
    test.clock.set('2026-02-15T09:00:00Z');
    await test.refunds({ invoiceid: 'A', refundid: 'R1', amount: '70.00' });
    test.clock.set('2026-02-21T02:00:00Z');
    await test.program.daily();
    test.clock.set('2026-03-05T09:00:00Z');
    const withdrawal = await test.withdrawal(affiliate, { method: 'paypal', details: 'me' });
    test.clock.set('2026-03-07T09:00:00Z');
    await decisions(test).approve(withdrawal, 'PP-1');
    test.clock.set('2026-03-10T09:00:00Z');
    await test.pays({ invoiceid: 'B', userid, total: '90.00' });
    test.clock.set('2026-03-12T09:00:00Z');
    await test.refunds({ invoiceid: 'A', refundid: 'R2', amount: '630.00' });

    const changes = (part: Partial<AccountsView>) => ({ ...NOTHING, ...part });
    expect(await test.reads.month(monthQuery(affiliate, '2026-02', BERLIN))).toEqual({
      opening: NOTHING,
      movements: [
        { kind: 'earn', count: 1, changes: changes({ clearing: 7000, owed: 7000 }) },
        { kind: 'reverse', count: 1, changes: changes({ clearing: -700, owed: -700 }) },
        { kind: 'clear', count: 1, changes: changes({ clearing: -6300, cleared: 6300 }) },
      ],
      closing: changes({ cleared: 6300, owed: 6300 }),
    });
    const march = monthQuery(affiliate, '2026-03', BERLIN);
    expect(await test.reads.month(march)).toEqual({
      opening: changes({ cleared: 6300, owed: 6300 }),
      movements: [
        { kind: 'reserve', count: 1, changes: changes({ cleared: -6300, reserved: 6300 }) },
        { kind: 'pay', count: 1, changes: changes({ reserved: -6300, withdrawn: 6300, owed: -6300 }) },
        { kind: 'earn', count: 1, changes: changes({ clearing: 900, owed: 900 }) },
        { kind: 'reverse', count: 1, changes: changes({ cleared: -6300, owed: -6300 }) },
      ],
      closing: { clearing: 900, cleared: -6300, reserved: 0, withdrawn: 6300, owed: -5400 },
    });
    const entries = await entriesOf(test, march);
    expect(entries.map(({ kind, after }) => [kind, after.owed])).toEqual([
      ['reserve', 6300],
      ['pay', 0],
      ['earn', 900],
      ['reverse', -5400],
    ]);
    expect(entries.map(({ referral, product }) => `${referral} ${product}`.trim())).toEqual([
      '',
      '',
      'R. R. Web hosting',
      'R. R. Web hosting',
    ]);
  });

  it.each([
    // Summer time begins on the 29th of March: midnight is at 23:00 UTC before, and at 22:00 UTC after.
    [BERLIN, '2026-02-28T22:59:59.999Z', '2026-02-28T23:00:00.000Z', '2026-02', '2026-03'],
    [BERLIN, '2026-03-31T21:59:59.999Z', '2026-03-31T22:00:00.000Z', '2026-03', '2026-04'],
    // Summer time ends on the 1st of November itself, two hours after the month begins.
    ['America/New_York', '2026-11-01T03:59:59.999Z', '2026-11-01T04:00:00.000Z', '2026-10', '2026-11'],
    ['America/New_York', '2026-12-01T04:59:59.999Z', '2026-12-01T05:00:00.000Z', '2026-11', '2026-12'],
    ['Pacific/Kiritimati', '2026-05-31T09:59:59.999Z', '2026-05-31T10:00:00.000Z', '2026-05', '2026-06'],
  ])('in %s ends with the last millisecond before %s', async (zone, before, after, ending, beginning) => {
    const test = await start(before, { timeZone: zone });
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ userid, total: '10.00' });
    test.clock.set(after);
    await test.pays({ userid, total: '20.00' });
    const first = await test.reads.month(monthQuery(affiliate, ending, zone));
    const second = await test.reads.month(monthQuery(affiliate, beginning, zone));
    expect([first.opening.owed, first.closing.owed]).toEqual([0, 100]);
    expect([second.opening.owed, second.closing.owed]).toEqual([100, 300]);
    expect(await test.reads.firstPostingAt({ affiliateId: affiliate.id, currency: 'USD' })).toBe(
      Date.parse(before),
    );
  });

  it('does not change once its month is over: what is learned late is posted late', async () => {
    const test = await start('2026-02-20T09:00:00Z');
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ userid, total: '100.00' });
    test.clock.set('2026-03-02T09:00:00Z');
    const february = monthQuery(affiliate, '2026-02', BERLIN);
    const before = [await test.reads.month(february), await entriesOf(test, february)];
    await test.pays({ userid, total: '50.00', at: '2026-02-25T12:00:00Z' });
    expect([await test.reads.month(february), await entriesOf(test, february)]).toEqual(before);
    const [late] = await entriesOf(test, monthQuery(affiliate, '2026-03', BERLIN));
    expect(late).toMatchObject({
      kind: 'earn',
      at: Date.parse('2026-02-25T12:00:00Z'),
      postedAt: Date.parse('2026-03-02T09:00:00Z'),
    });
  });

  it('shows both affiliates what a merge moved, and nobody anything else of the other', async () => {
    const test = await start('2026-02-20T09:00:00Z');
    const from = await test.affiliate({ clientId: '51' });
    const to = await test.affiliate({ clientId: '52' });
    await test.pays({ userid: await test.referral(from), total: '100.00' });
    test.clock.set('2026-03-02T09:00:00Z');
    await test.hooks.AfterClientMerge({ fromUserID: '51', toUserID: '52' });
    const march = (affiliate: typeof from) => monthQuery(affiliate, '2026-03', BERLIN);
    expect((await test.reads.month(march(from))).closing).toEqual(NOTHING);
    expect(await test.reads.month(march(to))).toMatchObject({
      opening: NOTHING,
      movements: [{ kind: 'transfer', count: 1, changes: { clearing: 1000, owed: 1000 } }],
      closing: { clearing: 1000, owed: 1000 },
    });
    expect(await entriesOf(test, monthQuery(to, '2026-02', BERLIN))).toEqual([]);
  });

  it('hands out many entries some hundred at a time', async () => {
    const test = await start('2026-02-20T09:00:00Z');
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ userid, items: Array.from({ length: 501 }, () => ({ amount: '10.00' })) });
    const february = monthQuery(affiliate, '2026-02', BERLIN);
    const sizes: number[] = [];
    let last = 0;
    for await (const entries of test.reads.allMonthEntries(february)) {
      sizes.push(entries.length);
      last = entries.at(-1)?.after.owed ?? last;
    }
    expect(sizes).toEqual([500, 1]);
    expect(last).toBe(50_100);
    const page = await test.reads.monthEntries({ ...february, limit: 50 });
    expect([page.rows.length, page.rows.at(-1)?.after.owed]).toEqual([50, 5000]);
  });

  it('adds up in every account, month after month, to what the balance says', async () => {
    const runs = database.name === 'SQLite' ? 25 : 6;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const test = await start('2026-01-20T09:00:00Z', { threshold: '10.00' });
        const began = test.clock.now().getTime();
        const affiliate = await test.affiliate();
        await liveThrough(test, affiliate, steps);
        const months = monthsBetween(began, test.clock.now().getTime(), BERLIN).reverse();
        let closing = NOTHING;
        for (const { key } of months) {
          const query = monthQuery(affiliate, key, BERLIN);
          const month = await test.reads.month(query);
          expect(month.opening).toEqual(closing);
          closing = month.closing;
          const entries = await entriesOf(test, query);
          expect(entries.at(-1)?.after ?? month.opening).toEqual(closing);
          expect(entries).toHaveLength(month.movements.reduce((all, { count }) => all + count, 0));
        }
        const { owed, ...accounts } = closing;
        expect(accounts).toEqual(await test.accounts(affiliate));
        expect(owed).toBe(accounts.clearing + accounts.cleared + accounts.reserved);
        await test.close();
      }),
      { numRuns: runs },
    );
  }, 120_000);
});
