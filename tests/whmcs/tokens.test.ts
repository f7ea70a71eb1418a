/** PHP and Node sign and read each other's tokens, and refuse the same ones. */
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { decode, sign, verify, type JwtPayload } from 'jsonwebtoken';
import { ADDON } from '../../scripts/whmcs-generate';
import { checkBody, readToken } from '../../server/signature';
import { describeWith, PHP } from '../support/programs';

const SECRET = 'a secret that portal and service share';
const ADDRESS = '/modules/addons/cloudpockets_affiliates/reconcile.php?from=2026-01-01&to=2026-01-31';
const NO_SECRET = 'another secret of thirty-two characters';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function php(cases: readonly object[]): unknown[] {
  const script = join(__dirname, 'stand-in/standin/token.php');
  const { stdout } = spawnSync('php', [script, ADDON], { input: JSON.stringify(cases), encoding: 'utf8' });
  return JSON.parse(stdout) as unknown[];
}

describeWith(PHP, 'A token', () => {
  const VECTORS = [
    { secret: SECRET, method: 'GET', address: '/commands?limit=20', body: '' },
    { secret: SECRET, method: 'POST', address: '/events', body: '{"events":[]}' },
    { secret: SECRET, method: 'POST', address: '/clicks', body: '{"code":"Zoë 🎉 \\u2028"}' },
    {
      secret: 'ümläute ündso weiter, zweiunddreißig',
      method: 'PUT',
      address: '/settings',
      body: 'x'.repeat(70_000),
    },
    {
      secret: `${'s'.repeat(200)}"'\\`,
      method: 'POST',
      address: '/pages/panels/X?a=b%20c&d=%C3%A9',
      body: '{}',
    },
  ];

  it('that PHP signs is what Node and the service expect, for any secret, address and body', () => {
    const tokens = php(VECTORS) as string[];
    for (const [index, { secret, method, address, body }] of VECTORS.entries()) {
      const token = tokens[index]!;
      const claims = verify(token, secret, {
        algorithms: ['HS256'],
        issuer: 'portal',
        audience: 'affiliates',
      }) as JwtPayload;
      expect(claims).toMatchObject({ req: `${method} ${address}`, sha256: sha256(body) });
      expect(claims.exp! - claims.iat!).toBeLessThanOrEqual(300);
      expect(claims.jti).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(() => verify(token, `${secret}!`)).toThrow('invalid signature');
      const expected = { secrets: [NO_SECRET, secret], now: Date.now(), method, url: address };
      expect(() => checkBody(readToken(`Bearer ${token}`, expected), Buffer.from(body))).not.toThrow();
    }
    const ids = php(Array.from({ length: 50 }, () => VECTORS[0]!)).map(
      (token) => (decode(token as string) as JwtPayload).jti,
    );
    expect(new Set(ids).size).toBe(50);
  });

  const now = Math.floor(Date.now() / 1000);
  const GOOD = {
    ...{ iss: 'affiliates', aud: 'portal', iat: now, exp: now + 120, jti: 'one-2_3' },
    ...{ req: `GET ${ADDRESS}`, sha256: sha256('') },
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head = '', payload = '', signature = ''] = sign(GOOD, SECRET).split('.');

  const CASES: readonly (readonly [string, string, boolean])[] = [
    ['that is right', sign(GOOD, SECRET), true],
    ['of a clock a little behind', sign({ ...GOOD, iat: now - 170, exp: now - 50 }, SECRET), true],
    ['of a clock a little ahead', sign({ ...GOOD, iat: now + 50, exp: now + 170 }, SECRET), true],
    ['that has expired', sign({ ...GOOD, iat: now - 300, exp: now - 90 }, SECRET), false],
    ['of the future', sign({ ...GOOD, iat: now + 90, exp: now + 120 }, SECRET), false],
    ['that lives too long', sign({ ...GOOD, exp: now + 3600 }, SECRET), false],
    ['of another issuer', sign({ ...GOOD, iss: 'portal' }, SECRET), false],
    ['for another audience', sign({ ...GOOD, aud: 'affiliates' }, SECRET), false],
    ['for several audiences', sign({ ...GOOD, aud: ['portal', 'x'] }, SECRET), false],
    ['for another request', sign({ ...GOOD, req: `POST ${ADDRESS}` }, SECRET), false],
    ['for another body', sign({ ...GOOD, sha256: sha256('x') }, SECRET), false],
    ['with an id that is none', sign({ ...GOOD, jti: "x' OR 1" }, SECRET), false],
    ['without an id', sign({ ...GOOD, jti: undefined }, SECRET, { mutatePayload: true }), false],
    ['of another secret', sign(GOOD, 'another secret of thirty-two characters'), false],
    ['with another algorithm', sign(GOOD, SECRET, { algorithm: 'HS512' }), false],
    ['with a key of another kind', sign(GOOD, privateKey, { algorithm: 'RS256' }), false],
    ['that claims to need no signature', `${part({ alg: 'none', typ: 'JWT' })}.${payload}.`, false],
    ['that says none, and is signed', `${part({ alg: 'none' })}.${payload}.${signature}`, false],
    ['with its content changed', `${head}.${part({ ...GOOD, jti: 'two' })}.${signature}`, false],
    ['with its signature cut', `${head}.${payload}.${signature.slice(0, -2)}`, false],
    ['of two parts', `${head}.${payload}`, false],
    ['that is no token', 'x', false],
    ['that is empty', '', false],
  ];

  it.each(CASES)('%s is read by PHP as such', (_what, token, isGood) => {
    expect(php([{ secret: SECRET, method: 'GET', address: ADDRESS, token }])).toEqual([isGood]);
  });

  it('is never good under a secret that is too short', () => {
    const token = sign(GOOD, 'short');
    expect(php([{ secret: 'short', method: 'GET', address: ADDRESS, token }])).toEqual([false]);
  });
});
