/** What is suspected waits for staff: what puts a commission on hold, and how it ends. */
import { blacklist } from 'mailchecker';
import { mailDomainOf } from '../../module/mailDomain';
import { asked, STAFF as STAFF_PAGES, textOf } from '../pages/given';
import { describeOnEachDatabase, type TestDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { referralOf, whyReferral } from '../why/given';

const LINE = 'A/1';
const NOTHING = { clearing: 0, cleared: 0 };
const HELD = { clearing: 1000, cleared: 0 };
const EARNED = { clearing: 0, cleared: 1000 };

const decided = (lineKey = LINE, reason = 'Looked at the orders.') => ({
  requestId: requestId(),
  staff: STAFF,
  lineKey,
  reason,
});

/** A referral with a throw-away address has paid 100.00. */
async function suspected(database: TestDatabase, clearingDays = 0, email = 'anna@mailinator.com') {
  const test = await given.program(database, { settings: { clearingDays } });
  const affiliate = await test.affiliate({ email: 'owner@example.com' });
  const userid = await test.referral(affiliate, { email });
  await test.pays({ invoiceid: 'A', userid });
  return { test, affiliate, userid };
}

async function waiting({ reads }: TestProgram): Promise<string[]> {
  const { rows } = await reads.holds({ limit: 10 });
  return rows.map(({ lineKey, amount, steps }) =>
    [lineKey, amount, ...steps.map(({ finding }) => finding)].join(' '),
  );
}

const edited = (test: TestProgram, userid: string, email: string) =>
  test.hooks.ClientEdit({
    userid,
    firstname: 'Anna',
    lastname: 'Bell',
    email,
    status: 'Active',
    language: 'english',
  });

async function expectNobodyWaits(test: TestProgram): Promise<void> {
  expect(await waiting(test)).toEqual([]);
  await expectSound(test.knex, test.clock.now);
}

describeOnEachDatabase('A commission is put on hold', (database) => {
  it('when the client signed up with a throw-away address', async () => {
    const { test, affiliate } = await suspected(database);
    expect(await test.accounts(affiliate)).toMatchObject(HELD);
    expect(await waiting(test)).toEqual(['A/1 1000 disposable_email']);
    await expectSound(test.knex, test.clock.now);
  });

  it('and not with any other address', async () => {
    const { test, affiliate } = await suspected(database, 0, 'anna@example.com');
    expect(await test.accounts(affiliate)).toMatchObject(EARNED);
    await expectNobodyWaits(test);
  });

  it.each([
    ['the client takes the affiliate’s address', (userid: string) => [userid, 'Owner@Example.com']],
    ['the affiliate takes the client’s address', (_: string, own: string) => [own, 'ANNA@example.com']],
  ])('when %s afterwards, for all that has not cleared', async (_, change) => {
    const { test, affiliate, userid } = await suspected(database, 30, 'anna@example.com');
    const [who = '', email = ''] = change(userid, affiliate.clientId);
    await edited(test, who, email);
    expect(await waiting(test)).toEqual(['A/1 1000 same_person']);
    await test.pays({ invoiceid: 'B', userid });
    expect(await waiting(test)).toHaveLength(2);
    test.clock.advance({ days: 31 });
    await test.program.daily();
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 2000, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });

  it('and what cleared before stays cleared', async () => {
    const { test, affiliate, userid } = await suspected(database, 0, 'anna@example.com');
    await edited(test, userid, 'owner@example.com');
    await test.pays({ invoiceid: 'B', userid });
    expect(await waiting(test)).toEqual(['B/1 1000 same_person']);
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 1000, cleared: 1000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('when the list of addresses cannot be asked, and another answer later is no other event', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    const told = { ...given.signup({ client_id: '77', email: 'anna@example.com', cookie }), eventId: 'E' };
    const list = blacklist();
    const asking = jest.spyOn(list, 'has').mockImplementation(() => {
      throw new Error('the list is broken');
    });
    await test.hooks.ClientAdd(told);
    asking.mockRestore();
    expect(await test.hooks.ClientAdd(told)).toMatchObject({ status: 'processed' });
    await test.pays({ invoiceid: 'A', userid: '77' });
    expect(await waiting(test)).toEqual(['A/1 1000 check_failed']);
    await expectSound(test.knex, test.clock.now);
  });

  it('and stays so when it earned nothing for a while', async () => {
    const test = await given.program(database, { settings: { recurring: 'once' } });
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate, { email: 'anna@mailinator.com' });
    test.clock.advance({ days: 2 });
    await test.pays({ invoiceid: 'A', userid });
    await test.pays({ invoiceid: 'B', userid, at: '2026-03-02T12:00:00Z' });
    expect(await waiting(test)).toEqual(['B/1 1000 disposable_email']);
    await test.program.daily();
    await test.hooks.InvoiceUnpaid({ invoiceid: 'B' });
    expect(await waiting(test)).toEqual(['A/1 1000 disposable_email']);
    expect(await test.accounts(affiliate)).toMatchObject(HELD);
    await expectSound(test.knex, test.clock.now);
  });

  it('and never released by time', async () => {
    const { test, affiliate } = await suspected(database, 30);
    for (let month = 0; month < 13; month++) {
      test.clock.advance({ days: 30 });
      expect(await test.program.daily()).toMatchObject({ cleared: 0, failed: [] });
    }
    expect(await test.accounts(affiliate)).toMatchObject(HELD);
    expect(await waiting(test)).toHaveLength(1);
  });
});

describeOnEachDatabase('A commission is put on hold by the clicks before the signup', (database) => {
  const NETWORK = '91.198.174';
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

  /** Somebody opens the link. @returns the Cookie header that they leave with */
  async function opens(test: TestProgram, code: string, ip: string, more: Record<string, string> = {}) {
    const headers = { 'user-agent': FIREFOX, ...more };
    const visit = { code, landing: '', campaign: '', cookie: undefined, ip, headers, secure: true };
    const { setCookie } = await test.program.clicks.visit(visit);
    return setCookie?.split(';')[0] ?? '';
  }

  /** @returns what waits once somebody signed up with the cookie, and paid */
  async function heldAfter(test: TestProgram, cookie: string) {
    await test.hooks.ClientAdd(given.signup({ client_id: '77', email: 'anna@example.com', cookie }));
    await test.pays({ invoiceid: 'A', userid: '77' });
    // Found once: a replay does not need the clicks.
    await test.knex('mod_affiliates_clicks').delete();
    await expectSound(test.knex, test.clock.now);
    return waiting(test);
  }

  it.each([
    ['seconds after one that was fetched ahead', 20, `${NETWORK}.5`, ['A/1 1000 hidden_click']],
    ['not half a minute after it', 31, `${NETWORK}.5`, []],
    ['not from another network', 20, '151.101.1.9', []],
  ])('%s', async (_when, seconds, ip, held) => {
    const test = await given.program(database);
    const { code } = await test.affiliate();
    expect(await opens(test, code, ip, { 'sec-purpose': 'prefetch' })).toBe('');
    test.clock.advance({ seconds });
    const cookie = await opens(test, code, `${NETWORK}.7`);
    expect(await heldAfter(test, cookie)).toEqual(held);
  });

  it.each([
    ['one of a flood from its network', 61, NETWORK, ['A/1 1000 click_flood']],
    ['not one of many visitors', 60, NETWORK, []],
    ['not where a proxy hides who comes', 61, '10.0.0', []],
  ])('%s', async (_when, clicks, network, held) => {
    const test = await given.program(database);
    const { code } = await test.affiliate();
    const all = Array.from({ length: clicks }, (_, index) => opens(test, code, `${network}.${index}`));
    const cookies = await Promise.all(all);
    expect(await heldAfter(test, cookies[0]!)).toEqual(held);
  });
});

describeOnEachDatabase('A hold ends', (database) => {
  it('with what was earned, once staff release it, in the night that it is due', async () => {
    const { test, affiliate } = await suspected(database, 30);
    await test.acts.releaseHold(decided());
    expect(await test.accounts(affiliate)).toMatchObject(HELD);
    await expectNobodyWaits(test);
    test.clock.advance({ days: 30 });
    await test.program.daily();
    expect(await test.accounts(affiliate)).toMatchObject(EARNED);
    await expectSound(test.knex, test.clock.now);
  });

  it('with nothing, once staff void it, also when it is paid again', async () => {
    const { test, affiliate, userid } = await suspected(database);
    await test.acts.voidHold(decided());
    expect(await test.accounts(affiliate)).toMatchObject(NOTHING);
    await test.hooks.InvoiceUnpaid({ invoiceid: 'A' });
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'A', userid });
    expect(await test.accounts(affiliate)).toMatchObject(NOTHING);
    await expectNobodyWaits(test);
  });

  it('once: a second decision is refused, whichever it is', async () => {
    const { test, affiliate } = await suspected(database);
    await test.acts.releaseHold(decided());
    const refusal = { code: 'hold_not_open', parameters: { decision: 'released' } };
    await expect(test.acts.releaseHold(decided())).rejects.toMatchObject(refusal);
    await expect(test.acts.voidHold(decided())).rejects.toMatchObject(refusal);
    expect(await test.accounts(affiliate)).toMatchObject(HELD);
    await expectSound(test.knex, test.clock.now);
  });

  it('with a reason, and only where something is on hold', async () => {
    const { test } = await suspected(database);
    await expect(test.acts.voidHold(decided(LINE, ''))).rejects.toMatchObject({ code: 'reason_required' });
    await expect(test.acts.voidHold(decided('B/1'))).rejects.toMatchObject({ code: 'hold_missing' });
    expect(await waiting(test)).toHaveLength(1);
  });

  it('with what a refund has left of it', async () => {
    const { test, affiliate } = await suspected(database);
    await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '40.00' });
    expect(await waiting(test)).toEqual(['A/1 600 disposable_email']);
    await test.acts.releaseHold(decided());
    await test.program.daily();
    expect(await test.accounts(affiliate)).toMatchObject({ clearing: 0, cleared: 600 });
    await expectSound(test.knex, test.clock.now);
  });

  it('by itself in no list when all of it was refunded', async () => {
    const { test, affiliate } = await suspected(database);
    await test.refunds({ invoiceid: 'A', refundid: 'R' });
    expect(await test.accounts(affiliate)).toMatchObject(NOTHING);
    await expectNobodyWaits(test);
  });

  it('as it would have after the client was erased, and a replay still finds why', async () => {
    const { test, affiliate, userid } = await suspected(database, 30, 'anna@example.com');
    await edited(test, userid, 'owner@example.com');
    await test.hooks.PreDeleteClient({ userid });
    expect(await waiting(test)).toEqual(['A/1 1000 same_person']);
    await test.acts.voidHold(decided());
    expect(await test.accounts(affiliate)).toMatchObject(NOTHING);
    await expectNobodyWaits(test);
  });
});

