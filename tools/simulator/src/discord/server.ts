import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder, type Fault } from '../faults';
import { type Answer, readBody, send } from '../http';
import { parseMultipart, type Upload } from '../multipart';
import type { SimulatedApplication } from './application';
import { DiscordError, failure, known, notFound, refusal, unauthorized } from './errors';
import { banned, type DiscordFault, isGeneral, rateLimited } from './faults';
import type { Fields } from './message';
import { findRoute } from './rest';
import type { Call, Route } from './rest/call';
import type { World } from './world';

/** `/api/v10/…`: one call of the API. Rejects only when the client leaves before the end of its request. */
export async function answerApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://discord');
  const raw = await readBody(request);
  const reply = (answer: Answer) => finish(world, response, answer);
  if (world.invalidRequests.isBanned) return reply(banned());
  if (!/^DiscordBot \(.+, .+\)/.test(request.headers['user-agent'] ?? ''))
    return reply(refusal(known(40333)));
  const short = pathname.replace(/^(\/api)?(\/v\d+)?(?=\/)/, '');
  const found = findRoute(request.method ?? 'GET', short);
  if (!found) return reply(refusal(notFound()));
  const application = callerOf(world, found, request.headers.authorization);
  if (!application) return reply(refusal(found.route.by === 'bot' ? unauthorized() : known(50027)));
  const parsed = parse(request.headers['content-type'], raw);
  if (parsed instanceof DiscordError) return reply(refusal(parsed));
  carryOut({ world, application, query, path: found.path, ...parsed }, found.route, short, response);
}

/** The bytes of a file, at the address that was told, or of a sticker. Faults know it as `attachment`. */
export function answerAttachment(world: World, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://discord');
  const fault = world.faults.pick('attachment', null);
  const act = (): Answer => {
    const isSticker = pathname.startsWith('/stickers/');
    const file = isSticker ? world.files.sticker(pathname) : world.files.at(pathname, searchParams);
    const status = file ? 200 : 404;
    const record = { application: null, chat: file?.channelId || null, params: {}, files: [] };
    world.called({
      ...record,
      at: Date.now(),
      method: 'attachment',
      path: `GET ${pathname}`,
      status,
      error: null,
      fault: fault?.kind ?? null,
    });
    return file ? { status, body: file.bytes, headers: { 'content-type': file.contentType } } : gone;
  };
  if (isGeneral(fault)) answerUnder(fault, response, act, refusals);
  else send(response, answerOf(fault));
}

const gone: Answer = {
  status: 404,
  body: 'This content is no longer available.',
  headers: { 'content-type': 'text/plain;charset=UTF-8' },
};

function carryOut(call: Call, route: Route, path: string, response: ServerResponse): void {
  const { world } = call;
  const chat = call.path.channel ?? world.interactions.get(call.path.token)?.channel.id ?? null;
  const fault = world.faults.pick(
    route.name,
    chat === null ? null : (world.channels.get(chat)?.names ?? [chat]),
  );
  const record = (status: number | null, error: DiscordError | null) =>
    world.called({
      at: Date.now(),
      method: route.name,
      application: call.application.id,
      chat,
      path: `${route.verb} ${call.path.token ? path.replace(call.path.token, ':token') : path}`,
      params: call.body,
      files: [...call.files.values()].map(({ filename }) => filename),
      status,
      error: error && { code: error.code, message: error.message },
      fault: fault?.kind ?? null,
    });
  if (!isGeneral(fault)) {
    record(null, null);
    return finish(world, response, answerOf(fault));
  }
  const about = chat ?? call.path.guild ?? call.path.token ?? '';
  const taken = world.rates.take(
    `${route.verb} ${route.path}`,
    about,
    route.by === 'bot' ? call.application.id : null,
  );
  if (taken.refused) {
    record(429, null);
    const refused = rateLimited(taken.refused.scope, taken.refused.retryAfter);
    return finish(world, response, { ...refused, headers: { ...taken.headers, ...refused.headers } });
  }
  if (fault && !isCarriedOut(fault)) record(null, null);
  const counted = (answer: Answer): Answer => {
    countInvalid(world, answer);
    return { ...answer, headers: { ...taken.headers, ...answer.headers } };
  };
  answerUnder(fault, response, () => run(call, route, record, counted), {
    rateLimited: (retryAfter) => counted(rateLimited('user', retryAfter)),
    failed: (status, code) => counted(refusal(failure(status, code))),
  });
}

