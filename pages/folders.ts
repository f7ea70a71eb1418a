/** Where the files lie that are not code: beside `pages/` in the source, beside `dist/` in the package. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const beside = join(__dirname, '..');
const ROOT = existsSync(join(beside, 'package.json')) ? beside : join(beside, '..');

/** @returns the absolute path of a top-level folder of this package. */
export function folder(name: 'templates' | 'lang' | 'assets'): string {
  return join(ROOT, name);
}
