/** What staff see and decide. */
import { A_FORM, aClient, closePrograms, givenProgram, STAFF, textOf, unescaped } from './given';

const ANNA = aClient('12');

afterEach(closePrograms);

/** An affiliate with $50.00 in an open withdrawal. */
async function withWithdrawal(method: string) {
  const given = await givenProgram();
  await given.enrol('12');
  await given.referral('12', { pays: '500.00' });
  await given.send(ANNA, { page: 'withdraw' }, { method, details: 'IBAN 123' });
  const list = await given.read(STAFF, { page: 'withdrawals' });
  const id = /page=withdrawal&id=(\w+)/.exec(unescaped(list.html))?.[1] ?? '';
  return { ...given, where: { page: 'withdrawal', id } };
}

describe('the staff area', () => {
  it('opens with what waits to be done, and what is owed', async () => {
    const { read, send } = await withWithdrawal('paypal');
    await send(aClient('99'), { page: 'request' }, {}, {});
    const text = textOf((await read(STAFF)).html);
    expect(text).toMatch(/Program requests 1 .* Withdrawals to decide 1 .* Events in trouble 0/);
    expect(text).toMatch(/What the program owes .* USD \$0\.00 \$0\.00 \$50\.00 \$0\.00/);
    expect(text).toContain('Client 99');
  });

  it('finds affiliates, and shows all about one', async () => {
    const { read } = await withWithdrawal('paypal');
    expect(textOf((await read(STAFF, { page: 'affiliates', q: 'nobody' })).html)).toContain(
      'No affiliate was found.',
    );
    const list = unescaped((await read(STAFF, { page: 'affiliates', q: '12' })).html);
    const id = /page=affiliate&id=(\d+)/.exec(list)?.[1] ?? '';
    const { html, status } = await read(STAFF, { page: 'affiliate', id, sort: 'earned' });
    expect(status).toBe(200);
    expect(textOf(html)).toMatch(/Statement .* Affiliate program .* On .* Rate .* Referrals .* Audit log/);
    expect(textOf(html)).toContain('Sam Support switched the program on.');
    expect(unescaped(html)).toContain(`/admin?module=affiliates&page=affiliate&id=${id}&sort=earned`);
    expect(html).toContain('<input type="hidden" name="module" value="affiliates">');
  });

  it.each([
    { page: 'affiliate', id: '999' },
    { page: 'affiliate', id: '1 OR 1=1' },
    { page: 'withdrawal', id: 'none' },
    { page: 'withdrawal' },
    { page: 'no-such-page' },
    { page: 'constructor' },
  ])('has no page at %j', async (query) => {
    const { read } = await givenProgram();
    expect((await read(STAFF, query)).status).toBe(404);
  });

  it('pays a withdrawal by hand under a transaction id, once', async () => {
    const { read, send, where, mails } = await withWithdrawal('paypal');
    expect(textOf((await read(STAFF, where)).html)).toContain('IBAN 123');
    const refused = await send(STAFF, where, { decision: 'approve', transactionId: '' });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/id="aff-transactionId"[^>]*aria-invalid="true"/);
    const paid = await send(STAFF, where, { decision: 'approve', transactionId: 'PP-77' });
    expect(paid.headers['location']).toBe(
      `/admin?module=affiliates&page=withdrawal&id=${where.id}&done=withdrawal_approved`,
    );
    const { html } = await read(STAFF, where);
    expect(textOf(html)).toMatch(/State Paid .* Transaction id PP-77/);
    expect(html).not.toContain('name="decision"');
    expect(mails.map(({ subject }) => subject)).toContain('Your withdrawal of $50.00 was paid');
    const body = { ...A_FORM, decision: 'approve', transactionId: 'PP-78' };
    const again = await read(STAFF, where, { method: 'POST', body });
    expect(again.status).toBe(422);
    expect(textOf(again.html)).toContain('This withdrawal is paid already.');
  });

  it('pays account credit through the host', async () => {
    const { read, send, where } = await withWithdrawal('credit');
    expect((await read(STAFF, where)).html).toContain('Approve and add the credit');
    expect((await send(STAFF, where, { decision: 'approve' })).status).toBe(303);
    expect(textOf((await read(STAFF, where)).html)).toMatch(/State Paid .* Transaction id credit-1/);
  });

  it('denies with a reason, which it asks for', async () => {
    const { read, send, where } = await withWithdrawal('bank');
    const refused = await send(STAFF, where, { decision: 'deny', reason: ' ' });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/id="aff-reason"[^>]*aria-invalid="true"/);
    expect((await send(STAFF, where, { decision: 'deny', reason: 'Please add the BIC' })).status).toBe(303);
    expect(textOf((await read(STAFF, where)).html)).toMatch(/State Denied .* Reason Please add the BIC/);
  });

  it('changes terms, keeps what was typed when they are refused, and removes them again', async () => {
    const { read, send } = await givenProgram();
    const terms = { page: 'terms' };
    const product = { scope: 'product', scopeKey: '4', rate: '12.5%', recurring: 'once', clearingDays: '' };
    const refused = await send(STAFF, terms, { ...product, rate: '120%' });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/id="aff-rate"[^>]*value="120%"[^>]*aria-invalid="true"/);
    expect(refused.html).toContain('<option value="once" selected>');
    expect((await send(STAFF, terms, product)).status).toBe(303);
    const current = async () => textOf((await read(STAFF, terms)).html).split('Add or change terms')[0];
    expect(await current()).toMatch(
      /Product 4 Earns 12\.5% of the amount\. The first payment of each service earns\. .* Sam Support/,
    );
    expect((await send(STAFF, terms, { scope: 'product', scopeKey: '4' })).status).toBe(303);
    expect(await current()).not.toContain('Product 4');
    expect((await send(STAFF, terms, { ...product, scope: 'affiliate', scopeKey: '77' })).status).toBe(422);
    expect((await send(STAFF, terms, { scope: 'program', rate: '' })).status).toBe(422);
  });

  it('fills in the form with the terms that a link names', async () => {
    const { read, send } = await givenProgram();
    const product = { scope: 'product', scopeKey: '4', rate: '5.00', recurring: '', clearingDays: '0' };
    await send(STAFF, { page: 'terms' }, product);
    const { html } = await read(STAFF, { page: 'terms', scope: 'product', key: '4' });
    expect(html).toMatch(/name="scopeKey"[^>]*value="4"/);
    expect(html).toMatch(/name="rate"[^>]*value="5\.00 USD"/);
    expect(html).toMatch(/name="clearingDays"[^>]*value="0"/);
  });

  it('shows events in trouble, and tries the waiting ones again', async () => {
    const notKnown = () => Promise.reject(new Error('the host does not answer'));
    const { program, read, send, enrol, referral } = await givenProgram({}, { addCredit: notKnown });
    await enrol('12');
    await referral('12', { pays: '500.00' });
    await send(ANNA, { page: 'withdraw' }, { method: 'credit' });
    const list = unescaped((await read(STAFF, { page: 'withdrawals' })).html);
    const id = /page=withdrawal&id=(\w+)/.exec(list)?.[1] ?? '';
    await send(STAFF, { page: 'withdrawal', id }, { decision: 'approve' });
    expect(textOf((await read(ANNA)).html)).toContain('Being paid');
    await enrol('13');
    await program.hooks.AfterClientMerge({ toUserID: '13', fromUserID: '12' });
    const { html } = await read(STAFF, { page: 'events' });
    expect(textOf(html)).toMatch(/clients\.merged .* Waiting merge_waits_for_payout/);
    const answer = await send(STAFF, { page: 'events' });
    expect(answer.headers['location']).toBe('/admin?module=affiliates&page=events&done=events_retried');
  });

  it('lists the settings in force, and the audit log', async () => {
    const { read, enrol } = await givenProgram({ threshold: '75.00' });
    await enrol('12');
    expect(textOf((await read(STAFF, { page: 'settings' })).html)).toMatch(
      /Minimum to withdraw .*? threshold \$75\.00/,
    );
    expect(textOf((await read(STAFF, { page: 'audit' })).html)).toContain(
      'Sam Support switched the program on.',
    );
  });
});
