/**
 * Attacks that broke programs like this one, one class after the other. What concerns a single room is tested there:
 * the landing page and the cookie under clicks/, markup in what others wrote and the switch's seal under pages/,
 * double spending under withdrawals/, payloads under hooks/.
 */
import fc from 'fast-check';
import type { Page, PageRequest } from '../index';
import { breakTable } from './support/faults';
import type { AffiliateView } from '../module/views';
import { given, requestId, SECOND, SECRET, STAFF, type TestProgram } from './support/given';
import { everythingKept, expectSound } from './support/invariants';
import { describeOnEachDatabase } from './support/databases';

const CSRF = { field: '_csrf', token: 'the-token-of-the-session' };
const EVE = { client: { id: 'eve' } };
const SAM = { staff: STAFF };
const SCRIPT = `"><script>alert('x')</script><img src=x onerror=alert(1)>{{constructor}}`;
/** What SCRIPT would have become, were it not escaped. */
const MARKUP = /<script>alert|<img src=x/;
const LINES = 'Innocent\r\nBcc: everybody@example.org\r\n\r\nHello';

type Texts = Record<string, string>;

/** Asks for a page, or sends a form to it. */
function visit({ program }: TestProgram, who: PageRequest['who'], query: Texts, body?: Texts): Promise<Page> {
  const request: PageRequest = {
    who,
    locale: 'en',
    method: body ? 'POST' : 'GET',
    query,
    body: body ?? {},
    base: '/affiliates',
    assets: '/assets',
    csrf: CSRF,
    links: { ticket: '/tickets/{id}', client: '/clients/{id}' },
  };
  return 'staff' in who ? program.pages.staff(request) : program.pages.client(request);
}

const form = (typed: Texts = {}): Texts => ({ [CSRF.field]: CSRF.token, requestId: requestId(), ...typed });

/** Anna, who has 60.00 in an open withdrawal, and Eve, who is an affiliate as well and would like to have it. */
async function annaAndEve(test: TestProgram) {
  const anna = await test.affiliate({ clientId: 'anna', email: 'anna@example.org' });
  const eve = await test.affiliate({ clientId: 'eve', email: 'eve@example.org' });
  const userid = await test.referral(anna, { firstname: 'Hidden', lastname: 'Person' });
  await test.pays({ userid, total: '600.00', items: [{ amount: '600.00', productname: 'Rare product' }] });
  const details = 'IBAN DE89 3704 0044 0532 0130 00';
  const withdrawalId = await test.withdrawal(anna, { method: 'bank', details });
  await test.program.deliver();
  return { anna, eve, withdrawalId, details };
}

/** @returns the id of a correction that would give somebody 9.00, and waits for a second person */
async function proposedFor({ acts }: TestProgram, { id: affiliateId }: AffiliateView): Promise<string> {
  const act = { requestId: requestId(), staff: STAFF, affiliateId, currency: 'EUR', amount: 900 };
  const { correctionId } = await acts.proposeCorrection({ ...act, direction: 'credit', reason: 'a gift' });
  return correctionId;
}

const TWO_PEOPLE = { settings: { approvalAbove: '1000000.00' } };
const RESERVED = { clearing: 0, cleared: 0, reserved: 6000, withdrawn: 0 };

