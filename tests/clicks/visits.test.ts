import fc from 'fast-check';
import type { Knex } from 'knex';
import { readVisit } from '../../hooks/visit';
import { touchFromCookieHeader } from '../../module/clicks';
import { connect } from '../../module/database/connection';
import { describeOnEachDatabase } from '../support/databases';
import {
  PORTAL,
  SECRET,
  aProgram,
  aSettings,
  aVisit,
  anAffiliate,
  recordedClicks,
  sentBack,
  totalOf,
  type Program,
} from './given';

const ROBOT = { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' };

describeOnEachDatabase('visits through a referral link', (database) => {
  let knex: Knex;
  let close: () => Promise<void>;
  let anna: number;
  beforeEach(async () => {
    ({ knex, close } = connect(await database.clean()));
    anna = await anAffiliate(knex);
  });
  afterEach(() => close());

  const touchOf = ({ clock }: Program, setCookie: string | null | undefined) =>
    touchFromCookieHeader(sentBack(setCookie), aSettings(), [SECRET], clock.now().getTime());
  const setAffiliateStatus = (code: string, status: string) =>
    knex('mod_affiliates_affiliates').where({ code }).update({ status });

  test('a visit is recorded, counted, told of, and given the cookie', async () => {
    const program = aProgram(knex);
    const { counted, setCookie } = await program.clicks.visit(
      aVisit({
        landing: '/pricing?utm_source=blog&session=1',
        campaign: 'spring',
        headers: { referer: 'https://blog.example.org/post' },
      }),
    );
    expect(counted).toBe(true);
    expect(touchOf(program, setCookie)).toMatchObject({
      kind: 'link',
      affiliateId: anna,
      clickedAt: program.clock.now().getTime(),
      campaign: 'spring',
    });
    expect(await recordedClicks(knex)).toMatchObject([
      {
        affiliate_id: anna,
        counted: 1,
        reason: '',
        landing: '/pricing?utm_source=blog',
        campaign: 'spring',
        referrer_host: 'blog.example.org',
        network: '203.0.113.0/24',
      },
    ]);
    expect(await totalOf(knex, anna)).toBe(1);
    expect(program.told).toEqual([anna]);
  });

  test('a redirect goes on to the landing page with the cookie, and is never remembered', async () => {
    const program = aProgram(knex);
    const { status, headers } = await program.clicks.redirect(
      aVisit({ code: 'ANNA2345', landing: '/pricing?x=1' }),
    );
    expect(status).toBe(302);
    expect(headers).toEqual({
      location: `${PORTAL}/pricing?x=1`,
      'cache-control': 'no-store',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'set-cookie': expect.stringMatching(/; HttpOnly; Secure; SameSite=Lax$/) as unknown,
    });
    expect(touchOf(program, headers['set-cookie'])).toMatchObject({ kind: 'link', affiliateId: anna });
    expect(await totalOf(knex, anna)).toBe(1);
  });

  test.each(['', 'nobody', "' OR 1=1 --", '../..', 'a'.repeat(500)])(
    'a link with the code %j goes on to the portal, leaves no cookie and no click',
    async (code) => {
      const { clicks, told } = aProgram(knex);
      const { status, headers } = await clicks.redirect(aVisit({ code, landing: '/pricing' }));
      expect(status).toBe(302);
      expect(headers.location).toBe(`${PORTAL}/pricing`);
      expect(headers['set-cookie']).toBeUndefined();
      expect(await recordedClicks(knex)).toEqual([]);
      expect(told).toEqual([]);
    },
  );

  test.each([
    ['robot', ROBOT],
    ['prefetch', { 'sec-purpose': 'prefetch' }],
    ['prefetch', { 'sec-fetch-dest': 'iframe' }],
  ])('a %s is recorded, not counted, and gets no cookie', async (reason, headers) => {
    const { clicks, told } = aProgram(knex);
    expect(await clicks.visit(aVisit({ headers }))).toEqual({ counted: false, setCookie: null });
    expect(await recordedClicks(knex)).toMatchObject([{ counted: 0, reason }]);
    expect(await totalOf(knex, anna)).toBe(0);
    expect(told).toEqual([]);
  });

  test.each(['suspended', 'closed'])(
    "a %s affiliate's link counts nothing and leaves the cookie alone",
    async (status) => {
      await setAffiliateStatus('anna2345', status);
      const { clicks } = aProgram(knex);
      const { headers } = await clicks.redirect(aVisit());
      expect(headers.location).toBe(`${PORTAL}/`);
      expect(headers['set-cookie']).toBeUndefined();
      expect(await recordedClicks(knex)).toMatchObject([{ counted: 0, reason: 'suspended' }]);
    },
  );

  test('a repeat is not counted, yet renews the cookie', async () => {
    const program = aProgram(knex);
    await program.clicks.visit(aVisit());
    program.clock.advance({ minutes: 29 });
    const { counted, setCookie } = await program.clicks.visit(aVisit());
    expect(counted).toBe(false);
    expect(touchOf(program, setCookie)).toMatchObject({ clickedAt: program.clock.now().getTime() });
    expect(program.told).toEqual([anna]);
  });

  test('a visitor is recognised across midnight, and a different one is not taken for it', async () => {
    const { clicks, clock } = aProgram(knex, { settings: { timeZone: 'Europe/Berlin' } });
    clock.set('2026-03-01T22:50:00Z');
    expect(await clicks.visit(aVisit())).toMatchObject({ counted: true });
    clock.set('2026-03-01T23:10:00Z');
    expect(await clicks.visit(aVisit())).toMatchObject({ counted: false });
    expect(await clicks.visit(aVisit({ ip: '203.0.113.8' }))).toMatchObject({ counted: true });
    clock.set('2026-03-01T23:20:00Z');
    expect(await clicks.visit(aVisit())).toMatchObject({ counted: true });
    clock.set('2026-03-01T23:45:00Z');
    expect(await clicks.visit(aVisit())).toMatchObject({ counted: false });
  });

  test("a merged affiliate's link and cookie are those of the one it became", async () => {
    const berta = await anAffiliate(knex, { code: 'berta234' });
    const program = aProgram(knex, { settings: { attribution: 'first' } });
    const before = await program.clicks.visit(aVisit());
    await knex('mod_affiliates_affiliates')
      .where({ id: anna })
      .update({ status: 'closed', merged_into: berta });
    const again = await program.clicks.visit(
      aVisit({ ip: '203.0.113.8', cookie: sentBack(before.setCookie) }),
    );
    expect(touchOf(program, again.setCookie)).toMatchObject({ affiliateId: berta });
    expect(await totalOf(knex, berta)).toBe(1);
  });

  describe("with two affiliates' links one after the other", () => {
    let berta: number;
    beforeEach(async () => {
      berta = await anAffiliate(knex, { code: 'berta234' });
    });

    const bothLinks = async (program: Program) => {
      const first = await program.clicks.visit(aVisit());
      program.clock.advance({ days: 1 });
      return program.clicks.visit(aVisit({ code: 'berta234', cookie: sentBack(first.setCookie) }));
    };

    test('the last one has the cookie where the last touch decides', async () => {
      const program = aProgram(knex);
      const { counted, setCookie } = await bothLinks(program);
      expect(counted).toBe(true);
      expect(touchOf(program, setCookie)).toMatchObject({ affiliateId: berta });
    });

    test('the first one keeps it where the first touch decides, and the click counts all the same', async () => {
      const program = aProgram(knex, { settings: { attribution: 'first' } });
      expect(await bothLinks(program)).toEqual({ counted: true, setCookie: null });
      expect(await totalOf(knex, berta)).toBe(1);
    });

    test.each(['suspended', 'closed'])('a first one who is %s by then does not keep it', async (status) => {
      const program = aProgram(knex, { settings: { attribution: 'first' } });
      const first = await program.clicks.visit(aVisit());
      await setAffiliateStatus('anna2345', status);
      const { setCookie } = await program.clicks.visit(
        aVisit({ code: 'berta234', cookie: sentBack(first.setCookie) }),
      );
      expect(touchOf(program, setCookie)).toMatchObject({ affiliateId: berta });
    });

    test('a first one whose cookie is over or forged does not keep it', async () => {
      const program = aProgram(knex, { settings: { attribution: 'first' } });
      const first = await program.clicks.visit(aVisit());
      const forged = await program.clicks.visit(aVisit({ code: 'berta234', cookie: 'affiliates_ref=a.b.c' }));
      expect(touchOf(program, forged.setCookie)).toMatchObject({ affiliateId: berta });
      program.clock.advance({ days: 90 });
      const late = await program.clicks.visit(
        aVisit({ code: 'berta234', cookie: sentBack(first.setCookie) }),
      );
      expect(touchOf(program, late.setCookie)).toMatchObject({ affiliateId: berta });
    });

    test('a first one who brings the visitor again renews it', async () => {
      const program = aProgram(knex, { settings: { attribution: 'first' } });
      const first = await program.clicks.visit(aVisit());
      program.clock.advance({ days: 1 });
      const { setCookie } = await program.clicks.visit(aVisit({ cookie: sentBack(first.setCookie) }));
      expect(touchOf(program, setCookie)).toMatchObject({
        affiliateId: anna,
        clickedAt: program.clock.now().getTime(),
      });
    });
  });

  test('many visits at once share a few statements', async () => {
    const { clicks } = aProgram(knex);
    let statements = 0;
    knex.on('query', () => void (statements += 1));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => clicks.visit(aVisit({ ip: `203.0.113.${index}` }))),
    );
    expect(answers.every(({ counted }) => counted)).toBe(true);
    expect(statements).toBeLessThanOrEqual(10);
    expect(await totalOf(knex, anna)).toBe(100);
  });

  test('when the click cannot be recorded, the visitor goes on with the cookie, and the log says so', async () => {
    const program = aProgram(knex);
    await knex.schema.renameTable('mod_affiliates_clicks', 'away');
    try {
      const { status, headers } = await program.clicks.redirect(aVisit({ landing: '/pricing' }));
      expect(status).toBe(302);
      expect(headers.location).toBe(`${PORTAL}/pricing`);
      expect(touchOf(program, headers['set-cookie'])).toMatchObject({ kind: 'link', affiliateId: anna });
      expect(program.logger.entries).toMatchObject([
        { level: 'error', message: 'clicks could not be recorded' },
      ]);
      expect(program.told).toEqual([]);
      await program.clicks.drain();
    } finally {
      await knex.schema.renameTable('away', 'mod_affiliates_clicks');
    }
    // Nothing of the failed batch stayed: the same visitor still counts.
    expect(await program.clicks.visit(aVisit())).toMatchObject({ counted: true });
  });

  test('when the link cannot even be looked up, the visitor goes on, and the page hears whose link it was', async () => {
    const { clicks, logger } = aProgram(knex);
    await knex.schema.renameTable('mod_affiliates_affiliates', 'away');
    try {
      const { status, headers } = await clicks.redirect(aVisit({ landing: '/pricing?x=1' }));
      expect(status).toBe(302);
      expect(headers).toMatchObject({ location: `${PORTAL}/pricing?x=1&ref=anna2345` });
      expect(headers['set-cookie']).toBeUndefined();
      expect(logger.entries).toMatchObject([
        { level: 'error', message: 'a referral link could not be looked up' },
      ]);
    } finally {
      await knex.schema.renameTable('away', 'mod_affiliates_affiliates');
    }
  });

  test('when anything else fails, the visitor goes on', async () => {
    const newId = () => {
      throw new Error('no more numbers');
    };
    const { clicks, logger } = aProgram(knex, { newId });
    const { status, headers } = await clicks.redirect(aVisit({ landing: '/pricing' }));
    expect([status, headers['location']]).toEqual([302, `${PORTAL}/pricing?ref=anna2345`]);
    expect(logger.entries).toMatchObject([{ level: 'error', message: 'a visit failed' }]);
  });

  test("a listener's fault is logged and nothing else", async () => {
    const onCounted = () => {
      throw new Error('the listener is broken');
    };
    const { clicks, logger } = aProgram(knex, { onCounted });
    expect(await clicks.visit(aVisit())).toMatchObject({ counted: true });
    expect(logger.entries).toMatchObject([{ level: 'error', message: 'a listener to clicks failed' }]);
  });

  test('neither the address nor the name of the browser is stored or logged, also when recording fails', async () => {
    const { clicks, logger } = aProgram(knex);
    const visit = aVisit({
      ip: '198.51.100.123',
      headers: { 'user-agent': 'Mozilla/5.0 Anna/1.2 Firefox/140.0' },
    });
    await clicks.visit(visit);
    await knex.schema.renameTable('mod_affiliates_visitors', 'away');
    await clicks.visit(visit);
    await knex.schema.renameTable('away', 'mod_affiliates_visitors');
    const stored = JSON.stringify([
      await recordedClicks(knex),
      await knex('mod_affiliates_visitors'),
      logger.text(),
    ]);
    expect(stored).toContain('198.51.100.0/24');
    expect(stored).toContain('clicks could not be recorded');
    expect(stored).not.toContain('198.51.100.123');
    expect(stored).not.toContain('Anna/1.2');
  });

  test('whatever a stranger sends is recorded within its bounds, or not at all', async () => {
    const { clicks, logger } = aProgram(knex, { settings: { repeatClickMinutes: 0 } });
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.string({ unit: fc.constantFrom('\ud800', '\u0000', '%', '"', "'", '<', '\\', '💥') }),
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'; DROP TABLE x; --"),
    );
    const nasty = fc.oneof(text, fc.anything());
    const sent = fc.record(
      {
        code: fc.oneof(fc.constant('anna2345'), nasty),
        landing: fc.oneof(
          nasty,
          text.map((path) => `/${path}`),
        ),
        campaign: nasty,
        cookie: nasty,
        ip: nasty,
        headers: fc.record({
          'user-agent': nasty,
          referer: text.map((path) => `https://blog.example/${path}`),
        }),
        secure: fc.anything(),
      },
      { requiredKeys: ['code'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 20, maxLength: 20 }), async (payloads) => {
        const answers = await Promise.all(payloads.map((payload) => clicks.redirect(readVisit(payload))));
        for (const { headers } of answers)
          expect(headers.location).toMatch(/^https:\/\/my\.example\.com\/[!-~]*$/);
      }),
      { numRuns: 10 },
    );
    expect(logger.entries).toEqual([]);
    const rows = await recordedClicks(knex);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.landing).toMatch(/^\/[!-~]{0,499}$/);
      expect(row.campaign).toMatch(/^[A-Za-z0-9_.-]{0,64}$/);
      expect(row.referrer_host).toMatch(/^[a-z0-9.-]{0,253}$/);
    }
  });
});

