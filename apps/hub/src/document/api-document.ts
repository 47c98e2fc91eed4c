import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { AgentKinds } from '../flow/agent-kinds';
import { ChannelRegistry } from '../flow/channel-registry';
import { answerOf } from './answers';
import { classesBy, classSchema, fieldsOf } from './class-schema';
import { content } from './content';
import { handlersOf, type RouteHandler } from './handlers';
import { problemReference, problemResponses, problemsOf } from './problems';
import { named, type Components, type JsonSchema, type Schema } from './schema';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, JsonSchema>;
  security?: object[];
}

/**
 * What the API can do, as OpenAPI. Nest tells the routes; what goes in is told by the classes that check it, what comes out by the
 * schema of each handler, and how it fails by `problems.ts`. Takes some milliseconds: made when it is asked for.
 */
export function apiDocument(app: NestExpressApplication): OpenAPIObject {
  const routes = SwaggerModule.createDocument(app, head);
  const handlers = handlersOf(app);
  const components: Components = {};
  content.write(components);
  classesBy('AgentConfig', 'kind', app.get(AgentKinds).configClasses).write(components);
  channelConfig(app.get(ChannelRegistry)).write(components);
  for (const [path, operations] of Object.entries(routes.paths))
    for (const operation of Object.values(operations as Record<string, Operation>))
      describe(path, operation, handlers.get(operation.operationId)!, components);
  const responses = problemResponses(components);
  return {
    ...routes,
    components: { ...routes.components, schemas: components, responses },
  } as unknown as OpenAPIObject;
}

const head = new DocumentBuilder()
  .setOpenAPIVersion('3.1.0')
  .setTitle('omni-hub')
  .setDescription('A self-hosted omnichannel hub for AI agents')
  .setVersion('1')
  .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, 'apiKey')
  .build();

function describe(
  path: string,
  operation: Operation,
  { handler, body, query }: RouteHandler,
  components: Components,
): void {
  const asked = query === null ? [] : fieldsOf(query, components);
  operation.parameters = [
    ...operation.parameters.filter(({ in: place }) => place !== 'query'),
    ...asked.map(({ name, needed, schema: { description, ...schema } }) => ({
      ...{ name, in: 'query', required: needed },
      ...(description === undefined ? {} : { description }),
      schema: withoutNull(schema),
    })),
  ];
  if (body !== null)
    operation.requestBody = {
      ...operation.requestBody,
      content: { 'application/json': { schema: classSchema(body).write(components) } },
    };
  const named = [...asked, ...(body === null ? [] : fieldsOf(body, components))].map(({ name }) => name);
  const hasPathParameters = path.includes('{');
  const failures = problemsOf({
    operationId: operation.operationId,
    isApi: path.startsWith('/api/'),
    names: hasPathParameters || named.includes('instance'),
    hasPathParameters,
    hasBody: operation.requestBody !== undefined,
    hasFields: named.length > 0,
  });
  operation.responses = {
    ...Object.fromEntries(failures.map((status) => [status, problemReference(status)])),
    ...successes(operation, handler, components),
  };
}

/** Nest knows the status, the handler's decorators what comes with it. */
function successes({ responses }: Operation, handler: object, components: Components) {
  const { schema, also = [], files = [] } = answerOf(handler);
  const [status] = Object.keys(responses);
  const content = {
    ...(schema ? { 'application/json': { schema: schema.write(components) } } : {}),
    ...Object.fromEntries(files.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  };
  const answer = {
    description: descriptions[status] ?? 'Done',
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
  return Object.fromEntries([Number(status), ...also].map((one) => [one, answer]));
}

const descriptions: Record<string, string> = {
  201: 'Made',
  202: 'Committed: it happens from now on',
  204: 'Done; there is nothing to tell',
};

/** Which of them, is told by `channel`. */
function channelConfig(channels: ChannelRegistry): Schema<never> {
  return named('ChannelConfig', {
    write: (components) => ({
      description: 'By the instance’s `channel`',
      anyOf: channels.all().map(({ configClass }) => classSchema(configClass).write(components)),
    }),
  });
}

/** In a query there is no null. */
function withoutNull({ type, ...schema }: JsonSchema): JsonSchema {
  const { enum: words } = schema as { enum?: unknown[] };
  return {
    ...schema,
    ...(type === undefined ? {} : { type: Array.isArray(type) ? type[0] : type }),
    ...(words ? { enum: words.filter((one) => one !== null) } : {}),
  };
}