describeOnEachDatabase('Acting on another’s account', (database) => {
  it('fails, whatever ids Eve writes into addresses and forms', async () => {
    const test = await given.program(database);
    const { anna, withdrawalId, details } = await annaAndEve(test);
    const ids = { id: withdrawalId, withdrawalId, affiliateId: String(anna.id), affiliate: String(anna.id) };
    const client = { clientId: 'anna', userid: 'anna' };
    for (const page of ['', 'entries', 'withdraw', 'request', 'cancel', 'withdrawal', 'affiliate']) {
      const { html } = await visit(test, EVE, { page, ...ids, ...client });
      for (const secret of ['H. P.', 'Rare product', '60.00', anna.code, details, withdrawalId]) {
        expect(html).not.toContain(secret);
      }
    }
    expect((await visit(test, EVE, { page: 'cancel' }, form({ ...ids, ...client }))).status).toBe(404);
    const asked = { method: 'credit', currency: 'USD', details: 'mine', ...ids, ...client };
    expect((await visit(test, EVE, { page: 'withdraw' }, form(asked))).status).toBe(422);
    expect(await test.reads.withdrawal(withdrawalId)).toMatchObject({ status: 'requested', details });
    expect(await test.accounts(anna)).toEqual(RESERVED);
  });

  it('fails for a client who sends staff’s forms', async () => {
    const test = await given.program(database, TWO_PEOPLE);
    const { anna, eve, withdrawalId } = await annaAndEve(test);
    const correctionId = await proposedFor(test, eve);
    const before = await test.reads.termsHistory();
    const deeds: [Texts, Texts][] = [
      [
        { page: 'withdrawal', id: withdrawalId },
        { decision: 'approve', transactionId: 'TX' },
      ],
      [
        { page: 'withdrawal', id: withdrawalId },
        { decision: 'deny', reason: 'mine' },
      ],
      [
        { page: 'correct', id: '2' },
        { direction: 'credit', amount: '900.00', currency: 'USD', reason: 'mine' },
      ],
      [{ page: 'correction', id: correctionId }, { decision: 'approve' }],
      [{ page: 'terms' }, { scope: 'affiliate', scopeKey: '2', rate: '100%' }],
      [{ page: 'switch' }, { on: '1', reason: '', sealed: 'x' }],
      [{ page: 'events' }, {}],
    ];
    for (const [query, typed] of deeds) {
      expect((await test.program.pages.staff(requestOf(EVE, query, form(typed)))).status).toBe(403);
      expect((await visit(test, EVE, query, form(typed))).status).toBe(404);
    }
    expect(await test.accounts(anna)).toEqual(RESERVED);
    expect(await test.reads.termsHistory()).toEqual(before);
    expect(await test.reads.correction(correctionId)).toMatchObject({ status: 'proposed' });
    expect((await test.reads.statements(eve.id))[0]).toMatchObject({ cleared: 0 });
  });
});

const requestOf = (who: PageRequest['who'], query: Texts, body: Texts): PageRequest => ({
  who,
  locale: 'en',
  method: 'POST',
  query,
  body,
  base: '/affiliates',
  assets: '/assets',
  csrf: CSRF,
});

describeOnEachDatabase('A request from another site', (database) => {
  it('approves, pays, denies, cancels and changes nothing without the host’s token', async () => {
    const test = await given.program(database, TWO_PEOPLE);
    const { anna, eve, withdrawalId } = await annaAndEve(test);
    const correctionId = await proposedFor(test, eve);
    const before = await everythingKept(test.knex);
    const deeds: [PageRequest['who'], Texts, Texts][] = [
      [SAM, { page: 'withdrawal', id: withdrawalId }, { decision: 'approve', transactionId: 'TX' }],
      [SAM, { page: 'withdrawal', id: withdrawalId }, { decision: 'deny', reason: 'no' }],
      [
        SAM,
        { page: 'correct', id: '2' },
        { direction: 'credit', amount: '9.00', currency: 'USD', reason: 'x' },
      ],
      [SAM, { page: 'correction', id: correctionId }, { decision: 'retract' }],
      [{ staff: SECOND }, { page: 'correction', id: correctionId }, { decision: 'approve' }],
      [SAM, { page: 'terms' }, { scope: 'affiliate', scopeKey: '2', rate: '100%' }],
      [SAM, { page: 'events' }, {}],
      [{ client: { id: 'anna' } }, { page: 'cancel' }, { withdrawalId }],
      [{ client: { id: 'nobody' } }, { page: 'request' }, {}],
    ];
    for (const [who, query, typed] of deeds) {
      const forged = { ...typed, requestId: requestId() };
      expect((await visit(test, who, query, forged)).status).toBe(403);
      expect((await visit(test, who, query, { ...forged, [CSRF.field]: '' })).status).toBe(403);
      expect((await visit(test, who, query, { ...forged, [CSRF.field]: 'guessed' })).status).toBe(403);
      // A link or a picture can only ask to see something.
      await visit(test, who, { ...query, ...form(typed) });
    }
    expect(await test.accounts(anna)).toEqual(RESERVED);
    expect(await everythingKept(test.knex)).toBe(before);
  });
});

