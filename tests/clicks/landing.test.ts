import fc from 'fast-check';
import { landingKept, landingOn } from '../../module/clicks/landing';

const PORTAL = 'https://my.example.com';
const HOME = `${PORTAL}/`;

describe('where a referral link may lead', () => {
  test.each([
    ['', HOME],
    ['/', HOME],
    ['/pricing?x=1', `${PORTAL}/pricing?x=1`],
    ['/pricing#plans', `${PORTAL}/pricing#plans`],
    ['/a b/ü', `${PORTAL}/a%20b/%C3%BC`],
    ['/search?back=https://evil.example/', `${PORTAL}/search?back=https://evil.example/`],
    [`${PORTAL}/pricing`, `${PORTAL}/pricing`],
    ['HTTPS://MY.example.com/pricing', `${PORTAL}/pricing`],
    ['https://my.example.com:443/pricing', `${PORTAL}/pricing`],
    ['/../../pricing', `${PORTAL}/pricing`],
    ['/@evil.example', `${PORTAL}/@evil.example`],
  ])('%j leads to %s', (landing, page) => {
    expect(landingOn(PORTAL, landing).href).toBe(page);
  });

  test.each([
    'https://evil.example/',
    'http://my.example.com/',
    'https://my.example.com:8443/',
    'https://my.example.com.evil.example/',
    'https://my.example.com@evil.example/',
    'https://anna@my.example.com/',
    'https://anna:secret@my.example.com/',
    'https://my.example.com%2eevil.example/',
    'https://my。example。com.evil.example/',
    'https://xn--my-eka.example.com/',
    'https://mу.example.com/', // a Cyrillic у
    '//evil.example',
    '///evil.example',
    '//my.example.com/pricing',
    '/\\evil.example',
    '\\\\evil.example',
    '/pricing\\..\\',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/pricing\r\nset-cookie: a=b',
    '/pricing\u0000',
    '/pricing\u0085',
    '/pricing\u2028',
    ' //evil.example',
    '\u0001https://evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'javascript:alert(1)',
    'data:text/html,hi',
    'blob:https://my.example.com/1',
    'pricing',
    '?x=1',
    '#x',
    'https://',
    'https://[',
    `/${'a'.repeat(2000)}`,
  ])('%j leads home', (landing) => {
    expect(landingOn(PORTAL, landing).href).toBe(HOME);
  });

  test("a portal below a path has its home there, and its landing pages anywhere on its host's origin", () => {
    expect(landingOn('https://example.com/billing', '').href).toBe('https://example.com/billing');
    expect(landingOn('https://example.com/billing', '/billing/cart').href).toBe(
      'https://example.com/billing/cart',
    );
  });

  test('whatever is asked for, the way never leads off the portal', () => {
    const piece = fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '@',
        ':',
        '?',
        '#',
        '.',
        '..',
        '%2f',
        '%5c',
        '%0d%0a',
        '\t',
        '\n',
        '\r',
        '\u0000',
        ' ',
      ],
      ...['https:', 'http:', 'javascript:', 'evil.example', 'my.example.com', '[::1]', '。', '／', 'а', '‮'],
    );
    const address = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
    );
    fc.assert(
      fc.property(address, (landing) => {
        const page = landingOn(PORTAL, landing);
        expect(page.origin).toBe(PORTAL);
        expect(page.href).toMatch(/^https:\/\/my\.example\.com\/(?!\/)[!-~]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is kept of a landing page', () => {
  test.each([
    ['/pricing', '/pricing'],
    [
      '/pricing?utm_source=blog&token=secret&utm_campaign=spring',
      '/pricing?utm_source=blog&utm_campaign=spring',
    ],
    ['/reset?email=anna%40example.com', '/reset'],
    ['/pricing?campaign=a%20b#plans', '/pricing?campaign=a+b'],
    ['/<script>alert(1)</script>', '/%3Cscript%3Ealert(1)%3C/script%3E'],
    ['/?utm_source="><img src=x>', '/?utm_source=%22%3E%3Cimg+src%3Dx%3E'],
  ])('of %s it is %s', (landing, kept) => {
    expect(landingKept(landingOn(PORTAL, landing))).toBe(kept);
  });

  test('it ends at 500 characters of ASCII, and never within an escape', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 100, maxLength: 1900 }), (tail) => {
        const kept = landingKept(new URL(`/${encodeURIComponent(tail)}`, PORTAL));
        expect(kept.length).toBeLessThanOrEqual(500);
        expect(kept).toMatch(/^\/[!-~]*$/);
        expect(kept).not.toMatch(/%[^%]?$/);
      }),
    );
  });
});
