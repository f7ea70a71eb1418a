import type { HelperOptions } from 'handlebars';
import type { Frame } from '../frame';

/** The frame a template is rendered in; `render` of templates.ts always hands it in as data. */
export function frameOf(options: HelperOptions): Frame {
  return options.data as Frame;
}
