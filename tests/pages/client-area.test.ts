/** What clients see of the program and do in it, through its pages alone. */
import {
  A_FORM,
  aClient,
  closePrograms,
  codeIn,
  givenProgram,
  PORTAL,
  STAFF,
  textOf,
  unescaped,
} from './given';

const ANNA = aClient('12');
const SOMEBODY = aClient('99');

afterEach(closePrograms);

describe('a client without the program', () => {
  it('is told what it is, and can ask for it', async () => {
    const { read } = await givenProgram({ threshold: '75.00', defaultRate: '12.5%' });
    const page = await read(SOMEBODY);
    expect(page.status).toBe(200);
    expect(textOf(page.html)).toContain('You earn 12.5% of every payment.');
    expect(textOf(page.html)).toContain('From $75.00 on');
    expect(page.html).toContain('Request to become an affiliate');
  });

  it('opens a ticket by asking, is told so, and cannot ask again', async () => {
    const { read, send, tickets } = await givenProgram();
    const answer = await send(SOMEBODY, { page: 'request' }, {}, {});
    expect(answer).toMatchObject({ status: 303, html: '' });
    expect(answer.headers['location']).toBe('/index.php?m=affiliates&done=program_requested');
    expect(tickets).toMatchObject([{ clientId: '99', subject: 'Request to become an affiliate' }]);
    const after = await read(SOMEBODY, { done: 'program_requested' });
    expect(after.html).toContain('Your request was sent.');
    const again = await read(SOMEBODY, { page: 'request' }, { method: 'POST', body: A_FORM });
    expect(again.status).toBe(422);
    expect(again.html).toContain('You have asked already.');
  });

  it('sends a form twice and acts once, even a minute later', async () => {
    const { read, tickets, clock } = await givenProgram();
    const post = () => read(SOMEBODY, { page: 'request' }, { method: 'POST', body: A_FORM });
    expect((await post()).status).toBe(303);
    clock.advance({ minutes: 1 });
    expect((await post()).status).toBe(303);
    expect(tickets).toHaveLength(1);
  });

  it('is asked to open a form again that was sent before and then changed', async () => {
    const { read } = await givenProgram();
    const post = (who: string) => read(aClient(who), { page: 'request' }, { method: 'POST', body: A_FORM });
    await post('99');
    const other = await post('98');
    expect(other.status).toBe(422);
    expect(textOf(other.html)).toContain('This form is no longer valid.');
  });

  it('does not see a page of affiliates', async () => {
    const { read } = await givenProgram();
    expect((await read(SOMEBODY, { page: 'withdraw' })).status).toBe(403);
    expect((await read(SOMEBODY, { page: 'entries' })).status).toBe(403);
  });
});

