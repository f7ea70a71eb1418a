/** What an affiliate is told of why something earned or not, read from its own pages. */
import type { TermsChange } from '../../module/events/rules';
import type { AffiliateView } from '../../module/views';
import { textOf } from '../pages/given';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, requestId, STAFF, type Options, type TestProgram } from '../support/given';
import { readAs, readAsStaff, referralOf, whyEntries, whyReferral } from './given';

const percent = (basisPoints: number) => ({ kind: 'percent', basisPoints }) as const;

async function changeTerms({ acts }: TestProgram, change: Partial<TermsChange>): Promise<void> {
  const inherited = {
    scope: 'program',
    scopeKey: '',
    rate: null,
    recurring: null,
    clearingDays: null,
  } as const;
  await acts.changeTerms({ ...inherited, ...change, requestId: requestId(), staff: STAFF });
}

const switchOff = ({ acts }: TestProgram, { clientId }: AffiliateView) =>
  acts.switchAffiliate({
    ...{ clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' },
    ...{ requestId: requestId(), staff: STAFF, on: false, reason: 'spam' },
  });

describeOnEachDatabase('An affiliate who asks why', (database) => {
  /** An affiliate with a referral who has paid nothing yet. */
  async function referred(options: Options = {}) {
    const test = await given.program(database, options);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    return { test, affiliate, userid };
  }

  it('is told the calculation to the last digit, and when it counts', async () => {
    const { test, affiliate, userid } = await referred({ settings: { clearingDays: 14 } });
    await test.pays({ userid, total: '9.99' });
    const why = await whyReferral(test, affiliate);
    expect(why).toContain('Web hosting Earned $1.00 Service · paid on Mar 1, 2026');
    expect(why).toContain('$9.99 was really paid for it: after discounts, without tax and account credit.');
    expect(why).toContain('The program’s rate applies. 10% of $9.99 is $0.999, rounded to $1.00.');
    expect(why).toContain('It counts from Mar 15, 2026 on');
    test.clock.advance({ days: 14 });
    await test.program.daily();
    expect(await whyReferral(test, affiliate)).toContain('It has counted since Mar 15, 2026');
    const [entry] = await whyEntries(test, affiliate, 'clear');
    expect(entry).toContain('The commission counts from here on');
  });

  it.each<[string, Partial<TermsChange>, string]>([
    ['the program’s', {}, 'The program’s rate applies. 10% of $100.00 is $10.00.'],
    [
      'the product’s',
      { scope: 'product', scopeKey: 'web-1', rate: percent(1500) },
      'The rate for this product applies. 15% of $100.00 is $15.00.',
    ],
    [
      'its own',
      { scope: 'affiliate', rate: percent(2000) },
      'Your own rate applies. 20% of $100.00 is $20.00.',
    ],
    [
      'a fixed one',
      { scope: 'product', scopeKey: 'web-1', rate: { kind: 'fixed', amount: 500, currency: 'USD' } },
      'The rate for this product applies. The rate is $5.00 for each line',
    ],
    [
      'none',
      { scope: 'product', scopeKey: 'web-1', rate: percent(0) },
      'The rate for this product applies. The rate is 0%, so nothing is earned.',
    ],
  ])('is told whose rate it was: %s', async (_whose, change, told) => {
    const { test, affiliate, userid } = await referred();
    const scopeKey = change.scope === 'affiliate' ? String(affiliate.id) : (change.scopeKey ?? '');
    if (change.scope) await changeTerms(test, { ...change, scopeKey });
    test.clock.advance({ days: 1 });
    await test.pays({ userid });
    expect(await whyReferral(test, affiliate)).toContain(told);
  });

  it('is told what each of two refunds took back, and how much in all', async () => {
    const { test, affiliate, userid } = await referred();
    const items = [{ amount: '100.00' }];
    await test.pays({ invoiceid: 'A', userid, total: '119.00', items });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '29.75' });
    await test.refunds({ invoiceid: 'A', refundid: 'S', amount: '10.00', lineid: '1' });
    const [first, second] = await whyEntries(test, affiliate, 'reverse');
    expect(first).toContain(
      '$25.00 of the $100.00 that was paid for it was refunded. So $2.50 was taken back.',
    );
    expect(first).toContain('Of the $10.00 that was earned, $2.50 has been taken back in all.');
    expect(second).toContain(
      '$10.00 of the $100.00 that was paid for it was refunded. So $1.00 was taken back.',
    );
    expect(second).toContain('Of the $10.00 that was earned, $3.50 has been taken back in all.');
    expect(await whyReferral(test, affiliate)).toContain(
      '$35.00 of the $100.00 was refunded, so $3.50 of the $10.00 was taken back; $6.50 is left.',
    );
  });

  it('is told that what had been refunded came back', async () => {
    const { test, affiliate, userid } = await referred();
    await test.pays({ invoiceid: 'A', userid });
    await test.refunds({ invoiceid: 'A', refundid: 'CB-1', amount: '50.00' });
    test.clock.advance({ hours: 1 });
    await test.hooks.InvoiceRefundReversed({ invoiceid: 'A', refundid: 'CB-1' });
    const [entry] = await whyEntries(test, affiliate, 'reinstate');
    expect(entry).toContain('What had been refunded came back.');
    expect(await whyReferral(test, affiliate)).not.toContain('was refunded');
  });

  it('is told of a refund that was reported before its payment', async () => {
    const { test, affiliate, userid } = await referred();
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    await test.pays({ invoiceid: 'A', userid });
    const [entry] = await whyEntries(test, affiliate, 'reverse');
    expect(entry).toContain('The payment was reported after it had been refunded or undone.');
    expect(entry).toContain(
      '$100.00 of the $100.00 was refunded, so $10.00 of the $10.00 was taken back; $0.00',
    );
    expect(entry).not.toContain('It counted at once.');
  });

  it('is told of an invoice that is unpaid, paid again, cancelled', async () => {
    const { test, affiliate, userid } = await referred();
    await test.pays({ invoiceid: 'A', userid });
    await test.hooks.InvoiceUnpaid({ invoiceid: 'A' });
    expect(await whyReferral(test, affiliate)).toContain(
      'The payment does not stand any more, so all of the $10.00 was taken back.',
    );
    test.clock.advance({ days: 1 });
    await test.pays({ invoiceid: 'A', userid });
    test.clock.advance({ days: 1 });
    await test.hooks.InvoiceCancelled({ invoiceid: 'A' });
    const [unpaid, cancelled] = await whyEntries(test, affiliate, 'reverse');
    expect(unpaid).toContain('The invoice is no longer marked as paid. So $10.00 was taken back.');
    expect(cancelled).toContain('The invoice was cancelled. So $10.00 was taken back.');
    const [again] = await whyEntries(test, affiliate, 'reinstate');
    expect(again).toContain('The invoice was paid again. So $10.00 was given back.');
    expect(again).toContain('Of the $10.00 that was earned, $0.00 is still taken back.');
  });

  it('is told what was found before, when an earlier payment comes to light', async () => {
    const { test, affiliate, userid } = await referred({ settings: { recurring: 'once' } });
    const early = test.clock.now().getTime();
    test.clock.advance({ days: 30 });
    await test.pays({ invoiceid: 'late', userid });
    expect(await whyReferral(test, affiliate)).toContain('and this was the first.');
    await test.pays({ invoiceid: 'early', userid, at: early });
    const why = await whyReferral(test, affiliate);
    expect(why).toMatch(
      /paid on Mar 31.*and this was a later one\. It turned out later that this payment earns nothing, so all of the \$10\.00 was taken back\. What was found before Mar 31.*and this was the first\..*paid on Mar 1/,
    );
    const [entry] = await whyEntries(test, affiliate, 'reverse');
    expect(entry).toContain('Something that was reported later changes what this payment earns.');
  });

  it('is told why nothing was earned', async () => {
    const { test, affiliate, userid } = await referred();
    const why = () => whyReferral(test, affiliate);
    expect(await why()).toContain('This referral has not paid for anything yet');
    const items = [
      { amount: '20.00', type: 'AddFunds' },
      { amount: '0.00' },
      { amount: '0.04', productname: 'Sticker' },
    ];
    await test.pays({ userid, items });
    expect(await why()).toContain('What was bought (Deposit) is of a kind that earns nothing');
    expect(await why()).toContain('Nothing was really paid for it');
    expect(await why()).toContain('10% of $0.04 is $0.004, which rounds to nothing.');
    test.clock.advance({ days: 1 });
    await switchOff(test, affiliate);
    await test.pays({ userid });
    expect(await why()).toContain(
      'Your affiliate account was suspended when it was paid, so nothing was credited.',
    );
  });

  it('turns the pages of a referral with many payments, the last one first', async () => {
    const { test, affiliate, userid } = await referred();
    for (let month = 1; month <= 12; month++) {
      await test.pays({ userid, items: [{ amount: '10.00', productname: `Month ${month}.` }] });
      test.clock.advance({ days: 30 });
    }
    const { id } = await referralOf(test, affiliate);
    const { html } = await readAs(test, affiliate, { page: 'why', referral: id });
    expect(textOf(html)).toMatch(/Month 12\..*Month 3\./);
    expect(textOf(html)).not.toContain('Month 2.');
    const cursor = /cursor&#x3D;([\w-]+)/.exec(html)?.[1] ?? '';
    const second = textOf((await readAs(test, affiliate, { page: 'why', referral: id, cursor })).html);
    expect(second).toMatch(/Month 2\..*Month 1\./);
  });

  it('is told whose rate it was and what limited it, and not what the house calls it or asks of others', async () => {
    const { test, affiliate, userid } = await referred();
    const large = { field: 'quantity', operator: 'more', value: 99 } as const;
    await changeTerms(test, { scope: 'product', scopeKey: 'web-1', rate: percent(9000), when: large });
    await changeTerms(test, {
      scope: 'kind',
      scopeKey: 'service',
      rate: { kind: 'fixed', amount: 200, currency: 'USD', per: 'unit' },
      limits: {
        ...{ currency: 'USD', lineMinimum: null, lineMaximum: 500, period: 'month' },
        ...{ referralMaximum: null, periodMaximum: null },
      },
    });
    test.clock.advance({ days: 1 });
    await test.pays({ userid, items: [{ amount: '100.00', quantity: 3 }] });
    const why = await whyReferral(test, affiliate);
    expect(why).toContain(
      'The rate for purchases of this kind applies. $2.00 for each unit, times 3, is $6.00.',
    );
    expect(why).toContain('The most that a line earns is $5.00.');
    expect(why).toContain('Earned $5.00');
    expect(why).not.toMatch(/There are terms|condition/);
    const { html } = await readAsStaff(test, { page: 'evaluations', client: userid });
    expect(textOf(html)).toContain('There are terms for this product, but this payment does not meet their');
  });

  it('is told of a share what it earned, and nothing of who bought what', async () => {
    const { test, affiliate, userid } = await referred();
    await changeTerms(test, {
      ...{ rate: percent(1000), recurring: 'every', clearingDays: 0 },
      shares: [2000],
    });
    test.clock.advance({ days: 1 });
    const below = await test.affiliate({ clientId: userid });
    const buyer = await test.referral(below, { firstname: 'Zoe', lastname: 'Quill' });
    const items = [{ amount: '77.00', productname: 'Secret product' }];
    await test.pays({ invoiceid: 'A', userid: buyer, items });
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '38.50' });
    const why = await whyReferral(test, affiliate);
    expect(why).toContain('A share of what another affiliate earned Earned $1.54 Paid on Mar 2, 2026');
    expect(why).toContain('Your share of what an affiliate earned whom you brought in: 20% of $7.70.');
    expect(why).toContain(
      '$0.77 of the $1.54 was taken back, because a part of what it is a share of was; $0.77',
    );
    const [reversal] = await whyEntries(test, affiliate, 'reverse');
    expect(reversal).toContain('What this is a share of has changed. So $0.77 was taken back.');
    const home = textOf((await readAs(test, affiliate, {})).html);
    for (const text of [why, reversal, home]) {
      for (const secret of ['77.00', '38.50', 'Secret product', 'Z. Q.', buyer])
        expect(text).not.toContain(secret);
    }
    // The one below reads all of it.
    expect(await whyReferral(test, below)).toContain('Secret product Earned $7.70');
  });

  it('is told what became of a withdrawal, and of nobody who decided', async () => {
    const { test, affiliate, userid } = await referred();
    await test.pays({ userid, total: '600.00' });
    const withdrawalId = await test.withdrawal(affiliate, { method: 'paypal', details: 'me' });
    const decision = { requestId: requestId(), staff: STAFF, withdrawalId, reason: 'Please send an invoice' };
    await test.acts.denyWithdrawal(decision);
    const [entry] = await whyEntries(test, affiliate, 'release');
    expect(entry).toContain('You asked for $60.00 on Mar 1, 2026, by PayPal. Its state: Denied.');
    expect(entry).toContain('Reason: Please send an invoice');
    expect(entry).not.toContain(STAFF.name);
  });

  it('reaches nobody else’s referrals and entries', async () => {
    const { test, affiliate, userid } = await referred();
    await test.pays({ userid });
    const { rows } = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 1 });
    const { id } = await referralOf(test, affiliate);
    const eve = await test.affiliate();
    const queries = [{ referral: id }, { entry: rows[0]!.id }, { referral: 'none' }, { entry: 'none' }, {}];
    for (const query of queries) {
      const page = await readAs(test, eve, { page: 'why', ...query });
      expect([page.status, textOf(page.html)]).toEqual([404, expect.not.stringContaining('Web hosting')]);
    }
    const client = await readAs(test, { ...eve, clientId: userid }, { page: 'why', referral: id });
    expect(client.status).toBe(403);
  });

  it('reads no more than the table of referrals says: no ids, no addresses, no names of the house', async () => {
    const { test, affiliate, userid } = await referred({ settings: { referralPrivacy: 'hidden' } });
    await changeTerms(test, { scope: 'product', scopeKey: 'secret-product-id', rate: percent(3000) });
    test.clock.advance({ days: 1 });
    const items = [
      { id: 'line-4711', relid: 'service-4711', amount: '9.99', productid: 'secret-product-id' },
    ];
    await test.pays({ invoiceid: 'invoice-4711', userid, items });
    await test.refunds({ invoiceid: 'invoice-4711', refundid: 'refund-4711', amount: '1.00' });
    const { id } = await referralOf(test, affiliate);
    const { html } = await readAs(test, affiliate, { page: 'why', referral: id });
    expect(textOf(html)).toContain('Name hidden');
    const { rows } = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 9 });
    const entries = await Promise.all(
      rows.map((row) => readAs(test, affiliate, { page: 'why', entry: row.id })),
    );
    const read = [html, ...entries.map((page) => page.html)].join();
    for (const secret of ['4711', 'secret-product-id', userid, 'R. R.', 'Rita', 'example.org', STAFF.name]) {
      expect(read).not.toContain(secret);
    }
  });
});

describeOnSqlite('The page that says why', (database) => {
  it('shows markup in a product’s name as text', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const productname = `"><script>alert('x')</script>{{evil}}`;
    await test.pays({ userid, items: [{ amount: '10.00', productname }] });
    const { id } = await referralOf(test, affiliate);
    const { html } = await readAs(test, affiliate, { page: 'why', referral: id });
    expect(html).not.toContain('<script>alert');
    expect(textOf(html)).toContain(productname);
  });

  it('is one click away from each referral and each entry', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.pays({ userid: await test.referral(affiliate) });
    const { id } = await referralOf(test, affiliate);
    const { rows } = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 1 });
    const home = (await readAs(test, affiliate, {})).html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
    expect(home).toContain(`page=why&referral=${id}">Why?`);
    expect(home).toContain(`page=why&entry=${rows[0]!.id}">Why?`);
  });
});
