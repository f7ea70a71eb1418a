/**
 * What is left of requests that were refused for their token: how many, and when the last, by route and code. It is
 * kept in memory and counts alone, so that a flood of them writes nothing and fills nothing.
 */
import { Gauge, type Registry } from 'prom-client';
import type { WireErrorCode } from './errors';

const COUNT = 'affiliates_requests_refused';
const LAST = 'affiliates_requests_refused_last_seconds';
const LABELS = ['route', 'code'] as const;

export interface Refusals {
  /** @param route as it is declared @param now ms, UTC */
  refused(route: string, code: RefusalCode, now: number): void;
  /** A request of the portal's was taken: what may have been wrong on that route is over. */
  accepted(route: string): void;
}

const CODES = [
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_not_yet',
  'token_mismatch',
  'token_replayed',
] as const satisfies readonly WireErrorCode[];
export type RefusalCode = (typeof CODES)[number];

/** What strangers cause as well: over as soon as the portal is heard on any route. */
const ANYBODY: readonly RefusalCode[] = ['token_missing', 'token_invalid'];

export const isRefusalCode = (code: string): code is RefusalCode =>
  (CODES as readonly string[]).includes(code);

export function createRefusals(register: Registry): Refusals {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: [...LABELS], registers: [register] });
  const counts = gauge(COUNT, 'Requests refused for their token since the portal was last heard.');
  const last = gauge(LAST, 'When the last of them was refused; seconds since 1970.');
  // As many as there are routes and codes at most; none while all is well, which is when requests are many.
  const kept = new Map<string, { readonly route: string; readonly code: RefusalCode }>();
  return {
    refused(route, code, now) {
      kept.set(`${code} ${route}`, { route, code });
      counts.inc({ route, code });
      last.set({ route, code }, Math.floor(now / 1000));
    },
    accepted(taken) {
      for (const [key, { route, code }] of kept) {
        if (route !== taken && !ANYBODY.includes(code)) continue;
        counts.remove(route, code);
        last.remove(route, code);
        kept.delete(key);
      }
    },
  };
}

export interface Refused {
  readonly route: string;
  readonly code: RefusalCode;
  readonly count: number;
  /** ms, UTC */
  readonly last: number;
}

/** @param metrics what the service says of itself, in Prometheus's text format */
export function readRefusals(metrics: string): Refused[] {
  const values = (name: string) =>
    [...metrics.matchAll(new RegExp(`^${name}\\{route="([^"]*)",code="(\\w+)"\\} (\\d+)$`, 'gm'))].map(
      ([, route = '', code = '', value]) => ({ route, code, value: Number(value) }),
    );
  const times = values(LAST);
  return values(COUNT).flatMap(({ route, code, value: count }): Refused[] => {
    const at = times.find((time) => time.route === route && time.code === code);
    return at && isRefusalCode(code) ? [{ route, code, count, last: at.value * 1000 }] : [];
  });
}
