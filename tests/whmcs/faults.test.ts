/**
 * Whatever breaks on the way between a portal and the real service, at the end the ledger is what it is when nothing
 * breaks, and meanwhile no signup and no payment fails.
 */
import { DateTime } from 'luxon';
import { affiliates } from '../support/command';
import { describeOnMariaDb } from '../support/databases';
import { PHP, describeWith } from '../support/programs';
import {
  prepareService,
  startDatabaseWay,
  startProxy,
  type DatabaseWay,
  type Proxy,
  type Service,
} from './service';
import { ADDON, SECRET, startWhmcs, type Visitor, type Whmcs } from './whmcs';

const HOUR_S = 3600;
const NEW_SECRET = 'the secret that comes after the other';

describeWith(PHP, 'The ledger', () => {
  describeOnMariaDb('is the same in the end', (database) => {
    let whmcs: Whmcs;
    let service: Service;
    let serviceDatabase = '';
    let way: Proxy;
    let databaseWay: DatabaseWay;
    let staff: Visitor;
    let visitors = 0;
    /** What the portal signs with. */
    let secret = SECRET;

    beforeAll(async () => {
      serviceDatabase = await database.empty();
      databaseWay = await startDatabaseWay(serviceDatabase);
      service = await prepareService(databaseWay.url);
      whmcs = await startWhmcs(database);
      await service.start(whmcs.url, [SECRET]);
      way = await startProxy(service.url);
      await whmcs.configure({ serviceUrl: way.url, serviceSecret: SECRET, access: '1', clearingDays: '0' });
      await whmcs.visitor().act({ call: 'activate' });
      staff = whmcs.visitor();
      await staff.signIn({ adminid: 1 });
    }, 90_000);
    afterAll(async () => {
      await whmcs.stop();
      await way.close();
      await service.remove();
      await databaseWay.close();
    });

    /** As WHMCS writes a time, in the time zone that it runs in; later than the click, which has milliseconds. */
    const inMinutes = (minutes: number) =>
      DateTime.now().setZone('Europe/Berlin').plus({ minutes }).toFormat('yyyy-MM-dd HH:mm:ss');

    const nothing = () => undefined;

    const address = () => `198.18.${++visitors}.1`;

    /** @returns the session of a new affiliate */
    async function affiliate(): Promise<Visitor> {
      const uid = await whmcs.add('tblclients', { firstname: 'Anna', email: `anna${visitors}@example.com` });
      const { text } = await staff.get(`admin/clientssummary.php?userid=${uid}`);
      const form = Object.fromEntries(
        [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
          name,
          value.replaceAll('&#x3D;', '='),
        ]),
      );
      const answer = await staff.post(`admin/addonmodules.php?module=${ADDON}&page=switch`, {
        ...form,
        on: '1',
      });
      expect(answer.status).toBe(303);
      const visitor = whmcs.visitor(address());
      await visitor.signIn({ uid });
      return visitor;
    }

    const page = async (who: Visitor) => (await who.get(`index.php?m=${ADDON}`)).text;
    /** What stands on the affiliate's page: its clicks, signups and conversions, and every amount in order. */
    const figures = async (who: Visitor) => {
      const text = await page(who);
      return {
        numbers: [...text.matchAll(/figure-number">(\d+)</g)].map(([, number]) => number),
        amounts: [...text.matchAll(/\$\d+\.\d\d/g)].map(([amount]) => amount),
      };
    };

    const linkOf = async (by: Visitor) =>
      `index.php?m=${ADDON}&r=${/&amp;r(?:=|&#x3D;)([a-z0-9]{8})/.exec(await page(by))?.[1]}`;

    /**
     * A visitor comes by a link.
     * @param before what happens just before
     * @returns what goes on afterwards, step by step, whatever breaks
     */
    async function comes(by: Visitor, before: () => unknown): Promise<readonly (() => Promise<unknown>)[]> {
      const link = await linkOf(by);
      const visitor = whmcs.visitor(address());
      await before();
      const began = Date.now();
      expect(await visitor.get(link)).toMatchObject({ status: 302, location: `${whmcs.url}/` });
      // Less than if it had waited twice.
      expect(Date.now() - began).toBeLessThan(4500);
      const userid = await whmcs.add('tblclients', {
        firstname: 'Ben',
        email: `ben${visitors}@shop.example`,
      });
      const relid = await whmcs.add('tblhosting', { userid, packageid: 1 });
      const bill = async (subtotal: string, datepaid: string) => {
        const id = await whmcs.add('tblinvoices', { userid, subtotal, datepaid });
        await whmcs.add('tblinvoiceitems', { invoiceid: id, type: 'Hosting', relid, amount: subtotal });
        return id;
      };
      const first = await bill('100.00', inMinutes(1));
      const second = await bill('50.00', inMinutes(2));
      const third = await bill('70.00', inMinutes(3));
      const back = { userid, invoiceid: first, amountout: '25.00', date: inMinutes(4) };
      const refund = await whmcs.add('tblaccounts', back);
      return [
        () => whmcs.fire('ClientAdd', { client_id: userid, user_id: userid }, visitor),
        () => whmcs.fire('InvoicePaid', { invoiceid: first }),
        () => whmcs.fire('InvoicePaid', { invoiceid: second }),
        () => whmcs.fire('InvoicePaid', { invoiceid: third }),
        () => whmcs.fire('AddTransaction', { id: refund }),
        () => whmcs.fire('InvoiceUnpaid', { invoiceid: second }),
        async () => {
          await whmcs
            .tables('tblinvoices')
            .where({ id: second })
            .update({ datepaid: inMinutes(5) });
          await whmcs.fire('InvoicePaid', { invoiceid: second });
        },
        async () => {
          await whmcs.tables('tblinvoices').where({ id: third }).update({ status: 'Refunded' });
          await whmcs.fire('InvoiceRefunded', { invoiceid: third });
        },
      ];
    }

    /**
     * Lives through it all while something is broken, and then a cron after it is not.
     * @param breaks after the visitor came, as `breaksBefore` does before
     * @returns what the page says
     */
    async function live(breaks: () => unknown, mends: () => unknown, breaksBefore: () => unknown = nothing) {
      const anna = await affiliate();
      const steps = await comes(anna, breaksBefore);
      await breaks();
      // No hook of the portal's ever answers with a fault.
      for (const step of steps) expect(await step()).not.toBe('ended');
      await mends();
      await whmcs.fire('AfterCronJob');
      expect(await whmcs.tables(`mod_${ADDON}_queue`)).toEqual([]);
      return figures(anna);
    }

    let unbroken: Awaited<ReturnType<typeof figures>>;

    it('as it should be, when nothing breaks', async () => {
      unbroken = await live(nothing, nothing);
      // A click, a signup and a conversion.
      expect(unbroken.numbers).toEqual(['1', '1', '1']);
      // 10 % of 75.00 and of 50.00.
      expect(unbroken.amounts).toContain('$12.50');
    });

    it.each(['closed', 'failing', 'hanging', 'lossy'] as const)(
      'when the way to the service is %s',
      async (kind) => {
        expect(
          await live(
            () => way.becomes(kind),
            () => way.becomes('open'),
          ),
        ).toEqual(unbroken);
      },
    );

    it.each(['failing', 'hanging', 'lossy'] as const)(
      'when the way was %s already when the link was followed',
      async (kind) => {
        const ended = await live(
          nothing,
          () => way.becomes('open'),
          () => way.becomes(kind),
        );
        expect(ended).toEqual(unbroken);
      },
    );

    it('when answers are lost, again and again', async () => {
      const ended = await live(
        () => way.becomes('lossy'),
        async () => {
          await whmcs.fire('AfterCronJob');
          await whmcs.fire('AfterCronJob');
          way.becomes('open');
        },
      );
      expect(ended).toEqual(unbroken);
    });

    it('when the service was stopped, and started with a secret that the portal did not have yet', async () => {
      const ended = await live(
        () => service.stop(),
        async () => {
          await service.start(whmcs.url, [NEW_SECRET]);
          await whmcs.fire('AfterCronJob');
          expect(await whmcs.tables(`mod_${ADDON}_queue`)).toHaveLength(8);
          secret = NEW_SECRET;
          await whmcs.configure({ serviceSecret: secret });
        },
      );
      expect(ended).toEqual(unbroken);
    });

    it('when the portal’s clock was an hour ahead', async () => {
      const ended = await live(
        () => whmcs.skew(HOUR_S),
        () => whmcs.skew(0),
      );
      expect(ended).toEqual(unbroken);
    });

    it('but for a signup that the portal’s clock puts before its click: that is sent, and nobody’s', async () => {
      const ended = await live(
        () => whmcs.skew(-HOUR_S),
        () => whmcs.skew(0),
      );
      expect(ended.amounts).not.toContain('$12.50');
    });

    it('when all that waited was lost, and an operator asks the portal for it', async () => {
      const anna = await affiliate();
      const [signup, ...payments] = await comes(anna, nothing);
      await signup?.();
      way.becomes('closed');
      for (const step of payments) await step();
      await whmcs.tables(`mod_${ADDON}_queue`).delete();
      way.becomes('open');
      await whmcs.forgetRest();
      const day = inMinutes(0).slice(0, 10);
      const list = `${whmcs.url}/modules/addons/${ADDON}/reconcile.php`;
      const words = ['--from', day, '--to', day, '--host-url', list, '--apply', '--json'];
      const { stdout, stderr } = affiliates(['reconcile', ...words], {
        ...service.environment(whmcs.url, [secret]),
        AFFILIATES_DATABASE: serviceDatabase,
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ missing: { length: 5 } });
      // The entries are those of another order of events; what they come to is the same.
      expect((await figures(anna)).amounts.sort()).toEqual([...unbroken.amounts].sort());
    }, 60_000);

    it('for a visitor who followed a link while the service was down, and comes back when it is not', async () => {
      const anna = await affiliate();
      const link = await linkOf(anna);
      const visitor = whmcs.visitor(address());
      way.becomes('failing');
      const before = Date.now();
      await visitor.get(link);
      const after = Date.now();
      expect(visitor.cookies()).not.toContain('affiliates_ref=');
      whmcs.skew(20 * HOUR_S);
      service.skew(20 * HOUR_S);
      way.becomes('open');
      await whmcs.fire('AfterCronJob');
      await visitor.get('index.php');
      const clicks = await database.connect(serviceDatabase)('mod_affiliates_clicks').max({ at: 'at' });
      expect(clicks[0]?.['at']).toBeGreaterThanOrEqual(before);
      expect(clicks[0]?.['at']).toBeLessThanOrEqual(after);
      expect(visitor.cookies()).toMatch(/^(?!.*_later=).*affiliates_ref=/);
      const id = await whmcs.add('tblclients', { firstname: 'Ben', email: `ben${visitors}@shop.example` });
      await whmcs.fire('ClientAdd', { client_id: id, user_id: id }, visitor);
      // A click and a signup.
      expect((await figures(anna)).numbers.slice(0, 2)).toEqual(['1', '1']);
      whmcs.skew(0);
      service.skew(0);
    });

    it('when the service’s database was restarted', async () => {
      const ended = await live(
        () => databaseWay.cut(),
        () => databaseWay.restore(),
      );
      expect(ended).toEqual(unbroken);
    });
  });
});
