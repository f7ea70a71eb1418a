import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { readTouch, signTouch, touchCookie, touchFromCookieHeader } from '../../module/clicks/token';
import { SECRET, aSettings } from './given';

const OLD_SECRET = 'the secret that was used until last month';
const CLICKED = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const TOUCH = {
  affiliateId: 7,
  clickedAt: CLICKED,
  clickId: '01KJN8Q2ZW0000000000000000',
  campaign: 'spring',
};
const TAMPERED = { kind: 'invalid', code: 'token_tampered' };
const EXPIRED = { kind: 'invalid', code: 'token_expired' };

const token = signTouch(TOUCH, 90, [SECRET]);
const part = (index: number) => token.split('.')[index] ?? '';
const decoded = (index: number) =>
  JSON.parse(Buffer.from(part(index), 'base64url').toString()) as Record<string, unknown>;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token of these parts, signed as if by us. */
const forged = (header: object, claims: object, secret = SECRET) => {
  const body = `${encoded(header)}.${encoded(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
};

describe('the referral token', () => {
  test('says whose link was clicked, when, by which click and in which campaign', () => {
    expect(readTouch(token, [SECRET], CLICKED)).toEqual({ kind: 'link', ...TOUCH });
  });

  test('is read with any of the secrets, and signed with the first', () => {
    expect(readTouch(token, [OLD_SECRET, SECRET], CLICKED)).toMatchObject({ kind: 'link' });
    expect(readTouch(signTouch(TOUCH, 90, [OLD_SECRET, SECRET]), [SECRET], CLICKED)).toEqual(TAMPERED);
    expect(readTouch(token, [OLD_SECRET], CLICKED)).toEqual(TAMPERED);
  });

  test('ends with its last day, by the time that is handed in', () => {
    expect(readTouch(token, [SECRET], CLICKED + 90 * DAY - 1)).toMatchObject({ kind: 'link' });
    expect(readTouch(token, [SECRET], CLICKED + 90 * DAY)).toEqual(EXPIRED);
  });

  test('may come from a clock that is a minute ahead, and no more', () => {
    expect(readTouch(token, [SECRET], CLICKED - 60_000)).toMatchObject({ kind: 'link' });
    expect(readTouch(token, [SECRET], CLICKED - 60_001)).toEqual(TAMPERED);
  });

  describe('is refused as tampered with', () => {
    test('when our own parts are forged back together, they are not refused', () => {
      expect(readTouch(forged(decoded(0), decoded(1)), [SECRET], CLICKED)).toMatchObject({ kind: 'link' });
    });

    test.each<[string, string]>([
      ['nothing', ''],
      ['no token', 'anna2345'],
      ['dots', '..'],
      ['not signed', `${part(0)}.${part(1)}.`],
      ['signed by somebody else', forged(decoded(0), decoded(1), OLD_SECRET)],
      ['another affiliate', `${part(0)}.${encoded({ ...decoded(1), sub: '8' })}.${part(2)}`],
      ['alg none', `${encoded({ ...decoded(0), alg: 'none' })}.${part(1)}.`],
      ['alg none, in capitals', `${encoded({ ...decoded(0), alg: 'NONE' })}.${part(1)}.`],
      ['alg none with a signature', forged({ ...decoded(0), alg: 'none' }, decoded(1))],
      [
        'another algorithm of the same key',
        jwt.sign(decoded(1), SECRET, { algorithm: 'HS512', keyid: String(decoded(0)['kid']) }),
      ],
      [
        'an algorithm that takes our secret for a public key',
        forged({ ...decoded(0), alg: 'RS256' }, decoded(1)),
      ],
      ['no key named', forged({ alg: 'HS256', typ: 'JWT' }, decoded(1))],
      ['an unknown key named', forged({ ...decoded(0), kid: 'another' }, decoded(1))],
      ['a key named by an object', forged({ ...decoded(0), kid: {} }, decoded(1))],
      ['another audience', forged(decoded(0), { ...decoded(1), aud: 'affiliates/events' })],
      ['another audience that is over as well', forged(decoded(0), { ...decoded(1), aud: 'x', exp: 1 })],
      ['another issuer', forged(decoded(0), { ...decoded(1), iss: 'somebody' })],
      ['no subject', forged(decoded(0), { ...decoded(1), sub: undefined })],
      ['a subject that is no number', forged(decoded(0), { ...decoded(1), sub: '1e3' })],
      ['a subject past all numbers', forged(decoded(0), { ...decoded(1), sub: '9'.repeat(30) })],
      ['no beginning', forged(decoded(0), { ...decoded(1), iat: undefined })],
      ['no end', forged(decoded(0), { ...decoded(1), exp: undefined })],
      ['an end that is no number', forged(decoded(0), { ...decoded(1), exp: 'never' })],
      ['a click that is no id', forged(decoded(0), { ...decoded(1), jti: '<script>' })],
      ['a campaign that is none', forged(decoded(0), { ...decoded(1), campaign: '<script>' })],
      ['a list instead of claims', forged(decoded(0), [])],
      ['absurdly long, and signed by us', forged({ ...decoded(0), x: 'x'.repeat(4096) }, decoded(1))],
      ['a megabyte', 'a'.repeat(1_000_000)],
    ])('%s', (_attack, value) => {
      expect(readTouch(value, [SECRET], CLICKED)).toEqual(TAMPERED);
    });

    test('any other signature', () => {
      fc.assert(
        fc.property(
          fc.nat({ max: token.length - 1 }),
          fc.constantFrom('a', 'Z', '0', '-', '_', '.', '='),
          (position, letter) => {
            // The last letter of a signature holds two bits that mean nothing.
            fc.pre(token[position] !== letter && position < token.length - 1);
            const changed = token.slice(0, position) + letter + token.slice(position + 1);
            expect(readTouch(changed, [SECRET], CLICKED)).toEqual(TAMPERED);
          },
        ),
      );
    });
  });
});

describe('the referral cookie', () => {
  const settings = aSettings({ cookieName: 'ref', cookieDays: 90 });

  test('is for the server alone, comes along when a link is followed, and lasts as long as its token', () => {
    expect(touchCookie(token, settings, true)).toBe(
      `ref=${token}; Max-Age=7776000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(touchCookie(token, settings, false)).not.toContain('Secure');
  });

  test.each<[string, string | undefined, object]>([
    ['no header', undefined, { kind: 'none' }],
    ['an empty header', '', { kind: 'none' }],
    ['other cookies', 'session=1; reference=2', { kind: 'none' }],
    ['an emptied cookie', 'ref=', { kind: 'none' }],
    ['ours among others', `session=1; ref=${token}; a=b`, { kind: 'link', ...TOUCH }],
    ['ours in quotes', `ref="${token}"`, { kind: 'link', ...TOUCH }],
    ['something else under our name', 'ref=anna2345', TAMPERED],
    ['a broken escape', 'ref=%E0%A4%A', TAMPERED],
  ])('%s', (_what, header, touch) => {
    expect(touchFromCookieHeader(header, settings, [SECRET], CLICKED)).toEqual(touch);
  });

  test('is judged at the time of the signup, whenever we hear of it', () => {
    expect(touchFromCookieHeader(`ref=${token}`, settings, [SECRET], CLICKED + 91 * DAY)).toEqual(EXPIRED);
  });
});
