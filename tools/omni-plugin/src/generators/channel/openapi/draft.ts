import { listOf, objectAt, schemaRef, type Json } from './document';
import { claim, typeName } from './identifiers';
import { methodOf, operationsOf, type Operation } from './operations';
import { declarations, type Scope } from './types';

/** What an OpenAPI document gives a channel. */
export interface OpenapiDraft {
  /** Declarations for `models/api.models.ts`. */
  types: string;
  /** The whole of `client/operations.ts`. */
  operations: string;
  draftedOperations: number;
  allOperations: number;
}

/** A draft is to be read: the first operations of the document, and the types that they need. */
const mostOperations = 40;
const mostSchemas = 100;

/** Names that the draft's files have already, or that the language needs. */
function reservedTypes(pascal: string): string[] {
  const generated = [
    'ApiRequest',
    'NewMessage',
    'SentMessage',
    'ApiAccount',
    'EventBatch',
    'GatewayFrame',
    'GatewayCommand',
    'ApiError',
    'EventChat',
    'EventSender',
    'EventMessage',
    'Call',
  ];
  const own = ['Event', 'Config', 'Mode', 'Client', 'Handler', 'Operations'].map(
    (kind) => `${pascal}${kind}`,
  );
  return [...generated, ...own, 'AbortSignal', 'Array', 'Promise', 'Record'];
}

/**
 * Types and client methods of an OpenAPI 3.0 or 3.1 document; `pascal` is the channel's name. Pure. Throws where it is none, or where
 * it has no operation that takes JSON.
 */
export function draftOpenapi(document: unknown, pascal: string): OpenapiDraft {
  if (!/^3\.[01]\./.test(String(objectAt(document).openapi)))
    throw new Error('the document is no OpenAPI 3.0 or 3.1: its "openapi" tells no such version');
  const { operations: all, all: allOperations } = operationsOf(document);
  if (all.length === 0) throw new Error('the document has no operation that takes JSON or nothing');
  const { operations, schemas } = named(
    all.slice(0, mostOperations),
    objectAt(document, 'components', 'schemas'),
  );
  const taken = new Set(reservedTypes(pascal));
  const names = new Map(
    reached(schemas, operations).map((schema) => [schema, claim(taken, typeName(schema), 'Schema')]),
  );
  const scope = { schemas, names };
  return {
    types: declarations(scope),
    operations: operationsFile(scope, operations, pascal),
    draftedOperations: operations.length,
    allOperations,
  };
}

/** Bodies and answers that are objects get names of their own, `list-users answer`, beside the document's schemas. */
function named(operations: readonly Operation[], schemas: Json): { operations: Operation[]; schemas: Json } {
  const added: Record<string, unknown> = {};
  const name = (key: string, schema: unknown): unknown => {
    if (!isObject(schema) || schemas[key] !== undefined) return schema;
    added[key] = schema;
    return { $ref: `#/components/schemas/${encodeURIComponent(key)}` };
  };
  const renamed = operations.map((operation) => ({
    ...operation,
    body: name(`${operation.name} body`, operation.body),
    answer: name(`${operation.name} answer`, operation.answer),
  }));
  return { operations: renamed, schemas: { ...schemas, ...added } };
}

function isObject(schema: unknown): boolean {
  const { properties, allOf, oneOf, anyOf } = objectAt(schema);
  return [properties, allOf, oneOf, anyOf].some((part) => part !== undefined);
}

/** The schemas that the operations need, and those that these need. */
function reached(schemas: Json, operations: readonly Operation[]): string[] {
  const found = new Set<string>();
  const ways: unknown[] = operations.map(({ body, answer, pathParameters, queryParameters }) => [
    body,
    answer,
    pathParameters,
    queryParameters,
  ]);
  for (let value = ways.shift(); value !== undefined; value = ways.shift()) {
    const ref = schemaRef(value);
    if (ref !== null && schemas[ref] !== undefined && !found.has(ref) && found.size < mostSchemas) {
      found.add(ref);
      ways.push(schemas[ref]);
    }
    const inner = Array.isArray(value) ? listOf(value) : Object.values(objectAt(value));
    ways.push(...inner.filter((item) => typeof item === 'object' && item !== null));
  }
  return [...found];
}

function operationsFile(scope: Scope, operations: readonly Operation[], pascal: string): string {
  const methods = operations.map((operation) => methodOf(scope, operation)).join('\n\n');
  const used = [...scope.names.values()].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(withoutComments(methods)),
  );
  return [
    `import type { ${['ApiRequest', ...used].sort().join(', ')} } from '../models/api.models';`,
    '',
    '/** One attempt; throws what the client throws. The shape of the answer is not checked. */',
    'type Call = (request: ApiRequest, signal: AbortSignal) => Promise<unknown>;',
    '',
    "/** The API's operations as its OpenAPI document has them. */",
    `export class ${pascal}Operations {`,
    'constructor(private readonly call: Call) {}',
    '',
    methods,
    '}',
  ].join('\n');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*\*.*?\*\//g, '');
}
