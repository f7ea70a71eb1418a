/** Links that are followed while the service does not answer: they wait at their visitor, in a cookie of the addon's. */
import { PHP, describeWith } from '../support/programs';
import { describeOnMariaDb } from '../support/databases';
import { startStub, type Stub } from './stub';
import { ADDON, SECRET, startWhmcs, type Visitor, type Whmcs } from './whmcs';

const COOKIE = 'affiliates_ref_later';
const GIVEN = 'affiliates_ref=token.of.it';
const CODE = 'bcd234fg';
const link = (code: string, more = '') => `index.php?m=${ADDON}&r=${code}${more}`;
/** A visit as the cookie has it. */
const kept = (at: number, code = CODE) => `r${code}:${at}:0123456789abcdef::`;

describeWith(PHP, 'A link that is followed while the service does not answer', () => {
  describeOnMariaDb('at a portal', (database) => {
    let whmcs: Whmcs;
    let stub: Stub;
    let visitor: Visitor;

    beforeAll(async () => {
      stub = await startStub(SECRET);
      whmcs = await startWhmcs(database);
      await whmcs.configure({ serviceUrl: stub.url, serviceSecret: SECRET, access: '1' });
      await whmcs.visitor().act({ call: 'activate' });
      stub.on('POST /clicks', () => ({ body: { counted: true, setCookie: `${GIVEN}; Path=/; HttpOnly` } }));
    }, 60_000);
    beforeEach(async () => {
      visitor = whmcs.visitor('198.18.7.1');
      await mended();
    });
    afterAll(async () => {
      await whmcs.stop();
      await stub.close();
    });

    const broken = () => stub.is('failing');
    /** The service is back, and the cron has found out. */
    async function mended() {
      stub.is('well');
      await whmcs.fire('AfterCronJob');
      stub.forget();
    }
    const clicks = () =>
      stub.heard.filter(({ request }) => request === 'POST /clicks').map(({ body }) => body);
    const inCookie = () => {
      const value = new RegExp(`${COOKIE}=([^;]*)`).exec(visitor.cookies())?.[1] ?? '';
      return decodeURIComponent(value).split('~').filter(Boolean);
    };
    /** @returns the visits that come along with the visitor's signup */
    async function signsUp(): Promise<unknown> {
      const id = await whmcs.add('tblclients', { firstname: 'Ben', email: 'ben@shop.example' });
      await whmcs.fire('ClientAdd', { client_id: id, user_id: id }, visitor);
      return stub.events().find(({ hook }) => hook === 'ClientAdd')?.payload['visits'];
    }

    it('waits in a cookie that no script reads, and is told on the next page, once', async () => {
      broken();
      const before = Date.now();
      const { headers, status } = await visitor.get(link(CODE.toUpperCase(), '&campaign=spring'));
      const after = Date.now();
      expect(status).toBe(302);
      expect(headers.get('set-cookie')).toMatch(
        new RegExp(`${COOKIE}=[^;]{40,80}; expires=.*; Max-Age=7776000; path=/; HttpOnly; SameSite=Lax`),
      );
      await mended();
      await visitor.get('index.php');
      await visitor.get('index.php');
      const [told, ...others] = clicks();
      expect(others).toEqual([]);
      expect(told).toMatchObject({ code: CODE, campaign: 'spring', ip: '198.18.7.1', cookie: '' });
      expect(told?.['id']).toMatch(/^[0-9a-f]{16}$/);
      expect(told?.['headers']).toEqual({ 'user-agent': expect.stringContaining('Firefox') as string });
      expect(told?.['at']).toBeGreaterThanOrEqual(before);
      expect(told?.['at']).toBeLessThanOrEqual(after);
      expect(visitor.cookies()).toContain(GIVEN);
      expect(inCookie()).toEqual([]);
    });

    it('goes along with a signup, and waits on until the service gives its own cookie', async () => {
      broken();
      await visitor.get('index.php?aff=7');
      await mended();
      const visits = await signsUp();
      expect(visits).toEqual([
        {
          affiliateId: '7',
          at: expect.any(Number) as number,
          id: expect.any(String) as string,
          campaign: '',
          headers: { 'user-agent': expect.stringContaining('Firefox') as string },
        },
      ]);
      await visitor.get('index.php');
      expect(clicks()).toMatchObject(visits as object[]);
    });

    it('is told before the next one, whose request brings the first one’s cookie along', async () => {
      broken();
      await visitor.get(link(CODE));
      await mended();
      await visitor.get(link('hjk567mn'));
      expect(clicks()).toMatchObject([
        { code: CODE, cookie: '' },
        { code: 'hjk567mn', cookie: GIVEN },
      ]);
    });

    it('has its time and name from the first attempt, whose answer may have been lost', async () => {
      let first: unknown;
      stub.on('POST /clicks', ({ at, id }) => {
        first ??= { at, id };
        return { status: 500, body: {} };
      });
      await visitor.get(link(CODE));
      stub.on('POST /clicks', () => ({ body: { counted: true, setCookie: `${GIVEN}; Path=/` } }));
      await mended();
      await visitor.get('index.php');
      expect(clicks()).toMatchObject([first]);
    });

    it('is still one that nobody saw, from whichever page it is told', async () => {
      broken();
      await visitor.get(link(CODE), { 'sec-fetch-dest': 'iframe', 'sec-purpose': 'prefetch;prerender' });
      await mended();
      await visitor.get('index.php');
      expect(clicks()).toMatchObject([
        { headers: { 'sec-fetch-dest': 'iframe', 'sec-purpose': 'prefetch_prerender' } },
      ]);
    });

    it('keeps nobody waiting on pages without a link while the service is known to be down', async () => {
      broken();
      await visitor.get(link(CODE));
      await whmcs.forgetRest();
      stub.is('well');
      await visitor.get('index.php');
      expect(clicks()).toEqual([]);
      expect(inCookie()).toHaveLength(1);
    });

    it('is one of four at most: the first ones and the last', async () => {
      broken();
      for (const code of ['aa', 'bb', 'cc', 'dd', 'ee']) await visitor.get(`index.php?ref=${code}`);
      expect(inCookie().map((line) => line.slice(0, 3))).toEqual(['raa', 'rbb', 'rcc', 'ree']);
    });

    it.each(['<script>', 'a'.repeat(41), '%0d%0aSet-Cookie:x=1', '%00', ':~:'])(
      'is not kept when it can be nobody’s: %s',
      async (code) => {
        broken();
        const { headers } = await visitor.get(`index.php?ref=${code}`);
        expect(headers.getSetCookie().filter((line) => line.startsWith(COOKIE))).toEqual([]);
      },
    );

    it.each([
      ['garbage', () => 'garbage'],
      ['a script', (now: number) => kept(now, '<b>')],
      ['a line break', (now: number) => kept(now).replace(':', '%0d%0aX:%20y%0d%0a')],
      ['too much', (now: number) => Array(60).fill(kept(now)).join('~')],
      ['a visit to come', (now: number) => kept(now + 120_000)],
      ['a visit older than any cookie', (now: number) => kept(now - 90 * 86_400_000)],
      ['a visit at no time', () => `r${CODE}::0123456789abcdef::`],
      ['a long campaign', (now: number) => `r${CODE}:${now}:0123456789abcdef:${'x'.repeat(65)}:`],
      ['a header of its own', (now: number) => `${kept(now)}7x.`],
    ])('is not believed where the cookie says %s', async (_what, value) => {
      visitor.plant(COOKIE, value(Date.now()));
      await visitor.get('index.php');
      expect(clicks()).toEqual([]);
      expect(await signsUp()).toBeUndefined();
    });

    it('is taken from a cookie written by hand, as the open link would be', async () => {
      visitor.plant(COOKIE, kept(Date.now() - 1000));
      expect(await signsUp()).toMatchObject([{ code: CODE }]);
      await visitor.get('index.php');
      expect(clicks()).toMatchObject([{ code: CODE }]);
    });

    it('is dropped where the service will never take it', async () => {
      stub.on('POST /clicks', () => ({ status: 400, body: { error: { code: 'body_invalid' } } }));
      visitor.plant(COOKIE, kept(Date.now()));
      expect(await visitor.get('index.php')).toMatchObject({ status: 200 });
      expect(inCookie()).toEqual([]);
    });
  });
});
