import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder, type Fault } from '../faults';
import { type Answer, readBody, send } from '../http';
import { parseMultipart, type Upload } from '../multipart';
import type { Fields } from './chat';
import { badParam, badToken, failure, GraphError, known, noSuchObject, refusal } from './errors';
import { type CloudFault, isGeneral } from './faults';
import { findRoute } from './graph';
import type { Call, Method } from './graph/call';
import { overLimitBytes } from './graph/media';
import type { StoredMedia } from './media';
import type { BusinessNumber } from './number';
import type { World } from './world';

/** `/v26.0/<id>/<edge>`: one call of the Graph API. Rejects only when the client leaves before the end of its request. */
export async function answerGraph(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://graph');
  const [id = '', edge = '', ...rest] = pathname
    .replace(/^\/v\d+\.\d+(?=\/)/, '')
    .split('/')
    .filter(Boolean);
  const refuse = (error: GraphError) => send(response, refusal(error, traceOf(world)));
  const raw = await readBody(request);
  const numbers = numbersWith(world, request.headers.authorization);
  if (numbers.length === 0) return refuse(badToken());
  const verb = request.method ?? 'GET';
  const route = rest.length === 0 ? findRoute(world, verb, id, edge) : undefined;
  if (!route) return refuse(noSuchObject(verb, id));
  const parsed = parse(verb, request.headers['content-type'], raw);
  if (parsed instanceof GraphError) return refuse(parsed);
  const method = route.method(parsed.body);
  const fault = world.faults.pick(method.name, namesOfChat(world, id, parsed.body));
  const call: Call = { world, id, numbers, query, ...parsed, fault };
  if (isGeneral(fault)) answer(call, method, fault, response);
  else send(response, await carryOut(call, method));
}

/** The bytes of media, at the address that was told. Faults know it as `download`. */
export function answerDownload(world: World, request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://graph');
  const fault = world.faults.pick('download', null);
  const numbers = numbersWith(world, request.headers.authorization);
  const media = world.media.at(searchParams);
  const act = (): Answer => {
    const found = bytesOf(world, numbers, media, fault);
    world.called({
      at: Date.now(),
      method: 'download',
      number: media?.number.id ?? null,
      chat: null,
      params: Object.fromEntries(searchParams),
      status: found.status,
      error: null,
      fault: fault?.kind ?? null,
    });
    return found;
  };
  if (isGeneral(fault)) answerUnder(fault, response, act, refusalsOf(world));
  else send(response, act());
}

function bytesOf(
  world: World,
  numbers: BusinessNumber[],
  media: StoredMedia | null,
  fault: CloudFault | null,
): Answer {
  if (numbers.length === 0) return refusal(badToken(), traceOf(world));
  if (!media || fault?.kind === 'media-expired' || !numbers.includes(media.number)) return expired;
  return { status: 200, body: changed(media.bytes, fault), headers: { 'content-type': media.mimeType } };
}

const expired: Answer = {
  status: 404,
  body: '<html><body>URL signature expired</body></html>',
  headers: { 'content-type': 'text/html' },
};

function changed(bytes: Buffer, fault: CloudFault | null): Buffer {
  switch (fault?.kind) {
    case 'media-empty':
      return Buffer.alloc(0);
    case 'media-corrupt': {
      const wrong = Buffer.from(bytes);
      if (wrong.length > 0) wrong[wrong.length - 1] ^= 0xff;
      return wrong;
    }
    case 'media-over-limit':
      return Buffer.alloc(fault.bytes ?? overLimitBytes);
    default:
      return bytes;
  }
}

function answer(call: Call, method: Method, fault: Fault | null, response: ServerResponse): void {
  if (fault && !carriesOut(fault)) call.world.called(record(call, method, null, null));
  answerUnder(fault, response, () => carryOut(call, method), refusalsOf(call.world));
}

function refusalsOf(world: World) {
  return {
    /** The platform tells no time to wait. */
    rateLimited: () => refusal(known(130429), traceOf(world)),
    failed: (status: number, code?: number) => refusal(failure(status, code), traceOf(world)),
  };
}

function carryOut(call: Call, method: Method): Answer | Promise<Answer> {
  const done = (body: unknown): Answer => {
    call.world.called(record(call, method, 200, null));
    return { status: 200, body };
  };
  const refused = (reason: unknown): Answer => {
    const error = asGraphError(reason);
    call.world.called(record(call, method, error.status, error));
    return refusal(error, traceOf(call.world));
  };
  try {
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
  { world, id, body, fault }: Call,
  method: Method,
  status: number | null,
  error: GraphError | null,
) {
  const isNumber = world.numbers.has(id);
  const chat = body.to ?? body.recipient ?? null;
  return {
    at: Date.now(),
    method: method.name,
    number: isNumber ? id : null,
    chat: chat === null ? null : String(chat),
    params: body,
    status,
    error: error && { code: error.code, message: error.message, details: error.more.details ?? null },
    fault: fault?.kind ?? null,
  };
}

function namesOfChat(world: World, id: string, body: Fields): string[] {
  const name = body.to ?? body.recipient;
  if (typeof name !== 'string') return [];
  const number = world.numbers.get(id);
  const chat = number && world.knownChat(number, name.replace(/^\+/, ''));
  return [name, ...(chat?.names ?? [])];
}

function numbersWith(world: World, authorization: string | undefined): BusinessNumber[] {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  return [...world.numbers.values()].filter(({ accessToken }) => accessToken === token);
}

interface ParsedBody {
  body: Fields;
  file: Upload | undefined;
}

function parse(verb: string, contentType: string | undefined, raw: Buffer): ParsedBody | GraphError {
  if (verb !== 'POST' || raw.length === 0) return { body: {}, file: undefined };
  if (contentType?.startsWith('multipart/form-data')) {
    const form = parseMultipart(contentType, raw);
    return form ? { body: form.fields, file: form.files.get('file') } : badParam('The form cannot be read.');
  }
  try {
    const body: unknown = JSON.parse(raw.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return { body: body as Fields, file: undefined };
    }
  } catch {
    return badParam('Invalid parameter: the body is not JSON.');
  }
  return badParam('Invalid parameter: the body is not a JSON object.');
}

function traceOf(world: World): string {
  return `A${Buffer.from(String(world.random())).toString('base64url').slice(0, 22)}`;
}

function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error;
  return new GraphError(500, 1, `The simulator failed: ${(error as Error).stack}`);
}
