import type { ServerResponse } from 'node:http';
import { htmlPage, reset, send } from '../http';
import type { Random } from '../random';
import { type AgentBehaviour, type AskedTurn, echo } from './behaviour';
import { httpProtocol } from './http-protocol';
import type { AgentProtocol } from './protocol';

const hugeBytes = 200 * 1024 * 1024;
const hugeChunk = Buffer.alloc(64 * 1024, 'x');

/** One request that waits for its answer. */
export interface OpenTurn {
  turn: AskedTurn;
  protocol: AgentProtocol;
  response: ServerResponse;
  random: Random;
  /** Keeps what is left to do until the answers that are held back are released. */
  hold(go: () => void): void;
}

/** Answers one request as the behaviour says. */
export function answerTurn(behaviour: AgentBehaviour, open: OpenTurn): void {
  const { turn, protocol, response, random } = open;
  switch (behaviour.kind) {
    case 'echo':
      return sendText((behaviour.prefix ?? '') + echo(turn), open);
    case 'fixed':
      return sendText(behaviour.text, open);
    case 'messages':
      return send(response, { status: 200, body: { messages: behaviour.messages } });
    case 'json':
      return send(response, { status: 200, body: behaviour.body });
    case 'silent':
      return send(response, { status: 200, body: { silent: true, reason: behaviour.reason } });
    case 'no-content':
      return void response.writeHead(204).end();
    case 'deferred':
      return send(response, { status: 202, body: {} });
    case 'stream':
      return stream(behaviour, open);
    case 'garbage-stream':
      return void begin(response).end('data: {"half\n\n');
    case 'huge-stream':
      return sendHugeStream(open, behaviour.bytes ?? hugeBytes);
    case 'failure': {
      const { body, event } = protocol.failure(behaviour.detail);
      if (!protocol.wantsStream(turn)) return send(response, { status: 200, body });
      return void begin(response).end(event);
    }
    case 'status': {
      const { status, body = { error: 'The simulated agent fails.' }, retryAfter } = behaviour;
      const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
      return send(response, { status, body, headers });
    }
    case 'html':
      return send(response, htmlPage);
    case 'huge':
      return sendHuge(response, behaviour.bytes ?? hugeBytes);
    case 'hang':
      return;
    case 'hold':
      return open.hold(() => answerTurn(behaviour.then ?? { kind: 'echo' }, open));
    case 'reset':
      return reset(response);
    case 'delay': {
      const { minMs, maxMs, then = { kind: 'echo' } } = behaviour;
      const waitMs = minMs + random() * (maxMs - minMs);
      setTimeout(() => answerTurn(then, open), waitMs).unref();
    }
  }
}

interface Stream {
  deltas?: string[];
  everyMs?: number;
  breakAfter?: number;
  endAfter?: number;
}

const words = (text: string) => text.split(/(?<=\s)/);

function sendText(text: string, open: OpenTurn): void {
  const { turn, protocol, response } = open;
  if (protocol.wantsStream(turn)) return stream({ deltas: words(text) }, open);
  send(response, { status: 200, body: protocol.whole(text) });
}

function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

function stream({ deltas, everyMs = 5, breakAfter, endAfter }: Stream, open: OpenTurn): void {
  const { turn, protocol, response } = open;
  const parts = deltas ?? words(echo(turn));
  const events = protocol.stream;
  if (!events) return send(response, { status: 200, body: protocol.whole(parts.join('')) });
  begin(response);
  let sent = 0;
  const next = () => {
    if (response.destroyed) return;
    if (sent === breakAfter) return reset(response);
    if (sent === endAfter) return void response.end();
    if (sent === parts.length) return void response.end(events.end(parts.join('')));
    response.write(events.delta(parts[sent++]));
    setTimeout(next, everyMs).unref();
  };
  next();
}

function sendHugeStream({ protocol, response }: OpenTurn, bytes: number): void {
  const chunk = (protocol.stream ?? httpProtocol.stream!).delta('x'.repeat(64 * 1024));
  begin(response);
  let left = bytes;
  const fill = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', fill);
    }
    response.end();
  };
  fill();
}

function sendHuge(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes });
  let left = bytes;
  const fill = () => {
    while (left > 0 && !response.destroyed) {
      const chunk = left < hugeChunk.length ? hugeChunk.subarray(0, left) : hugeChunk;
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', fill);
    }
    response.end();
  };
  fill();
}
