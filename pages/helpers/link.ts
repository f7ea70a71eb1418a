import type { HelperOptions } from 'handlebars';
import { address, type Query } from '../address';
import { frameOf } from './frame-of';

/**
 * The address of a page of ours; each named value becomes a parameter, an empty one none. `page` comes first,
 * which Handlebars' own order of the values would not give.
 *
 *     <a href="{{link page="entries" currency=currency}}">
 *     <form method="post" action="{{link page="withdraw"}}">
 */
export function link(options: HelperOptions): string {
  const { page = '', ...parameters } = options.hash as Query;
  return address(frameOf(options).base, { page, ...parameters });
}
