/**
 * How a route of the service is written: a declaration, from which requests are validated and /openapi.json is made,
 * and a function that answers. A file in routes/ adds its own to what it is given, and stands in routes/index.ts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { WireError } from './errors';

export interface RouteSpec<Body extends z.ZodType, Query extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As Fastify writes it: '/r/:code'. */
  readonly url: string;
  /** One sentence, for the description of the service. */
  readonly summary: string;
  readonly body?: Body;
  /** What is taken from the query of the address. */
  readonly query?: Query;
  /** What a success is answered with; left out where that is no JSON. */
  readonly answer?: z.ZodType;
}

export type AnyRouteSpec = RouteSpec<z.ZodType, z.ZodType>;

/** A request that has been validated. */
export interface Asked<Body extends z.ZodType, Query extends z.ZodType> {
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
export function createRoutes(app: FastifyInstance, specs: AnyRouteSpec[]): Routes {
  return {
    add(spec, answer) {
      specs.push(spec);
      app.route({
        method: spec.method,
        url: spec.url,
        handler: async (request, reply) => {
          const query = read(spec.query, request.query);
          const body = read(spec.body, request.body);
          return answer({ query, body, request, reply });
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
  throw new WireError('body_invalid', parsed.error.issues[0]?.path.join('.') ?? '');
}
