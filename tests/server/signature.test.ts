/** Who is let in: every way in which a request was ever forged, replayed or bent, over real HTTP. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { HOST_SECRET, OTHER_SECRET, startService, tokenFor, type Signing, type TestService } from './given';

const BODY = { acks: [] };
const REFUSED: readonly (readonly [string, string, (service: TestService) => Signing])[] = [
  ['no token', 'token_missing', () => ({ authorization: null })],
  ['another scheme', 'token_invalid', () => ({ authorization: 'Basic cG9ydGFsOnNlY3JldA==' })],
  ['what is no token', 'token_invalid', () => ({ authorization: 'Bearer a.b' })],
  ['a token that nobody signed', 'token_invalid', () => ({ algorithm: 'none', secret: '' })],
  ['a token with alg none and the signature of a real one', 'token_invalid', withHeader({ alg: 'none' })],
  ['a secret that is not ours', 'token_invalid', () => ({ secret: 'a secret that somebody has made up' })],
  ['a secret that was taken away', 'token_invalid', () => ({ secret: OTHER_SECRET })],
  ['a stronger hash than agreed', 'token_invalid', () => ({ algorithm: 'HS512' })],
  ['RS256, with a key pair of its own', 'token_invalid', withKeyPair],
  ['a header that says RS256', 'token_invalid', withHeader({ alg: 'RS256' })],
  ['a header with claims of its own', 'token_invalid', withHeader({ alg: 'HS256', crit: ['x'], x: 1 })],
  ['another issuer', 'token_mismatch', () => ({ claims: { iss: 'somebody' } })],
  ['another audience', 'token_mismatch', () => ({ claims: { aud: 'billing' } })],
  ['a list of audiences', 'token_invalid', () => ({ claims: { aud: ['affiliates', 'billing'] } })],
  ['another address', 'token_mismatch', () => ({ claims: { req: 'POST /events' } })],
  ['another query', 'token_mismatch', () => ({ claims: { req: 'POST /commands/ack?x=1' } })],
  ['another method', 'token_mismatch', () => ({ claims: { req: 'GET /commands/ack' } })],
  ['a body that was swapped', 'token_mismatch', () => ({ signed: '{"acks":[{}]}' })],
  ['a body with one space more', 'token_mismatch', () => ({ signed: `${JSON.stringify(BODY)} ` })],
  ['no body, in the token', 'token_mismatch', () => ({ signed: '' })],
  ['a token from the future', 'token_not_yet', ({ clock }) => lived(clock, 61, 120)],
  ['a token that has expired', 'token_expired', ({ clock }) => lived(clock, -120, -60)],
  ['a token that lives too long', 'token_invalid', ({ clock }) => lived(clock, 0, 301)],
  ['a token that ends before it begins', 'token_invalid', ({ clock }) => lived(clock, 10, 0)],
  ['no id', 'token_invalid', () => ({ claims: { jti: '' } })],
  ['an id of other characters', 'token_invalid', () => ({ claims: { jti: "x' OR 1=1 --" } })],
  ['an id that is too long', 'token_invalid', () => ({ claims: { jti: 'x'.repeat(65) } })],
  ['a hash that is a number', 'token_invalid', () => ({ claims: { sha256: 0 } })],
];

/** Claims that begin and end so many seconds from now. */
function lived(clock: TestService['clock'], from: number, until: number): Signing {
  const now = Math.floor(clock.now().getTime() / 1000);
  return { claims: { iat: now + from, exp: now + until } };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A right token whose header was exchanged. */
function withHeader(header: object) {
  return ({ clock }: TestService): Signing => {
    const [, claims, signature] = tokenFor(clock, 'POST /commands/ack', JSON.stringify(BODY)).split('.');
    const parts = [base64url(header), claims, 'alg' in header && header.alg === 'none' ? '' : signature];
    return { authorization: `Bearer ${parts.join('.')}` };
  };
}

function withKeyPair(): Signing {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { algorithm: 'RS256', secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

describeOnSqlite('A request', (database) => {
  let service: TestService | undefined;
  // One service for all: none of these requests may change anything.
  const shared = async () => (service ??= await startService(await database.clean()));
  afterEach(() => {
    service = undefined;
  });

  it('is taken with a token that is right', async () => {
    const { ask } = await shared();
    expect(await ask('POST', '/commands/ack', BODY)).toMatchObject({ status: 200, json: { acks: [] } });
    expect(await ask('GET', '/commands?limit=3')).toMatchObject({ status: 200, json: { commands: [] } });
  });

  it('is refused, whatever was bent about it, with 401 and the reason', async () => {
    const test = await shared();
    for (const [what, code, bend] of REFUSED) {
      const { status, json } = await test.ask('POST', '/commands/ack', BODY, bend(test));
      expect({ what, status, json }).toEqual({
        what,
        status: 401,
        json: { error: { code, message: expect.any(String) as string } },
      });
    }
  });

  it('bears clocks that differ by a minute, and no more', async () => {
    const test = await shared();
    for (const [from, until] of [
      [60, 120],
      [-119, -59],
      [0, 300],
    ] as const)
      expect(await test.ask('POST', '/commands/ack', BODY, lived(test.clock, from, until))).toMatchObject({
        status: 200,
      });
  });

  it('verifies with every secret that is listed', async () => {
    const { ask } = await startService(await database.clean(), { hostSecrets: [HOST_SECRET, OTHER_SECRET] });
    for (const secret of [HOST_SECRET, OTHER_SECRET])
      expect(await ask('POST', '/commands/ack', BODY, { secret })).toMatchObject({ status: 200 });
  });

  it('needs a token on every route but those that are open', async () => {
    const { service: one, ask } = await shared();
    const { json } = await ask('GET', '/openapi.json', undefined, { authorization: null });
    const paths = Object.entries(json['paths'] as Record<string, Record<string, { security?: unknown[] }>>);
    const open = paths.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) => (security ? [`${method} ${path}`] : [])),
    );
    expect(open.sort()).toEqual(
      ['get /healthz', 'get /metrics', 'get /openapi.json', 'get /r/{code}', 'get /readyz'].sort(),
    );
    for (const [path, methods] of paths)
      for (const method of Object.keys(methods).filter((name) => !open.includes(`${name} ${path}`))) {
        const answer = await ask(method.toUpperCase(), path, method === 'get' ? undefined : {}, {
          authorization: null,
        });
        expect({ path, method, status: answer.status }).toEqual({ path, method, status: 401 });
      }
    expect(one.app.hasRoute({ method: 'GET', url: '/assets/*' })).toBe(true);
  });
});

