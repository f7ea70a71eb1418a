/** What staff see of why lines earned or not, and of what an invoice would earn. */
import { withoutWriting } from '../../module/database/withoutWriting';
import { A_FORM, aClient, asked, textOf } from '../pages/given';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept } from '../support/invariants';
import { readAsStaff, referralOf } from './given';

async function read(test: TestProgram, query: Record<string, string>): Promise<string> {
  return textOf((await readAsStaff(test, query)).html);
}

const evaluations = (test: TestProgram, query: Record<string, string>) =>
  read(test, { page: 'evaluations', ...query });
const wouldEarn = (test: TestProgram, query: Record<string, string>) =>
  read(test, { page: 'would-earn', ...query });

const doubled = { scope: 'program', scopeKey: '', recurring: 'every', clearingDays: 7 } as const;
const double = ({ acts }: TestProgram) =>
  acts.changeTerms({
    ...doubled,
    rate: { kind: 'percent', basisPoints: 2000 },
    requestId: requestId(),
    staff: STAFF,
  });

/** One line of $10.00 that anybody pays. */
const IMAGINED = { ask: 'imagined', currency: 'USD', kind1: 'service', amount1: '10.00' };

describeOnEachDatabase('The staff page of evaluations', (database) => {
  it('shows everything of a line: what was reported, found, earned, posted and refunded', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = [{ id: 'L1', amount: '100.00', productid: 'web-7', relid: 'service-9' }];
    await test.pays({ invoiceid: 'A', userid, total: '119.00', items });
    await test.refunds({ invoiceid: 'A', refundid: 'R1', amount: '11.90' });
    const text = await evaluations(test, { invoice: 'A' });
    expect(text).toContain('The client is a referral of this affiliate.');
    expect(text).toContain('10% of $100.00 is $10.00.');
    expect(text).toContain(`Client Client ${userid} Invoice A Line L1 Product id web-7 Service service-9`);
    expect(text).toContain('Charged for the invoice, with tax $119.00 The invoice is paid');
    expect(text).toContain('Mar 1, 2026: $11.90 of the invoice, with tax, under the number R1');
    expect(text).toContain('Evaluation 1, Mar 1, 2026, 12:00 PM: earned');
    expect(text).toMatch(
      new RegExp(`Affiliate ${affiliate.id} · All payments of this referral · Terms, version \\w+`),
    );
    expect(text).toContain('rate earned scope=program scopeKey= basisPoints=1000');
    expect(text).toContain('$10.00 earned, $1.00 taken back. Cleared on Mar 1, 2026.');
    expect(text).toMatch(/Commission earned \$10\.00 \w+ earn:A\/L1:1:1/);
    expect(text).toMatch(/Taken back after a refund \$1\.00 \w+ reverse:A\/L1/);
    expect(text).toMatch(/The terms it was earned under \{.*"basisPoints":1000/);
  });

  it('shows which refund came back, and when', async () => {
    const test = await given.program(database);
    await test.pays({ invoiceid: 'A', userid: await test.referral(await test.affiliate()) });
    await test.refunds({ invoiceid: 'A', refundid: 'CB-1', amount: '10.00' });
    test.clock.advance({ days: 9 });
    await test.hooks.InvoiceRefundReversed({ invoiceid: 'A', refundid: 'CB-1' });
    expect(await evaluations(test, { invoice: 'A' })).toContain(
      'under the number CB-1; its money came back on Mar 10, 2026',
    );
  });

  it('shows why nobody earned from a client without a referral', async () => {
    const test = await given.program(database);
    await test.pays({ invoiceid: 'A', userid: '77' });
    const text = await evaluations(test, { client: '77' });
    expect(text).toContain('The client did not come through anybody’s link, so nobody earns from this.');
    expect(text).toContain('Nobody’s referral');
  });

  it('shows what was found before, the last evaluation first', async () => {
    const test = await given.program(database, { settings: { recurring: 'once' } });
    const userid = await test.referral(await test.affiliate());
    const early = test.clock.now().getTime();
    test.clock.advance({ days: 30 });
    await test.pays({ invoiceid: 'B', userid });
    await test.pays({ invoiceid: 'A', userid, at: early });
    expect(await evaluations(test, { invoice: 'B' })).toMatch(
      /Evaluation 2, .*: not_first_payment .* Evaluation 1, .*: earned/,
    );
  });

  it('is reached from an affiliate, a referral and an entry', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid });
    await test.pays({ invoiceid: 'B', userid: await test.referral(await test.affiliate()) });
    const { id: referral } = await referralOf(test, affiliate);
    const { rows } = await test.reads.entries({ affiliateId: affiliate.id, currency: 'USD', limit: 1 });
    const entry = rows[0]!.id;
    const page = unlinked((await readAsStaff(test, { page: 'affiliate', id: String(affiliate.id) })).html);
    for (const query of [{ affiliate: String(affiliate.id) }, { referral }, { entry }]) {
      const text = await evaluations(test, query);
      expect([text.includes('Invoice A'), text.includes('Invoice B')]).toEqual([true, false]);
      expect(page).toContain(new URLSearchParams(query).toString());
    }
    expect(await read(test, { page: 'why', entry })).toContain('Invoice A');
  });

  it.each([
    { invoice: 'none' },
    { client: 'none' },
    { referral: 'none' },
    { entry: 'none' },
    { affiliate: '9' },
  ])('finds nothing at %j', async (query) => {
    const test = await given.program(database);
    await test.pays({ invoiceid: 'A', userid: '77' });
    expect(await evaluations(test, query)).toContain('No paid line was found.');
  });

  it('looks for nothing until it is asked', async () => {
    const test = await given.program(database);
    await test.pays({ invoiceid: 'A', userid: '77' });
    const text = await evaluations(test, { affiliate: '1 OR 1=1' });
    expect(text).not.toContain('Invoice A');
    expect(text).not.toContain('No paid line was found.');
  });
});

