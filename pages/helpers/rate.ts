import type { HelperOptions } from 'handlebars';
import type { Rate } from '../../module/settings';
import { frameOf } from './frame-of';

/**
 * A rate as people write it: 12.5% or $5.00.
 *
 *     {{rate terms.rate}}
 */
export function rate(value: Rate, options: HelperOptions): string {
  return frameOf(options).language.rate(value);
}
