/** @returns the address, read beside `base` where it is relative; null for what is none */
export function parseUrl(written: string, base?: string): URL | null {
  try {
    return new URL(written, base);
  } catch {
    return null;
  }
}
