/** “I’m missing a referral”: what the program finds by itself, and what it leaves to staff. */
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import {
  answers,
  clientWithoutLink,
  evidence,
  kept,
  lastDispute,
  misses,
  readsOf,
  SAM,
  visit,
} from './given';

const FOUND = 'We found it: it is among your referrals.';
const LEFT = 'We cannot tell by ourselves whether this is your referral.';
const SCRIPT = `"><script>alert('x')</script><img src=x onerror=alert(1)>{{constructor}}`;

async function annaAndEve(test: TestProgram) {
  const anna = await test.affiliate({ clientId: 'anna', email: 'anna@example.org' });
  const eve = await test.affiliate({ clientId: 'eve', email: 'eve@example.org' });
  await test.referral(anna, { client_id: '70', email: 'rita@example.org' });
  await test.pays({ userid: '70', invoiceid: '700', total: '100.00' });
  return { anna, eve };
}

describeOnEachDatabase('What is among the affiliate’s referrals', (database) => {
  it.each([
    ['by the address and the day of its signup', { email: 'rita@example.org' }],
    ['by an address that reaches the same mailbox', { email: ' RITA@example.org ' }],
    ['by a day that is nearly right', { email: 'rita@example.org', day: '2026-02-27' }],
    ['by the invoice and the day it was paid', { invoiceId: '700' }],
    ['by both', { email: 'rita@example.org', invoiceId: '# 700' }],
  ])('is found %s', async (_how, named) => {
    const test = await given.program(database);
    const { anna } = await annaAndEve(test);
    const answer = await misses(test, anna, named);
    expect(answer.headers['location']).toBe('/affiliates?page=missing&done=dispute_found');
    expect(await readsOf(test, anna)).toContain(FOUND);
    expect((await lastDispute(test)).status).toBe('found');
    expect(test.host.doneBy('openTicket')).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });

  it('is found by a later invoice as well', async () => {
    const test = await given.program(database);
    const { anna } = await annaAndEve(test);
    test.clock.advance({ days: 20 });
    await test.pays({ userid: '70', invoiceid: '701', total: '10.00' });
    await misses(test, anna, { invoiceId: '701', day: '2026-03-21' });
    expect((await lastDispute(test)).status).toBe('found');
    await misses(test, anna, { invoiceId: '700', day: '2026-03-21' });
    expect((await lastDispute(test)).status).toBe('open');
  });

  it('leaves nothing behind that says who was meant', async () => {
    const test = await given.program(database);
    const { anna } = await annaAndEve(test);
    await misses(test, anna, { email: 'rita@example.org', note: 'Rita from the club' });
    expect(await lastDispute(test)).toMatchObject({ byEmail: true, note: '' });
    expect(await kept(test, { texts: ['from the club'] })).toEqual([]);
    expect(await test.knex('mod_affiliates_disputes').pluck('email_hash')).toEqual(['']);
  });
});

