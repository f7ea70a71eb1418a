/** An affiliate whose referrals refund unusually often is marked, and what has not cleared waits until staff lift that. */
import type { AffiliateView } from '../../module/views';
import { isUnusual } from '../../module/commissions/rules';
import { asked, STAFF as STAFF_PAGES, textOf } from '../pages/given';
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';

type Start = typeof given.programInMemory;

/** An affiliate, and a client whom it brought. */
async function program(start: Start, clearingDays = 30) {
  const test = await start({ settings: { clearingDays } });
  const affiliate = await test.affiliate({ clientId: 'owner' });
  return { test, affiliate, userid: await test.referral(affiliate) };
}

/** The client pays so many invoices, and gets the first of them back. */
async function pays(test: TestProgram, userid: string, { paid = 6, refunded = 5, name = 'I', share = '' }) {
  for (let number = 1; number <= paid; number++) await test.pays({ invoiceid: `${name}${number}`, userid });
  test.clock.advance({ hours: 1 });
  for (let number = 1; number <= refunded; number++) {
    const refund = { invoiceid: `${name}${number}`, refundid: `R${name}${number}` };
    await test.refunds({ ...refund, ...(share && { amount: share }) });
  }
}

async function night({ program, clock }: TestProgram): Promise<number> {
  clock.advance({ hours: 12 });
  const { marked, failed, holds } = await program.daily();
  expect({ failed, holds }).toEqual({ failed: [], holds: true });
  return marked;
}

async function reasons({ reads }: TestProgram): Promise<string[]> {
  const { rows } = await reads.holds({ limit: 20 });
  return rows.map(({ lineKey, steps }) => [lineKey, ...steps.map(({ finding }) => finding)].join(' '));
}

const lifts = (test: TestProgram, { id }: AffiliateView, reason = 'A bad batch of servers.') =>
  test.acts.liftMark({ requestId: requestId(), staff: STAFF, affiliateId: id, reason });

describeOnEachDatabase('An affiliate of whom much is refunded', (database) => {
  const start: Start = (options) => given.program(database, options);

  it('is marked by night, which holds what has not cleared and what is paid after it', async () => {
    const { test, affiliate, userid } = await program(start);
    await test.pays({ invoiceid: 'before', userid });
    test.clock.advance({ days: 31 });
    await night(test);
    await pays(test, userid, {});
    expect(await reasons(test)).toEqual([]);
    expect(await night(test)).toBe(1);
    expect(await night(test)).toBe(0);
    await test.pays({ invoiceid: 'after', userid });
    expect(await reasons(test)).toEqual(['I6/1 many_refunds', 'after/1 many_refunds']);
    test.clock.advance({ days: 200 });
    await night(test);
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 2000, cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('earns again when staff lift the mark with a reason, and is not marked again for the same', async () => {
    const { test, affiliate, userid } = await program(start);
    const disposable = await test.referral(affiliate, { email: 'a@mailinator.com' });
    await pays(test, userid, {});
    await test.pays({ invoiceid: 'other', userid: disposable });
    expect(await night(test)).toBe(1);
    expect(await reasons(test)).toEqual(['I6/1 many_refunds', 'other/1 disposable_email many_refunds']);
    await expect(lifts(test, affiliate, '')).rejects.toMatchObject({ code: 'reason_required' });
    await lifts(test, affiliate);
    await expect(lifts(test, affiliate)).rejects.toMatchObject({ code: 'mark_missing' });
    expect(await reasons(test)).toEqual(['other/1 disposable_email']);
    expect(await night(test)).toBe(0);
    await pays(test, userid, { name: 'J' });
    expect(await night(test)).toBe(1);
    expect(await reasons(test)).toContain('J6/1 many_refunds');
    const { rows } = await test.reads.audit({ affiliateId: affiliate.id, limit: 20 });
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['affiliate.marked', 'mark.lifted', 'affiliate.marked']),
    );
    await expectSound(test.knex, test.clock.now);
  });

  it('takes the mark along into a merge, where it holds what either brought', async () => {
    const { test, affiliate, userid } = await program(start);
    const other = await test.affiliate({ clientId: 'other' });
    const theirs = await test.referral(other);
    await test.pays({ invoiceid: 'open', userid: theirs });
    await pays(test, userid, {});
    await night(test);
    await test.acts.voidHold({ requestId: requestId(), staff: STAFF, lineKey: 'I6/1', reason: 'No.' });
    expect(await reasons(test)).toEqual([]);
    await test.hooks.AfterClientMerge({ fromUserID: 'owner', toUserID: 'other' });
    expect(await reasons(test)).toEqual(['open/1 many_refunds']);
    expect(await test.reads.markOf(affiliate.id)).toBeNull();
    await lifts(test, other);
    expect(await reasons(test)).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });

  it('holds the same whether a payment is told before the mark or after it', async () => {
    const { test, userid } = await program(start, 0);
    const at = test.clock.now();
    await pays(test, userid, {});
    await night(test);
    // Was cleared before the mark in a punctual history, and is not held for being told late.
    await test.pays({ invoiceid: 'late', userid, at });
    await test.pays({ invoiceid: 'after', userid });
    expect(await reasons(test)).toEqual(['after/1 many_refunds']);
    await expectSound(test.knex, test.clock.now);
  });
});

