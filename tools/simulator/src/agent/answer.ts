import type { ServerResponse } from 'node:http';
import { htmlPage, reset, send } from '../http';
import type { Random } from '../random';
import { type AgentBehaviour, type AskedTurn, echo } from './behaviour';

const hugeBytes = 200 * 1024 * 1024;
const hugeChunk = Buffer.alloc(64 * 1024, 'x');

/** Answers one request as the behaviour says. */
export function answerTurn(
  behaviour: AgentBehaviour,
  turn: AskedTurn,
  response: ServerResponse,
  random: Random,
): void {
  switch (behaviour.kind) {
    case 'echo':
      return send(response, { status: 200, body: { text: (behaviour.prefix ?? '') + echo(turn) } });
    case 'fixed':
      return send(response, { status: 200, body: { text: behaviour.text } });
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
      return stream(behaviour, turn, response);
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
    case 'reset':
      return reset(response);
    case 'delay': {
      const { minMs, maxMs, then = { kind: 'echo' } } = behaviour;
      const waitMs = minMs + random() * (maxMs - minMs);
      setTimeout(() => answerTurn(then, turn, response, random), waitMs).unref();
    }
  }
}

interface Stream {
  deltas?: string[];
  everyMs?: number;
  breakAfter?: number;
}

function stream(
  { deltas, everyMs = 5, breakAfter }: Stream,
  turn: AskedTurn,
  response: ServerResponse,
): void {
  const parts = deltas ?? echo(turn).split(/(?<=\s)/);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let sent = 0;
  const next = () => {
    if (response.destroyed) return;
    if (sent === breakAfter) return reset(response);
    if (sent === parts.length) return void response.end('data: {"done": true}\n\n');
    response.write(`data: ${JSON.stringify({ delta: parts[sent++] })}\n\n`);
    setTimeout(next, everyMs).unref();
  };
  next();
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
