/** Correcting balances, and deciding as the second of two people, on the staff pages. */
import { aClient, closePrograms, fieldsOf, givenProgram, STAFF, textOf, unescaped } from './given';

const ANNA = aClient('12');
const OTHER = { staff: { id: '2', name: 'Kim Controller' } };
const SCRIPT = `"><script>alert('x')</script>{{evil}}`;
const CREDIT = { direction: 'credit', amount: '12.34', currency: 'USD', reason: 'A missing referral' };

afterEach(closePrograms);

/** An affiliate with $50.00, and where staff correct it. */
async function withAffiliate(settings = {}) {
  const given = await givenProgram(settings);
  await given.enrol('12');
  await given.referral('12', { pays: '500.00' });
  const correct = (typed = {}) => given.send(STAFF, { page: 'correct', id: '1' }, { ...CREDIT, ...typed });
  /** @returns the page of the correction that was just made */
  const corrected = async (typed = {}) => {
    const { headers } = await correct(typed);
    const id = /page=correction&id=(\w+)/.exec(headers['location'] ?? '')?.[1] ?? '';
    return { page: 'correction', id };
  };
  return { ...given, correct, corrected };
}

describe('the page that corrects a balance', () => {
  it('is reached from the affiliate, and says what is cleared and what one person may do', async () => {
    const { read } = await withAffiliate();
    const affiliate = unescaped((await read(STAFF, { page: 'affiliate', id: '1' })).html);
    expect(affiliate).toContain('page=correct&id=1');
    const text = textOf((await read(STAFF, { page: 'correct', id: '1' })).html);
    expect(text).toContain('Cleared at present: $50.00.');
    expect(text).toContain('Above $500.00, or in another currency, somebody else has to approve it.');
    expect(text).toContain('The affiliate reads this reason in its entries.');
    expect((await read(STAFF, { page: 'correct', id: '99' })).status).toBe(404);
  });

  it('books a credit and a debit, which the affiliate reads with their reasons', async () => {
    const { read, correct, corrected } = await withAffiliate();
    const where = await corrected();
    const { html } = await read(STAFF, where);
    expect(textOf(html)).toMatch(/Credit of \$12\.34 .* State Booked Amount \+\$12\.34/);
    expect(html).not.toContain('name="decision"');
    const { headers } = await correct({ direction: 'debit', amount: '2.00', reason: 'Booked twice' });
    expect(headers['location']).toMatch(/&done=correction_posted$/);
    for (const page of ['', 'entries']) {
      const text = textOf((await read(ANNA, { page })).html);
      expect(text).toMatch(/Correction .*\+\$12\.34/);
      expect(text).toMatch(/Correction .*-\$2\.00/);
      expect(text).toContain('A missing referral');
      expect(text).toContain('Booked twice');
      expect(text).not.toContain('Sam Support');
    }
    expect(textOf((await read(ANNA)).html)).toContain('$60.34');
    expect(textOf((await read(STAFF, { page: 'audit' })).html)).toContain(
      'Sam Support corrected the balance: debit of $2.00. Reason: Booked twice',
    );
  });

  it.each([
    [{ amount: '' }, 'Please fill in “Amount”.'],
    [{ amount: '1.005' }, '“Amount” is not an amount.'],
    [{ amount: '1e3' }, '“Amount” is not an amount.'],
    [{ amount: '0.00' }, '“Amount” is not valid.'],
    [{ amount: '-5.00' }, '“Amount” is not valid.'],
    [{ amount: '0.5', currency: 'JPY' }, '“Amount” is not an amount.'],
    [{ amount: '1', currency: 'XYZ' }, 'XYZ is not a currency.'],
    [{ direction: 'sideways' }, '“Direction” is not valid.'],
    [{ reason: ' ' }, 'Please fill in “Reason”.'],
    [{ direction: 'debit', amount: '50.01' }, 'Only $50.00 is available. A correction cannot leave a debt.'],
  ])('says why %j is refused, and keeps what was typed', async (typed, sentence) => {
    const { correct } = await withAffiliate();
    const { status, html } = await correct(typed);
    expect(status).toBe(422);
    expect(textOf(html)).toContain(sentence);
    const { amount, reason } = { ...CREDIT, ...typed };
    expect(unescaped(html)).toContain(`value="${amount}"`);
    expect(unescaped(html)).toContain(`>${reason}</textarea>`);
  });

  it.each([
    ['JPY', '5', '¥5'],
    ['KWD', '1.234', 'KWD 1.234'],
  ])('reads amounts as %s has them', async (currency, amount, shown) => {
    const { read, corrected } = await withAffiliate({ approvalAbove: '' });
    const text = textOf((await read(STAFF, await corrected({ currency, amount }))).html);
    expect(text.replaceAll('\u00a0', ' ')).toContain(`Amount +${shown}`);
  });

  it('shows a reason as text on every page, never as markup', async () => {
    const { read, send, corrected } = await withAffiliate({ approvalAbove: '10.00' });
    const where = await corrected({ reason: SCRIPT });
    const pages = [await read(STAFF), await read(STAFF, where), await read(OTHER, where)];
    await send(OTHER, where, { decision: 'approve' });
    const rejected = await corrected({ reason: SCRIPT });
    await send(OTHER, rejected, { decision: 'reject', reason: SCRIPT });
    for (const page of ['corrections', 'audit']) pages.push(await read(STAFF, { page }));
    pages.push(await read(STAFF, { page: 'affiliate', id: '1' }), await read(STAFF, rejected));
    pages.push(await read(ANNA), await read(ANNA, { page: 'entries' }));
    for (const { status, html } of pages) {
      expect(status).toBe(200);
      expect(html).not.toContain('<script>alert');
    }
    expect(textOf(pages.at(-1)!.html)).toContain(SCRIPT);
  });
});

