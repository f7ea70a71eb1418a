/** The service as a portal in another language uses it: the whole way of an affiliate's money, over real HTTP. */
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { paidInvoice, signup } from '../support/payloads';
import {
  CLIENT,
  codeOf,
  fact,
  FIREFOX,
  startService,
  switchOn,
  type Answered,
  type TestService,
} from './given';

const NOBODY = { authorization: null };

type Json = Record<string, unknown>;
const listOf = (answer: Answered, name: string) => answer.json[name] as Json[];

describeOnEachDatabase('A portal that speaks the wire', (database) => {
  it('brings an affiliate from the switch to a commission, and each event counts once', async () => {
    const url = await database.clean();
    const test = await startService(url, { settings: SETTINGS });
    const { ask, clock, address } = test;
    await switchOn(test);
    const visit = await fetch(`${address}/r/${await codeOf(test)}?to=/plans`, {
      redirect: 'manual',
      headers: { 'user-agent': FIREFOX },
    });
    expect(visit.headers.get('location')).toBe('https://my.example.com/plans');
    const cookie = visit.headers.getSetCookie()[0]?.split(';')[0];
    const events = [
      fact(clock, 'ClientAdd', { ...signup({ client_id: '8' }), cookie }),
      fact(clock, 'InvoicePaid', paidInvoice({ userid: '8', total: '600.00' })),
    ];
    const taken = await ask('POST', '/events', { events });
    expect(listOf(taken, 'answers')).toEqual([
      { accepted: true, status: 'processed', retry: false },
      { accepted: true, status: 'processed', retry: false },
    ]);
    expect(await ask('POST', '/events', { events })).toMatchObject({ status: 200, json: taken.json });
    const page = await ask('POST', '/pages/client', CLIENT);
    expect(String(page.json['html'])).toContain('$60.00');
    expect(await ask('POST', '/events', { hook: 'DailyCronJob', payload: {} })).toMatchObject({
      json: { answer: { accepted: true, status: 'processed', retry: false } },
    });
  });

  it('reads again what webhooks were told, from where it stopped reading', async () => {
    // Nobody listens there: what was told is kept all the same.
    const webhooks = [{ url: 'http://127.0.0.1:9/', secret: `whsec_${'A'.repeat(32)}` }];
    const test = await startService(await database.clean(), { webhooks });
    const { ask } = test;
    await switchOn(test);
    await test.service.tick();
    const first = await ask('GET', '/webhooks/messages?limit=1');
    expect(first.json).toMatchObject({ messages: [{ type: 'affiliate.activated' }], more: false });
    const id = String(listOf(first, 'messages')[0]?.['id']);
    expect(await ask('GET', `/webhooks/messages?after=${id}`)).toMatchObject({
      json: { messages: [], more: false },
    });
    expect(await ask('GET', '/webhooks/messages?after=msg_unknown')).toMatchObject({
      status: 410,
      json: { error: { code: 'message_gone', field: 'after' } },
    });
    expect(await ask('GET', '/webhooks/messages?limit=501')).toMatchObject({ status: 400 });
  });

  it('fetches what it must do, and acknowledges it once', async () => {
    const test = await startService(await database.clean());
    const { ask } = test;
    await switchOn(test);
    const fetched = await ask('GET', '/commands?limit=20');
    const mail = listOf(fetched, 'commands').find(({ kind }) => kind === 'sendMail')!;
    expect(mail).toEqual({
      id: expect.any(String) as string,
      key: expect.any(String) as string,
      kind: 'sendMail',
      request: {
        clientId: '5',
        subject: expect.any(String) as string,
        html: expect.stringContaining('<') as string,
        text: expect.any(String) as string,
      },
    });
    expect(await ask('GET', '/commands')).toMatchObject({ json: { commands: [] } });
    const acks = {
      acks: [
        { id: mail['id'], answer: {} },
        { id: 'nobody', failed: true },
      ],
    };
    const status = (one: string) => ({
      json: {
        acks: [
          { id: mail['id'], status: one },
          { id: 'nobody', status: 'unknown' },
        ],
      },
    });
    expect(await ask('POST', '/commands/ack', acks)).toMatchObject(status('done'));
    expect(await ask('POST', '/commands/ack', acks)).toMatchObject(status('known'));
  });

  it('sends its settings, which hold at every process from then on, but for what our file says', async () => {
    const url = await database.clean();
    const one = await startService(url);
    const other = await startService(url, {}, one.clock);
    const settings = { programName: 'Nimbus Partners', portalUrl: 'https://other.example.com' };
    expect(await one.ask('PUT', '/settings', { settings })).toMatchObject({
      status: 200,
      json: { applied: true, overridden: ['portalUrl'] },
    });
    for (const { ask } of [one, other]) {
      const { json } = await ask('POST', '/pages/client', CLIENT);
      expect(JSON.stringify(json)).toContain('Nimbus Partners');
    }
    const later = await startService(url, {}, one.clock);
    expect(JSON.stringify((await later.ask('POST', '/pages/client', CLIENT)).json)).toContain(
      'Nimbus Partners',
    );
  });

  it('is refused settings that are wrong, by name, and the ones before stay', async () => {
    const { ask } = await startService(await database.clean());
    for (const [settings, field] of [
      [{ currency: 'gold' }, 'currency'],
      [{ treshold: '5.00' }, 'treshold'],
      [{ programName: 'x'.repeat(81) }, 'programName'],
      [{ portalUrl: 'javascript:alert(1)' }, 'portalUrl'],
    ] as const)
      expect(await ask('PUT', '/settings', { settings })).toMatchObject({
        status: 422,
        json: { error: { code: 'setting_invalid', field } },
      });
    expect(await ask('POST', '/pages/client', CLIENT)).toMatchObject({ status: 200 });
  });
});

