import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * Day and minute of a time in ms, in the program's time zone.
 *
 *     {{time entry.at}}
 */
export function time(at: number, options: HelperOptions): string {
  return frameOf(options).language.time(at);
}