describeOnEachDatabase('SQL in what is searched, sorted and paged by', (database) => {
  const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const WRITTEN = [
    `' OR '1'='1`,
    `x'; DROP TABLE mod_affiliates_affiliates; --`,
    `") UNION SELECT value FROM mod_affiliates_keys --`,
    `r.id); DELETE FROM mod_affiliates_balances`,
    '%',
    '_',
    '!%',
    '\\',
    '\u0000',
    '{"$gt": 0}',
    'x'.repeat(10_000),
    cursor('after', `' OR '1'='1`, `' OR '1'='1`),
    cursor('after', 1e308, -1),
    cursor('before', '', ''),
    cursor('after', { toString: 'x' }, []),
    cursor('sideways', 1, 1),
    Buffer.from('["after",1').toString('base64url'),
  ];

  it('is data: nothing breaks, nothing is changed, nobody else is shown', async () => {
    const test = await given.program(database);
    const { anna } = await annaAndEve(test);
    const key = String((await test.knex<{ value: string }>('mod_affiliates_keys').first())?.value);
    const before = await everythingKept(test.knex);
    for (const text of WRITTEN) {
      for (const name of ['q', 'sort', 'dir', 'status', 'from', 'to', 'min', 'cursor', 'currency']) {
        const { status, html } = await visit(test, EVE, { [name]: text });
        expect([name, text, status]).toEqual([name, text, 200]);
        expect(html).not.toMatch(/H\. P\.|Rare product/);
        expect(html).not.toContain(key);
      }
      expect((await visit(test, EVE, { page: 'entries', cursor: text, currency: text })).status).toBe(200);
      for (const page of [
        'affiliates',
        'affiliate',
        'withdrawals',
        'withdrawal',
        'corrections',
        'correction',
        'correct',
        'audit',
        'events',
        'terms',
      ]) {
        const found = await visit(test, SAM, {
          page,
          q: text,
          search: text,
          id: text,
          cursor: text,
          status: text,
        });
        expect([page, text, found.status]).toEqual([page, text, expect.any(Number)]);
        expect([200, 404]).toContain(found.status);
        expect(found.html).not.toContain(key);
      }
    }
    expect(await everythingKept(test.knex)).toBe(before);
    expect(await test.accounts(anna)).toEqual(RESERVED);
    expect(test.logger.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('Numbers that mint money', () => {
  const amount = fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }).map((cents) => (cents / 100).toFixed(2)),
    fc.constantFrom('0', '-0', '0.00', '1e3', 'NaN', 'Infinity', '9999999999999', '-9999999999999.99'),
    fc.constantFrom('0x10', '1,000.00', '10.005', '', ' ', '--1', '1_0', 'null'),
    fc.double().map(String),
  );
  const item = fc.record(
    {
      amount,
      discount: amount,
      quantity: fc.constantFrom(1, 2, 1_000_000),
      type: fc.constantFrom('Hosting', 'Addon', 'PromoHosting', 'AddFunds'),
      relid: fc.constantFrom('1', '2', 0),
    },
    { requiredKeys: ['amount'] },
  );
  const invoice = fc.record(
    {
      total: amount,
      credit: amount,
      discount: amount,
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      items: fc.array(item, { maxLength: 4 }),
      rate: fc.constantFrom('10%', '100%', '5.00'),
    },
    { requiredKeys: ['total', 'currency', 'items', 'rate'] },
  );

  it('earn no more than the rate allows on what was charged, whatever an invoice says', async () => {
    await fc.assert(
      fc.asyncProperty(invoice, async ({ rate, ...told }) => {
        const test = await given.programInMemory({ settings: { defaultRate: rate } });
        const affiliate = await test.affiliate();
        const userid = await test.referral(affiliate);
        const answer = await test.pays({ invoiceid: 'A', userid, ...told });
        expect(['processed', 'failed', 'set_aside']).toContain(answer.status);
        const rows = await test.knex<{ charged: number }>('mod_affiliates_invoices').pluck('charged');
        const charged = rows[0] ?? 0;
        const balances = await test.knex<{ cleared: number }>('mod_affiliates_balances').pluck('cleared');
        const earned = balances[0] ?? 0;
        const share = rate === '10%' ? charged / 10 : charged;
        // Each line may be rounded up by half a unit.
        expect(earned).toBeLessThanOrEqual(share + told.items.length / 2);
        expect(earned).toBeGreaterThanOrEqual(0);
        await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '-1.00' });
        await test.refunds({ invoiceid: 'A', refundid: 'S', amount: '-999999.00' });
        expect((await test.accounts(affiliate)).cleared).toBeLessThanOrEqual(earned);
        await expectSound(test.knex, test.clock.now);
        await test.close();
      }),
      { numRuns: 40 },
    );
  });

  it.each(['101%', '-10%', '1e2%', '10.005%', '-5.00', '1e9', 'NaN', 'Infinity', '١٠%', '10%%', '0x1'])(
    'are no rate: %s',
    async (rate) => {
      const test = await given.programInMemory();
      const typed = form({ scope: 'product', scopeKey: '1', rate, recurring: '', clearingDays: '' });
      expect((await visit(test, SAM, { page: 'terms' }, typed)).status).toBe(422);
      expect(await test.reads.termsHistory()).toHaveLength(1);
    },
  );
});