describe('the affiliate page', () => {
  it('shows the figures, the link with its warning, the statement and example code', async () => {
    const { read, enrol, referral } = await givenProgram();
    await enrol('12');
    await referral('12', { pays: '120.00' });
    const { html, status } = await read(ANNA);
    const text = textOf(html);
    expect(status).toBe(200);
    expect(text).toMatch(/Clicks 1 .* Signups 1 .* Conversions 1 /);
    expect(html).toContain(`value="${PORTAL}/r/${codeIn(html)}"`);
    expect(text).toContain('nothing can be credited to you');
    expect(text).toMatch(
      /Below the \$50\.00 mark .*? \$12\.00 Available to withdraw .*? \$0\.00 Withdrawn .*? \$0\.00/,
    );
    expect(text).toContain('$38.00 more until you can request a withdrawal.');
    expect(text).not.toContain('Still clearing');
    expect(unescaped(html)).toContain(`[url=${PORTAL}/r/${codeIn(html)}]`);
  });

  it('shows what is still clearing where commissions wait', async () => {
    const { read, enrol, referral } = await givenProgram({ clearingDays: 14 });
    await enrol('12');
    await referral('12', { pays: '120.00' });
    expect(textOf((await read(ANNA)).html)).toMatch(/Still clearing .*? \$12\.00 Below/);
  });

  it('offers the currencies in which there is money, and shows the chosen one', async () => {
    const { read, enrol, referral } = await givenProgram();
    await enrol('12');
    expect((await read(ANNA)).html).not.toContain('name="currency"');
    await referral('12', { currency: 'EUR', pays: '700.00' });
    const { html } = await read(ANNA, { currency: 'EUR' });
    expect(html).toContain('<option value="EUR" selected>');
    expect(textOf(html)).toMatch(/Available to withdraw .*? €70\.00/);
    expect(textOf((await read(ANNA, { currency: 'XXX' })).html)).toContain('$50.00 more');
  });

  it('tells a suspended affiliate why, and keeps showing everything', async () => {
    const { read, enrol, referral, suspend } = await givenProgram();
    await enrol('12');
    await referral('12', { pays: '120.00' });
    await suspend('12', 'Advertising by unsolicited mail');
    const text = textOf((await read(ANNA)).html);
    expect(text).toContain('Reason: Advertising by unsolicited mail');
    expect(text).toContain('$12.00');
  });

  it('speaks the client’s language', async () => {
    const { read, enrol } = await givenProgram();
    await enrol('12');
    const german = await read(ANNA, {}, { locale: 'de-AT' });
    expect(german.html).toContain('<div class="affiliates" lang="de-AT" dir="ltr"');
    const arabic = await read(ANNA, {}, { locale: 'arabic' });
    expect(arabic.html).toContain('<div class="affiliates" lang="ar" dir="rtl"');
  });

  it('builds a link to a page of the portal, and to none elsewhere', async () => {
    const { read, enrol } = await givenProgram();
    await enrol('12');
    const built = async (landing: string, campaign = '') =>
      /id="aff-built"[^>]* value="([^"]*)"/.exec((await read(ANNA, { landing, campaign })).html)?.[1];
    expect(unescaped((await built('/pricing?plan=2', 'spring')) ?? '')).toMatch(
      /^https:\/\/my\.example\.com\/r\/\w+\?to=%2Fpricing%3Fplan%3D2&campaign=spring$/,
    );
    expect(await built(`${PORTAL}/pricing`)).toContain('to&#x3D;%2Fpricing');
    expect(await built('https://evil.example/')).toBeUndefined();
    expect(await built('//evil.example/')).toBeUndefined();
    expect(await built('/', 'no spaces')).toBeUndefined();
  });
});