describe('reading a visit as a host reports it', () => {
  test('keeps what is looked at, and leaves out the rest', () => {
    const payload = {
      code: 12,
      affiliateId: 7,
      landing: '/pricing',
      campaign: 'spring',
      cookie: 'a=b',
      ip: '203.0.113.7',
      headers: { 'user-agent': 'Firefox', authorization: 'secret', referer: ['a', 'b'] },
      secure: true,
      admin: true,
    };
    expect(readVisit(payload)).toEqual({
      code: '12',
      affiliateId: '7',
      landing: '/pricing',
      campaign: 'spring',
      cookie: 'a=b',
      ip: '203.0.113.7',
      headers: { 'user-agent': 'Firefox' },
      secure: true,
      id: '',
    });
  });

  test.each([
    ['2026-03-01T10:00:00+01:00', Date.parse('2026-03-01T09:00:00Z')],
    [1_772_355_600_000, 1_772_355_600_000],
    [undefined, undefined],
    ['yesterday', 0],
    [-1, 0],
    [{}, 0],
  ])('reads %j as the time %j, which is too long ago where it is none', (at, read) => {
    expect(readVisit({ code: 'anna2345', at }).at).toBe(read);
  });

  test.each([
    [null],
    [undefined],
    ['anna2345'],
    [7],
    [[]],
    [{}],
    [{ code: {}, headers: 'x', secure: 'yes', cookie: 5 }],
  ])('%j is a visit through no link', (payload) => {
    expect(readVisit(payload)).toMatchObject({ code: '', landing: '', ip: '', secure: false });
  });
});