describeOnEachDatabase('Whoever looks at what is on hold', (database) => {
  it('reads as staff why, and decides with a reason that the audit log keeps', async () => {
    const { test, affiliate } = await suspected(database);
    const list = await test.program.pages.staff(asked(STAFF_PAGES, { page: 'holds' }));
    expect(textOf(list.html)).toContain('The client uses a disposable address.');
    const query = { page: 'hold', line: LINE };
    expect((await test.program.pages.staff(asked(STAFF_PAGES, query))).html).toContain('value="release"');
    const form = asked(STAFF_PAGES, query);
    const body = {
      [form.csrf.field]: form.csrf.token,
      requestId: requestId(),
      decision: 'void',
      reason: '<b>Fake</b>',
    };
    const sent = await test.program.pages.staff({ ...form, method: 'POST', body });
    expect(sent.headers['location']).toContain('done=hold_voided');
    const { rows } = await test.reads.audit({ affiliateId: affiliate.id, limit: 10 });
    const voided = rows.find(({ action }) => action === 'hold.voided');
    expect(voided?.parameters).toMatchObject({ reason: '<b>Fake</b>', line: LINE });
    const audit = await test.program.pages.staff(asked(STAFF_PAGES, { page: 'audit' }));
    expect(audit.html).not.toContain('<b>Fake');
    expect(textOf(audit.html)).toContain('voided $10.00 that was on hold');
  });

  it('learns as affiliate that it is looked at, and not why', async () => {
    const { test, affiliate } = await suspected(database);
    expect(await referralOf(test, affiliate)).toBeDefined();
    const before = await whyReferral(test, affiliate);
    expect(before).toContain('Our staff look at this payment before it counts.');
    expect(before).not.toContain('disposable');
    await test.acts.voidHold(decided());
    const after = await whyReferral(test, affiliate);
    expect(after).toContain('Our staff looked at it, and it does not count.');
    expect(after).not.toMatch(/disposable|Looked at the orders/);
  });
});

describe('The list of throw-away addresses', () => {
  it.each([
    ['anna@mailinator.com', 'disposable'],
    [' Anna@SUB.Mailinator.COM ', 'disposable'],
    ['anna@example.com', undefined],
    ['anna@notmailinator.com.example', undefined],
    ['', undefined],
    ['no address', undefined],
  ])('says of “%s” %s', (address, found) => {
    expect(mailDomainOf(address)).toBe(found);
  });
});