describeOnEachDatabase('What is left to staff', (database) => {
  it.each([
    ['an address that no client has', { email: 'nobody@example.org' }, 'no client signed up with'],
    ['a client of another affiliate', { email: 'rita@example.org' }, 'Referral Of'],
    ['an invoice of another’s client', { invoiceId: '700' }, 'Invoice 700 was paid by client 70'],
    ['an invoice that does not exist', { invoiceId: '999' }, 'Invoice 999 is not known to be paid.'],
    [
      'a client who came without a link',
      { email: 'quill@example.org' },
      'There was none: no link was clicked',
    ],
    ['its invoice', { invoiceId: '800' }, '800 Mar 1, 2026 Web hosting $100.00 Earned nothing'],
    ['the affiliate’s own address', { email: 'eve@example.org' }, 'no client signed up with'],
    ['the affiliate’s second account', { email: 'e.v.e+2@gmail.com' }, 'or one with its address or login'],
  ])('%s, with what is known of it', async (_what, named, known) => {
    const test = await given.program(database);
    const { eve } = await annaAndEve(test);
    await clientWithoutLink(test, { client_id: '80', email: 'quill@example.org', invoiceid: '800' });
    await clientWithoutLink(test, { client_id: '81', email: 'eve@gmail.com' });
    await test.hooks.ClientEdit({ userid: 'eve', email: 'eve@gmail.com' });
    const { headers } = await misses(test, eve, named);
    expect(headers['location']).toBe('/affiliates?page=missing&done=dispute_opened');
    expect(await readsOf(test, eve)).toContain(LEFT);
    expect(await evidence(test)).toContain(known);
    expect((await lastDispute(test)).status).toBe('open');
  });

  it.each([
    ['another day', { email: 'rita@example.org', day: '2026-02-20' }],
    ['an address and an invoice of two people', { email: 'rita@example.org', invoiceId: '800' }],
    ['an address of nobody beside the invoice', { email: 'nobody@example.org', invoiceId: '700' }],
  ])('the affiliate’s own referral that was named with %s', async (_how, named) => {
    const test = await given.program(database);
    const { anna } = await annaAndEve(test);
    await clientWithoutLink(test, { client_id: '80', email: 'quill@example.org', invoiceid: '800' });
    await misses(test, anna, named);
    expect((await lastDispute(test)).status).toBe('open');
    expect(await readsOf(test, anna)).not.toContain(FOUND);
  });

  it('comes with the promotion codes that the client has paid with', async () => {
    const test = await given.program(database);
    const { anna, eve } = await annaAndEve(test);
    const coupon = { requestId: requestId(), staff: STAFF, code: 'SPRING', affiliateId: anna.id, on: true };
    await test.acts.changeCoupon(coupon);
    await clientWithoutLink(test, { client_id: '80', email: 'quill@example.org' });
    for (const used of ['Spring', 'Autumn']) {
      const { invoiceid, invoice } = given.paidInvoice({ userid: '80', total: '10.00' });
      await test.hooks.InvoicePaid({ invoiceid, invoice: { ...invoice, promocode: used } });
    }
    await misses(test, eve, { email: 'quill@example.org' });
    const known = await evidence(test);
    expect(known).toContain(`which is the code of ${anna.code}.`);
    expect(known).toMatch(/paid with autumn, which is no affiliate’s code/i);
    expect(known).toContain(`the client was credited to ${anna.code} by a promotion code`);
  });

  it('comes with the affiliate’s clicks on that day and beside it, also when they are gone', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    test.clock.advance({ days: -1 });
    await test.click(eve);
    test.clock.advance({ days: 1 });
    await test.click(eve);
    await test.click(eve);
    const headers = { 'user-agent': 'Googlebot/2.1' };
    await test.program.clicks.visit({
      ...{ code: eve.code, landing: '', campaign: '', cookie: undefined, ip: '203.0.113.9' },
      ...{ headers, secure: true },
    });
    await misses(test, eve, { email: 'nobody@example.org' });
    expect(await readsOf(test, eve)).toContain(
      '1 click on your link counted on that day, so it works. 2 more did not',
    );
    const clicks = 'Feb 28, 2026 1 0 0 0 0 Mar 1, 2026 1 1 1 0 0';
    expect(await evidence(test)).toContain(clicks);
    test.clock.advance({ days: 40 });
    await test.program.daily();
    expect(await evidence(test)).toContain(clicks);
    await misses(test, eve, { email: 'nobody@example.org' });
    expect(await readsOf(test, eve)).toContain('The single clicks of that day are no longer kept.');
  });

  it('opens a ticket in which nobody is named, and says on the overview that somebody waits', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await misses(test, eve, { email: 'nobody@example.org', note: 'my cousin' });
    expect(test.host.doneBy('openTicket')).toMatchObject([
      { clientId: 'eve', subject: 'I’m missing a referral' },
    ]);
    expect(test.host.text()).not.toMatch(/nobody@example|cousin/);
    expect((await lastDispute(test)).ticketId).not.toBe('');
    expect(await test.reads.isProgramRequest((await lastDispute(test)).ticketId)).toBe(false);
    const { html } = await visit(test, SAM, {});
    expect(html).toMatch(/Missing referrals<\/dt><dd class="aff-figure-number">1</);
  });

  it('keeps of the address nothing but its hash, and logs none of it', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await misses(test, eve, { email: 'nobody@example.org', note: 'my cousin' });
    const found = await kept(test, { texts: ['my cousin'], addresses: ['nobody@example.org'] });
    expect(found).toEqual(['my cousin', '#nobody@example.org']);
    await answers(test, { decision: 'decline', reason: 'We found no click.' });
    expect(await kept(test, { texts: ['my cousin'], addresses: ['nobody@example.org'] })).toEqual([]);
    expect(JSON.stringify(test.logger)).not.toContain('nobody@example.org');
  });
});