describeOnEachDatabase('A token', (database) => {
  it('is good once: at this process, at another, and after a restart', async () => {
    const url = await database.clean();
    const test = await startService(url);
    const token = tokenFor(test.clock, 'POST /commands/ack', JSON.stringify(BODY));
    const again = { authorization: `Bearer ${token}` };
    const replayed = { status: 401, json: { error: { code: 'token_replayed' } } };
    expect(await test.ask('POST', '/commands/ack', BODY, again)).toMatchObject({ status: 200 });
    expect(await test.ask('POST', '/commands/ack', BODY, again)).toMatchObject(replayed);
    const other = await startService(url, {}, test.clock);
    expect(await other.ask('POST', '/commands/ack', BODY, again)).toMatchObject(replayed);
    await test.close();
    const restarted = await startService(url, {}, test.clock);
    expect(await restarted.ask('POST', '/commands/ack', BODY, again)).toMatchObject(replayed);
  });

  it('is good once where twenty come at the same moment to two processes', async () => {
    const url = await database.clean();
    const one = await startService(url);
    const other = await startService(url, {}, one.clock);
    const authorization = `Bearer ${tokenFor(one.clock, 'POST /commands/ack', JSON.stringify(BODY))}`;
    const asked = Array.from({ length: 20 }, (_none, place) =>
      (place % 2 ? one : other).ask('POST', '/commands/ack', BODY, { authorization }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });

  it('is told from another one in other letters', async () => {
    const { ask } = await startService(await database.clean());
    for (const jti of ['abc', 'ABC']) {
      expect(await ask('POST', '/commands/ack', BODY, { claims: { jti } })).toMatchObject({ status: 200 });
    }
  });

  it('is forgotten the night after it has expired', async () => {
    const url = await database.clean();
    const { ask, clock } = await startService(url);
    const tokens = database.connect(url)('mod_affiliates_used_tokens');
    await ask('POST', '/events', { hook: 'DailyCronJob', payload: {} });
    expect(await tokens.clone()).toHaveLength(1);
    clock.advance({ minutes: 10 });
    await ask('POST', '/events', { hook: 'DailyCronJob', payload: {} }, { claims: { jti: randomUUID() } });
    expect(await tokens.clone()).toHaveLength(1);
  });
});
