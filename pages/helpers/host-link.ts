import type { HelperOptions } from 'handlebars';
import { frameOf } from './frame-of';

/**
 * The address of a page of the host's, '' where the host gave none.
 *
 *     {{#if @links.ticket}}<a href="{{hostLink "ticket" ticketId}}">…</a>{{/if}}
 */
export function hostLink(kind: 'client' | 'ticket', id: string, options: HelperOptions): string {
  return frameOf(options).links[kind].replace('{id}', encodeURIComponent(id));
}
