/** How facts that the host lists compare with what was accepted. */

/** What of a known fact the host tells otherwise now. `eventId`: another fact came under the same one. */
export const DIFFERENCES = ['currency', 'total', 'lines', 'amount', 'status', 'eventId'] as const;
export type Differing = (typeof DIFFERENCES)[number];

export type Standing =
  | { readonly kind: 'known' }
  /** Never came, or came and was lost. */
  | { readonly kind: 'missing' }
  /** Came with another content, which stands: what is right is for people to decide. */
  | { readonly kind: 'differs'; readonly in: Differing }
  /** Came, and had no effect that made sense. */
  | { readonly kind: 'set_aside'; readonly code: string }
  /** Came, and is tried again by itself. */
  | { readonly kind: 'waiting' };

export const KNOWN: Standing = { kind: 'known' };
export const MISSING: Standing = { kind: 'missing' };
