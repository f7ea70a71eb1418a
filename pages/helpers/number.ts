import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * A count.
 *
 *     {{number figures.clicks}}
 */
export function number(value: number, options: HelperOptions): string {
  return frameOf(options).language.number(value);
}
