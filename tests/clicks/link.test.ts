/** Test my link: what it says of an address, and that a click on that address does what it says. */
import { judgeLink, readLink } from '../../module/clicks/link';
import { readCode } from '../../module/clicks/rules';
import { linkOf } from '../../module/referralLink';
import { readSettings } from '../../module/settings';
import type { AffiliateView } from '../../module/views';

const PORTAL = 'https://my.example.com';
const OWN = 'bcd234fg';
const OTHER = 'zzz999xx';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const anna: AffiliateView = {
  id: 1,
  clientId: '12',
  code: OWN,
  status: 'active',
  statusReason: '',
  locale: 'en',
  enrolledAt: 0,
};

interface Change {
  readonly portalUrl?: string;
  readonly referralLink?: string;
  readonly affiliate?: Partial<AffiliateView>;
  readonly userAgent?: string | null;
  readonly attribution?: 'first' | 'last';
  readonly repeatClickMinutes?: number;
}

function test(written: string, change: Change = {}) {
  const { portalUrl = PORTAL, affiliate = {}, userAgent = null, ...others } = change;
  const settings = readSettings({ portalUrl, ...others });
  const link = readLink(settings, written);
  const code = readCode(link.code);
  const owner = code === OWN ? { id: 1 } : code === OTHER ? { id: 2 } : null;
  return judgeLink({ settings, link, owner, userAgent, affiliate: { ...anna, ...affiliate } });
}

/** What is wrong, as 'check.finding'. */
const problems = (written: string, change?: Change) =>
  test(written, change)
    .checks.filter(({ mark }) => mark === 'bad')
    .map(({ check, finding }) => `${check}.${finding}`);

const found = (written: string, check: string, change?: Change) =>
  test(written, change).checks.find((each) => each.check === check);

describe('A click would be credited on', () => {
  it.each([
    ['the link itself', `${PORTAL}/r/${OWN}`],
    ['the link without its beginning', `my.example.com/r/${OWN}`],
    ['the link in capitals', `HTTPS://MY.EXAMPLE.COM/r/${OWN.toUpperCase()}`],
    ['the link with its port', `https://my.example.com:443/r/${OWN}`],
    ['a link to a page', `${PORTAL}/r/${OWN}?to=%2Fpricing%3Fplan%3D1`],
    ['a link with a campaign', `${PORTAL}/r/${OWN}?campaign=spring.2026`],
    ['any page of the portal with ?ref=', `${PORTAL}/pricing?plan=1&ref=${OWN}`],
    ['the front page with ?ref=', `${PORTAL}?ref=${OWN}`],
    ['a code written in percent escapes', `${PORTAL}/r/%62cd234fg`],
    ['the last of several codes', `${PORTAL}/?ref=${OTHER}&ref=${OWN}`],
    ['the link over http', `http://my.example.com/r/${OWN}`],
  ])('%s', (_what, address) => {
    expect(problems(address)).toEqual([]);
    expect(test(address).credited).toBe(true);
  });

  it.each([
    ['a page elsewhere', `${PORTAL}/r/${OWN}?to=https%3A%2F%2Fevil.example`, 'landing.refused'],
    ['a page at //', `${PORTAL}/r/${OWN}?to=//evil.example`, 'landing.refused'],
    [
      'a page behind a user name',
      `${PORTAL}/r/${OWN}?to=https://my.example.com@evil.example`,
      'landing.refused',
    ],
    ['a page with a line break', `${PORTAL}/r/${OWN}?to=/a%0d%0aSet-Cookie:x`, 'landing.refused'],
    ['a campaign with spaces', `${PORTAL}/r/${OWN}?campaign=spring%20sale`, 'campaign.dropped'],
  ])('a link that names %s, though that is left out', (_what, address, problem) => {
    expect(problems(address)).toEqual([problem]);
    expect(test(address).credited).toBe(true);
  });
});

