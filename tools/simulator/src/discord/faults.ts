import type { Fault } from '../faults';
import type { Answer } from '../http';

/** What can go wrong with a call of the API, beyond what goes wrong with any. */
export type DiscordFault =
  | Fault
  /** A rate limit of this scope, `retryAfter` seconds. `shared` counts for all, and never as an invalid request. */
  | { kind: 'limited'; scope: 'user' | 'global' | 'shared'; retryAfter: number; code?: number }
  /** 429 with a web page: the network in front of the platform bans the address. */
  | { kind: 'banned'; retryAfter?: number };

const general: Record<Fault['kind'], true> = {
  'rate-limit': true,
  error: true,
  garbage: true,
  'timeout-before': true,
  'timeout-after': true,
  'reset-before': true,
  'reset-after': true,
  slow: true,
};

export const isGeneral = (fault: DiscordFault | null): fault is Fault | null =>
  fault === null || fault.kind in general;

export const rateLimited = (
  scope: 'user' | 'global' | 'shared',
  retryAfter: number,
  code?: number,
): Answer => ({
  status: 429,
  body: {
    message: scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.',
    retry_after: retryAfter,
    global: scope === 'global',
    ...(code !== undefined && { code }),
  },
  headers: {
    'retry-after': String(Math.ceil(retryAfter)),
    'x-ratelimit-scope': scope,
    ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
  },
});

export const banned = (retryAfter = 600): Answer => ({
  status: 429,
  body: '<!doctype html><html><head><title>Access denied</title></head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>',
  headers: {
    'content-type': 'text/html; charset=UTF-8',
    'retry-after': String(retryAfter),
    server: 'cloudflare',
  },
});
