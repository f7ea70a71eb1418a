import { truncateNetwork, visitorHashes } from '../../module/clicks/visitor';
import { FIREFOX, SECRET } from './given';

const MINUTE = 60_000;

describe('the network of an address', () => {
  test.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['::ffff:cb00:714d', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0DB8:0001::6', '2001:db8:1::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
    ['::1', '::/48'],
    ['', ''],
    ['unknown', ''],
    ['1', ''],
    ['0x7f.1', ''],
    ['203.0.113.999', ''],
    ['203.0.113.7, 198.51.100.1', ''],
    ['<script>', ''],
  ])('of %j is %j', (ip, network) => {
    expect(truncateNetwork(ip)).toBe(network);
  });
});

describe('recognising a visitor', () => {
  const hashes = (
    instant: string,
    { ip = '203.0.113.7', userAgent = FIREFOX, window = 30, timeZone = 'UTC' } = {},
  ) =>
    visitorHashes(
      { ip, userAgent },
      { secret: SECRET, timeZone, windowMs: window * MINUTE, at: Date.parse(instant) },
    );

  test('the hash holds for a day and turns at midnight', () => {
    expect(hashes('2026-03-01T01:00:00Z')).toEqual(hashes('2026-03-01T23:59:59Z'));
    expect(hashes('2026-03-01T12:00:00Z')).not.toEqual(hashes('2026-03-02T12:00:00Z'));
  });

  test('just after midnight the hash of the day before comes along', () => {
    const [before] = hashes('2026-03-01T23:50:00Z');
    const [later] = hashes('2026-03-02T12:00:00Z');
    expect(hashes('2026-03-02T00:10:00Z')).toEqual([before, later]);
    expect(hashes('2026-03-02T00:30:00Z')).toEqual([later]);
  });

  test('midnight is that of the time zone', () => {
    const berlin = { timeZone: 'Europe/Berlin' };
    expect(hashes('2026-03-01T22:59:00Z', berlin)).not.toEqual(hashes('2026-03-01T23:31:00Z', berlin));
    expect(hashes('2026-03-01T23:31:00Z', berlin)).toEqual(hashes('2026-03-02T22:59:00Z', berlin));
  });

  test('a window of a day reaches over a day that is an hour short', () => {
    // 2026-03-29 has 23 hours in Berlin: a day before half past midnight on the 30th is late on the 28th.
    expect(hashes('2026-03-29T22:30:00Z', { timeZone: 'Europe/Berlin', window: 1440 })).toHaveLength(3);
  });

  test('a day whose midnight is skipped is still one day', () => {
    // Cairo's clocks go from 23:59:59 on 2026-04-23 to 01:00 on the 24th.
    expect(hashes('2026-04-23T22:10:00Z', { timeZone: 'Africa/Cairo' })).toHaveLength(2);
  });

  test('one address is one visitor however it is written', () => {
    const at = '2026-03-01T12:00:00Z';
    expect(hashes(at, { ip: '::ffff:203.0.113.7' })).toEqual(hashes(at));
    expect(hashes(at, { ip: '2001:DB8::0:1' })).toEqual(hashes(at, { ip: '2001:db8::1' }));
    expect(hashes(at, { ip: '203.0.113.8' })).not.toEqual(hashes(at));
    expect(hashes(at, { userAgent: 'another' })).not.toEqual(hashes(at));
  });
});