describe('a correction above the amount for one person', () => {
  const ABOVE_TEN = { approvalAbove: '10.00' };

  it('waits on the overview and in the list, for anybody but its proposer', async () => {
    const { read, corrected } = await withAffiliate(ABOVE_TEN);
    const where = await corrected();
    expect(textOf((await read(ANNA, { page: 'entries' })).html)).not.toContain('A missing referral');
    const overview = textOf((await read(OTHER)).html);
    expect(overview).toMatch(/Waiting for a second person 1 /);
    expect(overview).toMatch(/\+\$12\.34 Sam Support Waits for a second person Decide/);
    const list = unescaped((await read(OTHER, { page: 'corrections', status: 'proposed' })).html);
    expect(list).toContain(`page=correction&id=${where.id}`);
    const own = await read(STAFF, where);
    expect(own.html).not.toMatch(/value="(approve|reject)"/);
    expect(textOf(own.html)).toContain('You proposed this correction.');
    expect((await read(OTHER, where)).html).toMatch(/value="approve".*value="reject"/s);
  });

  it('is booked when another approves it, and not when its proposer sends the form', async () => {
    const { read, send, corrected } = await withAffiliate(ABOVE_TEN);
    const where = await corrected();
    const refused = await send(STAFF, where, { decision: 'approve' });
    expect(refused.status).toBe(422);
    expect(textOf(refused.html)).toContain('Somebody else has to decide on this.');
    const approved = await send(OTHER, where, { decision: 'approve' });
    expect(approved.headers['location']).toMatch(/&done=correction_approved$/);
    expect(textOf((await read(STAFF, where)).html)).toMatch(/State Booked .* Decided .* Kim Controller/);
    expect(textOf((await read(ANNA, { page: 'entries' })).html)).toContain('A missing referral');
    expect(textOf((await read(STAFF)).html)).toMatch(/Waiting for a second person 0 /);
    // A second approver, who has had the page open all the time.
    const late = { staff: { id: '3', name: 'Lee' } };
    const again = await send(late, where, { decision: 'approve' }, { page: 'proof' });
    expect(again.status).toBe(422);
    expect(textOf(again.html)).toContain('This correction is booked already.');
  });

  it('is rejected with a reason that staff read, or taken back', async () => {
    const { read, send, corrected } = await withAffiliate(ABOVE_TEN);
    const where = await corrected();
    const refused = await send(OTHER, where, { decision: 'reject', reason: '' });
    expect(refused.html).toMatch(/id="aff-reason"[^>]*aria-invalid="true"/);
    await send(OTHER, where, { decision: 'reject', reason: 'No such referral' });
    expect(textOf((await read(STAFF, where)).html)).toMatch(
      /State Rejected .* Why it was rejected No such referral/,
    );
    const second = await corrected();
    const { headers } = await send(STAFF, second, { decision: 'retract' });
    expect(headers['location']).toMatch(/&done=correction_retracted$/);
    expect(textOf((await read(STAFF, second)).html)).toContain('State Taken back');
    const entries = textOf((await read(ANNA, { page: 'entries' })).html);
    expect(entries).not.toContain('Correction');
    expect((await send(STAFF, second, { decision: 'retract' }, { page: 'proof' })).status).toBe(422);
    expect((await send(OTHER, second, { decision: 'bribe' }, { page: 'proof' })).status).toBe(422);
  });

  it.each([{ id: 'none' }, {}])('is not found at %j', async (query) => {
    const { read } = await givenProgram();
    expect((await read(STAFF, { page: 'correction', ...query })).status).toBe(404);
  });
});