describeOnEachDatabase('The form', (database) => {
  it.each([
    ['neither address nor invoice', { email: '', invoiceId: '' }, '“E-mail address” must be filled in'],
    ['what is no address', { email: 'no address' }, 'E-mail address'],
    ['no day', { email: 'a@example.org', day: '' }, 'Day'],
    ['what is no day', { email: 'a@example.org', day: '2026-02-30' }, 'Day'],
    ['a day that has not begun', { email: 'a@example.org', day: '2026-03-02' }, 'Day'],
    ['too long a note', { email: 'a@example.org', note: 'x'.repeat(1001) }, 'What else may help'],
    ['too long an address', { email: `${'x'.repeat(400)}@example.org` }, 'E-mail address'],
  ])('refuses %s', async (_what, named, sentence) => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    const answer = await misses(test, eve, named);
    expect(answer.status).toBe(422);
    expect(answer.html).toMatch(new RegExp(`role="alert">[^<]*${sentence.slice(0, 8)}`));
    expect((await test.reads.disputes({ status: 'all', limit: 5 })).rows).toEqual([]);
  });

  it('asks once, however often it is sent, also when clicks come in between', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    const typed = { requestId: '01HZZZZZZZZZZZZZZZZZZZZZZZ', email: 'nobody@example.org', day: '2026-03-01' };
    const send = (more = {}) =>
      visit(test, { client: { id: 'eve' } }, { page: 'missing' }, { ...typed, ...more });
    expect((await send()).status).toBe(303);
    await test.click(eve);
    expect((await send()).status).toBe(303);
    expect((await send({ email: 'other@example.org' })).status).toBe(422);
    expect((await test.reads.disputes({ status: 'all', limit: 5 })).rows).toHaveLength(1);
  });

  it('takes five questions a day, also of ten at the same moment', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    const ask = (index: number) => misses(test, eve, { email: `nobody${index}@example.org` });
    const sent = await Promise.all(Array.from({ length: 10 }, (_one, index) => ask(index)));
    expect(sent.filter(({ status }) => status === 303)).toHaveLength(5);
    const refused = sent.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.html).toContain('You can ask 5 times a day. Please come back tomorrow.');
    test.clock.advance({ days: 1 });
    expect((await ask(11)).status).toBe(303);
  });

  it('takes ten questions that wait, and more once some are answered', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    for (let asked = 0; asked < 10; asked++) {
      if (asked === 5) test.clock.advance({ days: 1 });
      expect((await misses(test, eve, { email: `nobody${asked}@example.org` })).status).toBe(303);
    }
    test.clock.advance({ days: 1 });
    const refused = await misses(test, eve, { email: 'nobody@example.org' });
    expect(refused.html).toContain('Only 10 questions can wait for our team at a time.');
    await answers(test, { decision: 'decline', reason: 'No.' });
    expect((await misses(test, eve, { email: 'nobody@example.org' })).status).toBe(303);
  });

  it('is not for those who take part no more, nor for other clients', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    expect((await misses(test, { clientId: 'somebody' }, { email: 'a@example.org' })).status).toBe(403);
    await test.hooks.ClientClose({ userid: 'eve' });
    expect((await misses(test, eve, { email: 'a@example.org' })).status).toBe(422);
    expect(await readsOf(test, eve)).not.toContain('Look for it');
  });
});

describeOnEachDatabase('A dispute', (database) => {
  it('is seen by its affiliate and by staff, and by nobody else', async () => {
    const test = await given.program(database);
    const { anna, eve } = await annaAndEve(test);
    await misses(test, anna, { invoiceId: 'hers-alone' });
    expect(await readsOf(test, anna)).toContain('hers-alone');
    expect(await readsOf(test, eve)).not.toContain('hers-alone');
    const { id } = await lastDispute(test);
    const deed = { decision: 'credit', clientId: '70', holdsFrom: '2026-03-01', reason: 'mine' };
    for (const page of ['dispute', 'disputes', 'missing']) {
      const EVE = { client: { id: 'eve' } };
      expect((await visit(test, EVE, { page, id })).html).not.toContain('hers-alone');
      await visit(test, EVE, { page, id }, deed);
      const request = { who: EVE, locale: 'en', method: 'POST', query: { page, id }, body: deed } as const;
      const around = { base: '/a', assets: '/b', csrf: { field: '_csrf', token: 'x' } };
      expect((await test.program.pages.staff({ ...request, ...around })).status).toBe(403);
    }
    expect((await lastDispute(test)).status).toBe('open');
  });

  it('shows what was written as text, however it is written', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await misses(test, eve, { email: 'nobody@example.org', invoiceId: SCRIPT.slice(0, 60), note: SCRIPT });
    const { id } = await lastDispute(test);
    const pages = [
      await visit(test, { client: { id: 'eve' } }, { page: 'missing' }),
      await visit(test, SAM, { page: 'dispute', id }),
      await visit(
        test,
        { client: { id: 'eve' } },
        { page: 'missing' },
        { email: SCRIPT, note: SCRIPT, day: SCRIPT },
      ),
    ];
    await answers(test, { decision: 'decline', reason: SCRIPT });
    pages.push(await visit(test, SAM, { page: 'dispute', id }));
    pages.push(await visit(test, { client: { id: 'eve' } }, { page: 'missing' }));
    for (const { html } of pages) expect(html).not.toMatch(/<script>alert|<img src=x/);
    expect(pages.at(-1)?.html).toContain('&lt;script&gt;');
    for (const mail of test.host.doneBy('sendMail'))
      expect(mail.html).not.toMatch(/<script>alert|<img src=x/);
  });

  it('goes along when two affiliates become one', async () => {
    const test = await given.program(database);
    const { anna, eve } = await annaAndEve(test);
    await misses(test, eve, { invoiceId: 'of-eve' });
    await test.hooks.AfterClientMerge({ fromUserID: 'eve', toUserID: 'anna' });
    expect(await readsOf(test, anna)).toContain('of-eve');
    expect((await misses(test, anna, { invoiceId: 'of-anna' })).status).toBe(303);
    await answers(test, { decision: 'decline', reason: 'No click.' });
    expect((await lastDispute(test)).affiliateId).toBe(anna.id);
  });
});
