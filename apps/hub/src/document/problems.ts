import type { ProblemDocument } from '../flow/problem';
import {
  about,
  integer,
  list,
  named,
  object,
  optional,
  text,
  type Components,
  type JsonSchema,
} from './schema';

const problem = named(
  'Problem',
  object<ProblemDocument>({
    type: about('A URN with the code', text),
    title: text,
    status: integer,
    code: about('Stable: what a program decides by', text),
    detail: about('For people: what is wrong and what to do', text),
    errors: optional(
      about(
        'Every field of the request that is not accepted',
        list(
          named(
            'FieldProblem',
            object<{ field: string; problem: string }>({
              field: about('Its path, as `buttons.0.label`', text),
              problem: text,
            }),
          ),
        ),
      ),
    ),
  }),
);

const meanings: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'There is no API key in `x-api-key`, or it is none of the hub’s',
  403: 'The key lacks the scope, or is bound to other instances',
  404: 'What the request names is not there',
  406: 'There is no such form of the answer',
  409: 'What the request names does not allow it as it is: `code` says why',
  413: 'The body is too large',
  415: 'The body is of a type that is not taken here',
  422: 'A field is not accepted: `errors` names each; or the channel cannot do it: `code` says so',
  502: 'The platform failed or refused: `code` is that of its error',
  503: 'Not now: come again after `Retry-After` seconds',
};

/** What decides which problems a request can come to. */
export interface RequestFacts {
  operationId: string;
  /** Whether it needs an API key. */
  isApi: boolean;
  /** Whether its path, its query or its body name something that has to be there. */
  names: boolean;
  hasPathParameters: boolean;
  hasBody: boolean;
  hasFields: boolean;
}

/** What only some requests can come to, by the name of their handler. */
export const ownProblems: Record<string, readonly number[]> = {
  AccessRulesController_create: [409],
  DeadLettersController_replay: [409],
  InstancesController_create: [409],
  InstancesController_update: [409],
  InstancesController_remove: [409, 502],
  InstancesController_connect: [409, 502],
  InstancesController_disconnect: [409, 502],
  InstancesController_link: [406, 409, 502],
  InstancesController_restart: [409, 502],
  InstancesController_logout: [409, 502],
  MessagesController_send: [409],
  TurnsController_replay: [409],
  MediaController_fetch: [404, 502, 503],
  HealthController_read: [503],
};

/** The statuses of failure that a request can be answered with. */
export function problemsOf(facts: RequestFacts): number[] {
  const { operationId, isApi, names, hasPathParameters, hasBody, hasFields } = facts;
  const statuses = [
    ...(isApi ? [401, 403, 503] : []),
    ...(hasPathParameters || hasBody ? [400] : []),
    ...(names ? [404] : []),
    ...(hasBody ? [413, 415] : []),
    ...(hasFields ? [422] : []),
    ...(ownProblems[operationId] ?? []),
  ];
  return [...new Set(statuses)].sort((one, other) => one - other);
}

/** How an operation refers to one of `problemResponses`. */
export const problemReference = (status: number): JsonSchema => ({
  $ref: `#/components/responses/Problem${status}`,
});

/** Every failure once, for all operations. */
export function problemResponses(components: Components): Record<string, JsonSchema> {
  const content = { 'application/problem+json': { schema: problem.write(components) } };
  const retryAfter = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
  return Object.fromEntries(
    Object.entries(meanings).map(([status, description]) => [
      `Problem${status}`,
      { description, content, ...(status === '503' ? { headers: retryAfter } : {}) },
    ]),
  );
}
