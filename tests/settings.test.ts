import { AffiliatesError } from '../module/errors';
import { affiliates } from '../index';
import { describeSettings, parseRate, readSettings, type SettingsInput } from '../module/settings';
import { recordingHost } from './support/host';

const portalUrl = 'https://my.example.com';
/** Own properties only, and all of them: a spread would drop an own `__proto__`. */
const handedIn = (written: object) =>
  Object.defineProperties({ portalUrl }, Object.getOwnPropertyDescriptors(written)) as SettingsInput;

/** @returns what the refusal tells of the setting, as an operator reads it */
function refusal(settings: SettingsInput): { setting: string; problem: string } {
  try {
    readSettings(settings);
  } catch (error) {
    if (error instanceof AffiliatesError && error.code === 'setting_invalid') {
      return error.parameters as { setting: string; problem: string };
    }
    throw error;
  }
  throw new Error('it was not refused');
}

describe('Settings', () => {
  it('need nothing but the address of the portal', () => {
    expect(readSettings({ portalUrl })).toEqual({
      programName: 'Affiliate Program',
      portalUrl,
      referralLink: '{portal}/r/{code}',
      currency: 'USD',
      threshold: 5000,
      otherThresholds: [],
      defaultRate: { kind: 'percent', basisPoints: 1000 },
      recurring: 'every',
      termsOrder: ['affiliate', 'group', 'coupon', 'campaign', 'product', 'productGroup', 'kind'],
      payoutCurrency: 'invoice',
      couponOrLink: 'link',
      clearingDays: 0,
      cookieDays: 90,
      cookieName: 'affiliates_ref',
      attribution: 'last',
      repeatClickMinutes: 30,
      ticketDepartment: 'Support',
      requestWords: ['affiliate'],
      referralPrivacy: 'initials',
      payoutMethods: ['credit', 'paypal', 'bank'],
      approvalAbove: 50_000,
      timeZone: 'UTC',
      language: 'english',
    });
  });

  it.each([
    [{ portalUrl: 'https://my.example.com/' }, { portalUrl }],
    [{ portalUrl: 'http://127.0.0.1:8080' }, { portalUrl: 'http://127.0.0.1:8080' }],
    [{ threshold: '0.01' }, { threshold: 1 }],
    [
      { otherThresholds: '45.00 EUR, 7500 jpy' },
      {
        otherThresholds: [
          { amount: 4500, currency: 'EUR' },
          { amount: 7500, currency: 'JPY' },
        ],
      },
    ],
    [{ otherThresholds: '' }, { otherThresholds: [] }],
    [{ currency: 'JPY' }, { currency: 'JPY', threshold: 50, approvalAbove: 500 }],
    [{ approvalAbove: '' }, { approvalAbove: null }],
    [{ approvalAbove: '0' }, { approvalAbove: 0 }],
    [{ approvalAbove: '1.234', currency: 'KWD' }, { approvalAbove: 1234 }],
    [{ currency: 'KWD', threshold: '1.234' }, { threshold: 1234 }],
    [{ defaultRate: '12.5%' }, { defaultRate: { kind: 'percent', basisPoints: 1250 } }],
    [{ defaultRate: '0%' }, { defaultRate: { kind: 'percent', basisPoints: 0 } }],
    [{ defaultRate: '5.00' }, { defaultRate: { kind: 'fixed', amount: 500, currency: 'USD' } }],
    [{ requestWords: 'affiliate, partner ,' }, { requestWords: ['affiliate', 'partner'] }],
    [{ payoutMethods: 'paypal' }, { payoutMethods: ['paypal'] }],
    [{ referralLink: '{portal}/?via={code}' }, { referralLink: '{portal}/?via={code}' }],
    [{ clearingDays: '30' }, { clearingDays: 30 }],
    [{ timeZone: 'Europe/Berlin' }, { timeZone: 'Europe/Berlin' }],
  ])('read %j', (written, expected) => {
    expect(readSettings(handedIn(written))).toMatchObject(expected);
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ programName: '' }, 'programName', /must not be empty/],
    [{ programName: 'x'.repeat(81) }, 'programName', /must be at most 80 characters/],
    [{ portalUrl: 'my.example.com' }, 'portalUrl', /must be the http\(s\) address of the portal/],
    [{ portalUrl: 'javascript:alert(1)' }, 'portalUrl', /must be the http\(s\) address of the portal/],
    [{ portalUrl: undefined }, 'portalUrl', /must be the http\(s\) address of the portal/],
    [{ referralLink: '{portal}/r/' }, 'referralLink', /must be an address of the portal with {code}/],
    [{ referralLink: '{portal}/r/{code}/{code}' }, 'referralLink', /must be an address of the portal/],
    [{ referralLink: '/r/{code}' }, 'referralLink', /must be an address of the portal/],
    [{ referralLink: '{portal}/#{code}' }, 'referralLink', /must be an address of the portal/],
    [{ referralLink: '{portal}/?x=a{code}' }, 'referralLink', /must be an address of the portal/],
    [{ referralLink: '{portal}.evil.example/{code}' }, 'referralLink', /must be an address of the portal/],
    [{ referralLink: 'https://evil.example/{code}' }, 'referralLink', /must be an address of the portal/],
    [{ currency: 'usd' }, 'currency', /must be an ISO 4217 code such as USD/],
    [{ currency: 'ABC' }, 'currency', /must be an ISO 4217 code such as USD/],
    [{ threshold: '50,00' }, 'threshold', /must be an amount such as 50.00/],
    [{ threshold: '1e3' }, 'threshold', /must be an amount such as 50.00/],
    [{ threshold: '0' }, 'threshold', /must be more than zero/],
    [{ threshold: '-5' }, 'threshold', /must be more than zero/],
    [{ currency: 'JPY', threshold: '50.50' }, 'threshold', /must be an amount/],
    [{ otherThresholds: '45.00' }, 'otherThresholds', /amounts with their currency/],
    [{ otherThresholds: '45.00 XXQ' }, 'otherThresholds', /amounts with their currency/],
    [{ otherThresholds: '45.00 EUR and more' }, 'otherThresholds', /amounts with their currency/],
    [{ otherThresholds: '45.50 JPY' }, 'otherThresholds', /amounts with their currency/],
    [{ otherThresholds: '0 EUR' }, 'otherThresholds', /must be more than zero/],
    [{ otherThresholds: '45.00 EUR, 50.00 EUR' }, 'otherThresholds', /each currency once/],
    [{ otherThresholds: '45.00 USD' }, 'otherThresholds', /not USD, whose setting is threshold/],
    [{ defaultRate: '101%' }, 'defaultRate', /must be a percentage such as 10% or an amount such as 5.00/],
    [{ defaultRate: '-1%' }, 'defaultRate', /must be a percentage/],
    [{ defaultRate: '1.234%' }, 'defaultRate', /must be a percentage/],
    [{ defaultRate: 'ten' }, 'defaultRate', /must be a percentage/],
    [{ defaultRate: '-5.00' }, 'defaultRate', /must be a percentage/],
    [{ recurring: 'sometimes' }, 'recurring', /must be one of: every, once/],
    [{ clearingDays: -1 }, 'clearingDays', /must be at least 0/],
    [{ clearingDays: 366 }, 'clearingDays', /must be at most 365/],
    [{ clearingDays: 1.5 }, 'clearingDays', /must be a whole number/],
    [{ clearingDays: 'soon' }, 'clearingDays', /must be a whole number/],
    [{ clearingDays: '' }, 'clearingDays', /must be a whole number/],
    [{ clearingDays: null }, 'clearingDays', /must be a whole number/],
    [{ clearingDays: true }, 'clearingDays', /must be a whole number/],
    [{ clearingDays: '1e2' }, 'clearingDays', /must be a whole number/],
    [{ cookieDays: 0 }, 'cookieDays', /must be at least 1/],
    [{ cookieDays: 731 }, 'cookieDays', /must be at most 730/],
    [{ cookieName: 'a b' }, 'cookieName', /must be 1 to 64 letters, digits, _ or -/],
    [{ cookieName: 'a;Path=/' }, 'cookieName', /must be 1 to 64 letters/],
    [{ attribution: 'both' }, 'attribution', /must be one of: last, first/],
    [{ repeatClickMinutes: -1 }, 'repeatClickMinutes', /must be at least 0/],
    [{ repeatClickMinutes: 1441 }, 'repeatClickMinutes', /must be at most 1440/],
    [{ ticketDepartment: '  ' }, 'ticketDepartment', /must not be empty/],
    [{ requestWords: '' }, 'requestWords', /must hold at least one word/],
    [{ requestWords: [] }, 'requestWords', /must hold at least one word/],
    [{ referralPrivacy: 'full' }, 'referralPrivacy', /must be one of: initials, name, hidden/],
    [{ payoutMethods: 'cash' }, 'payoutMethods', /must be one of: credit, paypal, bank/],
    [{ payoutMethods: [] }, 'payoutMethods', /must hold at least one method/],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone', /must be an IANA time zone such as Europe\/Berlin/],
    [{ language: 'klingon' }, 'language', /must be one of: english, german, arabic/],
    [{ cookieDay: 5 }, 'cookieDay', /is not a setting; the settings are: programName, portalUrl/],
    [{ toString: 1 }, 'toString', /is not a setting/],
    [
      JSON.parse('{"__proto__": {"currency": "EUR"}}') as Record<string, unknown>,
      '__proto__',
      /is not a setting/,
    ],
  ])('refuse %j, naming %s and what it must be', (written, setting, problem) => {
    const told = refusal(handedIn(written));
    expect(told).toEqual({ setting, problem: expect.stringMatching(problem) as string });
    // A sentence for people: no codes, no stack, no words of a validation library.
    expect(told.problem).not.toMatch(/Invalid|expected|received|undefined|ZodError/);
  });

  it('have a test for the refusal of every single one', () => {
    for (const { name } of describeSettings()) {
      const told = refusal(handedIn({ [name]: {} }));
      expect(told.setting).toBe(name);
      expect(told.problem).toMatch(/^must /);
      expect(told.problem).not.toMatch(/Invalid|expected|received/);
    }
  });

  it('stop the start when they are wrong', () => {
    const start = (settings: Record<string, unknown>, secrets: string[]) => () =>
      affiliates({
        database: 'sqlite::memory:',
        host: recordingHost(),
        settings: { portalUrl, ...settings },
        secrets,
      });
    const secret = 'x'.repeat(32);
    expect(start({ threshold: 'much' }, [secret])).toThrow('threshold');
    expect(start({}, [])).toThrow('at least one secret, each of 32 characters or more');
    expect(start({}, ['short'])).toThrow('at least one secret');
    expect(start({}, [secret, 'short'])).toThrow('at least one secret');
    // Where secrets are written down they are no secrets.
    expect(start({}, ['x'.repeat(31)])).not.toThrow('xxx');
  });
});

describe('A rate', () => {
  it.each([
    ['10%', { kind: 'percent', basisPoints: 1000 }],
    [' 12.5 % ', { kind: 'percent', basisPoints: 1250 }],
    ['0.01%', { kind: 'percent', basisPoints: 1 }],
    ['100%', { kind: 'percent', basisPoints: 10_000 }],
    ['0%', { kind: 'percent', basisPoints: 0 }],
    ['0', { kind: 'fixed', amount: 0, currency: 'USD' }],
    ['7.5', { kind: 'fixed', amount: 750, currency: 'USD' }],
  ])("is read from '%s'", (written, rate) => {
    expect(parseRate(written, 'USD', 'rate')).toEqual(rate);
  });

  it.each(['', '%', '100.01%', '1000%', '1e1%', '-5%', '5 5%', '10 percent', 'NaN%', '1,5%', '-1', '0.001'])(
    "is not '%s'",
    (written) => {
      expect(() => parseRate(written, 'USD', 'rate')).toThrow('rate_invalid {"field":"rate"}');
    },
  );
});
