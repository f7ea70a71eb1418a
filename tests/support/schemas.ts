/** Looks into JSON Schemas as the service describes itself with them. */

/** As far as the service uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Each field by its path ('invoice.items[].id'), and whether it is always required. */
export type Fields = Readonly<Record<string, boolean>>;

/** @returns the fields at the ends of a schema's branches: those that have none of their own */
export function fieldsOf(schema: Schema): Fields {
  if (schema.allOf) {
    const parts = schema.allOf.map(fieldsOf);
    const names = new Set(parts.flatMap((part) => Object.keys(part)));
    return Object.fromEntries([...names].map((name) => [name, parts.some((part) => part[name])]));
  }
  if (schema.anyOf) return eitherOf(schema.anyOf.map(fieldsOf));
  if (schema.items) return prefixed('[]', fieldsOf(schema.items), true);
  const { properties, required = [] } = schema;
  if (!properties) return { '': true };
  const fields = Object.entries(properties).map(([name, of]) =>
    prefixed(name, fieldsOf(of), required.includes(name)),
  );
  return Object.assign({}, ...fields) as Fields;
}

function eitherOf(branches: readonly Fields[]): Fields {
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
