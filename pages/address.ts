/** Addresses within an area of ours, whether or not the host's own address has a query already. */

export interface Field {
  readonly name: string;
  readonly value: string;
}

export type Query = Readonly<Record<string, string | number>>;

/** @returns `base` with the parameters set; an empty one is left out. */
export function address(base: string, parameters: Query, fragment = ''): string {
  const { path, search } = split(base);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === '') search.delete(name);
    else search.set(name, String(value));
  }
  const query = search.toString();
  return path + (query && `?${query}`) + (fragment && `#${fragment}`);
}

/** @returns the query of an address as fields for a GET form. */
export function baseFields(base: string): Field[] {
  return [...split(base).search].map(([name, value]) => ({ name, value }));
}

function split(base: string): { path: string; search: URLSearchParams } {
  const [whole = ''] = base.split('#', 1);
  const mark = whole.indexOf('?');
  return mark < 0
    ? { path: whole, search: new URLSearchParams() }
    : { path: whole.slice(0, mark), search: new URLSearchParams(whole.slice(mark + 1)) };
}
