/** `affiliates reconcile`, as an operator runs it, and POST /reconcile, as a host's cron does. */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign, verify } from 'jsonwebtoken';
import pino from 'pino';
import type { ListedFact, ReconcileReport } from '../../index';
import { readConfig } from '../../server/config';
import { readHostUrl } from '../../server/hostToken';
import { factsInFile, factsOfHost } from '../../server/reconcile/lists';
import { createService } from '../../server/service';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnSqlite } from '../support/databases';
import { given, PORTAL, type TestProgram } from '../support/given';
import { aFolder, newSecret } from './given';

const SECRET = newSecret();
const DAY = '2026-04-10T09:00:00Z';
const ndjson = (facts: readonly object[]) => facts.map((fact) => JSON.stringify(fact)).join('\n\n');
const paid = (invoiceid: string, userid: string, at = DAY) => ({
  hook: 'InvoicePaid' as const,
  payload: given.paidInvoice({ invoiceid, userid, total: '50.00', at, eventId: `list-${invoiceid}` }),
});

async function all(facts: AsyncIterable<ListedFact>): Promise<ListedFact[]> {
  const found = [];
  for await (const fact of facts) found.push(fact);
  return found;
}

describeOnSqlite('affiliates reconcile', (database) => {
  const folder = aFolder();
  /** A program that was told of one invoice, and its configuration. */
  const aService = async () => {
    const url = await database.clean();
    const test: TestProgram = await given.programOn(url, {});
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate, { at: '2026-04-01T00:00:00Z' });
    test.clock.advance({ days: 60 });
    await test.pays({ invoiceid: 'A', userid, total: '50.00', at: DAY });
    const told = { database: url, hostSecrets: [SECRET], settings: { portalUrl: PORTAL, approvalAbove: '' } };
    return { test, affiliate, userid, config: folder.configuration(told) };
  };

  it(
    'says what was missed, hands it in when it is told to, and finds nothing afterwards',
    async () => {
      const { test, affiliate, userid, config } = await aService();
      await test.pays({ invoiceid: 'unlisted', userid: '7', at: DAY });
      const file = folder.file(
        'facts.ndjson',
        ndjson([paid('A', userid), paid('B', userid), paid('later', userid, '2026-05-01T00:00:00Z')]),
      );
      const words = [
        'reconcile',
        '--config',
        config,
        '--from',
        '2026-04-01',
        '--to',
        '2026-04-30',
        '--file',
        file,
      ];
      const looked = affiliates(words);
      expect(looked).toMatchObject({ status: 1, stderr: '' });
      expect(looked.stdout.split('\n')).toEqual([
        '✗ InvoicePaid B: is missing',
        '! InvoicePaid unlisted: was accepted as paid, and the host does not list it',
        '2 compared, 1 missing, 1 to look at.',
        'Nothing was changed; --apply hands in what is missing.',
        '',
      ]);
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
      const applied = affiliates([...words, '--apply', '--json']);
      expect(JSON.parse(applied.stdout)).toMatchObject({
        checked: 2,
        missing: [{ hook: 'InvoicePaid', id: 'B', applied: { status: 'processed' } }],
        notes: [{ id: 'unlisted' }],
      } satisfies Partial<ReconcileReport> | object);
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
      const events = test.knex('mod_affiliates_events').where({ source: 'host' });
      expect(await events.clone().where({ source_id: 'list-B' })).toHaveLength(1);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says in one sentence what keeps it from looking',
    async () => {
      const { config } = await aService();
      const days = ['--from', '2026-04-01', '--to', '2026-04-30'];
      const refused: [string[], RegExp][] = [
        [days, /^Give either --file or --host-url\.\n$/],
        [['--from', 'April', '--to', 'May', '--file', 'x'], /^--from must be a day such as 2026-01-31\.\n$/],
      ];
      for (const [words, sentence] of refused) {
        const { status, stdout, stderr } = affiliates(['reconcile', '--config', config, ...words]);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
    },
    COMMAND_LIMIT_MS,
  );

  it('is answered over the wire with what is missing, and what became of it', async () => {
    const { affiliate, test, userid, config } = await aService();
    const service = await createService({
      config: readConfig(config, {}),
      logger: pino({ level: 'silent' }),
      clock: test.clock.now,
    });
    const ask = async (body: object) => {
      const text = JSON.stringify(body);
      const iat = Math.floor(test.clock.now().getTime() / 1000);
      const token = sign(
        {
          iss: 'portal',
          aud: 'affiliates',
          iat,
          exp: iat + 60,
          jti: randomUUID(),
          req: 'POST /reconcile',
          sha256: createHash('sha256').update(text).digest('hex'),
        },
        SECRET,
      );
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await service.app.inject({ method: 'POST', url: '/reconcile', headers, payload: text });
      return { status: answer.statusCode, body: answer.json<unknown>() };
    };
    try {
      const events = [paid('A', userid), paid('B', userid)];
      const missing = { hook: 'InvoicePaid', id: 'B' };
      expect(await ask({ events })).toEqual({
        status: 200,
        body: { checked: 2, missing: [missing], notes: [] },
      });
      const applied = { accepted: true, status: 'processed', retry: false };
      expect(await ask({ events, apply: true })).toMatchObject({
        body: { missing: [{ ...missing, applied }] },
      });
      expect(await ask({ events, apply: true })).toMatchObject({ body: { missing: [] } });
      expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
      const refused = { status: 400, body: { error: { code: 'body_invalid', field: 'events.0.hook' } } };
      expect(await ask({ events: [{ hook: 'TicketOpen', payload: {} }] })).toMatchObject(refused);
      expect(await ask({ events: Array.from({ length: 501 }, () => events[0]) })).toMatchObject({
        status: 400,
      });
    } finally {
      await service.close();
    }
  });
});

describe('The host’s list', () => {
  const folder = aFolder();
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  /** @returns the list of a host that answers so, and what it was asked */
  const listOf = async (answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(new URL(request.url ?? '', 'http://localhost'), response, request);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m/list.php?a=b`;
    const told = { url, hostSecrets: [SECRET], from: '2026-04-01', to: '2026-04-30', now: Date.now };
    return { asked, facts: () => all(factsOfHost(told)) };
  };

  it('is read page by page with signed requests, each good for one address and once', async () => {
    const ids: string[] = [];
    const { asked, facts } = await listOf((url, response, { headers }) => {
      const claims = verify((headers.authorization ?? '').slice('Bearer '.length), SECRET, {
        algorithms: ['HS256'],
        issuer: 'affiliates',
        audience: 'portal',
        maxAge: 60,
      }) as Record<string, string>;
      expect(claims['req']).toBe(`GET ${url.pathname}${url.search}`);
      expect(claims['sha256']).toBe(createHash('sha256').update('').digest('hex'));
      ids.push(claims['jti']!);
      const cursor = url.searchParams.get('cursor');
      const next = cursor === null ? 'clients:2' : null;
      response.end(JSON.stringify({ events: [paid(cursor ?? 'first', '7')], next }));
    });
    expect((await facts()).map(({ payload }) => (payload as { invoiceid: string }).invoiceid)).toEqual([
      'first',
      'clients:2',
    ]);
    expect(asked).toEqual([
      '/m/list.php?a=b&from=2026-04-01&to=2026-04-30',
      '/m/list.php?a=b&from=2026-04-01&to=2026-04-30&cursor=clients%3A2',
    ]);
    expect(new Set(ids).size).toBe(2);
  });

  it.each<[string, (response: ServerResponse) => unknown, RegExp]>([
    [
      'refuses the signature',
      (response) => response.writeHead(401).end(),
      /with 401: its secret or its clock/,
    ],
    ['is broken', (response) => response.writeHead(500).end(), /with 500\.$/],
    [
      'sends elsewhere',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /with 302\.$/,
    ],
    ['shows a page', (response) => response.end('<p>Welcome</p>'), /^The host’s answer is not \{ "events"/],
    [
      'goes round in circles',
      (response) => response.end('{"events":[],"next":"x"}'),
      /^The host’s page 2 leads nowhere/,
    ],
    [
      'lists what cannot be listed',
      (response) => response.end('{"events":[{"hook":"Login","payload":{}}],"next":null}'),
      /^The host’s page 1, event 1: hook is not as it must be; the hooks are: ClientAdd, /,
    ],
  ])('is refused from a host that %s', async (_how, answer, sentence) => {
    const { facts } = await listOf((_url, response) => void answer(response));
    await expect(facts()).rejects.toThrow(sentence);
  });

  it('is asked for over https, or on this machine', () => {
    expect(readHostUrl('https://my.example.com/list', '--host-url').href).toBe('https://my.example.com/list');
    expect(readHostUrl('http://[::1]:8080/list', '--host-url').port).toBe('8080');
    const refused = [
      'http://my.example.com/',
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'list.php',
      'https://u:p@x.example/',
    ];
    for (const url of refused) expect(() => readHostUrl(url, '--host-url')).toThrow(/^--host-url must /);
  });

  it('in a file is read line by line, and a broken line is named', async () => {
    const good = folder.file('good.ndjson', `${ndjson([paid('A', '7'), paid('B', '7')])}\r\n`);
    expect(await all(factsInFile(good))).toHaveLength(2);
    const broken = folder.file('broken.ndjson', `${JSON.stringify(paid('A', '7'))}\n{"hook"\n`);
    await expect(all(factsInFile(broken))).rejects.toThrow(/broken\.ndjson, line 2: is no JSON\.$/);
    await expect(all(factsInFile('/not/there'))).rejects.toThrow(/^\/not\/there cannot be read: ENOENT\.$/);
  });
});
