import { blacklist } from 'mailchecker';
import type { EventPayloads } from './events/rules';

/**
 * @returns whether an address is on the list of throw-away addresses; undefined for one that is not, or is no address;
 *   'unchecked' when the list could not be asked, which never counts as good
 */
export function mailDomainOf(address: string): EventPayloads['client.signed_up']['mailDomain'] {
  try {
    const list = blacklist();
    // A domain on the list stands for all below it.
    const labels = address.trim().toLowerCase().split('@').at(-1)?.split('.') ?? [];
    return labels.some((_, index) => list.has(labels.slice(index).join('.'))) ? 'disposable' : undefined;
  } catch {
    return 'unchecked';
  }
}