describe('An affiliate is not marked', () => {
  it.each([
    ['by fewer than five refunds', { paid: 4, refunded: 4 }],
    ['by less than three of ten payments', { paid: 17, refunded: 5 }],
    ['by small parts that were refunded', { paid: 6, refunded: 6, share: '40.00' }],
  ])('%s', async (_what, paid) => {
    const { test, userid } = await program(given.programInMemory);
    await pays(test, userid, paid);
    expect(await night(test)).toBe(0);
  });

  it('by refunds of more than 90 days ago, nor by payments that were paid again', async () => {
    const { test, userid } = await program(given.programInMemory);
    await pays(test, userid, {});
    test.clock.advance({ days: 91 });
    expect(await night(test)).toBe(0);
    for (const id of [1, 2, 3, 4, 5]) await test.pays({ invoiceid: `U${id}`, userid });
    test.clock.advance({ hours: 1 });
    for (const id of [1, 2, 3, 4, 5]) await test.hooks.InvoiceUnpaid({ invoiceid: `U${id}` });
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'U5', userid });
    expect(await night(test)).toBe(0);
    await test.hooks.InvoiceCancelled({ invoiceid: 'U5' });
    expect(await night(test)).toBe(1);
  });

  it.each([
    [5, 5, true],
    [5, 16, true],
    [5, 17, false],
    [4, 4, false],
    [30, 100, true],
    [29, 100, false],
  ])('when %i of %i were refunded: %s', (refunded, paid, unusual) => {
    expect(isUnusual({ refunded, paid })).toBe(unusual);
  });
});

describeOnEachDatabase('The mark of an affiliate', (database) => {
  it('is shown to staff with its counts, who lift it with a reason', async () => {
    const { test, affiliate, userid } = await program((options) => given.program(database, options));
    await pays(test, userid, {});
    await night(test);
    const id = String(affiliate.id);
    const read = (query: Record<string, string>) => test.program.pages.staff(asked(STAFF_PAGES, query));
    expect((await read({ page: 'affiliate', id })).html).toContain('page&#x3D;mark');
    expect((await read({ page: 'hold', line: 'I6/1' })).html).toContain('page&#x3D;mark');
    const form = asked(STAFF_PAGES, { page: 'mark', id });
    expect(textOf((await test.program.pages.staff(form)).html)).toContain('5 of 6 payments');
    const send = (reason: string) =>
      test.program.pages.staff({
        ...form,
        method: 'POST',
        body: { [form.csrf.field]: form.csrf.token, requestId: requestId(), reason },
      });
    expect((await send(' ')).status).toBe(422);
    expect((await send('<i>Fine</i>')).headers['location']).toContain('done=mark_lifted');
    expect((await read({ page: 'mark', id })).status).toBe(404);
    const audit = await read({ page: 'audit' });
    expect(textOf(audit.html)).toContain('5 of 6 payments');
    expect(audit.html).not.toContain('<i>Fine');
  });
});
