/** The service's description of itself, to hold what is really asked and answered against. */
import { validate as validateDocument } from '@readme/openapi-parser';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2020';
import type { Schema } from './schemas';

type Json = Readonly<Record<string, unknown>>;

export interface Operation extends Json {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Json[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

export interface Response {
  readonly description: string;
  readonly content?: Content;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

/** By its media type. */
export type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

export interface Description extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

/** What was asked and answered over the wire. */
export interface Asked {
  readonly method: string;
  /** As it was sent: '/r/abc?to=/plans'. */
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  /** What was answered as JSON. */
  readonly json: unknown;
}

/** @returns what keeps the document from being OpenAPI 3.1 */
export async function problemsOfDocument(document: Description): Promise<string[]> {
  // It is changed by who looks at it.
  const copy = structuredClone<Json>(document) as Parameters<typeof validateDocument>[0];
  const result = await validateDocument(copy);
  return result.valid ? [] : result.errors.map(({ message }) => message);
}

/** @returns every operation with how it is asked: ['post', '/events', …] */
export const operationsOf = ({ paths }: Description): (readonly [string, string, Operation])[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );

/** Holds what is asked and answered against the schemas of a description. */
export function schemasIn(document: Description) {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats(ajv);
  // What these mean is said by the pattern beside them.
  ajv.addFormat('base64', true);
  ajv.addFormat('base64url', true);
  // Where schemas that are used more than once are found.
  ajv.addVocabulary(['components']);
  const compile = (schema: Schema) => ajv.compile({ ...schema, components: document.components });
  const problemsOf = (schema: Schema | undefined, value: unknown): string[] => {
    if (!schema) return [];
    const validate = compile(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
  };
  return {
    /** @returns what of a body is not as it is described; nothing where none is taken */
    problemsOfRequest({ method, path, body }: Pick<Asked, 'method' | 'path' | 'body'>): string[] {
      return problemsOf(schemaOf(operationFor(document, method, path).requestBody), body);
    },
    /** @returns what of an answer is not as it is described for its status */
    problemsOfAnswer({ method, path, status, json }: Asked): string[] {
      const answer = operationFor(document, method, path).responses[String(status)];
      if (!answer) return [`no answer with ${status} is described`];
      return problemsOf(schemaOf(responseOf(document, answer)), json);
    },
    /** Reads every schema. @returns how many @throws on a word or a format that JSON Schema does not have */
    compileAll(): number {
      const schemas = operationsOf(document).flatMap(([, , { requestBody, responses, parameters = [] }]) => [
        schemaOf(requestBody),
        ...Object.values(responses).map((answer) => schemaOf(responseOf(document, answer))),
        ...parameters.map(({ schema }) => schema),
      ]);
      return schemas.filter((schema) => schema !== undefined).map(compile).length;
    },
  };
}

/** @returns the schema of what is JSON; undefined for anything else */
export const schemaOf = (holder: { readonly content?: Content } | undefined): Schema | undefined =>
  holder?.content?.['application/json']?.schema;

/** @returns a response, or that to which it refers */
export function responseOf(
  { components }: Description,
  response: Operation['responses'][string] | undefined,
): Response | undefined {
  if (!response || !('$ref' in response)) return response;
  return components.responses[response.$ref.replace('#/components/responses/', '')];
}

/** @throws for what is not described */
function operationFor(document: Description, method: string, path: string): Operation {
  const [address = ''] = path.split('?');
  const found = operationsOf(document).find(
    ([own, described]) =>
      own === method.toLowerCase() && new RegExp(`^${described.replace(/\{\w+\}/g, '[^/]+')}$`).test(address),
  );
  if (!found) throw new Error(`${method} ${address} is not described`);
  return found[2];
}
