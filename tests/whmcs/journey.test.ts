/**
 * The whole way through the real service over real HTTP, in a browser: a client asks for the program on the portal's
 * page, staff switch it on, a visitor signs up through the link and buys, and the affiliate is paid as account credit.
 */
import type { Page } from 'playwright-core';
import { Person } from '../journeys/person';
import { describeInChromium, screenshot } from '../support/browser';
import { describeOnMariaDb } from '../support/databases';
import { PHP, describeWith } from '../support/programs';
import { prepareService, type Service } from './service';
import { ADDON, SECRET, startWhmcs, type Whmcs } from './whmcs';

const DAY_S = 86_400;
const PAGE = `/index.php?m=${ADDON}`;

describeWith(PHP, 'A portal with the addon', () => {
  describeOnMariaDb('and the service', (database) => {
    let whmcs: Whmcs;
    let service: Service;

    beforeAll(async () => {
      service = await prepareService(await database.empty());
      whmcs = await startWhmcs(database);
      await service.start(whmcs.url, [SECRET]);
      await whmcs.configure({
        serviceUrl: service.url,
        serviceSecret: SECRET,
        access: '1',
        clearingDays: '14',
      });
      expect(await whmcs.visitor().act({ call: 'activate' })).toEqual({
        status: 'success',
        description: 'The service answers.',
      });
    }, 90_000);
    afterAll(async () => {
      await whmcs.stop();
      await service.remove();
    });

    /** Somebody at a browser of their own, at an address of their own. */
    async function arrives(page: Page, address: string, session = {}): Promise<Person> {
      await page.setExtraHTTPHeaders({ 'x-visitor': address });
      await page.context().request.post(`${whmcs.url}/act.php`, { data: { signIn: session } });
      return new Person(page, whmcs.url);
    }

    /** What the portal does when somebody signs up in this browser. */
    async function signsUp(page: Page, address: string, firstname: string): Promise<number> {
      const email = `${firstname}@shop.example`;
      const id = await whmcs.add('tblclients', { firstname, lastname: 'Doe', email });
      await page.context().request.post(`${whmcs.url}/act.php`, {
        data: { point: 'ClientAdd', vars: { client_id: id, user_id: id, password: 'x' } },
        headers: { 'x-visitor': address },
      });
      return id;
    }

    async function pays(userid: number, amount: string): Promise<number> {
      const datepaid = new Date().toISOString().slice(0, 19).replace('T', ' ');
      const relid = await whmcs.add('tblhosting', { userid, packageid: 1 });
      const invoiceid = await whmcs.add('tblinvoices', { userid, subtotal: amount, datepaid });
      await whmcs.add('tblinvoiceitems', { invoiceid, type: 'Hosting', relid, amount });
      await whmcs.fire('InvoicePaid', { invoiceid });
      return invoiceid;
    }

    describeInChromium('leads', (browser) => {
      it('from a ticket to a credit that is given once', async () => {
        const address = '198.51.100.7';
        const anna = await whmcs.add('tblclients', { firstname: 'Anna', email: 'anna@example.com' });
        const ann = await arrives(await browser.newPage(), address, { uid: anna });
        await ann.open('/index.php');
        await ann.follow('Affiliate program');
        await ann.sees('You earn 10% of every payment.');
        await ann.press('Request to become an affiliate');
        await ann.sees('Your request is with our team.');
        const ticket = (await whmcs.tables('tbltickets').first()) as { id: number; userid: number };
        expect(ticket.userid).toBe(anna);

        const zoe = await arrives(await browser.newPage(), '203.0.113.1', { adminid: 1 });
        await zoe.open(`/admin/supporttickets.php?id=${ticket.id}`);
        await zoe.sees('Nothing speaks against it.');
        await screenshot(zoe.page, 'whmcs-ticket');
        await zoe.press('Switch the program on');
        expect(new URL(zoe.page.url()).pathname).toBe('/admin/supporttickets.php');
        const reply = (await whmcs.tables('tblticketreplies').first()) as { admin: string; message: string };
        expect(reply).toMatchObject({ admin: 'zoe' });
        expect(await whmcs.tables('tblemails').pluck('subject')).toEqual(['Welcome to Affiliate Program']);

        await ann.open('/index.php');
        await ann.sees('$50.00 more until you can request a withdrawal.');
        await ann.open(PAGE);
        const link = await ann.field('Your unique referral link').inputValue();
        expect(link).toMatch(
          /^http:\/\/127\.0\.0\.1:\d+\/index\.php\?m=cloudpockets_affiliates&r=[a-z0-9]{8}$/,
        );

        const visiting = await browser.newPage();
        await arrives(visiting, '192.0.2.55');
        await visiting.goto(link);
        expect(visiting.url()).toBe(`${whmcs.url}/`);
        const ben = await signsUp(visiting, '192.0.2.55', 'Ben');
        const invoice = await pays(ben, '600.00');
        await ann.open('/index.php');
        await ann.sees('$60.00');
        expect(await ann.readsFigures(PAGE)).toMatchObject({
          figures: { Clicks: '1', Signups: '1', Conversions: '1' },
          statement: { 'Still clearing': '$60.00', 'Available to withdraw': '$0.00' },
        });
        await screenshot(ann.page, 'whmcs-affiliate-page');

        const back = { userid: ben, invoiceid: invoice, amountout: '60.00', date: '2026-03-06 09:00:00' };
        await whmcs.fire('AddTransaction', { id: await whmcs.add('tblaccounts', back) });
        expect((await ann.readsFigures(PAGE)).statement).toMatchObject({ 'Still clearing': '$54.00' });

        for (const clock of [whmcs, service]) clock.skew(15 * DAY_S);
        await whmcs.fire('DailyCronJob');
        expect((await ann.readsFigures(PAGE)).statement).toMatchObject({ 'Available to withdraw': '$54.00' });
        await ann.follow('Request Withdrawal');
        await ann.page.getByLabel('Account credit').check();
        await ann.press(/^Request \$/);
        await ann.sees('Your withdrawal was requested. A ticket was opened for it.');
        expect(await whmcs.tables('tbltickets')).toHaveLength(2);

        await zoe.open(`/admin/addonmodules.php?module=${ADDON}`);
        await zoe.follow('Decide');
        await zoe.sees('$54.00 is added to the client’s account credit right away.');
        await zoe.press('Approve and add the credit');
        await zoe.sees('The withdrawal was approved.');
        await whmcs.fire('AfterCronJob');
        expect((await ann.readsFigures(PAGE)).statement).toMatchObject({ Withdrawn: '$54.00' });
        expect(await whmcs.tables('tblcredit').select('clientid', 'amount')).toEqual([
          { clientid: anna, amount: '54.00' },
        ]);
        const calls = whmcs.tables('standin_calls').where({ command: 'AddCredit' });
        expect(await calls).toHaveLength(1);
        expect(await whmcs.tables(`mod_${ADDON}_queue`)).toEqual([]);
        expect(await whmcs.tables('tblactivitylog')).toEqual([]);
      }, 60_000);
    });
  });
});
