/** How what happened reaches a service that is down, slow or wrong, and how what it asks for is done once. */
import { sign } from 'jsonwebtoken';
import { createHash, randomUUID } from 'node:crypto';
import { PHP, describeWith } from '../support/programs';
import { describeOnMariaDb } from '../support/databases';
import { ADDON, SECRET, startWhmcs, type Whmcs } from './whmcs';
import { startStub, type Event, type Stub } from './stub';

const QUEUE = `mod_${ADDON}_queue`;

describeWith(PHP, 'The addon', () => {
  describeOnMariaDb('delivers', (database) => {
    let whmcs: Whmcs;
    let stub: Stub;

    beforeAll(async () => {
      stub = await startStub(SECRET);
      whmcs = await startWhmcs(database, '3');
      await whmcs.configure({ serviceUrl: stub.url, serviceSecret: SECRET, access: '1' });
      await whmcs.visitor().act({ call: 'activate' });
      for (const firstname of ['Anna', 'Bea', 'Cleo'])
        await whmcs.add('tblclients', { firstname, lastname: 'X', email: `${firstname}@example.com` });
      await whmcs.tables('tblclients').where({ id: 2 }).update({ currency: 2 });
    }, 60_000);
    beforeEach(async () => {
      stub.is('well');
      stub.on('GET /commands', () => ({ body: { commands: [] } }));
      stub.on('POST /events', taken);
      stub.forget();
      for (const table of [QUEUE, 'standin_calls', 'standin_faults', 'tblactivitylog', 'tblmodulelog'])
        await whmcs.tables(table).delete();
      await whmcs.forgetRest();
    });
    afterAll(async () => {
      await whmcs.stop();
      await stub.close();
    });

    const taken = ({ events }: Record<string, unknown>) => ({
      body: {
        answers: (events as Event[]).map(() => ({ accepted: true, status: 'processed', retry: false })),
      },
    });
    const close = (userid: number) => whmcs.fire('ClientClose', { userid });
    const cron = () => whmcs.fire('AfterCronJob');
    const closed = () => stub.events().map(({ payload }) => payload['userid']);
    const queued = (): Promise<{ status: string; code: string; field: string }[]> =>
      whmcs.tables(QUEUE).orderBy('id');
    const log = async () => (await whmcs.tables('tblactivitylog').pluck('description')).join('\n');

    it.each(['failing', 'hanging', 'babbling'] as const)(
      'nothing while the service is %s, and everything in order when it is well again',
      async (mood) => {
        stub.is(mood);
        expect(await close(1)).toEqual([]);
        // From now on nobody waits: the service is left alone for a while.
        await close(2);
        await close(3);
        expect(await queued()).toHaveLength(3);
        stub.is('well');
        await cron();
        expect(closed()).toEqual([1, 2, 3]);
        expect(await queued()).toEqual([]);
      },
    );

    it('after a while by the next hook, with what waited first', async () => {
      stub.is('failing');
      await close(1);
      stub.is('well');
      await close(2);
      expect(stub.heard).toEqual([]);
      whmcs.skew(31);
      await close(3);
      whmcs.skew(0);
      expect(closed()).toEqual([1, 2, 3]);
    });

    it('again what the service could not keep, and not what it took', async () => {
      const answers = [
        { accepted: false, status: 'failed', code: 'fault', retry: true },
        { accepted: true, status: 'set_aside', code: 'client_unknown', retry: false },
      ];
      stub.is('failing');
      await close(1);
      await close(2);
      stub.is('well');
      stub.on('POST /events', () => ({ body: { answers } }));
      await cron();
      expect(await queued()).toHaveLength(1);
      stub.on('POST /events', taken);
      stub.forget();
      await cron();
      expect(closed()).toEqual([1]);
    });

    it('what is refused for ever to staff, with its code, and the rest past it', async () => {
      stub.on('POST /events', ({ events }) => {
        const told = events as Event[];
        const isBad = ({ payload }: Event) => payload['userid'] === 2;
        if (told.length > 1 && told.some(isBad))
          return { status: 400, body: { error: { code: 'body_invalid', message: '' } } };
        const refused = {
          accepted: false,
          status: 'failed',
          code: 'field_invalid',
          field: 'userid',
          retry: false,
        };
        return told.some(isBad) ? { body: { answers: [refused] } } : taken({ events });
      });
      stub.is('failing');
      for (const id of [1, 2, 3]) await close(id);
      stub.is('well');
      await cron();
      expect(await queued()).toMatchObject([{ status: 'refused', code: 'field_invalid', field: 'userid' }]);
      const staff = whmcs.visitor();
      await staff.signIn({ adminid: 1 });
      const page = `admin/addonmodules.php?module=${ADDON}`;
      const { text } = await staff.get(page);
      expect(text).toContain('field_invalid userid');
      const token = /name="token" value="(\w+)"/.exec(text)?.[1] ?? '';
      const refused = await staff.post(page, { queue: 'retry', token: 'made up' });
      expect(refused.status).toBe(403);
      stub.on('POST /events', taken);
      stub.forget();
      expect((await staff.post(page, { queue: 'retry', token })).status).toBe(303);
      expect(closed()).toEqual([2]);
    });

    it('without its secret in any log, and with one line of why', async () => {
      stub.is('failing');
      await close(1);
      await cron();
      expect(await whmcs.tables('tblmodulelog').select('action', 'response')).toEqual([
        { action: 'POST /events', response: 'failing status 500' },
      ]);
      const everything = JSON.stringify([await whmcs.tables('tblmodulelog'), await log()]);
      expect(everything).not.toContain(SECRET);
    });

    it('with a secret that WHMCS keeps encrypted', async () => {
      await whmcs.configure({ serviceSecret: `enc:${Buffer.from(SECRET).toString('base64')}` });
      await close(1);
      await whmcs.configure({ serviceSecret: SECRET });
      expect(closed()).toEqual([1]);
    });

    it('nothing under a secret that the service does not know, and says so to staff', async () => {
      await whmcs.configure({ serviceSecret: 'another secret of thirty-two characters' });
      await close(1);
      const staff = whmcs.visitor();
      await staff.signIn({ adminid: 1 });
      const { text } = await staff.get(`admin/addonmodules.php?module=${ADDON}`);
      expect(text).toContain('It does not accept the secret that is set here.');
      await whmcs.configure({ serviceSecret: SECRET });
      await cron();
      expect(closed()).toEqual([1]);
    });

    it('the settings of its form, once, with what WHMCS knows itself', async () => {
      await whmcs.configure({ programName: 'Friends &amp; co', clearingDays: '14' });
      await cron();
      await cron();
      const sent = stub.heard.filter(({ request }) => request === 'PUT /settings');
      expect(sent).toHaveLength(1);
      expect(sent[0]?.body['settings']).toMatchObject({
        programName: 'Friends & co',
        portalUrl: whmcs.url,
        currency: 'USD',
        timeZone: 'Europe/Berlin',
        clearingDays: '14',
        referralLink: '{portal}/index.php?m=cloudpockets_affiliates&r={code}',
      });
      expect(sent[0]?.body['settings']).not.toHaveProperty('serviceSecret');
    });

    describe('and does what the service asks for', () => {
      const command = (kind: string, request: object, key = randomUUID()) => {
        const commands = [{ id: `id-${key}`, key, kind, request }];
        stub.on('GET /commands', () => ({ body: { commands } }));
        return key;
      };
      const acks = () =>
        stub.heard
          .filter(({ request }) => request === 'POST /commands/ack')
          .flatMap(({ body }) => body['acks'] as object[]);
      const calls = (): Promise<{ command: string; request: string }[]> =>
        whmcs.tables('standin_calls').select('command', 'request').orderBy('id');
      const credit = (amount: string, currency = 'USD') => ({
        ...{ clientId: '1', amount, currency },
        description: 'Withdrawal 7',
      });

      it('credit once, however often it is asked, and answers the same', async () => {
        const key = command('addCredit', credit('50.00'));
        await cron();
        await cron();
        const row = (await whmcs
          .tables('tblcredit')
          .where('description', 'like', `%${key}%`)
          .first()) as object;
        expect(row).toMatchObject({ amount: '50.00', description: `Withdrawal 7 [${key}]` });
        const [first, second] = acks();
        expect(first).toEqual({
          id: `id-${key}`,
          answer: { reference: expect.stringMatching(/^credit-\d+$/) as string },
        });
        expect(second).toEqual(first);
        expect(await calls()).toHaveLength(1);
      });

      it('credit once, although the process ended before it could say so', async () => {
        const key = command('addCredit', credit('12.00'));
        await whmcs.add('standin_faults', { command: 'AddCredit', kind: 'dies' });
        expect(await cron()).toBe('ended');
        await cron();
        // Somebody may still be at it.
        expect(acks()).toEqual([]);
        whmcs.skew(601);
        await cron();
        whmcs.skew(0);
        expect(acks()).toMatchObject([
          { answer: { reference: expect.stringMatching(/^credit-\d+$/) as string } },
        ]);
        const rows = await whmcs.tables('tblcredit').where('description', 'like', `%${key}%`);
        expect(rows).toHaveLength(1);
      });

      it.each([
        [
          'openTicket',
          { clientId: '1', department: 'Support', subject: 'Q & A', message: 'May I?' },
          'OpenTicket',
        ],
        ['sendMail', { clientId: '1', subject: 'Once & only', html: '<p>x</p>', text: 'x' }, 'SendEmail'],
      ])('%s once, although the process ended in the middle', async (kind, request, call) => {
        command(kind, request);
        await whmcs.add('standin_faults', { command: call, kind: 'dies' });
        await cron();
        whmcs.skew(601);
        await cron();
        whmcs.skew(0);
        expect(acks()).toMatchObject([{ answer: {} }]);
        expect(await calls()).toHaveLength(1);
      });

      it('no credit in another currency than the client’s', async () => {
        command('addCredit', { ...credit('50.00'), clientId: '2' });
        await cron();
        expect(acks()).toMatchObject([{ answer: { refused: "the client's account is kept in EUR" } }]);
        expect(await calls()).toEqual([]);
      });

      it('nothing for a client who is gone, for ever', async () => {
        command('addCredit', { ...credit('50.00'), clientId: '999' });
        await cron();
        expect(acks()).toMatchObject([{ answer: { refused: 'Client ID Not Found' } }]);
      });

      it('later what WHMCS will not do now', async () => {
        const key = command('sendMail', { clientId: '1', subject: 'Hello', html: '<p>Hi</p>', text: 'Hi' });
        await whmcs.add('standin_faults', { command: 'SendEmail', kind: 'error', message: 'Sending Failed' });
        await cron();
        expect(acks()).toEqual([{ id: `id-${key}`, failed: true }]);
        await whmcs.tables('standin_faults').delete();
        stub.forget();
        await cron();
        expect(acks()).toEqual([{ id: `id-${key}`, answer: {} }]);
      });

      it('mails that show what was written, and are no template of Smarty’s', async () => {
        const html = '<p>{$client_name} {literal} {php}evil(){/php} & "co"</p>';
        command('sendMail', { clientId: '1', subject: '{$client_name}', html, text: '' });
        await cron();
        const mail = (await whmcs.tables('tblemails').orderBy('id', 'desc').first()) as object;
        expect(mail).toMatchObject({ subject: '{$client_name}', message: html });
      });

      it('a ticket in the client’s name, whose hook is told without asking anew from within', async () => {
        command('openTicket', {
          clientId: '1',
          department: 'Support',
          subject: 'Affiliate',
          message: 'May I?',
        });
        await cron();
        expect(acks()).toMatchObject([{ answer: { ticketId: expect.stringMatching(/^\d+$/) as string } }]);
        expect(stub.events()).toMatchObject([{ hook: 'TicketOpen', payload: { deptname: 'Support' } }]);
      });

      it('an answer to a ticket in the name of an admin', async () => {
        const ticketId = String(await whmcs.add('tbltickets', { title: 'x', userid: 1 }));
        command('replyTicket', { ticketId, message: 'Welcome' });
        await cron();
        expect(JSON.parse((await calls())[0]?.request ?? '')).toMatchObject({ adminusername: 'zoe' });
      });
    });

    describe('and lists what has happened', () => {
      interface Listed {
        readonly events: readonly Event[];
        readonly next: string | null;
      }
      const token = (address: string, claims: object = {}, secret = SECRET) => {
        const now = Math.floor(Date.now() / 1000);
        const about = { req: `GET ${address}`, sha256: createHash('sha256').update('').digest('hex') };
        const all = {
          iss: 'affiliates',
          aud: 'portal',
          iat: now,
          exp: now + 60,
          jti: randomUUID(),
          ...about,
        };
        return sign({ ...all, ...claims }, secret);
      };
      const list = async (query: string, claims?: object, secret?: string) => {
        const address = `/modules/addons/${ADDON}/reconcile.php?${query}`;
        const authorization = `Bearer ${token(address, claims, secret)}`;
        const ask = () => fetch(whmcs.url + address, { headers: { authorization } });
        const answer = await ask();
        return { status: answer.status, body: (await answer.json()) as Listed, ask };
      };
      const march = 'from=2026-03-01&to=2026-03-31';

      it('in pages, with the ids that the hooks gave', async () => {
        const userid = await whmcs.add('tblclients', {
          firstname: 'D',
          email: 'd@example.com',
          datecreated: '2026-03-01',
        });
        const paid = { userid, subtotal: '5.00', datepaid: '2026-03-02 10:00:00' };
        const invoiceid = await whmcs.add('tblinvoices', { ...paid, status: 'Refunded' });
        const row = { userid, invoiceid, amountout: '5.00', date: '2026-03-31 23:00:00' };
        const refund = await whmcs.add('tblaccounts', row);
        const ids: unknown[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const { body }: { body: Listed } = await list(`${march}&cursor=${cursor}`);
          ids.push(...body.events.map(({ payload }) => payload['eventId']));
          cursor = body.next;
        }
        expect(ids).toEqual([
          `client-${userid}-added`,
          `invoice-${invoiceid}-paid-20260302100000`,
          `invoice-${invoiceid}-refunded`,
          `transaction-${refund}-refund`,
        ]);
      });

      it.each([
        ['of the portal’s own', { iss: 'portal', aud: 'affiliates' }],
        ['for another address', { req: 'GET /' }],
        ['that has expired', { iat: 1000, exp: 1060 }],
        ['of the future', { iat: 4_000_000_000, exp: 4_000_000_060 }],
        ['that lives too long', { exp: Math.floor(Date.now() / 1000) + 3600 }],
      ])('to nobody with a token %s', async (_what, claims) => {
        expect((await list(march, claims)).status).toBe(401);
      });

      it('to nobody without the secret, and to nobody twice', async () => {
        expect((await list(march, {}, 'another secret of thirty-two characters')).status).toBe(401);
        const { status, ask } = await list(march);
        expect(status).toBe(200);
        expect((await ask()).status).toBe(401);
      });

      it('to the service each night, but what waits in the queue', async () => {
        const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
        await whmcs.tables(`mod_${ADDON}_state`).where({ name: 'active_since' }).update({ value: yesterday });
        const paid = { userid: 1, subtotal: '5.00', datepaid: `${yesterday} 10:00:00` };
        const id = await whmcs.add('tblinvoices', paid);
        stub.on('POST /reconcile', () => ({
          body: { missing: [{ hook: 'InvoicePaid', id: 'x' }], checked: 1 },
        }));
        await whmcs.fire('DailyCronJob');
        expect(stub.events()).toMatchObject([{ hook: 'DailyCronJob' }]);
        const [asked] = stub.heard.filter(({ request }) => request === 'POST /reconcile');
        expect(asked?.body).toMatchObject({
          apply: true,
          events: [{ hook: 'InvoicePaid', payload: { invoiceid: id } }],
        });
        expect(await log()).toContain('1 facts');
      });
    });
  });
});
