/** How staff answer: not credited, or the client becomes the affiliate's referral, with what it has paid since. */
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { expectReplayable } from '../support/replay';
import { answers, clientWithoutLink, evidence, lastDispute, misses, readsOf, SAM, visit } from './given';

const CREDIT = {
  decision: 'credit',
  clientId: '80',
  holdsFrom: '2026-03-01',
  reason: 'The link was clicked.',
};
const EMAIL = 'quill@example.org';

/** Eve misses a client who paid 100.00 before and 200.00 on the day of the signup, of whom no link is known. */
async function eveMissesZacharias(test: TestProgram) {
  test.clock.advance({ days: -5 });
  const eve = await test.affiliate({ clientId: 'eve', email: 'eve@example.org' });
  test.clock.advance({ days: 5 });
  await clientWithoutLink(test, { client_id: '80', email: EMAIL });
  const pays = (invoiceid: string, total: string, at?: string) =>
    test.pays({ userid: '80', invoiceid, total, ...(at && { at }) });
  await pays('800', '100.00', '2026-02-28T23:00:00Z');
  await pays('801', '200.00', '2026-03-01T00:00:00Z');
  await misses(test, eve, { email: EMAIL });
  return { eve, pays };
}

describeOnEachDatabase('A client who is credited', (database) => {
  it('is the affiliate’s referral from the day named, and earns by the terms of the days it paid on', async () => {
    const test = await given.program(database, { settings: { clearingDays: 0 } });
    const { eve, pays } = await eveMissesZacharias(test);
    test.clock.advance({ days: 2 });
    const terms = { scope: 'program', scopeKey: '', rate: { kind: 'percent', basisPoints: 5000 } } as const;
    const changed = {
      ...terms,
      recurring: 'every',
      clearingDays: 0,
      requestId: requestId(),
      staff: STAFF,
    } as const;
    await test.acts.changeTerms(changed);
    expect((await answers(test, CREDIT)).headers['location']).toMatch(
      /page=dispute&id=.*&done=dispute_credited$/,
    );
    // 10 % of 200.00; what was paid before the day is nobody's.
    expect(await test.accounts(eve)).toMatchObject({ cleared: 2000 });
    await pays('802', '10.00');
    expect(await test.accounts(eve)).toMatchObject({ cleared: 2500 });
    await test.refunds({ invoiceid: '801', amount: '100.00', refundid: 'r1' });
    expect(await test.accounts(eve)).toMatchObject({ cleared: 1500 });
    expect(await test.reads.figures(eve.id)).toMatchObject({ signups: 1, conversions: 1 });
    const query = { affiliateId: eve.id, currency: 'USD', filter: { status: 'all' as const } };
    const { rows } = await test.reads.referrals({ ...query, sort: 'name', descending: false, limit: 5 });
    const signedUpAt = Date.parse('2026-03-01T12:00:00Z');
    expect(rows).toMatchObject([{ name: '', status: 'active', signedUpAt, paid: 11000, earned: 1500 }]);
    await expectSound(test.knex, test.clock.now);
  });

  it('is told to the affiliate on its page, by mail and on the ticket', async () => {
    const test = await given.program(database);
    const { eve } = await eveMissesZacharias(test);
    await test.program.deliver();
    await answers(test, CREDIT);
    await test.program.deliver();
    expect(await readsOf(test, eve)).toContain('Our team has credited it to you');
    expect(await readsOf(test, eve)).toContain('The link was clicked.');
    const [mail] = test.host.doneBy('sendMail').slice(-1);
    expect(mail).toMatchObject({ clientId: 'eve', subject: 'The referral that you missed is yours' });
    expect(mail?.text).toContain('The link was clicked.');
    expect(test.host.doneBy('replyTicket').at(-1)?.message).toContain('The link was clicked.');
    const { rows } = await test.reads.audit({ affiliateId: eve.id, limit: 10 });
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['dispute.opened', 'dispute.credited', 'referral.attributed']),
    );
    expect(rows[0]?.actor).toBe(STAFF.name);
  });

  it('gets its name when the host tells of it, and stays when its signup is told late', async () => {
    const test = await given.program(database);
    const { eve } = await eveMissesZacharias(test);
    const other = await test.affiliate({ clientId: 'other' });
    const cookie = await test.click(other);
    await answers(test, CREDIT);
    await test.hooks.ClientAdd(given.signup({ client_id: '80', email: EMAIL, cookie }));
    await test.hooks.ClientEdit({
      userid: '80',
      firstname: 'Zacharias',
      lastname: 'Quillfeather',
      email: EMAIL,
    });
    const query = { affiliateId: eve.id, currency: 'USD', filter: { status: 'all' as const } };
    const { rows } = await test.reads.referrals({ ...query, sort: 'name', descending: false, limit: 5 });
    expect(rows).toMatchObject([{ name: 'Z. Q.' }]);
    expect(await test.reads.figures(other.id)).toMatchObject({ signups: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('is credited once, of two who answer at the same moment', async () => {
    const test = await given.program(database);
    const { eve } = await eveMissesZacharias(test);
    const both = await Promise.all([
      answers(test, CREDIT),
      answers(test, CREDIT),
      answers(test, { decision: 'decline', reason: 'No click.' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    expect([0, 2000]).toContain((await test.accounts(eve)).cleared);
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnEachDatabase('A history with disputes', (database) => {
  it('is made again by its events, answered, waiting and erased', async () => {
    const test = await given.program(database);
    const { eve, pays } = await eveMissesZacharias(test);
    await answers(test, CREDIT);
    await pays('803', '70.00');
    await misses(test, eve, { email: EMAIL });
    expect((await lastDispute(test)).status).toBe('found');
    await misses(test, eve, { invoiceId: '900', note: 'of my blog' });
    await answers(test, { decision: 'decline', reason: 'No.' });
    await misses(test, eve, { email: 'nobody@example.org', note: 'of my shop' });
    await expectReplayable(test.knex);
    // Who was credited is found by nothing any more, and what it earned stays all the same.
    await test.hooks.PreDeleteClient({ userid: '80' });
    await expectReplayable(test.knex);
    await test.hooks.PreDeleteClient({ userid: 'eve' });
    await expectReplayable(test.knex);
    expect(await test.accounts(eve)).toMatchObject({ cleared: 2700 });
  });
});

describeOnEachDatabase('The form with which staff credit', (database) => {
  it('is filled in with the client and the day of its signup', async () => {
    const test = await given.program(database);
    await eveMissesZacharias(test);
    const { id } = await lastDispute(test);
    const { html } = await visit(test, SAM, { page: 'dispute', id });
    expect(html).toMatch(/name="clientId"[^>]* value="80"/);
    expect(html).toMatch(/name="holdsFrom"[^>]* value="2026-03-01"/);
    expect(await evidence(test)).toContain('Signup On Mar 1, 2026, 12:00 PM, the day that was named.');
  });

  it.each([
    ['a client nobody knows', { clientId: '8O' }, 'There is no client 8O.'],
    ['a client who is a referral', { clientId: '70' }, 'This client is somebody’s referral already.'],
    ['a client who is erased', { clientId: '82' }, 'There is no client 82.'],
    ['the affiliate itself', { clientId: 'eve' }, 'This is the affiliate’s own account'],
    ['a second account of the affiliate', { clientId: '83' }, 'This is the affiliate’s own account'],
    ['no client', { clientId: '' }, '“Number of the client”'],
    ['no day', { holdsFrom: 'yesterday' }, '“Payments from”'],
    ['no answer', { reason: ' ' }, 'Please fill in “Reason”.'],
    ['no decision', { decision: 'perhaps' }, 'decision'],
  ])('refuses %s, and changes nothing', async (_what, typed, sentence) => {
    const test = await given.program(database);
    const { eve } = await eveMissesZacharias(test);
    const anna = await test.affiliate({ clientId: 'anna' });
    await test.referral(anna, { client_id: '70' });
    await clientWithoutLink(test, { client_id: '82', email: 'erased@example.org', invoiceid: '820' });
    await test.hooks.PreDeleteClient({ userid: '82' });
    await clientWithoutLink(test, { client_id: '83', email: 'Eve@Example.org' });
    await test.hooks.ClientEdit({ userid: 'eve', email: 'eve@example.org' });
    const answer = await answers(test, { ...CREDIT, ...typed });
    expect(answer.status).toBe(422);
    if (sentence !== 'decision') expect(answer.html).toContain(sentence);
    expect((await lastDispute(test)).status).toBe('open');
    expect(await test.reads.figures(eve.id)).toMatchObject({ signups: 0 });
    expect(await test.accounts(eve)).toMatchObject({ cleared: 0 });
  });

  it('refuses an affiliate whose account is closed', async () => {
    const test = await given.program(database);
    await eveMissesZacharias(test);
    await test.hooks.ClientClose({ userid: 'eve' });
    expect((await answers(test, CREDIT)).status).toBe(422);
  });

  it('is gone once the question is answered, and a second answer is refused', async () => {
    const test = await given.program(database);
    const { eve } = await eveMissesZacharias(test);
    await answers(test, { decision: 'decline', reason: 'We found no click.' });
    expect(await readsOf(test, eve)).toContain('could not credit it to you, and wrote: We found no click.');
    expect(test.host.doneBy('sendMail').at(-1)?.text).toContain('We found no click.');
    expect(await evidence(test)).not.toContain('Credit it to the affiliate');
    const again = await answers(test, CREDIT);
    expect(again.status).toBe(422);
    expect(again.html).toContain('This was answered already: not credited.');
    expect(await test.accounts(eve)).toMatchObject({ cleared: 0 });
  });

  it('is for no question that there is not', async () => {
    const test = await given.program(database);
    for (const id of ['', 'nothing', '01HZZZZZZZZZZZZZZZZZZZZZZZ'])
      expect((await visit(test, SAM, { page: 'dispute', id })).status).toBe(404);
  });
});
