/**
 * @param base what a relative address is relative to
 * @returns the address; null for what is none. In place of `URL.canParse`, which on Node 20 takes a host with a letter such
 *   as 'ü' for none once it has been called some thousand times
 */
export function parseUrl(written: string, base?: string | URL): URL | null {
  try {
    return new URL(written, base);
  } catch {
    return null;
  }
}
