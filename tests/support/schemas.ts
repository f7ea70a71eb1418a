/** Looks into JSON Schemas as the service describes itself with them. */
import type { Description } from './openapi';

/** As far as the service uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Each field by its path ('invoice.items[].id'), and whether it is always required. */
export type Fields = Readonly<Record<string, boolean>>;

/** @returns a schema, or that to which it refers; nothing of none */
export function resolved({ components }: Description, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.replace('#/components/schemas/', '');
  return (name === undefined ? schema : components.schemas[name]) ?? {};
}

/** @returns the fields at the ends of a schema's branches: those that have none of their own */
export function fieldsOf(document: Description, schema: Schema | undefined): Fields {
  const inside = (one: Schema) => fieldsOf(document, one);
  const { allOf, anyOf, oneOf = anyOf, items, properties, required = [] } = resolved(document, schema);
  if (allOf) return together(allOf.map(inside));
  if (oneOf) return eitherOf(oneOf.map(inside));
  if (items) return prefixed('[]', inside(items), true);
  if (!properties) return { '': true };
  const fields = Object.entries(properties).map(([name, of]) =>
    prefixed(name, inside(of), required.includes(name)),
  );
  return Object.assign({}, ...fields) as Fields;
}

function together(parts: readonly Fields[]): Fields {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries([...names].map((name) => [name, parts.some((part) => part[name])]));
}

/** @returns the fields of all, always required where each of them requires it */
export function eitherOf(branches: readonly Fields[]): Fields {
  // A branch without fields of its own says nothing of those that others have.
  const telling = branches.filter((fields) => Object.keys(fields).some((name) => name !== ''));
  const names = new Set((telling.length > 0 ? telling : branches).flatMap((fields) => Object.keys(fields)));
  return Object.fromEntries([...names].map((name) => [name, branches.every((fields) => fields[name])]));
}

const prefixed = (name: string, fields: Fields, always: boolean): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([path, required]) => [
      path === '' || path.startsWith('[') ? name + path : `${name}.${path}`,
      always && required,
    ]),
  );
