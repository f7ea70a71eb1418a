/**
 * How a route of the service is written: a declaration, from which requests are validated and /openapi.json is made,
 * and a function that answers. A file in routes/ adds its own to what it is given, and stands in routes/index.ts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Logger } from 'pino';
import type { AffiliateProgram } from '../index';
import type { WireStore } from '../module/wire';
import type { Config } from './config';
import { WireError, type WireErrorCode } from './errors';
import type { Metrics } from './metrics';
import type { Programs } from './programs';

/** What routes are made of. Most need nothing of it: the program comes with the request. */
export interface RouteParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: WireStore;
  readonly programs: Programs;
  readonly metrics: Metrics;
  /** ms */
  now(): number;
}

export interface RouteSpec<Body extends z.ZodType, Query extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As Fastify writes it: '/r/:code'. */
  readonly url: string;
  /** One sentence, for the description of the service. */
  readonly summary: string;
  /** Whether anybody may ask; all others need the host's token. */
  readonly open?: true;
  /** How often one address may ask in a minute; as often as it likes unless given. */
  readonly perMinute?: number;
  readonly body?: Body;
  /** What describes the body, where that is more than what is validated here. */
  readonly describedBody?: z.ZodType;
  /** What is taken from the query of the address. */
  readonly query?: Query;
  /** What a success is answered with; left out where that is no JSON. */
  readonly answer?: z.ZodType;
  /** A success that is no JSON with 200. */
  readonly otherwise?:
    | { readonly status: 302; readonly says: string }
    | { readonly status: 200; readonly says: string; readonly type: string };
  /** What it is refused with beside what every route of its kind is. */
  readonly refuses?: readonly WireErrorCode[];
  /** What is asked and answered, for the description of the service. */
  readonly example?: { readonly body?: unknown; readonly answer?: unknown };
}

export type AnyRouteSpec = RouteSpec<z.ZodType, z.ZodType>;

/** A request that has been validated. */
export interface Asked<Body extends z.ZodType, Query extends z.ZodType> {
  /** The program as the newest settings say, for as long as the request takes. */
  readonly program: AffiliateProgram;
  readonly body: z.output<Body>;
  readonly query: z.output<Query>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Routes {
  /** Adds a route. Its function returns what is sent as JSON, or a reply that it has sent. */
  add<Body extends z.ZodType, Query extends z.ZodType>(
    spec: RouteSpec<Body, Query>,
    answer: (asked: Asked<Body, Query>) => Promise<unknown>,
  ): void;
}

/** @param specs is added to, for the description of the service */
export function createRoutes(
  app: FastifyInstance,
  { programs }: Pick<RouteParts, 'programs'>,
  specs: AnyRouteSpec[],
): Routes {
  return {
    add(spec, answer) {
      specs.push(spec);
      app.route({
        method: spec.method,
        url: spec.url,
        config: {
          open: spec.open ?? false,
          ...(spec.perMinute !== undefined && { rateLimit: { max: spec.perMinute, timeWindow: 60_000 } }),
        },
        handler: async (request, reply) => {
          const query = read(spec.query, request.query);
          const body = read(spec.body, request.body);
          return programs.use((program) => answer({ program, query, body, request, reply }));
        },
      });
    },
  };
}

/** Validates a part of the request; nothing is taken from one that has no schema. @throws WireError body_invalid */
function read<S extends z.ZodType>(schema: S | undefined, written: unknown): z.output<S> {
  if (!schema) return undefined as z.output<S>;
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  // The path only: the value may be a person's.
  throw new WireError('body_invalid', deepestPath(parsed.error.issues).join('.'));
}

/** Of a union the branch that got furthest is what was meant. */
function deepestPath(issues: readonly z.core.$ZodIssue[]): PropertyKey[] {
  const paths = issues.map((issue) => {
    const within = issue.code === 'invalid_union' ? deepestPath(issue.errors.flat()) : [];
    return [...issue.path, ...within];
  });
  return paths.reduce((one, other) => (other.length > one.length ? other : one), paths[0] ?? []);
}
