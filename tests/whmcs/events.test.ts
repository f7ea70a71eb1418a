/** What the addon tells the service: which facts, with what in them, and what never. */
import { PHP, describeWith } from '../support/programs';
import { describeOnMariaDb } from '../support/databases';
import { SECRET, startWhmcs, type Whmcs } from './whmcs';
import { startStub, type Event, type Stub } from './stub';

describeWith(PHP, 'The addon', () => {
  describeOnMariaDb('tells of what happens', (database) => {
    let whmcs: Whmcs;
    let stub: Stub;
    let hosting = 0;

    beforeAll(async () => {
      stub = await startStub(SECRET);
      whmcs = await startWhmcs(database);
      await whmcs.configure({ serviceUrl: stub.url, serviceSecret: SECRET });
      expect(await whmcs.visitor().act({ call: 'activate' })).toMatchObject({ status: 'success' });
      await whmcs.add('tblclients', {
        firstname: 'Anna',
        lastname: 'O&#039;Brien',
        email: 'anna@example.com',
        language: 'german',
      });
      await whmcs.add('tblclients', {
        firstname: 'Bea',
        lastname: 'B',
        email: 'bea@example.com',
        currency: 2,
      });
      hosting = await whmcs.add('tblhosting', { userid: 1, packageid: 1, qty: 2 });
    }, 60_000);
    beforeEach(() => stub.forget());
    afterAll(async () => {
      await whmcs.stop();
      await stub.close();
    });

    const told = async (point: string, vars: object): Promise<Event[]> => {
      await whmcs.fire(point, vars);
      return stub.events();
    };

    interface Line {
      readonly type: string;
      readonly amount: string;
      readonly relid?: number;
      readonly taxed?: number;
    }
    async function invoice(row: object, lines: readonly Line[]): Promise<number> {
      const paid = { userid: 1, datepaid: '2026-03-04 12:30:00', total: '0.00' };
      const invoiceid = await whmcs.add('tblinvoices', { ...paid, ...row });
      for (const line of lines) await whmcs.add('tblinvoiceitems', { invoiceid, ...line });
      return invoiceid;
    }
    const paid = async (invoiceid: number) => {
      const [event] = await told('InvoicePaid', { invoiceid });
      return event?.payload['invoice'] as Record<string, unknown>;
    };

    it('a signup, with the cookie of a link and no other, and never the password', async () => {
      const visitor = whmcs.visitor();
      await visitor.signIn({});
      await visitor.get('index.php');
      await whmcs.fire('ClientAdd', { client_id: 1, user_id: 9, password: 'a secret word' }, visitor);
      const [event] = stub.events();
      expect(event).toMatchObject({
        hook: 'ClientAdd',
        payload: {
          client_id: 1,
          user_id: 9,
          firstname: 'Anna',
          lastname: "O'Brien",
          email: 'anna@example.com',
          cookie: '',
          ip: '127.0.0.1',
          eventId: 'client-1-added',
        },
      });
      expect(visitor.cookies()).toContain('WHMCSstandin=');
      expect(JSON.stringify(event)).not.toMatch(/WHMCSstandin|secret word/);
    });

    it('a signup that staff enter as nobody’s referral, whatever their own browser holds', async () => {
      await whmcs.fire('ClientAdd', { client_id: 2, user_id: 0 }, whmcs.visitor(), 'admin');
      expect(stub.events()[0]?.payload).not.toHaveProperty('cookie');
    });

    it('each edit with what the client is now', async () => {
      await told('ClientEdit', { userid: 1, olddata: { email: 'old@example.com' } });
      await whmcs.fire('ClientEdit', { userid: 1 });
      const [first, second] = stub.events();
      expect(first?.payload).toMatchObject({ userid: 1, status: 'Active', language: 'german' });
      expect(first?.payload).not.toHaveProperty('olddata');
      expect(first?.payload['eventId']).not.toBe(second?.payload['eventId']);
    });

    it('a client’s end, once, and a merge', async () => {
      await told('PreDeleteClient', { userid: 77 });
      await whmcs.fire('ClientDelete', { userid: 77 });
      await whmcs.fire('AfterClientMerge', { toUserID: 1, fromUserID: 77 });
      await whmcs.fire('ClientClose', { userid: 2 });
      expect(stub.events().map(({ hook, payload }) => [hook, payload['eventId']])).toEqual([
        ['PreDeleteClient', 'client-77-deleted'],
        ['PreDeleteClient', 'client-77-deleted'],
        ['AfterClientMerge', 'client-77-merged-into-1'],
        ['ClientClose', expect.stringMatching(/^client-2-closed-/)],
      ]);
    });

    it('a paid invoice with what each line sells, its promotion, its credit and its country', async () => {
      const addon = await whmcs.add('tblhostingaddons', {
        addonid: await whmcs.add('tbladdons', { name: 'Backup' }),
      });
      const domain = await whmcs.add('tbldomains', { domain: 'shop.example.co.uk', registrationperiod: 2 });
      const upgrade = await whmcs.add('tblupgrades', { relid: hosting });
      const id = await invoice(
        { subtotal: '90.00', tax: '9.00', tax2: '8.10', credit: '7.10', total: '100.00' },
        [
          { type: 'Hosting', relid: hosting, amount: '60.00', taxed: 1 },
          { type: 'PromoHosting', relid: hosting, amount: '-6.00', taxed: 1 },
          { type: 'Addon', relid: addon, amount: '10.00', taxed: 1 },
          { type: 'DomainRegister', relid: domain, amount: '20.00', taxed: 1 },
          { type: 'Upgrade', relid: upgrade, amount: '5.00', taxed: 1 },
          { type: 'Item', amount: '1.00', taxed: 1 },
        ],
      );
      await whmcs.add('tblorders', { invoiceid: id, promocode: 'SPRING' });
      const service = {
        quantity: 2,
        productid: '1',
        productname: 'Cloud & VPS',
        productgroupid: '4',
        billingcycle: 'Monthly',
      };
      expect(await paid(id)).toEqual({
        userid: 1,
        currency: 'USD',
        total: '107.10',
        credit: '7.10',
        promocode: 'SPRING',
        country: 'US',
        items: [
          { id: 1, type: 'Hosting', amount: '60.00', relid: String(hosting), ...service },
          { id: 2, type: 'PromoHosting', amount: '-6.00', relid: String(hosting), ...service },
          {
            ...{ id: 3, type: 'Addon', amount: '10.00', relid: `addon-${addon}`, productid: 'addon-1' },
            ...{ productname: 'Backup', billingcycle: 'Monthly' },
          },
          {
            ...{ id: 4, type: 'DomainRegister', amount: '20.00', relid: `domain-${domain}` },
            ...{ domain: 'shop.example.co.uk', billingcycle: 'Biennially' },
          },
          { id: 5, type: 'Upgrade', amount: '5.00', relid: `upgrade-${upgrade}`, ...service },
          { id: 6, type: 'Item', amount: '1.00' },
        ],
      });
      expect(stub.events()[0]?.payload['eventId']).toBe(`invoice-${id}-paid-20260304123000`);
    });

    it('a renewal with the promotion that its service keeps', async () => {
      const promoid = await whmcs.add('tblpromotions', { code: 'FOREVER' });
      const relid = await whmcs.add('tblhosting', { userid: 1, packageid: 2, promoid });
      const id = await invoice({ subtotal: '9.00' }, [
        { type: 'Hosting', relid, amount: '10.00' },
        { type: 'PromoHosting', relid, amount: '-1.00' },
      ]);
      expect(await paid(id)).toMatchObject({ promocode: 'FOREVER' });
    });

    it('lines without their tax, also where prices include it, to the last cent', async () => {
      const id = await invoice({ subtotal: '25.21', tax: '4.79' }, [
        { type: 'Hosting', relid: hosting, amount: '9.99', taxed: 1 },
        { type: 'Hosting', relid: hosting, amount: '9.99', taxed: 1 },
        { type: 'Hosting', relid: hosting, amount: '10.02', taxed: 1 },
      ]);
      const { total, items } = await paid(id);
      const amounts = (items as Line[]).map(({ amount }) => amount);
      expect(total).toBe('30.00');
      expect(amounts).toEqual(['8.39', '8.40', '8.42']);
    });

    it('another currency with its rate into the program’s', async () => {
      const id = await invoice({ userid: 2, subtotal: '8.00' }, [{ type: 'Hosting', amount: '8.00' }]);
      expect(await paid(id)).toMatchObject({ currency: 'EUR', exchangerate: '1.25000000' });
    });

    it('an invoice that is paid again after it was unpaid as another payment', async () => {
      const id = await invoice({ subtotal: '8.00' }, [{ type: 'Hosting', amount: '8.00' }]);
      await told('InvoicePaid', { invoiceid: id });
      await whmcs.fire('InvoiceUnpaid', { invoiceid: id });
      await whmcs.tables('tblinvoices').where({ id }).update({ datepaid: '2026-03-05 08:00:00' });
      await whmcs.fire('InvoicePaid', { invoiceid: id });
      const ids = stub.events().map(({ payload }) => payload['eventId']);
      expect(ids).toEqual([
        `invoice-${id}-paid-20260304123000`,
        expect.stringMatching(`^invoice-${id}-InvoiceUnpaid-`),
        `invoice-${id}-paid-20260305080000-1`,
      ]);
    });

    it('a partial refund by its transaction, once, whichever hooks tell of it, and then the whole', async () => {
      const id = await invoice({ userid: 2, subtotal: '8.00' }, [{ type: 'Hosting', amount: '8.00' }]);
      const payment = {
        userid: 2,
        invoiceid: id,
        amountin: '8.00',
        transid: 'PAY-1',
        date: '2026-03-04 12:30:00',
      };
      const original = await whmcs.add('tblaccounts', payment);
      expect(await told('AddTransaction', { id: original, amountin: '8.00', amountout: 0 })).toEqual([]);
      const back = {
        userid: 2,
        amountout: '3.00',
        transid: 'BACK-1',
        refundid: original,
        date: '2026-03-06 09:00:00',
      };
      const refund = await whmcs.add('tblaccounts', back);
      await whmcs.fire('AddTransaction', { id: refund, invocieid: id, refundid: original, amountout: 3 });
      await whmcs.fire('ManualRefund', { transid: 'PAY-1', amount: 3 });
      await whmcs.fire('InvoiceRefunded', { invoiceid: id });
      const part = { invoiceid: id, refundid: String(refund), amount: '3.00', currency: 'EUR' };
      expect(stub.events().map(({ hook, payload }) => ({ hook, ...payload }))).toMatchObject([
        { hook: 'InvoiceRefunded', eventId: `transaction-${refund}-refund`, ...part },
        { hook: 'InvoiceRefunded', eventId: `transaction-${refund}-refund`, ...part },
        { hook: 'InvoiceRefunded', eventId: `invoice-${id}-refunded`, invoiceid: id },
      ]);
      expect(stub.events()[2]?.payload).not.toHaveProperty('amount');
    });

    it('money that leaves without an invoice as no refund', async () => {
      const row = { userid: 2, amountout: '3.00', date: '2026-03-06 09:00:00' };
      expect(await told('AddTransaction', { id: await whmcs.add('tblaccounts', row) })).toEqual([]);
    });

    it('a ticket with its words, as they were typed', async () => {
      const vars = {
        ticketid: 5,
        userid: 1,
        deptid: 2,
        deptname: 'Support',
        subject: 'Q&amp;A',
        message: 'May I?',
      };
      expect(await told('TicketOpen', vars)).toMatchObject([
        { payload: { ticketid: 5, userid: 1, deptname: 'Support', subject: 'Q&A', message: 'May I?' } },
      ]);
    });

    it('when it happened, in ISO 8601', async () => {
      const [event] = await told('ClientClose', { userid: 1 });
      expect(event?.payload['at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });
  });
});
