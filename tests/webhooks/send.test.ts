/** What may be asked, and how long: an endpoint's address may be wrong, hostile, or change its mind. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { affiliates } from '../../index';
import { isAllowedUrl } from '../../module/webhooks/addresses';
import { readWebhooks } from '../../module/webhooks/endpoints';
import { restUntil } from '../../module/webhooks/rules';
import { send } from '../../module/webhooks/send';
import { recordingHost } from '../support/host';
import { PORTAL, SECRET as PROGRAM_SECRET } from '../support/given';
import { OTHER_SECRET, SECRET, givenReceiver } from './given';

const KEY = Buffer.alloc(32, 1);
const MESSAGE = { id: 'msg_1', body: '{}' };
const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('An address of an endpoint', () => {
  it.each([
    'https://example.com/hooks?token=1',
    'https://example.com:8443/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://127.9.9.9:81/',
    'http://[::1]:3000/',
    'https://localhost/',
  ])('may be %s', (url) => {
    expect(isAllowedUrl(url)).toBe(true);
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://user:password@localhost/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://0/',
    'https://3232235777/',
    'https://0xc0a80101/',
    'https://0300.0250.1.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[::]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:a00:1::]/',
    'http://localhost.example.com/',
    'http://127.0.0.1.example.com/',
    '//example.com/',
    'example.com',
    '',
  ])('may not be %s', (url) => {
    expect(isAllowedUrl(url)).toBe(false);
  });

  it.each([
    ['a private one', ['10.1.2.3']],
    ['this machine', ['127.0.0.1']],
    ['a cloud’s metadata', ['169.254.169.254']],
    ['a private one in IPv6', ['fd00::1']],
    ['a private one written in IPv6', ['::ffff:192.168.0.1']],
    ['a public one and a private one', ['93.184.215.14', '10.1.2.3']],
  ])('whose name leads to %s is not asked', async (_what, addresses) => {
    const resolve = jest.fn((_hostname: string, done: (error: null, found: object[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
    const options = { resolve: resolve as never, timeoutMs: 2000 };
    const sent = await send({ url: 'https://hooks.example.com/', secrets: [KEY] }, MESSAGE, NOW, options);
    expect(sent).toEqual({ answer: 'address_refused' });
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('that names this machine is asked there alone', async () => {
    const receiver = await givenReceiver();
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    const leadingTo = (address: string) => ({
      resolve: (
        _hostname: string,
        done: (error: null, found: { address: string; family: number }[]) => void,
      ) => done(null, [{ address, family: 4 }]),
    });
    const endpoint = { url, secrets: [KEY] };
    expect(await send(endpoint, MESSAGE, NOW, leadingTo('127.0.0.1'))).toEqual({ answer: '204' });
    expect(await send(endpoint, MESSAGE, NOW, leadingTo('10.0.0.1'))).toEqual({ answer: 'address_refused' });
    expect(receiver.got).toHaveLength(1);
  });
});

/** A server that is spoken to without knowing HTTP. */
async function givenSocket(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secrets: [KEY] };
}
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe('Sending', () => {
  it('ends when nothing is answered in time', async () => {
    const endpoint = await givenSocket(() => undefined);
    expect(await send(endpoint, MESSAGE, NOW, { timeoutMs: 50 })).toEqual({ answer: 'timeout' });
  });

  it('goes by the status of an answer that never ends', async () => {
    const endpoint = await givenSocket((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso');
    });
    expect(await send(endpoint, MESSAGE, NOW, { timeoutMs: 50 })).toEqual({ answer: '200' });
  });

  it('hands on when the answer says to ask again', async () => {
    const receiver = await givenReceiver();
    receiver.answers(429, { 'retry-after': '120' });
    const sent = await send({ url: receiver.url, secrets: [KEY] }, MESSAGE, NOW);
    expect(sent).toEqual({ answer: '429', retryAfter: '120' });
  });

  it('reads no more of an answer than it needs', async () => {
    let written = 0;
    const part = 'x'.repeat(65_536);
    const endpoint = await givenSocket((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n');
      const more = () => {
        written += part.length;
        if (socket.writable) socket.write(part, more);
      };
      more();
    });
    expect(await send(endpoint, MESSAGE, NOW)).toEqual({ answer: '200' });
    expect(written).toBeLessThan(20_000_000);
  });

  it('tells of nobody who listens, and of what is no HTTP', async () => {
    const nobody = { url: 'http://127.0.0.1:1/', secrets: [KEY] };
    expect(await send(nobody, MESSAGE, NOW)).toEqual({ answer: 'unreachable' });
    const other = await givenSocket((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    expect(await send(other, MESSAGE, NOW)).toEqual({ answer: 'unreachable' });
  });
});

describe('Until when an address is left alone', () => {
  const DAY = 86_400_000;
  it.each([
    ['429', '120', 120_000],
    ['503', 'Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['503', 'Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['503', 'Sun Mar  1 12:00:30 2026', 30_000],
    ['429', '86401', DAY],
    ['429', '9'.repeat(400), DAY],
    ['503', 'Sun, 01 Mar 2037 12:00:00 GMT', DAY],
  ])('is what %s says with %s, at most a day', (answer, retryAfter, ms) => {
    expect(restUntil({ answer, retryAfter }, NOW)).toBe(NOW + ms);
  });

  it.each([
    ['500', '120'],
    ['200', '120'],
    ['timeout', undefined],
    ['429', undefined],
    ['429', ''],
    ['429', '0'],
    ['429', '-5'],
    ['429', '1.5'],
    ['429', '1e3'],
    ['429', 'soon'],
    ['429', '120, 240'],
    ['503', 'Sun, 01 Mar 2026 11:59:59 GMT'],
  ])('is not said by %s with %s', (answer, retryAfter) => {
    expect(restUntil({ answer, retryAfter }, NOW)).toBeNull();
  });
});

describe('The option webhooks', () => {
  const URL_OF = 'https://example.com/hook';

  it.each([
    ['webhooks[0].url', [{ url: 'http://example.com', secret: SECRET }]],
    [
      'webhooks[1].secret',
      [
        { url: URL_OF, secret: SECRET },
        { url: `${URL_OF}2`, secret: 'a plain password' },
      ],
    ],
    ['webhooks[0].secret', [{ url: URL_OF, secret: `whsec_${Buffer.alloc(23).toString('base64')}` }]],
    ['webhooks[0].secret', [{ url: URL_OF, secret: `whsec_${Buffer.alloc(65).toString('base64')}` }]],
    ['webhooks[0]', [{ url: URL_OF }]],
    ['webhooks[0]', [{ url: URL_OF, secret: SECRET, secrets: [OTHER_SECRET] }]],
    ['webhooks[0].secrets', [{ url: URL_OF, secrets: [] }]],
    ['webhooks[0].types.0', [{ url: URL_OF, secret: SECRET, types: ['everything'] }]],
    ['webhooks[0]', [{ url: URL_OF, secret: SECRET, typo: true }]],
    [
      'webhooks',
      [
        { url: URL_OF, secret: SECRET },
        { url: URL_OF, secret: OTHER_SECRET },
      ],
    ],
    ['webhooks', 'https://example.com'],
  ])('stops the start at %s, and repeats no secret', (setting, webhooks) => {
    const start = () =>
      affiliates({
        database: 'sqlite::memory:',
        host: recordingHost(),
        settings: { portalUrl: PORTAL },
        secrets: [PROGRAM_SECRET],
        webhooks: webhooks as never,
      });
    expect(start).toThrow(expect.objectContaining({ code: 'setting_invalid' }) as Error);
    expect(start).toThrow(`The setting ${setting} must`);
    expect(start).not.toThrow(/password|whsec_[A-Za-z0-9]/);
  });

  it('gives an endpoint the same key for as long as its address is the same', () => {
    const [one] = readWebhooks([{ url: 'https://EXAMPLE.com:443/hook', secret: SECRET }]);
    const [same] = readWebhooks([{ url: URL_OF, secrets: [OTHER_SECRET, SECRET] }]);
    expect(one!.key).toBe(same!.key);
    expect(same!.secrets).toHaveLength(2);
  });
});
