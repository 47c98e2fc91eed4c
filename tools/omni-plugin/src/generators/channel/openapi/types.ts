import { circularRefs } from './cycles';
import { listOf, objectAt, schemaRef, sentenceOf, type Json } from './document';

/** Objects within objects are written out so deep; what is deeper is any object. */
const mostDepth = 4;
/** A longer list of values is any text. */
const mostValues = 40;

const anyObject = '{ [key: string]: unknown }';

/** What a type may refer to. */
export interface Scope {
  schemas: Json;
  /** The TypeScript names of the schemas that are declared; references to others are `unknown`. */
  names: ReadonlyMap<string, string>;
}

/** The declarations of the scope's schemas, in the order of their names. */
export function declarations(scope: Scope): string {
  const circular = circularRefs(scope.schemas);
  return [...scope.names]
    .sort(([, one], [, other]) => (one < other ? -1 : 1))
    .map(([schema, name]) => declaration(scope, circular, schema, name))
    .join('\n\n');
}

/** A schema as a type, written where it is used. */
export function typeOf(scope: Scope, schema: unknown): string {
  return write({ ...scope, isGivenUp: () => false }, schema, 0);
}

interface Writing extends Scope {
  /** True for a reference that would make the declared alias circular. */
  isGivenUp(ref: string): boolean;
}

function declaration(scope: Scope, circular: ReadonlySet<string>, schema: string, name: string): string {
  const value = objectAt(scope.schemas, schema);
  const about = sentenceOf(value.description ?? value.title);
  const comment = about === null ? '' : `/** ${about} */\n`;
  const type = write({ ...scope, isGivenUp: (ref) => circular.has(`${schema} ${ref}`) }, value, 0);
  const isInterface = isPlainObject(value) && type !== anyObject && type.startsWith('{');
  return isInterface
    ? `${comment}export interface ${name} ${type}`
    : `${comment}export type ${name} = ${type};`;
}

function write(scope: Writing, schema: unknown, depth: number): string {
  const value = objectAt(schema);
  const type = isNullable(value)
    ? union([writeBare(scope, value, depth), 'null'])
    : writeBare(scope, value, depth);
  return type === '' ? 'unknown' : type;
}

/** Without null. Empty where nothing is said, or only what is given up. */
function writeBare(scope: Writing, value: Json, depth: number): string {
  const ref = schemaRef(value);
  if (ref !== null) return scope.isGivenUp(ref) ? '' : (scope.names.get(ref) ?? 'unknown');
  if (value.const !== undefined) return literal(value.const);
  if (Array.isArray(value.enum)) return values(value.enum);
  const all = listOf(value.allOf).map((member) => write(scope, member, depth));
  const one = [...listOf(value.oneOf), ...listOf(value.anyOf)].map((member) => write(scope, member, depth));
  const own = all.length + one.length === 0 || value.properties ? writeOwn(scope, value, depth) : '';
  return intersection([...all, union(one), own]);
}

function writeOwn(scope: Writing, value: Json, depth: number): string {
  const types = [value.type].flat().filter((type) => type !== 'null');
  if (types.length > 1) return union(types.map((type) => writeOwn(scope, { ...value, type }, depth)));
  const within = { ...scope, isGivenUp: () => false };
  switch (types[0] ?? (value.properties ? 'object' : undefined)) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return `${grouped(write(within, value.items, depth))}[]`;
    case 'object':
      return writeObject(within, value, depth);
    default:
      return '';
  }
}

function writeObject(scope: Writing, value: Json, depth: number): string {
  const properties = Object.entries(objectAt(value.properties));
  if (properties.length === 0) {
    const rest = objectAt(value.additionalProperties);
    return Object.keys(rest).length > 0 ? `{ [key: string]: ${write(scope, rest, depth + 1)} }` : anyObject;
  }
  if (depth >= mostDepth) return anyObject;
  const required = listOf(value.required);
  const lines = properties.map(([name, property]) => {
    const about = sentenceOf(objectAt(property).description);
    const comment = about === null ? '' : `/** ${about} */\n`;
    return `${comment}${keyOf(name)}${required.includes(name) ? '' : '?'}: ${write(scope, property, depth + 1)};`;
  });
  return `{\n${lines.join('\n')}\n}`;
}

function isPlainObject(value: Json): boolean {
  return !value.$ref && !value.allOf && !value.oneOf && !value.anyOf && !value.enum && !isNullable(value);
}

function isNullable(value: Json): boolean {
  return (
    value.nullable === true ||
    value.type === 'null' ||
    (Array.isArray(value.type) && value.type.includes('null'))
  );
}

function values(all: readonly unknown[]): string {
  return all.length > mostValues ? 'string' : union(all.map(literal));
}

function literal(value: unknown): string {
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? JSON.stringify(value) : 'unknown';
}

function union(types: readonly string[]): string {
  return [...new Set(types.filter((type) => type !== ''))].join(' | ');
}

function intersection(types: readonly string[]): string {
  const said = [...new Set(types.filter((type) => type !== '' && type !== 'unknown'))];
  return said.length > 1 ? said.map(grouped).join(' & ') : (said[0] ?? '');
}

function grouped(type: string): string {
  return / [|&] /.test(type) ? `(${type})` : type;
}

export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