describe('the referrals', () => {
  const withReferrals = async () => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.referral('12', { id: '501', firstname: 'Zoe', lastname: 'Adams', pays: '300.00' });
    given.clock.advance({ days: 10 });
    await given.referral('12', { id: '502', firstname: 'Bob', lastname: 'Young', pays: '' });
    return given;
  };
  const namesIn = (html: string) =>
    [...html.matchAll(/data-label="Name"><bdi>([^<]*)</g)].map(([, name]) => name);

  it('are sorted by any column, and say which', async () => {
    const { read } = await withReferrals();
    const { html } = await read(ANNA);
    expect(namesIn(html)).toEqual(['B. Y.', 'Z. A.']);
    expect(html).toContain(
      '<th scope="col" aria-sort="descending"><a href="/index.php?m&#x3D;affiliates&amp;sort&#x3D;signedUp&amp;dir&#x3D;asc#referrals">',
    );
    expect(html.match(/aria-sort="none"/g)).toHaveLength(6);
    const byEarned = await read(ANNA, { sort: 'earned', dir: 'desc' });
    expect(namesIn(byEarned.html)).toEqual(['Z. A.', 'B. Y.']);
    expect(byEarned.html).toMatch(
      /aria-sort="descending" class="aff-amount"><a href="[^"]*sort&#x3D;earned&amp;dir&#x3D;asc/,
    );
    expect(namesIn((await read(ANNA, { sort: 'name; DROP TABLE x', dir: 'sideways' })).html)).toHaveLength(2);
  });

  it('are filtered, with a total over the filter, at an address that can be bookmarked', async () => {
    const { read } = await withReferrals();
    expect(namesIn((await read(ANNA, { q: 'zoe' })).html)).toEqual([]);
    expect(namesIn((await read(ANNA, { q: 'hosting' })).html)).toEqual(['Z. A.']);
    expect(namesIn((await read(ANNA, { min: '30.00' })).html)).toEqual(['Z. A.']);
    expect(namesIn((await read(ANNA, { min: '30.01' })).html)).toEqual([]);
    expect(namesIn((await read(ANNA, { to: '2026-01-10' })).html)).toEqual(['Z. A.']);
    expect(namesIn((await read(ANNA, { from: '2026-01-11' })).html)).toEqual(['B. Y.']);
    const { html } = await read(ANNA, { status: 'active', min: '1' });
    expect(textOf(html)).toMatch(/1 referral .* Total \$300\.00 \$30\.00/);
    expect(html).toContain('name="min" dir="ltr" value="1"');
    expect(textOf((await read(ANNA, { status: 'closed' })).html)).toContain(
      'No referral matches this filter.',
    );
  });

  it('begin and end days in the program’s time zone', async () => {
    const given = await givenProgram({ timeZone: 'Pacific/Auckland' });
    await given.enrol('12');
    given.clock.set('2026-01-10T11:30:00Z');
    await given.referral('12', {});
    expect(namesIn((await given.read(ANNA, { to: '2026-01-10' })).html)).toEqual([]);
    expect(namesIn((await given.read(ANNA, { from: '2026-01-11', to: '2026-01-11' })).html)).toHaveLength(1);
  });

  it.each([
    [{ min: '1e3' }, 'min', 'Earned at least'],
    [{ from: '2026-02-30' }, 'from', 'From'],
    [{ to: 'yesterday' }, 'to', 'To'],
  ])(
    'name the field that cannot be read, and are shown unfiltered by it (%j)',
    async (query, field, label) => {
      const { read } = await withReferrals();
      const { html, status } = await read(ANNA, query);
      expect(status).toBe(200);
      expect(namesIn(html)).toHaveLength(2);
      expect(html).toMatch(
        new RegExp(`id="aff-${field}"[^>]*aria-describedby="aff-${field}-problem" aria-invalid="true"`),
      );
      expect(textOf(html)).toContain(`“${label}” is not`);
    },
  );

  it('come in pages of 25 that lead to each other', async () => {
    const { read, enrol, referral } = await givenProgram();
    await enrol('12');
    for (let id = 600; id < 627; id++) await referral('12', { id: String(id), pays: '' });
    const next = ({ html }: { html: string }) => unescaped(/rel="next" href="([^"]*)"/.exec(html)?.[1] ?? '');
    const first = await read(ANNA);
    expect(namesIn(first.html)).toHaveLength(25);
    const cursor = new URLSearchParams(next(first).split(/[?#]/)[1]).get('cursor') ?? '';
    const second = await read(ANNA, { cursor });
    expect(namesIn(second.html)).toHaveLength(2);
    expect(next(second)).toBe('');
    expect(second.html).toContain('rel="prev"');
    expect(namesIn((await read(ANNA, { cursor: 'no cursor' })).html)).toHaveLength(25);
  });

  it('never show an e-mail address or a client’s number', async () => {
    const { read } = await withReferrals();
    const { html } = await read(ANNA);
    expect(html).not.toMatch(/@example\.org|client501|"501"|>501</);
  });
});

