import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder, type Fault } from '../faults';
import { type Answer, readBody, send } from '../http';
import type { SimulatedBot } from './bot';
import { ApiError, refusal, serverFailure, tooManyRequests } from './errors';
import { type Call, type Method, methods } from './methods';
import { Params, readParams } from './params';
import type { World } from './world';

const unauthorized = new ApiError(401, 'Unauthorized');
const notFound = new ApiError(404, 'Not Found');
const unknownMethod = new ApiError(404, 'Not Found: method not found');
const loggedOut = new ApiError(400, 'Logged out');

const refusals = {
  rateLimited: (retryAfter: number) => refusal(tooManyRequests(retryAfter)),
  failed: serverFailure,
};

/** `/bot<token>/<method>`: one call of the Bot API. Rejects only when the client leaves before the end of its request. */
export async function answerMethod(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  const slash = path.indexOf('/', '/bot'.length);
  const bot = findBot(world, path.slice('/bot'.length, slash < 0 ? undefined : slash));
  if (bot instanceof ApiError) return send(response, refusal(bot));
  const method = slash < 0 ? undefined : methods.get(path.slice(slash + 1).toLowerCase());
  if (!method) return send(response, refusal(unknownMethod));

  const early = world.faults.needChat ? undefined : world.faults.pick(method.name, null);
  if (early?.kind === 'timeout-before' || early?.kind === 'reset-before') {
    world.called(record(bot, method.name, new Params({}), null, early));
    return answerUnder(early, response, never, refusals);
  }
  const params = readParamsOrNone(query, request.headers['content-type'], await readBody(request));
  if (params instanceof ApiError) return send(response, refusal(params));
  const fault = early === undefined ? world.faults.pick(method.name, params.text('chat_id') ?? null) : early;
  if (fault && !carriesOut(fault)) world.called(record(bot, method.name, params, null, fault));
  answerUnder(fault, response, () => carryOut({ world, bot, params }, method, fault), refusals);
}

/** `/file/bot<token>/<path>`: a file that `getFile` told of. Faults know it as the method `file`. */
export function answerFile(world: World, request: IncomingMessage, response: ServerResponse): void {
  const [, token, path] = /^\/file\/bot([^/]+)\/(.+)$/.exec((request.url ?? '').split('?')[0]) ?? [];
  const bot = findBot(world, token ?? '');
  if (bot instanceof ApiError) return send(response, refusal(bot));
  const file = world.files.at(decodeURIComponent(path ?? ''));
  const found = (): Answer =>
    file
      ? { status: 200, body: file.bytes, headers: { 'content-type': 'application/octet-stream' } }
      : refusal(notFound);
  answerUnder(world.faults.pick('file', null), response, found, refusals);
}

function findBot(world: World, token: string): SimulatedBot | ApiError {
  return world.findBot(token) ?? (world.isWellFormed(token) ? unauthorized : notFound);
}

function readParamsOrNone(query: string, contentType: string | undefined, body: Buffer): Params | ApiError {
  try {
    return readParams(query, contentType, body);
  } catch (error) {
    return asApiError(error);
  }
}

function carryOut(
  call: Call,
  method: { name: string; run: Method },
  fault: Fault | null,
): Answer | Promise<Answer> {
  const done = (result: unknown): Answer => {
    call.world.called(record(call.bot, method.name, call.params, null, fault, 200));
    return { status: 200, body: { ok: true, result } };
  };
  const refused = (error: unknown): Answer => {
    const reason = asApiError(error);
    call.world.called(record(call.bot, method.name, call.params, reason.description, fault, reason.code));
    return refusal(reason);
  };
  try {
    if (call.bot.loggedOut) throw loggedOut;
    const result = method.run(call);
    return result instanceof Promise ? result.then(done, refused) : done(result);
  } catch (error) {
    return refused(error);
  }
}

function carriesOut(fault: Fault): boolean {
  if (fault.kind === 'error' || fault.kind === 'garbage') return fault.accept === true;
  return fault.kind === 'slow' || fault.kind === 'timeout-after' || fault.kind === 'reset-after';
}

function record(
  bot: SimulatedBot,
  method: string,
  params: Params,
  description: string | null,
  fault: Fault | null,
  status: number | null = null,
) {
  const chat = params.text('chat_id') ?? null;
  return {
    at: Date.now(),
    bot: bot.id,
    method,
    chat,
    params: params.raw,
    status,
    description,
    fault: fault?.kind ?? null,
  };
}

function never(): never {
  throw new Error('This call was not to be carried out.');
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, `Internal Server Error: the simulator failed: ${(error as Error).stack}`);
}
