/** The part of JSON Schema that Evolution's own checks use. */
export interface Schema {
  type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  enum?: readonly unknown[];
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: RegExp;
  /** What is said instead of the reason. */
  description?: string;
}

/** What is wrong with a body, in the words of the `jsonschema` package; empty where nothing is. */
export function violations(value: unknown, schema: Schema, path = 'instance'): string[] {
  if (value === undefined) return [];
  const named = (reason: string) => schema.description ?? `${path} ${reason}`.replace(/^instance\./, '');
  if (schema.type && !isOf(value, schema.type)) return [named(`is not of a type(s) ${schema.type}`)];
  const own = reasons(value, schema).map(named);
  if (Array.isArray(value)) {
    const { items } = schema;
    return [...own, ...(items ? value.flatMap((item, at) => violations(item, items, `${path}[${at}]`)) : [])];
  }
  if (typeof value !== 'object' || value === null) return own;
  const fields = value as Record<string, unknown>;
  const missing = (schema.required ?? [])
    .filter((name) => fields[name] === undefined)
    .map((name) => `${path} requires property "${name}"`.replace(/^instance\./, ''));
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    violations(fields[name], property, `${path}.${name}`),
  );
  return [...own, ...missing, ...inner];
}

function reasons(value: unknown, schema: Schema): string[] {
  const found: string[] = [];
  if (schema.enum && !schema.enum.includes(value))
    found.push(`is not one of enum values: ${schema.enum.join(',')}`);
  if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength)
      found.push(`does not meet minimum length of ${schema.minLength}`);
    if (schema.pattern && !schema.pattern.test(value))
      found.push(`does not match pattern "${schema.pattern.source}"`);
  }
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      found.push(`must be greater than or equal to ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum)
      found.push(`must be less than or equal to ${schema.maximum}`);
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems)
      found.push(`does not meet minimum length of ${schema.minItems}`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      found.push(`does not meet maximum length of ${schema.maxItems}`);
    if (schema.uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
      found.push('contains duplicate item');
  }
  return found;
}

function isOf(value: unknown, type: NonNullable<Schema['type']>): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
