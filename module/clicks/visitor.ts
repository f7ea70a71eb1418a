/** How a visitor is recognised again without being known: the address and the browser's name never leave here. */
import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { DateTime } from 'luxon';

/** @returns the network without the part that tells one household from another: '203.0.113.0/24', '2001:db8:1::/48'; '' for no address. */
export function truncateNetwork(ip: string): string {
  const address = parseAddress(ip);
  if (!address) return '';
  return address.kind() === 'ipv4'
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/24`).toString()}/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/48`).toString()}/48`;
}

/** @returns whether a truncated network is one of the public's, not this machine's, a company's own or a carrier's */
export function isPublicNetwork(network: string): boolean {
  return parseAddress(network.split('/')[0] ?? '')?.range() === 'unicast';
}

/**
 * @param at ms since the epoch
 * @param windowMs how far back a repeat must be recognised
 * @param timeZone whose midnight turns the key
 * @returns the visitor's hash under the key of each day from `at - windowMs` to `at`, oldest first, so that one who
 *   was seen before midnight is still recognised after it
 */
export function visitorHashes(
  visitor: { readonly ip: string; readonly userAgent: string },
  { secret, timeZone, windowMs, at }: { secret: string; timeZone: string; windowMs: number; at: number },
): [string, ...string[]] {
  // One visitor, however the address was written.
  const address = parseAddress(visitor.ip)?.toString() ?? visitor.ip;
  const hashOn = (day: string) =>
    createHmac('sha256', dailyKey(secret, day)).update(`${address}\n${visitor.userAgent}`).digest('hex');
  const [oldest, ...later] = daysBetween(at - windowMs, at, timeZone);
  return [hashOn(oldest), ...later.map(hashOn)];
}

/** Without the secret, the hash of every address could be computed and compared. */
function dailyKey(secret: string, day: string): Buffer {
  return createHmac('sha256', secret).update(`visitor:${day}`).digest();
}

function daysBetween(from: number, to: number, timeZone: string): [string, ...string[]] {
  const last = DateTime.fromMillis(to, { zone: timeZone }).startOf('day');
  let day = DateTime.fromMillis(from, { zone: timeZone }).startOf('day');
  const days: [string, ...string[]] = [day.toFormat('yyyy-MM-dd')];
  while (day < last) {
    day = day.plus({ days: 1 }).startOf('day');
    days.push(day.toFormat('yyyy-MM-dd'));
  }
  return days;
}

/** An IPv4 address in IPv6's clothes is the IPv4 address; the interface's name ('%eth0') is no part of it. */
function parseAddress(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // The library also reads '1' and '0x7f.1' as IPv4; no proxy or socket writes those.
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip);
  if (!ipaddr.IPv6.isValid(ip)) return null;
  const address = ipaddr.IPv6.parse(ip);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : new ipaddr.IPv6(address.parts);
}