describe('A click would not be credited on', () => {
  it.each([
    ['no address at all', 'my link', 'address.unreadable'],
    ['the end of a link', `/r/${OWN}`, 'address.incomplete'],
    ['an address that begins with //', `//evil.example/r/${OWN}`, 'address.incomplete'],
    ['a link with a line break in it', `${PORTAL}/r/${OWN}\r\nSet-Cookie: x`, 'address.characters'],
    ['a link with a backslash', `https:\\\\evil.example/r/${OWN}`, 'address.characters'],
    ['a link with an invisible separator', `${PORTAL}/r/${OWN}\u2028`, 'address.characters'],
    ['a script', 'javascript:alert(1)', 'address.unreadable'],
    ['a file', 'file:///etc/passwd', 'address.scheme'],
    ['a user name in front of the portal', `https://anna@my.example.com/r/${OWN}`, 'address.user'],
    ['the portal’s name in front of another', `https://my.example.com@evil.example/r/${OWN}`, 'address.user'],
    ['another site', `https://evil.example/r/${OWN}`, 'host.elsewhere'],
    ['the portal’s name within another', `https://my.example.com.evil.example/r/${OWN}`, 'host.elsewhere'],
    ['a name that looks the same', `https://mу.example.com/r/${OWN}`, 'host.elsewhere'], // a Cyrillic у
    ['another port', `https://my.example.com:8443/r/${OWN}`, 'host.elsewhere'],
    ['an address within the network', `http://169.254.169.254/r/${OWN}`, 'host.elsewhere'],
    ['the portal without a code', `${PORTAL}/pricing`, 'code.missing'],
    ['a link that ends too early', `${PORTAL}/r/`, 'code.missing'],
    ['a letter mistyped', `${PORTAL}/r/bcd334fg`, 'code.mistyped'],
    ['two letters changed about', `${PORTAL}/r/bdc234fg`, 'code.mistyped'],
    ['a letter left out', `${PORTAL}/r/bcd23fg`, 'code.mistyped'],
    ['somebody else’s link', `${PORTAL}/r/${OTHER}`, 'code.other'],
    ['nobody’s link', `${PORTAL}/r/kkkkkkkk`, 'code.unknown'],
    ['more after the code', `${PORTAL}/r/${OWN}/pricing`, 'code.unknown'],
    ['a line break in the code', `${PORTAL}/r/${OWN}%0d%0ax`, 'code.unknown'],
    ['a broken escape', `${PORTAL}/r/%E0%A4%A`, 'code.unknown'],
  ])('%s', (_what, address, problem) => {
    expect(problems(address)).toEqual([problem]);
    expect(test(address).credited).toBe(false);
  });

  it('the link of an affiliate who is suspended or closed', () => {
    for (const status of ['suspended', 'closed'] as const) {
      const report = test(`${PORTAL}/r/${OWN}`, { affiliate: { status } });
      expect(report.credited).toBe(false);
      expect(problems(`${PORTAL}/r/${OWN}`, { affiliate: { status } })).toEqual([`affiliate.${status}`]);
    }
  });

  it('a page beside a portal that has a folder of its own', () => {
    const portalUrl = 'https://example.com/billing/';
    expect(problems(`https://example.com/r/${OWN}`, { portalUrl })).toEqual(['host.outside']);
    expect(problems(`https://example.com/billing2?ref=${OWN}`, { portalUrl })).toEqual(['host.outside']);
    expect(problems(linkOf(readSettings({ portalUrl }), OWN), { portalUrl })).toEqual([]);
    expect(problems(`https://example.com/billing?ref=${OWN}`, { portalUrl })).toEqual([]);
  });
});

describe('A form of links of the host’s own', () => {
  it.each([
    [
      '{portal}/index.php?m=cloudpockets_affiliates&r={code}',
      `${PORTAL}/index.php?m=cloudpockets_affiliates&r=`,
    ],
    ['https://my.example.com/go/{code}', `${PORTAL}/go/`],
    ['{portal}/partner-{code}.html', `${PORTAL}/partner-`],
  ])('%s is made and read back', (referralLink, start) => {
    const link = linkOf(readSettings({ portalUrl: PORTAL, referralLink }), OWN);
    expect(link.startsWith(start + OWN)).toBe(true);
    expect(problems(link, { referralLink })).toEqual([]);
    const joint = link.includes('?') ? '&' : '?';
    expect(found(`${link}${joint}to=%2Fcart`, 'landing', { referralLink })?.finding).toBe('page');
    expect(problems(`${link}${joint}to=//evil.example`, { referralLink })).toEqual(['landing.refused']);
  });

  const referralLink = '{portal}/index.php?m=cloudpockets_affiliates&r={code}';

  it('leaves ?ref= on any other page what it is', () => {
    expect(problems(`${PORTAL}/cart.php?ref=${OWN}`, { referralLink })).toEqual([]);
  });

  it.each([
    ['of another page', `${PORTAL}/cart.php?m=cloudpockets_affiliates&r=${OWN}`],
    ['of another module', `${PORTAL}/index.php?m=other&r=${OWN}`],
    ['without its code', `${PORTAL}/index.php?m=cloudpockets_affiliates`],
    ['of the form that is usual', `${PORTAL}/r/${OWN}`],
  ])('finds no code in an address %s', (_what, address) => {
    expect(problems(address, { referralLink })).toEqual(['code.missing']);
  });
});

describe('Test my link', () => {
  it('shows the name of a site as what it is, not as what it looks like', () => {
    const host = found(`https://mу.example.com/r/${OWN}`, 'host');
    expect(host?.parameters).toMatchObject({ host: 'xn--m-cub.example.com' });
  });

  it('says the portal’s own way of being reached', () => {
    expect(found(`http://my.example.com/r/${OWN}`, 'host')).toMatchObject({
      mark: 'note',
      finding: 'other_scheme',
    });
  });

  it.each([
    [FIREFOX, 'counts'],
    ['Googlebot/2.1', 'robot'],
    ['', 'robot'],
  ])('says of a browser that calls itself %j that it %s', (userAgent, finding) => {
    expect(found(`${PORTAL}/r/${OWN}`, 'browser', { userAgent })?.finding).toBe(finding);
  });

  it('says nothing of a browser that it is not told of', () => {
    expect(found(`${PORTAL}/r/${OWN}`, 'browser')).toBeUndefined();
  });

  it('explains the rules as they are set', () => {
    const address = `${PORTAL}/r/${OWN}`;
    expect(found(address, 'touch', { attribution: 'first' })?.finding).toBe('first');
    expect(found(address, 'repeat')).toMatchObject({ finding: 'within', parameters: { minutes: 30 } });
    expect(found(address, 'repeat', { repeatClickMinutes: 0 })?.finding).toBe('never');
    expect(found(address, 'cookie')).toMatchObject({ parameters: { days: 90 } });
  });
});