describe('Names that objects have anyway', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

  it.each(NAMES)('are no page, no field and no setting: %s', async (name) => {
    const test = await given.programInMemory();
    await test.affiliate({ clientId: 'eve' });
    // As a parser of forms that knows no better would hand it in.
    const own = JSON.parse(`{"${name}": "x", "page": "${name}"}`) as Texts;
    expect((await visit(test, EVE, own)).status).toBe(404);
    expect((await visit(test, SAM, own)).status).toBe(404);
    expect((await visit(test, EVE, own, form(own))).status).toBe(404);
    for (const parameter of ['sort', 'status', 'currency', 'done', 'campaign', 'landing', 'dir']) {
      expect((await visit(test, EVE, { [parameter]: name })).status).toBe(200);
    }
    const typed = form({ method: name, currency: name, details: name });
    expect((await visit(test, EVE, { page: 'withdraw' }, typed)).status).toBe(422);
    expect((await visit(test, SAM, { page: 'terms' }, form({ scope: name, rate: name }))).status).toBe(422);
    expect(test.logger.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('are text in a template, where others call things so', async () => {
    const test = await given.programInMemory({ settings: { referralPrivacy: 'name' } });
    const affiliate = await test.affiliate({ clientId: 'eve' });
    const client = { firstname: '{{constructor}}', lastname: '__proto__' };
    const userid = await test.referral(affiliate, client);
    const items = [{ amount: '10.00', productname: '{{lookup this "constructor"}}' }];
    await test.pays({ userid, total: '10.00', items });
    const { html } = await visit(test, EVE, {});
    expect(html).toContain('{{constructor}} _.');
    expect(html).toContain('{{lookup this &quot;constructor&quot;}}');
  });
});

describe('What a stranger writes', () => {
  const hostile = (code: string) => ({
    code,
    landing: `/plans?x=${SCRIPT}`,
    campaign: SCRIPT,
    cookie: undefined,
    ip: '198.51.100.23',
    headers: {
      'user-agent': `Mozilla/5.0 Firefox/140.0 ${SCRIPT}`,
      referer: `https://evil.example/${SCRIPT}?q=secret-of-the-referrer`,
    },
    secure: true,
  });

  it('into a click is no markup anywhere, and little of it is kept', async () => {
    const test = await given.programInMemory();
    const affiliate = await test.affiliate({ clientId: 'eve' });
    expect(await test.program.clicks.visit(hostile(affiliate.code))).toMatchObject({ counted: true });
    await test.program.clicks.visit({ ...hostile(SCRIPT), ip: SCRIPT });
    const kept = await everythingKept(test.knex);
    expect(kept).not.toContain('secret-of-the-referrer');
    expect(kept).not.toContain('198.51.100.23');
    expect(kept).not.toContain('onerror=');
    for (const who of [EVE, SAM]) expect((await visit(test, who, {})).html).not.toMatch(MARKUP);
  });

  it('into X-Forwarded-For moves no click to another network', async () => {
    const test = await given.programInMemory();
    const { code } = await test.affiliate();
    const headers = { ...hostile(code).headers, 'x-forwarded-for': '192.0.2.99', 'x-real-ip': '192.0.2.99' };
    await test.program.clicks.visit({ ...hostile(code), headers });
    expect(await test.knex('mod_affiliates_clicks').pluck('network')).toEqual(['198.51.100.0/24']);
  });

  it('or the host refuses with is text in mails, and ends no header of theirs', async () => {
    const test = await given.programInMemory({ settings: { programName: LINES } });
    const { withdrawalId, anna } = await annaAndEve(test);
    const facts = { clientId: 'anna', emailHash: '', userId: '', locale: 'en', ticketId: 'T1', on: false };
    await test.acts.switchAffiliate({
      ...facts,
      requestId: requestId(),
      staff: STAFF,
      reason: SCRIPT + LINES,
    });
    const decided = { requestId: requestId(), staff: STAFF, withdrawalId };
    await test.acts.denyWithdrawal({ ...decided, reason: SCRIPT + LINES });
    test.host.refuses('addCredit', SCRIPT + LINES);
    const second = await test.withdrawal(anna);
    await test.acts.approveWithdrawal({
      requestId: requestId(),
      staff: STAFF,
      withdrawalId: second,
      transactionId: '',
    });
    await test.program.deliver();
    await test.program.deliver();
    const mails = test.host.doneBy('sendMail');
    expect(mails.length).toBeGreaterThanOrEqual(5);
    for (const { html } of mails) expect(html).not.toMatch(MARKUP);
    const subjects = [...mails, ...test.host.doneBy('openTicket')].map(({ subject }) => subject);
    expect(subjects.filter((subject) => /[\r\n]/.test(subject))).toEqual([]);
    // Staff read the reason as it was given.
    const page = await visit(test, SAM, { page: 'withdrawal', id: withdrawalId });
    expect(page.html).not.toMatch(MARKUP);
    expect(page.html).toContain('&lt;script&gt;');
  });

  it('into a form as a page of text is refused, and into an address is cut', async () => {
    const test = await given.programInMemory();
    const { withdrawalId } = await annaAndEve(test);
    const long = 'x'.repeat(1_000_000);
    const decide = (typed: Texts) => visit(test, SAM, { page: 'withdrawal', id: withdrawalId }, form(typed));
    const asked = form({ method: 'bank', currency: 'USD', details: long });
    const answers = [
      await decide({ decision: 'deny', reason: long }),
      await decide({ decision: 'approve', transactionId: long }),
      await decide({ decision: long }),
      await visit(test, EVE, { page: 'withdraw' }, asked),
      await visit(test, SAM, { page: 'terms' }, form({ scope: 'product', scopeKey: long, rate: '1%' })),
      await visit(test, EVE, { q: long, landing: long, campaign: long, cursor: long }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 200]);
    for (const { html } of answers) expect(html.length).toBeLessThan(200_000);
  });
});

describeOnEachDatabase('The log', (database) => {
  it('holds no secret, address, name or mail, also of what went wrong', async () => {
    const test = await given.program(database, { settings: { ticketDepartment: 'Support' } });
    const { anna, withdrawalId, details } = await annaAndEve(test);
    const cookie = await test.click(anna);
    const person = {
      firstname: 'Zacharias',
      lastname: 'Quillfeather',
      email: 'quill@example.org',
      password: 'hunter2',
      address1: '1 Secret Street',
    };
    const signup = (client_id: string, more: object = {}) =>
      test.hooks.ClientAdd({ ...given.signup({ client_id, cookie }), ...person, ...more });
    // Every way in meets a fault, whose message tells of the row it was about.
    for (const table of ['event_personal', 'referrals', 'withdrawals', 'clicks', 'audit']) {
      const mend = await breakTable(test.knex, `mod_affiliates_${table}`);
      await signup(`of ${table}`);
      await test.hooks.ClientEdit({ userid: 'eve', ...person });
      await test.click(anna);
      await visit(test, EVE, { page: 'withdraw' }, form({ method: 'bank', currency: 'USD', details }));
      await Promise.allSettled([
        test.acts.denyWithdrawal({
          requestId: requestId(),
          staff: STAFF,
          withdrawalId,
          reason: 'Quillfeather',
        }),
      ]);
      await test.program.daily();
      await mend();
    }
    await signup('', { at: 'quill@example.org', eventId: person });
    await signup('9', { firstname: { person } });
    for (const port of ['openTicket', 'sendMail', 'replyTicket', 'addCredit'] as const) test.host.fails(port);
    const ticket = { ticketid: 3, userid: 7, deptname: 'Support', client: { email: person.email } };
    await test.hooks.TicketOpen({
      ...ticket,
      subject: 'affiliate',
      message: 'Quillfeather, 1 Secret Street',
    });
    await test.hooks.AdminAreaViewTicketPage({ ...ticket, page: person });
    await test.program.deliver();
    await test.acts.retryEvents();
    const log = test.logger.text();
    // There is something to search at all.
    expect(test.logger.entries.filter(({ level }) => level === 'error').length).toBeGreaterThan(3);
    const secrets = [SECRET, CSRF.token, cookie.split('=')[1]!, person.password, 'DE89', '203.0.113'];
    const people = ['Zacharias', 'Quillfeather', 'quill@', 'anna@', 'Hidden', 'Secret Street'];
    const { config } = test.knex.client as { config?: { connection?: { password?: string } } };
    const password = config?.connection?.password ?? 'SQLite has none';
    expect([...secrets, ...people, password].filter((word) => log.includes(word))).toEqual([]);
  });
});
