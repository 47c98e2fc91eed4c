import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder } from '../faults';
import { type Answer, readBody, send } from '../http';
import { parseMultipart, type Upload } from '../multipart';
import { violations } from './checks/schema';
import { notOnWhatsApp } from './checks/target';
import {
  ApiError,
  badRequest,
  connectionClosed,
  licenseRequired,
  notFound,
  refusal,
  unauthorized,
} from './errors';
import type { SimulatedInstance } from './instance';
import { localPart } from './jids';
import { type InstanceCall, type Route, routes, type ServerCall } from './methods';
import type { Fields } from './values';
import type { EvolutionFault, Refused } from './options';
import type { World } from './world';

const refusals = {
  rateLimited: (retryAfter: number): Answer => ({
    ...refusal(new ApiError(429, 'Too Many Requests')),
    headers: { 'retry-after': String(retryAfter) },
  }),
  failed: (status: number) => refusal(new ApiError(status, 'The simulator was told to fail.')),
};

interface Read {
  body: Fields;
  files: ReadonlyMap<string, Upload>;
}

interface Asked {
  route: Route;
  instance: SimulatedInstance | null;
  owner: SimulatedInstance | null;
  query: URLSearchParams;
}

/** One call of the API. Rejects only when the client leaves before the end of its request. */
export async function answerCall(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = find(world, request);
  if (!('route' in asked)) return send(response, asked);
  const { route, instance } = asked;
  const early = world.faults.needChat ? undefined : world.faults.pick(route.name, null);
  if (early?.kind === 'timeout-before' || early?.kind === 'reset-before') {
    note(world, asked, {}, { fault: early });
    return answerUnder(early, response, never, refusals);
  }
  const read = readCall(request.headers['content-type'], await readBody(request));
  if (read instanceof ApiError) return send(response, refusal(read));
  const fault = early === undefined ? world.faults.pick(route.name, chatNames(read.body)) : early;
  if (fault?.kind === 'refuse') {
    const answer = refusedAs(fault.why, read.body);
    note(world, asked, read.body, { fault, status: answer.status, description: fault.why });
    return send(response, answer);
  }
  if (fault && !carriesOut(fault)) note(world, asked, read.body, { fault });
  const call = { world, ...read, query: asked.query, owner: asked.owner };
  answerUnder(fault, response, () => carryOut({ ...call, instance }, asked, fault), refusals);
}

/** `/v/…`: a file as WhatsApp keeps it. Faults know it as the method `media`. */
export function answerDownload(world: World, request: IncomingMessage, response: ServerResponse): void {
  const bytes = world.media.download((request.url ?? '').split('?')[0]);
  const found = (): Answer =>
    bytes
      ? { status: 200, body: bytes, headers: { 'content-type': 'application/octet-stream' } }
      : { status: 404, body: '', headers: { 'content-type': 'text/plain' } };
  const fault = world.faults.pick('media', null);
  answerUnder(fault?.kind === 'refuse' ? null : fault, response, found, refusals);
}

