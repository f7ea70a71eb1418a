import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * An amount of minor units; `sign` shows a plus as well.
 *
 *     {{money row.earned currency}}
 *     {{money entry.amount entry.currency sign=true}}
 */
export function money(amount: number, currency: string, options: HelperOptions): string {
  return frameOf(options).language.money(amount, currency, options.hash.sign === true);
}
