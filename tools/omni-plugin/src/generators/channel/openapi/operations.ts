import { listOf, objectAt, resolved, sentenceOf, textOf, type Json } from './document';
import { claim, methodName } from './identifiers';
import { keyOf, typeOf, type Scope } from './types';

/** One request that an API takes. */
export interface Operation {
  name: string;
  about: string | null;
  method: string;
  /** `/users/{id}`. */
  path: string;
  pathParameters: Json[];
  queryParameters: Json[];
  /** The schema of the JSON body; null where there is none. */
  body: unknown;
  /** The schema of the answer; null where nothing is said of it. */
  answer: unknown;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation that takes JSON or nothing, in the order of the document, without deprecated ones; and how many it has in all. */
export function operationsOf(document: unknown): { operations: Operation[]; all: number } {
  const taken = new Set(['call', 'constructor']);
  const found = Object.entries(objectAt(document, 'paths')).flatMap(([path, item]) =>
    methods
      .filter((method) => objectAt(item)[method] !== undefined)
      .map((method) => readOperation(document, path, method, objectAt(item), taken)),
  );
  return { operations: found.filter((operation) => operation !== null), all: found.length };
}

function readOperation(
  document: unknown,
  path: string,
  method: string,
  item: Json,
  taken: Set<string>,
): Operation | null {
  const operation = objectAt(item, method);
  const requestBody = resolved(document, operation.requestBody);
  const body = jsonSchema(requestBody);
  const parameters = parametersOf(document, item, operation);
  const pathParameters = parameters.filter(({ in: place }) => place === 'path');
  const isWhole = [...path.matchAll(/\{([^}]+)\}/g)].every(([, name]) =>
    pathParameters.some((parameter) => parameter.name === name),
  );
  const isForm = body === null && Object.keys(objectAt(requestBody.content)).length > 0;
  if (operation.deprecated === true || isForm || !isWhole || !/^\/[\w\-./{}~:@!&,;=%]*$/.test(path))
    return null;
  return {
    name: claim(taken, methodName(textOf(operation.operationId) ?? `${method} ${path}`), 'Operation'),
    about: sentenceOf(operation.summary ?? operation.description),
    method: method.toUpperCase(),
    path,
    pathParameters,
    queryParameters: parameters.filter(({ in: place }) => place === 'query'),
    body,
    answer: answerSchema(document, operation),
  };
}

/** Those of the path and of the operation; the operation's own count. */
function parametersOf(document: unknown, item: Json, operation: Json): Json[] {
  const all = [...listOf(item.parameters), ...listOf(operation.parameters)].map((one) =>
    resolved(document, one),
  );
  const named = all.filter(({ name }) => textOf(name) !== null);
  return [...new Map(named.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

function answerSchema(document: unknown, operation: Json): unknown {
  const success = Object.entries(objectAt(operation.responses)).find(([status]) => /^2/.test(status));
  return success ? jsonSchema(resolved(document, success[1])) : null;
}

function jsonSchema(holder: Json): unknown {
  const content = Object.entries(objectAt(holder.content)).find(([type]) =>
    /^application\/([\w.-]+\+)?json/.test(type),
  );
  return content ? (objectAt(content[1]).schema ?? {}) : null;
}

/** An operation as a method of the class that has `call`. */
export function methodOf(scope: Scope, operation: Operation): string {
  const { name, about, method, path, pathParameters, queryParameters, body, answer } = operation;
  const parameters = [
    ...(pathParameters.length > 0 ? [`path: ${parameterType(scope, pathParameters, true)}`] : []),
    ...(queryParameters.length > 0 ? [`query: ${parameterType(scope, queryParameters, false)}`] : []),
    ...(body === null ? [] : [`body: ${typeOf(scope, body)}`]),
    'signal: AbortSignal',
  ];
  const request = [
    `method: '${method}'`,
    `path: ${pathTemplate(path)}`,
    ...(queryParameters.length > 0 ? ['query'] : []),
    ...(body === null ? [] : ['body']),
  ];
  const type = answer === null ? 'unknown' : typeOf(scope, answer);
  const cast = type === 'unknown' ? '' : ` as Promise<${type}>`;
  return [
    `/** ${about === null ? '' : `${about.replace(/[^.!?…]$/, '$&.')} `}\`${method} ${path}\` */`,
    `${name}(${parameters.join(', ')}): Promise<${type}> {`,
    `return this.call({ ${request.join(', ')} }, signal)${cast};`,
    '}',
  ].join('\n');
}

function parameterType(scope: Scope, parameters: readonly Json[], required: boolean): string {
  const fields = parameters.map(({ name, schema, required: own }) => {
    const isRequired = required || own === true;
    return `${keyOf(String(name))}${isRequired ? '' : '?'}: ${typeOf(scope, schema)}`;
  });
  return `{ ${fields.join('; ')} }`;
}

function pathTemplate(path: string): string {
  if (!path.includes('{')) return `'${path}'`;
  return `\`${path.replace(/\{([^}]+)\}/g, (_, name: string) => `\${encodeURIComponent(String(path${accessOf(name)}))}`)}\``;
}

function accessOf(name: string): string {
  return keyOf(name) === name ? `.${name}` : `[${JSON.stringify(name)}]`;
}
