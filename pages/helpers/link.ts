import type { HelperOptions } from 'handlebars';
import { address, type Query } from '../address';
import { frameOf } from './frame-of';

/**
 * The address of a page of ours; each named value becomes a parameter, an empty one none.
 *
 *     <a href="{{link page="entries" currency=currency}}">
 *     <form method="post" action="{{link page="withdraw"}}">
 */
export function link(options: HelperOptions): string {
  return address(frameOf(options).base, options.hash as Query);
}