describe('a payout above the amount for one person', () => {
  async function withWithdrawal(method: string) {
    const given = await withAffiliate({ approvalAbove: '49.99' });
    await given.send(ANNA, { page: 'withdraw' }, { method, details: 'IBAN 123' });
    const list = unescaped((await given.read(STAFF, { page: 'withdrawals' })).html);
    const id = /page=withdrawal&id=(\w+)/.exec(list)?.[1] ?? '';
    return { ...given, where: { page: 'withdrawal', id } };
  }

  it('by hand is prepared by one, and sent and approved by another', async () => {
    const { read, send, where } = await withWithdrawal('paypal');
    const asked = textOf((await read(STAFF, where)).html);
    expect(asked).toContain('One person alone may not decide on this amount');
    expect(asked).toContain('Prepare the payment of $50.00 without sending it');
    const first = await send(STAFF, where, { decision: 'approve', transactionId: 'PP-7' });
    expect(first.headers['location']).toMatch(/&done=withdrawal_first_approved$/);
    expect(textOf((await read(STAFF)).html)).toMatch(
      /Waiting for a second person 1 .* Requested Waits for a second person/,
    );
    const own = await read(STAFF, where);
    expect(textOf(own.html)).toContain('You have approved this.');
    expect(own.html).not.toContain('value="approve"');
    expect(textOf((await read(ANNA)).html)).not.toMatch(/second person|Sam Support/);
    const other = await read(OTHER, where);
    expect(textOf(other.html)).toContain('Sam Support has prepared the payment of $50.00 under PP-7.');
    const paid = await send(OTHER, where, { decision: 'approve' });
    expect(paid.headers['location']).toMatch(/&done=withdrawal_approved$/);
    expect(textOf((await read(OTHER, where)).html)).toMatch(
      /State Paid .* First approved .* Sam Support .* Kim Controller.* Transaction id PP-7/,
    );
  });

  it('as credit is added when another approves it, and not when the first does so again', async () => {
    const { read, send, where } = await withWithdrawal('credit');
    expect(textOf((await read(STAFF, where)).html)).not.toContain('right away');
    await send(STAFF, where, { decision: 'approve' });
    const again = await send(STAFF, where, { decision: 'approve', transactionId: '' });
    expect(textOf(again.html)).toContain('Somebody else has to decide on this.');
    expect(textOf((await read(OTHER, where)).html)).toContain(
      'When you approve it as well, $50.00 is added to the client’s account credit right away.',
    );
    await send(OTHER, where, { decision: 'approve' });
    expect(textOf((await read(STAFF, where)).html)).toMatch(/State Paid .* Transaction id credit-1/);
  });

  it('that somebody approved in another way meanwhile is shown as it is now', async () => {
    const { read, send, where } = await withWithdrawal('bank');
    const form = { ...fieldsOf((await read(OTHER, where)).html), decision: 'approve', transactionId: 'B-2' };
    await send(STAFF, where, { decision: 'approve', transactionId: 'B-1' });
    const refused = await read(OTHER, where, { method: 'POST', body: form });
    expect(refused.status).toBe(422);
    expect(textOf(refused.html)).toMatch(/Somebody has approved this in the meantime.* under B-1\./);
  });
});
