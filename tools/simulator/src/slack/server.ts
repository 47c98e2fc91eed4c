import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerUnder, type Faults, type Refusals } from '../faults';
import { type Answer, readBody, send } from '../http';
import { checkContent, SlackError } from './checks';
import { methods, readingMethods, threadOf } from './methods';
import type { Telling } from './telling';
import type { Json, SlackApp, Workspace } from './workspace';

export interface Served {
  workspace: Workspace;
  telling: Telling;
  faults: Faults;
  url: string;
}

const refusal = (error: string, more: Json = {}, status = 200): Answer => ({
  status,
  body: { ok: false, error, ...more },
});

const refusals: Refusals = {
  rateLimited: (seconds) => ({
    ...refusal('ratelimited', {}, 429),
    headers: { 'retry-after': String(seconds) },
  }),
  failed: (status) => refusal('internal_error', {}, status),
};

/** Any request. Rejects when the client leaves before the end of its request. */
export async function answer(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', served.url);
  const [, first, ...rest] = pathname.split('/');
  if (first === 'api') return answerMethod(served, request, response, rest[0], searchParams, body);
  if (first === 'upload') return answerUpload(served, response, rest[1], body);
  if (first === 'files-pri') return answerFile(served, request, response, rest[0]);
  if (first === 'commands') return answerCommand(served, response, rest, body);
  send(response, { status: 404, body: 'no such page', headers: { 'content-type': 'text/html' } });
}

function answerMethod(
  { workspace, telling, faults, url }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  query: URLSearchParams,
  body: Buffer,
): void {
  const isRead = readingMethods.includes(method);
  const params: Json = isRead ? Object.fromEntries(query) : parse(body);
  const channel = (params.channel ?? params.channel_id ?? null) as string | null;
  const act = (): Answer => {
    try {
      const app = authorized(workspace, request);
      const isJson = /^application\/json; *charset=utf-8$/i.test(request.headers['content-type'] ?? '');
      if (request.method !== (isRead ? 'GET' : 'POST') || (!isRead && !isJson))
        throw new SlackError('invalid_form_data');
      if (!Object.hasOwn(methods, method)) throw new SlackError('unknown_method');
      const told = methods[method]({ workspace, telling, app, params, url });
      workspace.calls.add({ method, channel, params, error: null });
      return {
        status: 200,
        body: { ok: true, ...told },
        headers: { 'x-oauth-scopes': app.scopes.join(',') },
      };
    } catch (error) {
      if (!(error instanceof SlackError)) return refusal('fatal_error', { detail: String(error) }, 500);
      workspace.calls.add({ method, channel, params, error: error.code });
      return refusal(error.code, error.more);
    }
  };
  answerUnder(faults.pick(method, channel), response, act, refusals);
}

function answerUpload(
  { workspace, faults }: Served,
  response: ServerResponse,
  id: string,
  body: Buffer,
): void {
  const act = (): Answer => {
    const file = workspace.files.get(id);
    if (!file || file.length !== body.length) return { status: 400, body: 'not what was announced' };
    file.bytes = body;
    return { status: 200, body: `OK - ${body.length}`, headers: { 'content-type': 'text/plain' } };
  };
  answerUnder(faults.pick('upload', null), response, act, refusals);
}

/** Who has no token is shown the page to sign in, as Slack does. Faults know it as the method `file`. */
function answerFile(
  { workspace, faults }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): void {
  const file = workspace.files.get(id);
  const act = (): Answer => {
    if (!appOf(workspace, request))
      return { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } };
    if (!file?.bytes) return { status: 404, body: 'gone', headers: { 'content-type': 'text/html' } };
    return { status: 200, body: file.bytes, headers: { 'content-type': file.mimetype } };
  };
  answerUnder(faults.pick('file', null), response, act, refusals);
}

/** Faults know it as the method `response_url`. */
function answerCommand(
  { workspace, faults }: Served,
  response: ServerResponse,
  [, channelId, appId]: string[],
  body: Buffer,
): void {
  const act = (): Answer => {
    const channel = workspace.channels.get(channelId);
    const app = [...workspace.apps.values()].find(({ id }) => id === appId);
    if (!channel || !app) return { status: 404, body: 'expired_url' };
    const content = parse(body);
    const words = { text: String(content.text ?? ''), blocks: (content.blocks as Json[]) ?? [] };
    try {
      checkContent(content);
      const threadTs = threadOf(channel, content.thread_ts);
      workspace.add(channel, { user: app.userId, app, threadTs, ...words });
    } catch (error) {
      return refusal((error as SlackError).code);
    }
    return { status: 200, body: 'ok', headers: { 'content-type': 'text/plain' } };
  };
  answerUnder(faults.pick('response_url', channelId), response, act, refusals);
}

function authorized(workspace: Workspace, request: IncomingMessage): SlackApp {
  const app = appOf(workspace, request);
  if (!app) throw new SlackError('invalid_auth');
  if (app.revoked) throw new SlackError('token_revoked');
  return app;
}

function appOf({ apps }: Workspace, { headers }: IncomingMessage): SlackApp | undefined {
  return apps.get((headers.authorization ?? '').replace(/^Bearer /, ''));
}

function parse(body: Buffer): Json {
  try {
    return Object(JSON.parse(body.toString())) as Json;
  } catch {
    return {};
  }
}
