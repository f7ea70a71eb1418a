/** The service's pages and panels within the portal's, under both versions of Smarty, and referral links. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import { PHP, describeWith } from '../support/programs';
import { selfSigned } from '../support/certificate';
import { describeOnMariaDb } from '../support/databases';
import { ADDON, SECRET, startWhmcs, type Visitor, type Whmcs } from './whmcs';
import { startStub, type Stub } from './stub';

const PAGE = `index.php?m=${ADDON}`;
const STAFF_PAGE = `admin/addonmodules.php?module=${ADDON}`;
const HTML = '<form method="post"><p class="x">{$version} {if} "quotes" {literal}</p></form>';

describeWith(PHP, 'The addon', () => {
  describe.each(['3', '4'] as const)('with Smarty %s', (smarty) => {
    describeOnMariaDb('shows', (database) => {
      let whmcs: Whmcs;
      let stub: Stub;
      let client: Visitor;
      let staff: Visitor;
      let page: { status: number; title: string; html: string; headers: object; file?: string };

      beforeAll(async () => {
        stub = await startStub(SECRET);
        whmcs = await startWhmcs(database, smarty);
        await whmcs.configure({ serviceUrl: stub.url, serviceSecret: SECRET, access: '1,3' });
        await whmcs.visitor().act({ call: 'activate' });
        await whmcs.add('tblclients', { firstname: 'A', email: 'a@example.com', language: 'german' });
        await whmcs.add('tblusers_clients', { auth_user_id: 44, client_id: 1, owner: 1 });
        await whmcs.add('tbltickets', { userid: 1, title: 'x' });
        client = whmcs.visitor();
        await client.signIn({ uid: 1 });
        staff = whmcs.visitor();
        await staff.signIn({ adminid: 1 });
        for (const area of ['client', 'staff']) stub.on(`POST /pages/${area}`, () => ({ body: page }));
      }, 60_000);
      beforeEach(async () => {
        stub.is('well');
        stub.forget();
        await whmcs.forgetRest();
        page = { status: 200, title: 'Affiliate Program', html: HTML, headers: {} };
      });
      afterAll(async () => {
        await whmcs.stop();
        await stub.close();
      });
      const asked = (request: string) => stub.heard.find((each) => each.request === request)?.body;
      const tokenOf = (area: 'client' | 'staff') =>
        (asked(`POST /pages/${area}`)?.['csrf'] as { token: string }).token;

      it('the page as the service gives it, to who is signed in', async () => {
        const { text, status } = await client.get(`${PAGE}&page=why&line=1%262`);
        expect(status).toBe(200);
        expect(text).toContain(HTML);
        expect(text).toContain('<title>Affiliate Program</title>');
        expect(asked('POST /pages/client')).toMatchObject({
          who: { client: { id: '1' } },
          locale: 'german',
          method: 'GET',
          query: { page: 'why', line: '1&2' },
          body: {},
          base: PAGE,
          assets: `${whmcs.url}/modules/addons/${ADDON}/assets`,
          csrf: { field: 'token', token: expect.stringMatching(/^\w+$/) as string },
        });
      });

      it('nothing to who is not', async () => {
        expect((await whmcs.visitor().get(PAGE)).text).toContain('Login');
        expect(stub.heard).toEqual([]);
        expect((await whmcs.visitor().get(STAFF_PAGE)).status).toBe(403);
        expect((await client.get(STAFF_PAGE)).status).toBe(403);
      });

      it.each(['client', 'staff'] as const)(
        'what a %s posts as it was typed, and only with a token',
        async (area) => {
          const [who, address] = area === 'client' ? [client, PAGE] : [staff, STAFF_PAGE];
          await who.get(address);
          const token = tokenOf(area);
          stub.forget();
          expect((await who.post(address, { amount: '5' })).status).toBe(403);
          expect(stub.heard).toEqual([]);
          await who.post(address, { token, note: `<b> "it's" & so on` });
          expect(asked(`POST /pages/${area}`)).toMatchObject({
            method: 'POST',
            body: { token, note: `<b> "it's" & so on` },
          });
          expect(stub.heard.map(({ request }) => request)).toContain('GET /commands?limit=10');
        },
      );

      it('where to go next, and files with their headers', async () => {
        page = { status: 303, title: '', html: '', headers: { location: `${PAGE}&page=done` } };
        expect(await client.get(PAGE)).toMatchObject({ status: 303, location: `${PAGE}&page=done` });
        const file = Buffer.from('a,b\n\0\xff', 'latin1');
        const headers = { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="x.csv"' };
        page = { status: 200, title: '', html: '', headers, file: file.toString('base64') };
        const answer = await staff.get(STAFF_PAGE);
        expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
        expect(answer.headers.get('content-disposition')).toBe(headers['content-disposition']);
        expect(answer.headers.get('content-length') ?? String(file.length)).toBe(String(file.length));
      });

      it('staff their area with their name from the session', async () => {
        expect((await staff.get(`${STAFF_PAGE}&page=terms`)).text).toContain(HTML);
        expect(asked('POST /pages/staff')).toMatchObject({
          who: { staff: { id: '1', name: "Zoë O'Hara" } },
          locale: 'english',
          query: { page: 'terms' },
          links: { client: 'clientssummary.php?userid={id}' },
        });
      });

      it('a panel on the ticket and on the summary to staff who may use it', async () => {
        const shown = '<p>the switch</p>';
        for (const point of ['AdminAreaViewTicketPage', 'AdminAreaClientSummaryPage'])
          stub.on(`POST /pages/panels/${point}`, () => ({ body: { shown } }));
        expect((await staff.get('admin/supporttickets.php?id=1')).text).toContain(shown);
        expect((await staff.get('admin/clientssummary.php?userid=1')).text).toContain(shown);
        expect(asked('POST /pages/panels/AdminAreaViewTicketPage')).toMatchObject({
          ticketid: 1,
          userid: 1,
          client: { email: 'a@example.com', user_id: 44, language: 'german', status: 'Active' },
          page: { base: `addonmodules.php?module=${ADDON}`, staff: { id: '1', name: "Zoë O'Hara" } },
        });
        await whmcs.tables('tbladmins').where({ id: 1 }).update({ roleid: 2 });
        expect((await staff.get('admin/supporttickets.php?id=1')).text).not.toContain(shown);
        await whmcs.tables('tbladmins').where({ id: 1 }).update({ roleid: 3 });
        expect((await staff.get('admin/supporttickets.php?id=1')).text).toContain(shown);
      });

      it('the widget and the menu entry on the home page', async () => {
        const panel = { name: 'Affiliate Program', label: 'Partner', order: 150, bodyHtml: '<b>$5.50</b>' };
        stub.on('POST /pages/panels/ClientAreaHomepagePanels', () => ({ body: { shown: [panel] } }));
        const { text } = await client.get('index.php');
        expect(text).toContain('<h2>Partner</h2><b>$5.50</b>');
        expect(text).toContain(`<a href="${PAGE}">Partnerprogramm</a>`);
        expect((await whmcs.visitor().get('index.php')).text).not.toContain('Partner');
      });

      it('that it is unavailable, and everything else of the portal, while the service is down', async () => {
        stub.is('failing');
        const sorry = 'Das Partnerprogramm ist vorübergehend nicht erreichbar.';
        expect((await client.get(PAGE)).text).toContain(sorry);
        expect((await client.get('index.php')).text).toContain(`<p>${sorry}`);
        const other = whmcs.visitor();
        await other.signIn({ uid: 2 });
        expect((await other.get('index.php')).text).not.toContain('<h2>');
        expect((await staff.get('admin/supporttickets.php?id=1')).text).toContain('temporarily unavailable');
        const { text } = await staff.get(STAFF_PAGE);
        expect(text).toContain('The affiliate service cannot be asked at the moment: It failed at what');
      });

      it.each([
        [403, '', 'The web server before it does not let this server through (403).'],
        [404, '', 'Something else answers at its address.'],
        [502, '', 'A web server answers at its address, and the service behind it does not.'],
        [503, 'unavailable', 'It runs, but its database cannot be used'],
        [401, 'token_missing', 'takes the signature of the requests away'],
        [401, '', 'Something else answers at its address.'],
      ])('staff in a sentence why a request was answered with %i %s', async (status, code, sentence) => {
        stub.on('PUT /settings', () => ({ status, body: code === '' ? 'Sorry' : { error: { code } } }));
        await whmcs.configure({ programName: `Program ${status}${code}` });
        expect((await staff.get(STAFF_PAGE)).text).toContain(sentence);
        stub.on('PUT /settings', () => ({ body: { applied: true, overridden: [] } }));
      });

      it('staff that a certificate is none, or that https is not spoken', async () => {
        const secure = createServer(await selfSigned(), (_, response) => response.end('{}')).listen(
          0,
          '127.0.0.1',
        );
        await once(secure, 'listening');
        const { port } = secure.address() as { port: number };
        await whmcs.configure({ serviceUrl: `https://127.0.0.1:${port}` });
        expect((await staff.get(STAFF_PAGE)).text).toContain('does not accept the certificate');
        await whmcs.configure({ serviceUrl: stub.url.replace('http:', 'https:') });
        expect((await staff.get(STAFF_PAGE)).text).toContain('does not speak https');
        await whmcs.configure({ serviceUrl: stub.url });
        secure.close();
      });

      it('staff what else they should know', async () => {
        stub.on('PUT /settings', () => ({ body: { applied: true, overridden: ['currency', 'timeZone'] } }));
        await whmcs.configure({ programName: 'Another' });
        await whmcs.add('tblconfiguration', { setting: 'AffiliateEnabled', value: 'on' });
        const { text } = await staff.get(STAFF_PAGE);
        expect(text).toContain('whatever the form of this addon says: currency, timeZone');
        expect(text).toContain('both would pay for the same clients');
        const error = { code: 'setting_invalid', field: 'clearingDays', message: 'must be at least 0' };
        stub.on('PUT /settings', () => ({ status: 422, body: { error } }));
        await whmcs.configure({ clearingDays: '-1' });
        expect((await staff.get(STAFF_PAGE)).text).toContain('clearingDays: must be at least 0');
      });

      describe('a visitor of a referral link', () => {
        const setCookie = 'affiliates_ref=token.of.it; Path=/; HttpOnly';
        beforeEach(() => stub.on('POST /clicks', () => ({ body: { counted: true, setCookie } })));

        it('the portal’s front page, or the page that the link names, with the cookie set', async () => {
          const visitor = whmcs.visitor();
          const answer = await visitor.get(`${PAGE}&r=bcd234fg&campaign=spring&to=%2Fcart.php%3Fpid%3D1`);
          expect(answer).toMatchObject({ status: 302, location: `${whmcs.url}/cart.php?pid=1` });
          expect(asked('POST /clicks')).toMatchObject({
            code: 'bcd234fg',
            campaign: 'spring',
            landing: '/cart.php?pid=1',
            cookie: '',
            ip: '127.0.0.1',
            headers: { 'user-agent': expect.stringContaining('Firefox') as string },
            secure: false,
          });
          stub.forget();
          await visitor.signIn({});
          await visitor.get('cart.php?ref=bcd234fg');
          await visitor.get('index.php?ref=bcd234fg');
          expect(asked('POST /clicks')).toMatchObject({
            cookie: 'affiliates_ref=token.of.it',
            landing: '/index.php?ref=bcd234fg',
          });
        });

        it('the same by a link of WHMCS’s own affiliates', async () => {
          await whmcs.visitor().get('index.php?aff=7');
          await whmcs.fire('AffiliateClickthru', { affiliateId: 7 });
          const asked = stub.heard.filter(({ request }) => request === 'POST /clicks');
          expect(asked.map(({ body }) => body['affiliateId'])).toEqual(['7', '7']);
        });

        it.each([
          '//evil.example',
          'https://evil.example/',
          '/\\evil.example',
          '/a\\b',
          '/.//evil.example',
          '/a%0d%0aSet-Cookie:%20x=1',
          'javascript:alert(1)',
          ' /x',
        ])('nowhere but the portal for %s', async (to) => {
          const written = to.includes('%') ? to : encodeURIComponent(to);
          const { status, location } = await whmcs.visitor().get(`${PAGE}&r=bcd234fg&to=${written}`);
          expect(status).toBe(302);
          expect(new URL(location).href).toBe(`${whmcs.url}/`);
        });

        it('the page all the same while the service is down', async () => {
          stub.is('failing');
          const answer = await whmcs.visitor().get(`${PAGE}&r=bcd234fg`);
          expect(answer).toMatchObject({ status: 302, location: `${whmcs.url}/` });
        });
      });
    });
  });
});