const SETTINGS = { portalUrl: 'https://my.example.com', approvalAbove: '' };

describeOnSqlite('The service', (database) => {
  it('says of each event what became of it, and goes on after one that is wrong', async () => {
    const { ask, clock } = await startService(await database.clean());
    const paid = fact(clock, 'InvoicePaid', paidInvoice({ userid: '9' }));
    const anonymous = { ...paid.payload, eventId: undefined };
    const events = [
      { hook: 'Unheard', payload: {} },
      { hook: 'InvoicePaid', payload: anonymous },
      fact(clock, 'InvoicePaid', { invoiceid: 3 }),
      { hook: '__proto__x', payload: {} },
      // How PHP writes an object that is empty.
      { hook: 'ClientClose', payload: [] },
      { payload: {} },
      'InvoicePaid',
      { ...paid, payload: { ...paid.payload, at: clock.now().getTime() / 1000 } },
      paid,
      { ...paid, payload: { ...paid.payload, invoiceid: 'another' } },
    ];
    const answers = listOf(await ask('POST', '/events', { events }), 'answers');
    const wrong = (field: string) => ({
      accepted: false,
      status: 'failed',
      code: 'field_invalid',
      field,
      retry: false,
    });
    expect(answers).toEqual([
      wrong('hook'),
      wrong('eventId'),
      wrong('invoice'),
      wrong('hook'),
      wrong('payload'),
      wrong('hook'),
      wrong('hook'),
      wrong('at'),
      { accepted: true, status: 'processed', retry: false },
      { accepted: false, status: 'failed', code: 'event_conflict', retry: false },
    ]);
  });

  it('asks for an event again only where the fault is ours', async () => {
    const url = await database.clean();
    const { ask, clock } = await startService(url);
    const knex = database.connect(url);
    await knex.schema.renameTable('mod_affiliates_events', 'elsewhere');
    const paid = fact(clock, 'InvoicePaid', paidInvoice({ userid: '9' }));
    expect(await ask('POST', '/events', paid)).toMatchObject({
      status: 200,
      json: { answer: { accepted: false, status: 'failed', code: 'fault', retry: true } },
    });
    await knex.schema.renameTable('elsewhere', 'mod_affiliates_events');
    expect(await ask('POST', '/events', paid)).toMatchObject({
      json: { answer: { accepted: true, status: 'processed' } },
    });
  });

  it('shows pages by address for GET alone, and nothing on a panel that it cannot read', async () => {
    const test = await startService(await database.clean());
    const { ask } = test;
    const inAddress = (request: object) =>
      `/pages/client?request=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
    expect(await ask('GET', inAddress(CLIENT))).toMatchObject({ status: 200, json: { status: 200 } });
    expect(await ask('GET', inAddress({ ...CLIENT, method: 'POST' }))).toMatchObject({
      status: 400,
      json: { error: { code: 'body_invalid', field: 'request.method' } },
    });
    expect(await ask('GET', '/pages/client?request=e30')).toMatchObject({
      status: 400,
      json: { error: { field: expect.stringMatching(/^request\./) as string } },
    });
    expect(await ask('POST', '/pages/panels/ClientAreaHomepagePanels', { userid: '' })).toMatchObject({
      status: 200,
      json: { shown: [] },
    });
    expect(await ask('POST', '/pages/panels/Unheard', {})).toMatchObject({ status: 404 });
  });

  it('counts a visit that the portal reports, and gives it the cookie', async () => {
    const test = await startService(await database.clean());
    await switchOn(test);
    const visit = { code: await codeOf(test), ip: '203.0.113.7', headers: { 'user-agent': FIREFOX } };
    expect(await test.ask('POST', '/clicks', visit)).toMatchObject({
      status: 200,
      json: { counted: true, setCookie: expect.stringMatching(/^affiliates_ref=/) as string },
    });
    expect(await test.ask('POST', '/clicks', visit)).toMatchObject({ json: { counted: false } });
    expect(await test.ask('POST', '/clicks', { code: '' })).toMatchObject({ json: { setCookie: null } });
  });

  it('takes a link that was followed earlier, by itself or with a signup, and counts it once', async () => {
    const test = await startService(await database.clean());
    await switchOn(test);
    const code = await codeOf(test);
    const at = test.clock.now().toISOString();
    const visit = { code, at, id: 'visit-1', ip: '203.0.113.7', headers: { 'user-agent': FIREFOX } };
    test.clock.advance({ hours: 20 });
    const payload = { client_id: 77, visits: [visit] };
    const answers = await test.ask('POST', '/events', fact(test.clock, 'ClientAdd', payload));
    expect(answers).toMatchObject({ json: { answer: { status: 'processed' } } });
    expect(await test.ask('POST', '/clicks', visit)).toMatchObject({
      json: { counted: true, setCookie: expect.stringMatching(/^affiliates_ref=/) as string },
    });
    expect(await test.ask('POST', '/clicks', { ...visit, at: 'before' })).toMatchObject({
      status: 200,
      json: { counted: false, setCookie: null },
    });
    const { json } = await test.ask('POST', '/pages/client', CLIENT);
    const numbers = [...String(json['html']).matchAll(/figure-number">(\d+)</g)];
    // Clicks and signups.
    expect(numbers.slice(0, 2).map(([, number]) => number)).toEqual(['1', '1']);
  });

  it('believes an address that a visitor brings from its proxies alone', async () => {
    const click = async (service: TestService, forwarded: string) => {
      const address = `${service.address}/r/${await codeOf(service)}`;
      const headers = { 'user-agent': FIREFOX, 'x-forwarded-for': forwarded };
      await fetch(address, { redirect: 'manual', headers });
    };
    const networks = async (written: object) => {
      const url = await database.clean();
      const service = await startService(url, written);
      await switchOn(service);
      await click(service, '198.51.100.4');
      await click(service, '192.0.2.9');
      return database.connect(url)('mod_affiliates_clicks').pluck<string[]>('network');
    };
    expect(new Set(await networks({}))).toEqual(new Set(['127.0.0.0/24']));
    expect(new Set(await networks({ trustProxy: ['127.0.0.1'] }))).toEqual(
      new Set(['198.51.100.0/24', '192.0.2.0/24']),
    );
  });

  it('says that it is not ready when the tables are another version’s, and lives on', async () => {
    const url = await database.clean();
    const { ask } = await startService(url);
    expect(await ask('GET', '/readyz', undefined, NOBODY)).toMatchObject({ json: { status: 'ready' } });
    await database
      .connect(url)('mod_affiliates_migrations')
      .insert({ name: '9999_from_the_future', batch: 9 });
    expect(await ask('GET', '/readyz', undefined, NOBODY)).toMatchObject({
      status: 503,
      json: { error: { code: 'unavailable' } },
    });
    expect(await ask('GET', '/healthz', undefined, NOBODY)).toMatchObject({ json: { status: 'ok' } });
  });

  it('counts for Prometheus in words of its own alone', async () => {
    const { ask, clock } = await startService(await database.clean());
    await ask('POST', '/events', fact(clock, 'InvoicePaid', paidInvoice({ userid: '9' })));
    await ask('POST', '/events', { hook: 'from-a-stranger', payload: {} });
    await ask('GET', '/from-a-stranger', undefined, NOBODY);
    const { text } = await ask('GET', '/metrics', undefined, NOBODY);
    expect(text).toContain('affiliates_events_total{hook="InvoicePaid",outcome="processed"} 1');
    expect(text).toContain('affiliates_events_total{hook="unknown",outcome="failed"} 1');
    expect(text).toContain('affiliates_http_requests_total{method="POST",route="/events",status="200"} 2');
    expect(text).toMatch(/^affiliates_commands_waiting 0$/m);
    expect(text).toMatch(/^affiliates_oldest_waiting_event_age_seconds 0$/m);
    expect(text).toMatch(/^affiliates_database_connections\{state="used"\} \d/m);
    expect(text).toMatch(/^affiliates_database_up 1$/m);
    expect(text).not.toContain('stranger');
  });
});
