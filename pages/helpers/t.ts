import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * A sentence of lang/ with its parameters; the parts of a key that is put together are joined.
 *
 *     {{t "referrals.title"}}
 *     {{t "referrals.count" count=total}}
 *     {{t "withdrawal.status." status}}
 */
export function t(...given: unknown[]): string {
  const options = given.pop() as HelperOptions;
  return frameOf(options).language.t(given.join(''), options.hash as Record<string, string | number>);
}
