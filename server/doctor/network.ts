/** What answers, and what does not: the portal, and the service itself. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';
import { SKEW_LIMIT_MS, wholeSeconds } from '../../module/diagnosis/rules';
import { codeOf, reportOf } from '../../module/faults';
import { parseUrl } from '../../module/url';
import type { Config } from '../config';
import { readRefusals, type Refused } from '../refusals';
import type { Problem } from './sentences';

const LIMIT_MS = 5000;
/** What was refused before that is no news, and nobody has tried since. */
const REFUSED_LIMIT_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** Looks at the portal as a visitor would come to it. */
export async function examinePortal(portalUrl: string, now: () => number): Promise<Problem[]> {
  // Whoever wrote the address may have written a password into it.
  const url = new URL(portalUrl);
  [url.username, url.password] = ['', ''];
  const shown = url.href.replace(/\/$/, '');
  const plain: Problem[] =
    url.protocol === 'http:' && isPublic(url.hostname)
      ? [{ code: 'portal_plain', parameters: { url: shown } }]
      : [];
  const answer = await look(url);
  if ('reason' in answer)
    return [...plain, { code: 'portal_unreachable', parameters: { url: shown, reason: answer.reason } }];
  return [...plain, ...examineAnswer(shown, answer.response), ...examineClock(shown, answer.response, now())];
}

/** Sign-in and maintenance are the portal's own affair; what is not there at all is not the portal. */
function examineAnswer(url: string, { status, headers }: Response): Problem[] {
  if (status === 404 || status === 410 || status >= 500)
    return [{ code: 'portal_answers', parameters: { url, status } }];
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null) return [];
  const to = parseUrl(location, url);
  return !to || to.hostname === new URL(url).hostname
    ? []
    : [{ code: 'portal_elsewhere', parameters: { url, to: to.origin } }];
}

function examineClock(url: string, { headers }: Response, now: number): Problem[] {
  const skew = Date.parse(headers.get('date') ?? '') - now;
  // NaN for a portal that does not tell.
  if (!(Math.abs(skew) > SKEW_LIMIT_MS)) return [];
  return [{ code: 'portal_clock', parameters: { url, seconds: wholeSeconds(skew) } }];
}

/** @returns whether others than people on the same machine or network can be on the way */
export function isPublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(host)) return !/(^|\.)(localhost|local|internal|test)$/i.test(host);
  return !['loopback', 'private', 'uniqueLocal', 'linkLocal'].includes(ipaddr.process(host).range());
}

/** Asks the running service whether it is ready, and how it fares with the portal's requests. */
export async function examineService({ listen }: Config, now: () => number): Promise<Problem[]> {
  const address = addressOf(listen);
  const ready = await look(new URL(`http://${reachable(listen)}/readyz`));
  if ('reason' in ready) return [{ code: 'service_down', parameters: { address, reason: ready.reason } }];
  const { status } = ready.response;
  if (status !== 200 && status !== 503) return [{ code: 'port_taken', parameters: { address } }];
  if (status === 503) return [{ code: 'service_unready', parameters: { address, status } }];
  const metrics = await ask(new URL(`http://${reachable(listen)}/metrics`), (response) => response.text());
  if ('reason' in metrics) return [{ code: 'service_down', parameters: { address, reason: metrics.reason } }];
  return refusalsAmong(readRefusals(metrics.body), now());
}

/** A paragraph for each way of being refused, however many routes it is about. */
function refusalsAmong(refused: readonly Refused[], now: number): Problem[] {
  const recent = refused.filter(({ last }) => last > now - REFUSED_LIMIT_MS);
  return [...new Set(recent.map(({ code }) => code))].map((code): Problem => {
    const alike = recent.filter((one) => one.code === code);
    const { route, last } = alike.reduce((one, other) => (other.last > one.last ? other : one));
    const count = alike.reduce((sum, one) => sum + one.count, 0);
    const minutes = Math.max(0, Math.floor((now - last) / MINUTE_MS));
    return { code: 'requests_refused', parameters: { reason: code, count, route, minutes } };
  });
}

/** Before the service runs: whether its port is free. */
export async function examinePort({ listen }: Config): Promise<Problem[]> {
  const probe = createServer();
  try {
    probe.listen(listen.port, listen.host);
    await once(probe, 'listening');
    return [];
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE')
      return [{ code: 'port_taken', parameters: { address: addressOf(listen) } }];
    throw error;
  } finally {
    probe.close();
  }
}

type Listen = Config['listen'];
const addressOf = ({ host, port }: Listen) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
/** Who listens everywhere listens here as well. */
const reachable = ({ host, port }: Listen) =>
  addressOf({ host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host, port });

/** A look, from which nothing comes back but how it was answered. */
const look = (url: URL) => ask(url, async ({ body }) => body?.cancel());

/** Follows nothing. */
async function ask<T>(
  url: URL,
  read: (response: Response) => Promise<T>,
): Promise<{ response: Response; body: T } | { reason: string }> {
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const response = await fetch(url, { redirect: 'manual', signal });
    return { response, body: await read(response) };
  } catch (error) {
    const { cause } = Object(error) as { cause?: unknown };
    return { reason: codeOf(cause) ?? reportOf(error).fault };
  }
}
