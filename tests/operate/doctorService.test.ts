/** What the doctor learns of a service that runs: whether the portal's requests are taken, and what it has sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { examine } from '../../server/doctor/doctor';
import { readRefusals } from '../../server/refusals';
import { HOST_SECRET, fact, startService, tokenFor, type Signing, type TestService } from '../server/given';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { SECRET } from '../support/given';
import { aFolder } from './given';

describeOnSqlite('The doctor, beside a service,', (database) => {
  const folder = aFolder();
  const aService = async () => {
    const url = await database.clean();
    const service = await startService(url);
    return { ...service, examined: () => examined(service, url) };
  };
  const examined = async ({ address, clock }: TestService, url: string) => {
    const listen = new URL(address).host;
    const config = folder.configuration({
      database: url,
      listen,
      secrets: [SECRET],
      hostSecrets: [HOST_SECRET],
    });
    const problems = await examine(
      { config },
      () => undefined,
      () => clock.now().getTime(),
    );
    return problems.flatMap(({ code, parameters }) => (code === 'requests_refused' ? [parameters] : []));
  };
  const commands = ({ ask }: Pick<TestService, 'ask'>, signing?: Signing) =>
    ask('GET', '/commands', undefined, signing);

  it.each<[string, Signing, (at: number) => Signing]>([
    ['token_missing', { authorization: null }, () => ({})],
    ['token_invalid', { secret: 'a secret that the portal has alone' }, () => ({})],
    ['token_mismatch', { claims: { req: 'GET /affiliates/commands' } }, () => ({})],
    ['token_not_yet', {}, (at) => ({ claims: { iat: at + 90, exp: at + 150 } })],
    ['token_expired', {}, (at) => ({ claims: { iat: at - 150, exp: at - 90 } })],
  ])('tells of requests refused with %s, until one is taken', async (reason, signing, timed) => {
    const service = await aService();
    const at = Math.floor(service.clock.now().getTime() / 1000);
    for (let count = 0; count < 3; count++) await commands(service, { ...signing, ...timed(at) });
    service.clock.advance({ minutes: 4, seconds: 30 });
    expect(await service.examined()).toEqual([{ reason, count: 3, route: '/commands', minutes: 4 }]);
    await commands(service);
    expect(await service.examined()).toEqual([]);
  });

  it('tells of a token that comes twice', async () => {
    const service = await aService();
    const authorization = `Bearer ${tokenFor(service.clock, 'GET /commands', '')}`;
    await commands(service, { authorization });
    await commands(service, { authorization });
    expect(await service.examined()).toEqual([
      { reason: 'token_replayed', count: 1, route: '/commands', minutes: 0 },
    ]);
  });

  it('goes on telling of a route where nothing is taken, and not of strangers once the portal is heard', async () => {
    const service = await aService();
    const event = fact(service.clock, 'ClientClose', { userid: '9' });
    await service.ask('POST', '/events', event, { signed: '{}' });
    await service.ask('PUT', '/settings', { settings: {} }, { authorization: null });
    await commands(service);
    expect(await service.examined()).toMatchObject([{ reason: 'token_mismatch', route: '/events' }]);
    service.clock.advance({ hours: 24 });
    expect(await service.examined()).toEqual([]);
  });

  it('finds counts that a flood cannot make grow, with nothing in them that came from outside', async () => {
    const service = await aService();
    for (let count = 0; count < 30; count++) {
      await service.ask('GET', `/commands?x=${count}`, undefined, {
        authorization: `Bearer stranger.${count}.x`,
      });
      await service.ask('GET', `/nowhere/${count}`, undefined, { authorization: null });
    }
    const { text } = await service.ask('GET', '/metrics', undefined, { authorization: null });
    expect(readRefusals(text)).toEqual([
      { route: '/commands', code: 'token_invalid', count: 30, last: service.clock.now().getTime() },
    ]);
    expect(text).not.toContain('stranger');
  });
});

describeOnEachDatabase('The doctor, where the portal alone says where it is,', (database) => {
  const folder = aFolder();

  it('looks at the portal and the time zone as if they stood in the configuration', async () => {
    const portal = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(portal, 'listening');
    const portalUrl = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;
    try {
      const url = await database.clean();
      const service = await startService(url);
      const settings = { portalUrl, timeZone: 'Europe/Berlin' };
      expect((await service.ask('PUT', '/settings', { settings })).status).toBe(200);
      const looked = async (told: object) => {
        const listen = new URL(service.address).host;
        const config = folder.configuration({ database: url, listen, ...told });
        const problems = await examine(
          { config },
          () => undefined,
          () => service.clock.now().getTime(),
        );
        return problems.flatMap(({ code, parameters }) =>
          code.startsWith('portal_') ? [{ code, parameters }] : [],
        );
      };
      expect(await looked({})).toContainEqual({
        code: 'portal_answers',
        parameters: { url: portalUrl, status: 404 },
      });
      const own = await looked({ settings: { portalUrl: 'http://127.0.0.1:1' } });
      expect(own).toMatchObject([{ code: 'portal_unreachable', parameters: { url: 'http://127.0.0.1:1' } }]);
    } finally {
      portal.close();
    }
  });
});