describe('a withdrawal', () => {
  const ready = async (pays = '500.00') => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.referral('12', { pays });
    return given;
  };
  const WITHDRAW = { page: 'withdraw' };
  const openId = (html: string) => /name="withdrawalId" value="([^"]*)"/.exec(html)?.[1] ?? '';

  it('can be requested from exactly the threshold on, not a cent below', async () => {
    const below = await ready('499.90');
    const page = await below.read(ANNA);
    expect(page.html).toMatch(/<button type="button" class="btn btn-primary" disabled/);
    expect(textOf(page.html)).toContain('$0.01 more until');
    expect(textOf((await below.read(ANNA, WITHDRAW)).html)).toContain('$0.01 more until');
    const at = await ready('500.00');
    expect((await at.read(ANNA)).html).toMatch(/<a class="btn btn-primary" href="[^"]*page&#x3D;withdraw/);
  });

  it('is shown with its state once requested, and can be taken back', async () => {
    const { read, send, tickets } = await ready();
    const answer = await send(ANNA, WITHDRAW, { method: 'paypal', details: 'anna@paypal.example' });
    expect(answer.headers['location']).toBe('/index.php?m=affiliates&currency=USD&done=withdrawal_requested');
    expect(JSON.stringify(tickets)).not.toContain('anna@paypal.example');
    const { html } = await read(ANNA);
    expect(textOf(html)).toContain('Your withdrawal of $50.00');
    expect(html).toContain('href="/tickets/1"');
    expect(textOf(html)).toMatch(/In an open withdrawal .*? \$50\.00/);
    const cancelled = await send(ANNA, { page: 'cancel' }, {}, {});
    expect(cancelled.status).toBe(303);
    expect(textOf((await read(ANNA)).html)).toMatch(/Available to withdraw .*? \$50\.00/);
  });

  it('is refused without payment details, naming the field and keeping what was typed', async () => {
    const { send } = await ready();
    const answer = await send(ANNA, WITHDRAW, { method: 'bank', details: '   ' });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('role="alert">Please fill in “Payment details”.');
    expect(answer.html).toMatch(
      /id="aff-details"[^>]*aria-describedby="[^"]*aff-details-problem" aria-invalid="true"/,
    );
    expect(answer.html).toMatch(/value="bank" required checked/);
  });

  it.each([
    [{ method: 'cheque', details: 'x' }, 'Please choose one of the ways to be paid.'],
    [{ method: '', details: 'x' }, 'Please fill in “How would you like to be paid?”.'],
    [{ method: 'bank', details: 'x'.repeat(1001) }, 'is too long: at most 1,000 characters'],
    [{ method: 'credit', requestId: 'none' }, '“This form” is not valid.'],
  ])('is refused for %j', async (typed, sentence) => {
    const { send } = await ready();
    const answer = await send(ANNA, WITHDRAW, typed);
    expect(answer.status).toBe(422);
    expect(textOf(answer.html)).toContain(sentence);
  });

  it('of somebody else cannot be cancelled, whatever the form says', async () => {
    const { read, send, enrol } = await ready();
    await send(ANNA, WITHDRAW, { method: 'credit' });
    const withdrawalId = openId((await read(ANNA)).html);
    expect(withdrawalId).not.toBe('');
    await enrol('13');
    const body = {
      ...A_FORM,
      withdrawalId,
      affiliateId: '1',
      clientId: '12',
    };
    const answer = await read(aClient('13'), { page: 'cancel' }, { method: 'POST', body });
    expect(answer.status).toBe(404);
    expect(textOf(answer.html)).toContain('There is no such withdrawal.');
    expect(openId((await read(ANNA)).html)).toBe(withdrawalId);
  });

  it('that was denied is listed with its reason, and the amount is available again', async () => {
    const { read, send } = await ready();
    await send(ANNA, WITHDRAW, { method: 'credit' });
    const id = openId((await read(ANNA)).html);
    await send(STAFF, { page: 'withdrawal', id }, { decision: 'deny', reason: 'The account is new' });
    const text = textOf((await read(ANNA)).html);
    expect(text).toMatch(/Your withdrawals .* Denied .* The account is new/);
    expect(text).toMatch(/Available to withdraw .*? \$50\.00/);
  });
});

describe('the entries', () => {
  it('are all listed on a page of their own', async () => {
    const { read, enrol, referral } = await givenProgram();
    await enrol('12');
    await referral('12', { pays: '120.00' });
    const page = await read(ANNA, { page: 'entries' });
    expect(page.title).toBe('All entries');
    expect(textOf(page.html)).toMatch(
      /Jan 10, 2026 Commission earned J\. D\. · Web Hosting Why\? Commission earned \+\$12\.00/,
    );
  });
});
