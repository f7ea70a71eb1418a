import { createHmac } from 'node:crypto';

/**
 * Signs a message as the Standard Webhooks specification says.
 * @param seconds when it is sent, seconds since the epoch
 * @returns the three headers; every secret signs, so that a receiver may hold any of them while they rotate
 */
export function signedHeaders(
  secrets: readonly Buffer[],
  { id, body }: { readonly id: string; readonly body: string },
  seconds: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signed = `${id}.${seconds}.${body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