/** The route, the instance and the key; or the answer that it ends with. In the real server's order: the instance comes first. */
function find(world: World, request: IncomingMessage): Asked | Answer {
  if (world.license === 'required') return licenseRequired;
  const [path, search = ''] = (request.url ?? '').split('?', 2);
  if (path === '/') return welcome(world);
  const query = new URLSearchParams(search);
  const [group, action, name, ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  const route = routes.get(`${request.method} ${group}/${action}`);
  if (!route || rest.length > 0 || (route.method.of === 'instance') !== Boolean(name)) {
    return refusal(notFound(`Cannot ${request.method} ${path}`));
  }
  const instance = name ? (world.instances.get(name) ?? null) : null;
  const holder = keyHolder(world, request.headers.apikey);
  if (route.method.of === 'instance' && !instance) {
    if (!route.method.answersForNone) return refusal(notFound(`The "${name}" instance does not exist`));
    if (holder === undefined) return refusal(unauthorized());
    return { status: 200, body: { instance: { instanceName: name } } };
  }
  if (holder === undefined) return refusal(unauthorized());
  if (holder && instance && holder !== instance) return refusal(unauthorized());
  return { route, instance, owner: holder, query };
}

/** Null for the server's own key, the instance whose token it is, undefined for anything else. */
function keyHolder(world: World, apikey: unknown): SimulatedInstance | null | undefined {
  if (apikey === world.apiKey) return null;
  return [...world.instances.values()].find(({ token }) => token === apikey);
}

const welcome = ({ dialect, events }: World): Answer => ({
  status: 200,
  body: {
    status: 200,
    message: 'Welcome to the Evolution API, it is working!',
    version: dialect.version,
    clientName: 'evolution_exchange',
    manager: `${events.serverUrl}/manager`,
    documentation: 'https://doc.evolution-api.com',
  },
});

function readCall(contentType: string | undefined, body: Buffer): Read | ApiError {
  const files = new Map<string, Upload>();
  if (body.length === 0) return { body: {}, files };
  if (contentType?.startsWith('multipart/form-data')) {
    const form = parseMultipart(contentType, body);
    if (!form) return badRequest('Multipart: Boundary not found');
    return { body: Object.fromEntries(Object.entries(form.fields).map(formValue)), files: form.files };
  }
  if (!contentType?.startsWith('application/json')) return { body: {}, files };
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value !== 'object' || value === null)
      return badRequest('Unexpected token in JSON at position 0');
    return { body: value as Fields, files };
  } catch (error) {
    return new ApiError(400, [(error as Error).message]);
  }
}

/** A form has only texts: numbers, flags and objects are read from what looks like them. */
function formValue([name, value]: [string, string]): [string, unknown] {
  if (!/^(delay|quoted|mentioned|mentionsEveryOne|encoding|notConvertSticker)$/.test(name))
    return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

function carryOut(
  call: ServerCall & { instance: SimulatedInstance | null },
  asked: Asked,
  fault: EvolutionFault | null,
): Answer | Promise<Answer> {
  const { world, body } = call;
  const { method } = asked.route;
  const done = (result: unknown): Answer => {
    const status = method.status ?? 200;
    note(world, asked, body, { fault, status });
    return { status, body: result ?? null };
  };
  const refused = (error: unknown): Answer => {
    const reason = asApiError(error);
    note(world, asked, body, { fault, status: reason.status, description: reason.message });
    return refusal(reason);
  };
  try {
    const wrong = method.schema ? violations(body, method.schema) : [];
    if (wrong.length > 0) throw badRequest(wrong);
    const result = method.of === 'server' ? method.run(call) : method.run(call as InstanceCall);
    return result instanceof Promise ? result.then(done, refused) : done(result);
  } catch (error) {
    return refused(error);
  }
}

function refusedAs(why: Refused, body: Fields): Answer {
  switch (why) {
    case 'connection-closed':
      return refusal(connectionClosed());
    case 'not-on-whatsapp':
      return refusal(notOnWhatsApp(String(body.number ?? '')));
    case 'license-required':
      return licenseRequired;
    case 'error-in-200':
      return { status: 200, body: { error: true, message: 'Error: Connection Failure' } };
  }
}

function carriesOut(fault: EvolutionFault): boolean {
  if (fault.kind === 'error' || fault.kind === 'garbage') return fault.accept === true;
  return fault.kind === 'slow' || fault.kind === 'timeout-after' || fault.kind === 'reset-after';
}

/** What a rule's `chat` is compared with: the address as it was given, and its part before the @. */
function chatNames(body: Fields): string[] {
  const { key, number, remoteJid } = body as {
    key?: { remoteJid?: string };
    number?: unknown;
    remoteJid?: unknown;
  };
  const given = number ?? remoteJid ?? key?.remoteJid;
  return typeof given === 'string' ? [given, localPart(given), localPart(given).replace(/\D/g, '')] : [];
}

function note(
  world: World,
  { route, instance }: Asked,
  body: Fields,
  outcome: { fault: EvolutionFault | null; status?: number; description?: string },
): void {
  world.called({
    at: Date.now(),
    instance: instance?.name ?? null,
    method: route.name,
    chat: chatNames(body)[1] ?? null,
    body: world.keeps ? body : {},
    status: outcome.status ?? null,
    description: outcome.description ?? null,
    fault: outcome.fault?.kind ?? null,
  });
}

function never(): never {
  throw new Error('This call was not to be carried out.');
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, `The simulator failed: ${(error as Error).stack}`);
}
