import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, send } from './http';

export interface ControlRequest {
  /** The parts of the path that the route names with a colon. */
  path: Record<string, string>;
  body: Record<string, unknown>;
}

/** `POST /control/people/:id/says` and what it does; what it returns, or resolves with, is the JSON answer. */
export type ControlRoutes = Record<string, (request: ControlRequest) => unknown>;

/** Answers a request below `/control`. Whatever a route refuses is a 400 that says why. */
export async function answerControl(
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const found = findRoute(routes, request.method ?? 'GET', (request.url ?? '').split('?')[0]);
    if (!found)
      return send(response, {
        status: 404,
        body: { error: 'No such control.', routes: Object.keys(routes) },
      });
    const text = (await readBody(request)).toString();
    const result = await found.act({ path: found.path, body: text ? JSON.parse(text) : {} });
    send(response, { status: 200, body: result ?? { ok: true } });
  } catch (error) {
    send(response, { status: 400, body: { error: error instanceof Error ? error.message : String(error) } });
  }
}

function findRoute(routes: ControlRoutes, method: string, url: string) {
  const asked = url.split('/');
  for (const [route, act] of Object.entries(routes)) {
    const [routeMethod, pattern] = route.split(' ');
    const parts = pattern.split('/');
    if (routeMethod !== method || parts.length !== asked.length) continue;
    const path: Record<string, string> = {};
    const fits = parts.every((part, index) => {
      if (!part.startsWith(':')) return part === asked[index];
      path[part.slice(1)] = decodeURIComponent(asked[index]);
      return true;
    });
    if (fits) return { act, path };
  }
  return null;
}

/** A field that a route needs. Throws, for the answer, where it is not there. */
export function textOf({ body }: ControlRequest, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new Error(`The body needs "${field}", a text.`);
  return value;
}

export function objectOf({ body }: ControlRequest, field: string): Record<string, unknown> {
  const value = body[field];
  if (typeof value !== 'object' || value === null) throw new Error(`The body needs "${field}", an object.`);
  return value as Record<string, unknown>;
}
