import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * The day of a time in ms, in the program's time zone.
 *
 *     {{date referral.signedUpAt}}
 */
export function date(at: number, options: HelperOptions): string {
  return frameOf(options).language.date(at);
}
