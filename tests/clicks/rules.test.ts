import {
  readCampaign,
  readCode,
  reasonAgainst,
  referrerHost,
  type ClickReason,
} from '../../module/clicks/rules';
import { FIREFOX } from './given';

const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

describe('what speaks against a click', () => {
  test.each<[string, Record<string, string>, ClickReason]>([
    ['a browser', { 'user-agent': FIREFOX }, ''],
    ['a phone', { 'user-agent': SAFARI, 'sec-fetch-dest': 'document' }, ''],
    ["the portal's own script", { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }, ''],
    ['a search engine', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, 'robot'],
    ['a chat drawing a preview', { 'user-agent': 'WhatsApp/2.23.20.0' }, 'robot'],
    ['a command line', { 'user-agent': 'curl/8.5.0' }, 'robot'],
    ['a program', { 'user-agent': 'python-requests/2.32.3' }, 'robot'],
    ['a browser without a window', { 'user-agent': FIREFOX.replace('Firefox', 'HeadlessChrome') }, 'robot'],
    ['nobody in particular', { 'user-agent': '' }, 'robot'],
    ['a robot in a frame', { 'user-agent': 'curl/8.5.0', 'sec-fetch-dest': 'iframe' }, 'robot'],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 'prefetch'],
    ['a prerender', { 'sec-purpose': 'prefetch;prerender' }, 'prefetch'],
    ['an older prefetch', { purpose: 'Prefetch' }, 'prefetch'],
    ["a prefetch in Mozilla's words", { 'x-moz': 'prefetch' }, 'prefetch'],
    ["a preview in Safari's words", { 'x-purpose': 'preview' }, 'prefetch'],
    ['a hidden frame', { 'sec-fetch-dest': 'iframe' }, 'prefetch'],
    ['an old frame', { 'sec-fetch-dest': 'frame' }, 'prefetch'],
    ['an image', { 'sec-fetch-dest': 'image' }, 'prefetch'],
    ['a script', { 'sec-fetch-dest': 'script' }, 'prefetch'],
    ["another site's script", { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' }, 'prefetch'],
  ])('%s', (_who, headers, reason) => {
    expect(reasonAgainst({ 'user-agent': FIREFOX, ...headers }, 'active')).toBe(reason);
  });

  test.each(['suspended', 'closed'] as const)("a %s affiliate's link", (status) => {
    expect(reasonAgainst({ 'user-agent': FIREFOX }, status)).toBe('suspended');
    expect(reasonAgainst({ 'user-agent': 'curl/8.5.0' }, status)).toBe('robot');
  });

  test('no name of a browser at all', () => {
    expect(reasonAgainst({}, 'active')).toBe('robot');
  });
});

describe('what is read of a visit', () => {
  test.each([
    ['spring_2026-v1.a', 'spring_2026-v1.a'],
    ['', ''],
    ['spring sale', ''],
    ['<script>', ''],
    ["x' OR 1=1", ''],
    ['ä', ''],
    ['a\n', ''],
    ['a'.repeat(64), 'a'.repeat(64)],
    ['a'.repeat(65), ''],
  ])('campaign %j is %j', (written, campaign) => {
    expect(readCampaign(written)).toBe(campaign);
  });

  test.each([
    ['anna2345', 'anna2345'],
    [' ANNA2345 ', 'anna2345'],
    ['', ''],
    ['%', ''],
    ["a' --", ''],
    ['a'.repeat(41), ''],
  ])('code %j is %j', (written, code) => {
    expect(readCode(written)).toBe(code);
  });

  test.each([
    ['https://Blog.example.org/users/anna?token=1', 'blog.example.org'],
    ['http://192.0.2.1:8080/', '192.0.2.1'],
    ['https://anna:secret@blog.example.org/', 'blog.example.org'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://<script>.example/', ''],
    ['javascript:alert(1)', ''],
    ['file:///home/anna/notes.html', ''],
    ['not an address', ''],
    [`https://${'a.'.repeat(200)}example/`, ''],
    [undefined, ''],
  ])('referrer %j is of %j', (referer, host) => {
    expect(referrerHost(referer)).toBe(host);
  });
});
