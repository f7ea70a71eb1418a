/** One message, sent once over HTTP. */
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { AddressRefused, checkedLookup, type Resolve } from './addresses';
import type { Endpoint } from './endpoints';
import type { Sent } from './rules';
import { signedHeaders } from './sign';

const TIMEOUT_MS = 10_000;
/** What a receiver answers beyond its status is of no use, but it is polite to let it finish a sentence. */
const MOST_READ = 16_384;

export interface Outgoing {
  readonly id: string;
  readonly body: string;
}

/**
 * Sends a message: no redirect is followed, the whole exchange ends after ten seconds, and of the answer only the
 * status counts, and when to ask again.
 * @param now ms, UTC; what the signature says when it was made
 * @returns what came of it; never rejects
 */
export async function send(
  endpoint: Pick<Endpoint, 'url' | 'secrets'>,
  message: Outgoing,
  now: number,
  { timeoutMs = TIMEOUT_MS, resolve }: { timeoutMs?: number; resolve?: Resolve } = {},
): Promise<Sent> {
  const url = new URL(endpoint.url);
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = {
    ...signedHeaders(endpoint.secrets, message, Math.floor(now / 1000)),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(message.body),
    'user-agent': 'cloudpockets-affiliates',
  };
  const ask = url.protocol === 'https:' ? overHttps : overHttp;
  const options = {
    method: 'POST',
    headers,
    signal,
    agent: false,
    lookup: checkedLookup(url, resolve),
  } as const;
  return new Promise((answered) => {
    let said: Sent | undefined;
    const asking = ask(url, options, (response) => {
      const heard: Sent = {
        answer: String(response.statusCode),
        retryAfter: response.headers['retry-after'],
      };
      said = heard;
      readAway(response).once('close', () => answered(heard));
    });
    // Once the status was said, it changes nothing that the rest breaks off or never ends.
    asking.on('error', (error) => answered(said ?? { answer: problemOf(error, signal) }));
    asking.end(message.body);
  });
}

function readAway(response: IncomingMessage): IncomingMessage {
  let read = 0;
  return response
    .on('error', () => undefined)
    .on('data', (part: Buffer) => {
      read += part.length;
      if (read > MOST_READ) response.destroy();
    });
}

function problemOf(error: Error, signal: AbortSignal): string {
  if (signal.aborted) return 'timeout';
  return error instanceof AddressRefused ? 'address_refused' : 'unreachable';
}
