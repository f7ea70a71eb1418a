/**
 * Which machines may be spoken to. An endpoint's address is written by somebody who may be wrong about it or may be
 * deceived, and its name is answered for by somebody else again: neither may make this server ask its own network.
 */
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseUrl } from '../url';

/** Raised for a name that leads to an address which may not be asked. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Public addresses alone: not private, link-local, shared, multicast, mapped or reserved ones. */
const isPublic = (address: string) => ipaddr.process(address).range() === 'unicast';
const isLoopback = (address: string) => ipaddr.process(address).range() === 'loopback';

/** Without the brackets of IPv6. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');
const namesLoopback = (host: string) => host === 'localhost' || (isIP(host) > 0 && isLoopback(host));

/** @returns whether messages may be sent to what this says; what a name leads to is looked at when they are. */
export function isAllowedUrl(written: string): boolean {
  const url = parseUrl(written);
  if (!url) return false;
  const host = hostOf(url);
  if (url.username || url.password) return false;
  if (namesLoopback(host)) return url.protocol === 'https:' || url.protocol === 'http:';
  return url.protocol === 'https:' && (isIP(host) === 0 || isPublic(host));
}

/** How a name is looked up; the machine's resolver unless a test has its own. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const byMachine: Resolve = (hostname, done) => lookUp(hostname, { all: true }, done);

/**
 * @returns the look-up for a connection to this address. It gives the very addresses that were checked, so that a name
 *   cannot lead elsewhere between the check and the connection; one address that is refused refuses the name.
 */
export function checkedLookup(url: URL, resolve: Resolve = byMachine): LookupFunction {
  const isAllowed = namesLoopback(hostOf(url)) ? isLoopback : isPublic;
  return (hostname, { all }, done) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) done(error ?? new AddressRefused(), []);
      else if (!addresses.every(({ address }) => isAllowed(address))) done(new AddressRefused(), []);
      else if (all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
