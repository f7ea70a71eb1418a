/**
 * Whether both values are there.
 *
 *     {{#if (both @links.ticket ticketId)}}
 */
export function both(left: unknown, right: unknown): boolean {
  return Boolean(left) && Boolean(right);
}
