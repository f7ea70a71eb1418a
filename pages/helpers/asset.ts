import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * The address of a file in assets/.
 *
 *     <script src="{{asset "affiliates.js"}}" defer></script>
 */
export function asset(path: string, options: HelperOptions): string {
  const { assets, assetsVersion } = frameOf(options);
  return `${assets}/${path}?v=${assetsVersion}`;
}
