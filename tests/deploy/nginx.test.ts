/** deploy/nginx.conf, and what docs/install-whmcs.md shows, in a real nginx before a real service. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, fact, startService, switchOn, tokenFor, type TestService } from '../server/given';
import { describeOnSqlite } from '../support/databases';
import { paidInvoice } from '../support/payloads';
import { describeWith, NGINX } from '../support/programs';
import { ask, startNginx, type Answer, type Asked, type PrivateNginx } from './nginx';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** All of 127.0.0.0/8 is this machine; the file lets the first in as the portal. */
const PORTAL_ADDRESS = '127.0.0.1';
const VISITOR = '127.20.30.40';
const ADDON = 'cloudpockets_affiliates';
const BODY_LIMIT = 1024 * 1024;

describeWith(NGINX, 'deploy/nginx.conf', () => {
  describeOnSqlite('Before a service', (database) => {
    let nginx: PrivateNginx | undefined;
    afterEach(async () => {
      await nginx?.stop();
      nginx = undefined;
    });

    /** A service that trusts nginx, on tables of its own. */
    async function start() {
      const url = await database.clean();
      const service = await startService(url, { trustProxy: [PORTAL_ADDRESS] });
      nginx = await startNginx(service.address);
      const { address } = nginx;
      const through = (path: string, asked: Asked) => ask(address + path, asked);
      const networks = () => database.connect(url)('mod_affiliates_clicks').pluck<string[]>('network');
      return { service, through, networks };
    }

    const post = (
      { clock }: TestService,
      through: (path: string, asked: Asked) => Promise<Answer>,
      { body, from }: { body: string; from: string },
    ) => {
      const authorization = `Bearer ${tokenFor(clock, 'POST /events', body)}`;
      const headers = { 'content-type': 'application/json', authorization };
      return through('/events', { method: 'POST', body, from, headers });
    };

    it('counts a click for the address that nginx saw, whatever address the visitor claims', async () => {
      const { service, through, networks } = await start();
      await switchOn(service);
      const path = `/r/${await codeOf(service)}?to=/plans`;
      const forged = { 'x-forwarded-for': '198.51.100.4', 'x-forwarded-host': 'evil.example' };
      for (const claimed of [{}, forged]) {
        const headers = { 'user-agent': FIREFOX, ...claimed };
        expect(await through(path, { headers, from: VISITOR })).toMatchObject({
          status: 302,
          headers: { location: 'https://my.example.com/plans' },
        });
      }
      expect(await networks()).toEqual(['127.20.30.0/24', '127.20.30.0/24']);
    });

    it('hands on what the portal signed as it was signed', async () => {
      const { service, through } = await start();
      const body = JSON.stringify(fact(service.clock, 'InvoicePaid', paidInvoice({ userid: '8' })), null, 2);
      const answer = await post(service, through, { body, from: PORTAL_ADDRESS });
      expect(JSON.parse(answer.text)).toEqual({
        answer: { accepted: true, status: 'processed', retry: false },
      });
      const path = '/commands?limit=20&of=a%2Fb%20c';
      const authorization = `Bearer ${tokenFor(service.clock, `GET ${path}`, '')}`;
      const signed = await through(path, { headers: { authorization }, from: PORTAL_ADDRESS });
      expect(JSON.parse(signed.text)).not.toMatchObject({ error: { code: 'token_mismatch' } });
    });

    it('lets nobody but the portal reach what only the portal asks for', async () => {
      const { service, through } = await start();
      const body = JSON.stringify(fact(service.clock, 'InvoicePaid', paidInvoice({ userid: '8' })));
      expect(await post(service, through, { body, from: VISITOR })).toMatchObject({ status: 403 });
      for (const path of ['/commands', '/pages/client', '/openapi.json', '/readyz', '/r/../healthz'])
        expect(await through(path, { from: VISITOR })).toMatchObject({ status: 403 });
      expect(await through('/r/ABC', { method: 'POST', from: VISITOR })).toMatchObject({ status: 403 });
      expect(await through('/healthz', { from: PORTAL_ADDRESS })).toMatchObject({ status: 200 });
      const style = await through('/assets/affiliates.css', { from: VISITOR });
      expect(style).toMatchObject({ status: 200, text: expect.stringContaining('{') as string });
    });

    it('shows the counts to nobody, however their address is written', async () => {
      const { service, through } = await start();
      expect((await fetch(`${service.address}/metrics`)).status).toBe(200);
      const written = [
        '/metrics',
        '/%6detrics',
        '//metrics',
        '/metrics?x=1',
        '/r/../metrics',
        '/r/..%2Fmetrics',
      ];
      for (const path of written)
        expect(await through(path, { from: PORTAL_ADDRESS })).toMatchObject({ status: 404 });
      // It is nginx that refuses: the service was asked once, by us.
      const counted = await (await fetch(`${service.address}/metrics`)).text();
      expect(counted).toMatch(/route="\/metrics",status="200"\} 1\n/);
      expect(counted).not.toContain('status="404"');
    });

    it('refuses a body that is larger than the service takes', async () => {
      const { service, through } = await start();
      const blank = (size: number) => ({ body: ' '.repeat(size), from: PORTAL_ADDRESS });
      const refused = await post(service, through, blank(BODY_LIMIT + 1));
      expect(refused).toMatchObject({ status: 413, headers: { 'content-type': 'text/html' } });
      expect(await post(service, through, blank(BODY_LIMIT))).toMatchObject({ status: 400 });
    });
  });
});

const INSTALL = readFileSync(join(__dirname, '../../docs/install-whmcs.md'), 'utf8');

describeWith(NGINX, 'docs/install-whmcs.md', () => {
  describeOnSqlite('Before a portal', (database) => {
    it('leads links to the service, and to the addon while the service does not answer', async () => {
      const service = await startService(await database.clean());
      await switchOn(service);
      const link = `/r/${await codeOf(service)}`;
      const [, rules] = /```nginx\n(.*?)```/s.exec(INSTALL) ?? [];
      const nginx = await startNginx(service.address, rules);
      const follow = (path: string) =>
        ask(nginx.address + path, { headers: { 'user-agent': FIREFOX }, from: VISITOR });
      expect(await follow(`${link}?to=/plans`)).toMatchObject({
        status: 302,
        headers: { location: 'https://my.example.com/plans', 'set-cookie': [expect.any(String)] },
      });
      await service.close();
      const answer = await follow(`${link}?to=%2Fplans&campaign=spring`);
      expect(answer.status).toBe(302);
      expect(new URL(answer.headers.location ?? '').pathname).toBe('/index.php');
      const told = Object.fromEntries(new URL(answer.headers.location ?? '').searchParams);
      expect(told).toEqual({ m: ADDON, r: link.slice(3), to: '/plans', campaign: 'spring' });
      expect(await follow('/r/..%0d%0aX:y')).toMatchObject({ status: 404 });
      await nginx.stop();
    });
  });
});
