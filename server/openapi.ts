/** The description of the service as OpenAPI 3.1, made from the schemas that validate its requests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { folder } from '../pages/folders';
import { REFUSAL, WIRE_ERROR_CODES, WireError, type WireErrorCode } from './errors';
import type { AnyRouteSpec } from './route';

/** OpenAPI 3.1's own, so that no schema has to say it. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

type Json = Readonly<Record<string, unknown>>;

/** Describes a schema, in JSON Schema's words, which are OpenAPI 3.1's. */
type SchemaWriter = (schema: z.ZodType, io: 'input' | 'output') => Json;

/** @returns an OpenAPI 3.1 document */
export function describeService(specs: readonly AnyRouteSpec[]): Json {
  const schemas: Record<string, Json> = {};
  const schemaOf = schemaWriter(schemas);
  const paths: Record<string, Record<string, Json>> = {};
  for (const spec of specs) {
    const url = spec.url.replace(/:(\w+)/g, '{$1}');
    (paths[url] ??= {})[spec.method.toLowerCase()] = describeRoute(spec, schemaOf);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'CloudPockets Affiliates',
      version: versionOf(),
      license: { name: 'MIT', identifier: 'MIT' },
      summary: 'An affiliate program for a billing portal in any language.',
      description:
        'docs/wire.md tells what each field is used for, with examples, and how requests are signed.',
    },
    security: [{ host: [] }],
    paths,
    components: {
      responses: describeRefusals(schemaOf),
      schemas,
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

function describeRoute(spec: AnyRouteSpec, schemaOf: SchemaWriter): Json {
  const { method, url, summary, open, body, describedBody, query, example } = spec;
  const taken = describedBody ?? body;
  const parameters = parametersOf(url, query, schemaOf);
  const requestBody = taken && {
    required: true,
    content: contentOf('application/json', schemaOf(taken, 'input'), example?.body),
  };
  return {
    operationId: `${method.toLowerCase()}${url.replace(/[^A-Za-z]+(\w?)/g, (_all, first: string) => first.toUpperCase())}`,
    summary,
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: { ...describeSuccess(spec, schemaOf), ...refusedWith(spec) },
  };
}

function describeSuccess({ answer, example, otherwise }: AnyRouteSpec, schemaOf: SchemaWriter): Json {
  if (otherwise?.status === 302) {
    const header = (description: string) => ({ description, schema: { type: 'string' } });
    const headers = {
      Location: header('Where it leads.'),
      'Set-Cookie': header('Left out if there is none.'),
    };
    return { 302: { description: otherwise.says, headers } };
  }
  const [description, type] = otherwise ? [otherwise.says, otherwise.type] : ['Done.', 'application/json'];
  const schema = answer ? schemaOf(answer, 'output') : { type: 'string' };
  return { 200: { description, content: contentOf(type, schema, example?.answer) } };
}

function contentOf(type: string, schema: Json, example: unknown): Json {
  return { [type]: { schema, ...(example !== undefined && { example }) } };
}

/** What every route of a kind may be refused with, beside what a route says of itself. */
function refusedWith({ open, body, query, perMinute, refuses = [] }: AnyRouteSpec): Json {
  const codes: readonly WireErrorCode[] = [
    ...(open ? [] : (['token_invalid'] as const)),
    ...(body || query ? (['body_invalid'] as const) : []),
    ...(body ? (['body_too_large', 'body_type'] as const) : []),
    ...(perMinute === undefined ? [] : (['too_many'] as const)),
    ...refuses,
    'unavailable',
  ];
  const statuses = codes.map((code) => new WireError(code).status);
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]),
  );
}

/** @returns a response for each status, saying which codes come with it */
function describeRefusals(schemaOf: SchemaWriter): Json {
  const said = new Map<number, string[]>();
  for (const code of WIRE_ERROR_CODES) {
    const { status, message } = new WireError(code);
    said.set(status, [...(said.get(status) ?? []), `\`${code}\`: ${message}`]);
  }
  const content = contentOf('application/json', schemaOf(REFUSAL, 'output'), undefined);
  return Object.fromEntries(
    [...said].map(([status, sentences]) => [
      `Refused${status}`,
      { description: sentences.join('\n\n'), content },
    ]),
  );
}

function parametersOf(url: string, query: z.ZodType | undefined, schemaOf: SchemaWriter): Json[] {
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

/** @param named is added to: every schema that has a name of its own, which others then refer to */
function schemaWriter(named: Record<string, Json>): SchemaWriter {
  return (schema, io) => {
    const written = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: asOnAWire });
    const text = JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/');
    const { $schema, $defs = {}, ...described } = JSON.parse(text) as Json & { $defs?: Record<string, Json> };
    if ($schema !== DIALECT) throw new Error(`OpenAPI 3.1 does not speak ${String($schema)}`);
    for (const [name, part] of Object.entries($defs)) {
      const { [name]: known = part } = named;
      if (JSON.stringify(known) !== JSON.stringify(part)) throw new Error(`two schemas are called ${name}`);
      named[name] = part;
    }
    return described;
  };
}

/** Leaves out what zod says for our own process. */
function asOnAWire({ zodSchema, jsonSchema }: Written): void {
  const { def } = zodSchema._zod;
  // In place of a Date comes one of the others that it may be.
  if (def.type === 'union' && jsonSchema.anyOf)
    jsonSchema.anyOf = jsonSchema.anyOf.filter((_one, at) => def.options[at]?._zod.def.type !== 'date');
  // The format says it in a word, the pattern in four hundred letters.
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

interface Written {
  readonly zodSchema: z.core.$ZodTypes;
  /** Is changed. */
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(join(folder('lang'), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