type Recorder = (status: number | null, error: DiscordError | null) => void;

function run(
  call: Call,
  route: Route,
  record: Recorder,
  wrap: (answer: Answer) => Answer,
): Answer | Promise<Answer> {
  const done = (body: unknown): Answer => {
    const status = body === undefined || body === null ? 204 : 200;
    record(status, null);
    return wrap({ status, body: status === 204 ? '' : body });
  };
  const refused = (reason: unknown): Answer => {
    const error = reason instanceof DiscordError ? reason : broken(reason as Error);
    record(error.status, error);
    return wrap(refusal(error));
  };
  try {
    const result = route.run(call);
    return result instanceof Promise ? result.then(done, refused) : done(result);
  } catch (error) {
    return refused(error);
  }
}

const broken = ({ stack }: Error) => new DiscordError(500, 0, `The simulator failed: ${stack}`);

function finish(world: World, response: ServerResponse, answer: Answer): void {
  countInvalid(world, answer);
  send(response, answer);
}

function countInvalid(world: World, { status, headers }: Answer): void {
  const isInvalid = status === 401 || status === 403 || status === 429;
  if (isInvalid && headers?.['x-ratelimit-scope'] !== 'shared') world.invalidRequests.add();
}

const refusals = {
  rateLimited: (retryAfter: number) => rateLimited('user', retryAfter),
  failed: (status: number, code?: number) => refusal(failure(status, code)),
};

function answerOf(fault: Exclude<DiscordFault, Fault>): Answer {
  return fault.kind === 'banned'
    ? banned(fault.retryAfter)
    : rateLimited(fault.scope, fault.retryAfter, fault.code);
}

function isCarriedOut(fault: Fault): boolean {
  if (fault.kind === 'error' || fault.kind === 'garbage') return fault.accept === true;
  return fault.kind === 'slow' || fault.kind === 'timeout-after' || fault.kind === 'reset-after';
}

function callerOf(
  world: World,
  { route, path }: { route: Route; path: { [name: string]: string } },
  authorization: string | undefined,
): SimulatedApplication | null {
  if (route.by === 'bot') {
    const token = /^Bot (\S+)$/.exec(authorization ?? '')?.[1];
    return token === undefined ? null : world.applicationWith(token);
  }
  const interaction = world.interactions.get(path.token);
  // Which refusal it is, is the route's to say; it needs no more of who asks.
  return interaction?.application ?? [...world.applications.values()][0] ?? null;
}

interface Parsed {
  body: Fields;
  files: ReadonlyMap<string, Upload>;
}

const noFiles: ReadonlyMap<string, Upload> = new Map();

function parse(contentType: string | undefined, raw: Buffer): Parsed | DiscordError {
  if (raw.length === 0) return { body: {}, files: noFiles };
  if (contentType?.startsWith('multipart/form-data')) {
    const form = parseMultipart(contentType, raw);
    if (!form) return known(50109);
    const { payload_json, ...fields } = form.fields;
    const body = payload_json === undefined ? fields : parseJson(payload_json);
    return body instanceof DiscordError ? body : { body, files: form.files };
  }
  if (contentType?.startsWith('application/x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(raw.toString())), files: noFiles };
  if (!contentType?.startsWith('application/json'))
    return new DiscordError(400, 50035, 'Invalid Form Body', {
      _errors: [
        {
          code: 'CONTENT_TYPE_INVALID',
          message: 'Expected "Content-Type" header to be one of {\'application/json\'}.',
        },
      ],
    });
  const body = parseJson(raw.toString());
  return body instanceof DiscordError ? body : { body, files: noFiles };
}

function parseJson(text: string): Fields | DiscordError {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return { list: value };
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    return known(50109);
  }
  return known(50109);
}