const unlinked = (html: string) => html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');

/** @returns every row of every table, once what the signup asked of the host is done */
async function settled(test: TestProgram): Promise<string> {
  await test.program.deliver();
  return everythingKept(test.knex);
}

describeOnEachDatabase('What an invoice would earn', (database) => {
  it('is answered for one that exists, under the terms of today or of another day, and nothing is written', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({
      invoiceid: 'A',
      userid,
      items: [{ amount: '9.99' }, { amount: '5.00', type: 'AddFunds' }],
    });
    test.clock.advance({ days: 10 });
    await double(test);
    const before = await settled(test);
    const today = await wouldEarn(test, { ask: 'known', invoice: 'A' });
    expect(today).toContain(`It would earn $2.00. Affiliate ${affiliate.id}`);
    expect(today).toContain('20% of $9.99 is $1.998, rounded to $2.00. It would count from Mar 18, 2026 on.');
    expect(today).toContain('What was bought (Deposit) is of a kind that earns nothing');
    const then = await wouldEarn(test, { ask: 'known', invoice: 'A', paidOn: '2026-03-05' });
    expect(then).toContain('It would earn $1.00.');
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('is answered for one that is thought up, paid by a client or by a new referral, and nothing is written', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const before = await settled(test);
    expect(await wouldEarn(test, { ...IMAGINED, client: userid })).toContain('It would earn $1.00.');
    const nobody = await wouldEarn(test, { ...IMAGINED, client: '77' });
    expect(nobody).toContain('It would earn nothing.');
    expect(nobody).toContain('The client did not come through anybody’s link');
    const lines = { amount2: '20.00', kind2: 'domain', amount3: '3.00', kind3: 'fee' };
    const several = await wouldEarn(test, { ...IMAGINED, ...lines, affiliate: affiliate.code });
    expect(several).toContain('It would earn $3.00.');
    expect(several).toMatch(/Service Earned \$1\.00 .* Domain Earned \$2\.00 .* Fee Earned nothing/);
    expect(await everythingKept(test.knex)).toBe(before);
  });

  it('is answered for those above the affiliate as well, and staff see what they really earned', async () => {
    const test = await given.program(database);
    const above = await test.affiliate();
    const below = await test.affiliate({ clientId: await test.referral(above) });
    const terms = { ...doubled, rate: { kind: 'percent', basisPoints: 1000 }, shares: [2000] } as const;
    await test.acts.changeTerms({ ...terms, requestId: requestId(), staff: STAFF });
    test.clock.advance({ days: 1 });
    const userid = await test.referral(below);
    const before = await settled(test);
    const answer = await wouldEarn(test, { ...IMAGINED, client: userid });
    expect(answer).toContain(`It would earn $1.00. Affiliate ${below.id}`);
    expect(answer).toContain(`Tier 2: Earned $0.20 Affiliate ${above.id}`);
    expect(await everythingKept(test.knex)).toBe(before);
    await test.pays({ invoiceid: 'A', userid, total: '10.00' });
    expect(await evaluations(test, { invoice: 'A' })).toMatch(
      /^.*Earned \$1\.00.*Tier 2: Earned \$0\.20.*Evaluation 1.*earned.*Commission \w+, tier 1.*Commission \w+, tier 2/,
    );
  });

  it('is told in the currency that the program pays in', async () => {
    const test = await given.program(database);
    const userid = await test.referral(await test.affiliate());
    const rate = { kind: 'percent', basisPoints: 1000 } as const;
    await test.acts.changeTerms({
      ...doubled,
      rate,
      paysIn: 'USD',
      requestId: requestId(),
      staff: STAFF,
    });
    test.clock.advance({ days: 1 });
    const invoice = { invoiceid: 'A', userid, currency: 'EUR', exchangerate: '1.10', total: '10.00' };
    await test.pays(invoice);
    expect(await wouldEarn(test, { ask: 'known', invoice: 'A' })).toContain('It would earn $1.10.');
    expect(await evaluations(test, { invoice: 'A' })).toMatch(
      /10% of €10\.00 is €1\.00\. .*€1\.00 became \$1\.10/,
    );
  });

  it('judges a real payment afterwards as if nobody had asked', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await wouldEarn(test, { ...IMAGINED, client: userid });
    await test.pays({ userid, total: '10.00' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
  });

  it.each<[string, Record<string, string>, string]>([
    ['an invoice that was never paid', { ask: 'known', invoice: 'none' }, 'There is no invoice none.'],
    ['no invoice', { ask: 'known' }, 'Please fill in “Invoice”.'],
    ['no payer', IMAGINED, 'Please fill in “Affiliate’s code”.'],
    ['an unknown affiliate', { ...IMAGINED, affiliate: 'nobody' }, 'There is no affiliate nobody.'],
    ['no line', { ...IMAGINED, client: '7', amount1: '' }, 'Please fill in “Amount”.'],
    ['an amount that is none', { ...IMAGINED, client: '7', amount1: '1e9' }, '“Amount”'],
    ['an amount below zero', { ...IMAGINED, client: '7', amount1: '-1.00' }, '“Amount”'],
    ['a kind that is none', { ...IMAGINED, client: '7', kind1: 'constructor' }, '“Kind”'],
    ['a quantity that is none', { ...IMAGINED, client: '7', quantity1: '0.5' }, '“Quantity”'],
    ['a currency that is none', { ...IMAGINED, client: '7', currency: 'XXY' }, 'XXY'],
    ['a day that is none', { ...IMAGINED, client: '7', paidOn: '2026-02-30' }, '“Paid on”'],
  ])('cannot be said of %s', async (_what, query, problem) => {
    const test = await given.program(database);
    const { html, status } = await readAsStaff(test, { page: 'would-earn', ...query });
    expect(status).toBe(200);
    expect(html).toContain('role="alert"');
    expect(textOf(html)).toContain(problem);
    expect(html).not.toContain('id="answer"');
  });

  it('is read where nothing can be written', async () => {
    const test = await given.program(database);
    const before = await everythingKept(test.knex);
    const write = withoutWriting(test.knex, (trx) => trx('mod_affiliates_keys').delete());
    // MySQL refuses it, SQLite undoes it.
    await write.catch((error: unknown) => expect(error).toMatchObject({ errno: 1792 }));
    expect(await everythingKept(test.knex)).toBe(before);
  });
});

describeOnSqlite('The pages of evaluations', (database) => {
  it.each(['evaluations', 'would-earn', 'why'])('are closed to clients (%s)', async (page) => {
    const test = await given.program(database);
    const { clientId } = await test.affiliate();
    const request = asked(aClient(clientId), { page });
    expect((await test.program.pages.staff(request)).status).toBe(403);
    const posted = { ...asked({ staff: STAFF }, { page }), method: 'POST', body: A_FORM } as const;
    expect((await test.program.pages.staff(posted)).status).toBe(404);
  });

  it('show markup in what the host or an address says as text', async () => {
    const test = await given.program(database);
    const script = `"><script>alert('x')</script>`;
    const item = { id: script, amount: '10.00', productname: script, productid: script, relid: script };
    await test.pays({ invoiceid: script, userid: script, items: [item] });
    await test.refunds({ invoiceid: script, refundid: script, amount: '1.00' });
    const pages = [
      { page: 'evaluations', invoice: script },
      { page: 'evaluations', client: script },
      { page: 'would-earn', ask: 'known', invoice: script },
      { page: 'would-earn', ...IMAGINED, client: script, product1: script },
    ];
    for (const query of pages) {
      const { html, status } = await readAsStaff(test, query);
      expect([status, html.includes('<script>alert')]).toEqual([200, false]);
      expect(textOf(html)).toContain(script);
    }
  });

  it.each(['de', 'ar'])('speak %s', async (locale) => {
    const test = await given.program(database);
    const userid = await test.referral(await test.affiliate());
    await test.pays({ invoiceid: 'A', userid });
    for (const query of [
      { page: 'evaluations', invoice: 'A' },
      { page: 'would-earn', ask: 'known', invoice: 'A' },
    ]) {
      const { html, status } = await readAsStaff(test, query, locale);
      expect(status).toBe(200);
      expect(html).toContain(`lang="${locale}"`);
    }
  });
});
