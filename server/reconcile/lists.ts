/** Where the host's list of a time comes from: a file with a fact to a line, or the host itself, in pages. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LISTED_HOOKS } from '../../hooks/reconcile';
import type { ListedFact } from '../../index';
import { codeOf, reportOf } from '../../module/faults';
import { readHostUrl, signRequest } from '../hostToken';
import { Unusable } from '../terminal';

const FACT = z.object({ hook: z.enum(LISTED_HOOKS), payload: z.record(z.string(), z.unknown()) });

/**
 * Reads NDJSON, a line at a time whatever the size of the file.
 * @throws Unusable naming the line
 */
export async function* factsInFile(file: string): AsyncGenerator<ListedFact> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number++;
      if (line.trim() !== '') yield readFact(JSON.parse(line));
    }
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      throw new Unusable(`${file}, line ${number}: ${problemOf(error)}`);
    throw new Unusable(`${file} cannot be read: ${codeOf(error) ?? reportOf(error).fault}.`);
  }
}

const readFact = (written: unknown): ListedFact => FACT.parse(written);

const problemOf = (error: z.ZodError | SyntaxError): string =>
  error instanceof SyntaxError
    ? 'is no JSON.'
    : `${error.issues[0]?.path.join('.') || 'the fact'} is not as it must be; the hooks are: ${LISTED_HOOKS.join(', ')}.`;

const PAGE = z.object({
  events: z.array(z.unknown()).max(5000),
  next: z.union([z.string().min(1).max(1000), z.number().transform(String), z.null()]),
});

export interface Asked {
  /** As the operator wrote it. */
  readonly url: string;
  /** The first is what the host knows. */
  readonly hostSecrets: readonly string[];
  /** Days: '2026-01-01'. Both belong to the span. */
  readonly from: string;
  readonly to: string;
  /** Gives the present; ms, UTC. */
  readonly now: () => number;
}

/** How long a host may take for a page. */
const LIMIT_MS = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PAGES = 100_000;

/**
 * Asks the host for its list, page by page, each with a signed GET: `?from=2026-01-01&to=2026-01-31&cursor=…`, answered by
 * `{ "events": [{ hook, payload }], "next": cursor or null }`. Follows no redirect: the token is for one address.
 * @throws Unusable
 */
export async function* factsOfHost(asked: Asked): AsyncGenerator<ListedFact> {
  const url = readHostUrl(asked.url, '--host-url');
  url.searchParams.set('from', asked.from);
  url.searchParams.set('to', asked.to);
  let cursor: string | null = null;
  for (let pages = 1; ; pages++) {
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const page = await readPage(url, asked);
    for (const [index, event] of page.events.entries()) yield readEvent(event, pages, index + 1);
    if (page.next === null) return;
    // Both would go on for ever.
    if (page.next === cursor || pages === MOST_PAGES)
      throw new Unusable(
        `The host’s page ${pages} leads nowhere: its next is the cursor that it was asked with.`,
      );
    cursor = page.next;
  }
}

function readEvent(event: unknown, page: number, place: number): ListedFact {
  try {
    return readFact(event);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new Unusable(`The host’s page ${page}, event ${place}: ${problemOf(error)}`);
  }
}

async function readPage(url: URL, { hostSecrets, now }: Asked): Promise<z.output<typeof PAGE>> {
  const text = await fetchText(
    url,
    signRequest({ request: `GET ${url.pathname}${url.search}`, body: '' }, hostSecrets[0] ?? '', now()),
  );
  try {
    return PAGE.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    throw new Unusable('The host’s answer is not { "events": […], "next": … }.');
  }
}

async function fetchText(url: URL, token: string): Promise<string> {
  let answer: Response;
  try {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) });
    if (answer.ok) return await textOf(answer);
    await answer.body?.cancel();
  } catch (error) {
    if (error instanceof Unusable) throw error;
    const { cause } = Object(error) as { cause?: unknown };
    throw new Unusable(
      `The host does not answer at ${url.origin}: ${codeOf(cause) ?? reportOf(error).fault}.`,
    );
  }
  const why = answer.status === 401 || answer.status === 403 ? ': its secret or its clock is another' : '';
  throw new Unusable(`The host answers ${url.origin}${url.pathname} with ${answer.status}${why}.`);
}

/** Reads no more than a page may have. */
async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Node's streams are iterable, which the types of the web do not say.
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Unusable('A page of the host’s list is larger than 64 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
