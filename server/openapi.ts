/** The description of the service as OpenAPI 3.1, made from the schemas that validate its requests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { folder } from '../pages/folders';
import type { AnyRouteSpec } from './route';

const ERROR = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
});

/** OpenAPI 3.1's own, so that no schema has to say it. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

type Json = Readonly<Record<string, unknown>>;

/** @returns an OpenAPI 3.1 document */
export function describeService(specs: readonly AnyRouteSpec[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const spec of specs) {
    const url = spec.url.replace(/:(\w+)/g, '{$1}');
    (paths[url] ??= {})[spec.method.toLowerCase()] = describeRoute(spec);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'CloudPockets Affiliates',
      version: versionOf(),
      license: { name: 'MIT', identifier: 'MIT' },
      summary: 'An affiliate program for a billing portal in any language.',
    },
    security: [{ host: [] }],
    paths,
    components: {
      securitySchemes: {
        host: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'HS256, a new one for each request, with iss "portal", aud "affiliates", iat, exp (at most 300 s later), jti, ' +
            'req ("METHOD path-with-query") and sha256 (lower-case hex of the body’s bytes).',
        },
      },
    },
  };
}

function describeRoute({
  method,
  url,
  summary,
  open,
  body,
  describedBody,
  query,
  answer,
}: AnyRouteSpec): Json {
  const taken = describedBody ?? body;
  const success = answer
    ? { description: 'Done.', content: json(schemaOf(answer, 'output')) }
    : { description: 'Done.' };
  return {
    operationId: `${method.toLowerCase()}${url.replace(/[^A-Za-z]+(\w?)/g, (_all, first: string) => first.toUpperCase())}`,
    summary,
    ...(open && { security: [] }),
    ...(parametersOf(url, query).length > 0 && { parameters: parametersOf(url, query) }),
    ...(taken && { requestBody: { required: true, content: json(schemaOf(taken, 'input')) } }),
    responses: {
      200: success,
      default: { description: 'Refused, or not possible now.', content: json(schemaOf(ERROR, 'output')) },
    },
  };
}

const json = (schema: Json) => ({ 'application/json': { schema } });

function parametersOf(url: string, query: z.ZodType | undefined): Json[] {
  const inPath = [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {}, required = [] } = (query ? schemaOf(query, 'input') : {}) as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

/** @returns a schema in JSON Schema's words, which are OpenAPI 3.1's */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...described } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      // What is a Date to a host in our process comes over the wire as text.
      if (def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      // Nor does anything have to be there that is caught when it is wrong.
      if (def.type === 'object' && jsonSchema.required)
        jsonSchema.required = jsonSchema.required.filter(
          (name) => def.shape[name]?._zod.def.type !== 'catch',
        );
    },
  });
  if ($schema !== DIALECT) throw new Error(`OpenAPI 3.1 does not speak ${String($schema)}`);
  return described;
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(join(folder('lang'), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
