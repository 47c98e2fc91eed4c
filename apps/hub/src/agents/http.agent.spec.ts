import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentError } from '../flow/agent';
import { sampleRequest as request } from '../testing/samples';
import { HttpAgent, type HttpAgentOptions } from './http.agent';

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

let server: Server;
let answer: Answer;
const agents: HttpAgent[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(response, request, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function agentWith(options: Partial<HttpAgentOptions> = {}): HttpAgent {
  const { port } = server.address() as AddressInfo;
  const agent = new HttpAgent({ url: `http://127.0.0.1:${port}/chat`, timeoutMs: 2_000, ...options });
  agents.push(agent);
  return agent;
}

const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const ask = (
  agent = agentWith(),
  onText: (text: string) => void = () => undefined,
  signal = new AbortController().signal,
) => agent.ask(request, signal, onText);

async function failureOf(asked: Promise<unknown>): Promise<AgentError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AgentError);
  return error as AgentError;
}

describe('an agent that speaks HTTP', () => {
  it('is told the turn, with its id as the idempotency key', async () => {
    let seen: { url?: string; key?: unknown; body: string } | undefined;
    answer = (response, incoming, body) => {
      seen = { url: incoming.url, key: incoming.headers['idempotency-key'], body };
      json({ text: 'hello' })(response, incoming, body);
    };
    await expect(ask()).resolves.toEqual({ kind: 'reply', content: [{ type: 'text', text: 'hello' }] });
    expect(seen).toMatchObject({ url: '/chat', key: 't1' });
    expect(JSON.parse(seen!.body)).toEqual(request);
  });

  it('may answer with any content', async () => {
    const messages = [
      { type: 'text', text: 'a' },
      { type: 'location', latitude: 1, longitude: 2 },
    ];
    answer = json({ messages });
    await expect(ask()).resolves.toEqual({ kind: 'reply', content: messages });
  });

  it.each([
    ['says so', json({ silent: true, reason: 'not for me' }), 'not for me'],
    ['answers 204', ((response) => response.writeHead(204).end()) as Answer, 'the agent answered 204'],
    ['answers an empty text', json({ text: '  ' }), 'the agent answered an empty text'],
  ])('is silent when it %s', async (_what, how, reason) => {
    answer = how;
    await expect(ask()).resolves.toEqual({ kind: 'silent', reason });
  });

  it('may answer later', async () => {
    answer = json({}, 202);
    await expect(ask()).resolves.toEqual({ kind: 'deferred' });
  });

  it('may stream: the text so far is told as it grows, cut anywhere', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const bytes = Buffer.from(
        'data: {"delta": "Grüß "}\n\n: ping\n\ndata: {"delta": "dich 🙂"}\n\ndata: {"done": true}\n\n',
      );
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
      response.end();
    };
    const texts: string[] = [];
    await expect(ask(agentWith(), (text) => texts.push(text))).resolves.toEqual({
      kind: 'reply',
      content: [{ type: 'text', text: 'Grüß dich 🙂' }],
    });
    expect(texts).toEqual(['Grüß ', 'Grüß dich 🙂']);
  });

  it('is signed by Standard Webhooks when it has a secret', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    let checked = false;
    answer = (response, incoming, body) => {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = incoming.headers;
      const expected = createHmac('sha256', Buffer.alloc(24, 7))
        .update(`${String(id)}.${String(at)}.${body}`)
        .digest('base64');
      checked = signature === `v1,${expected}` && id === 't1';
      json({ text: 'ok' })(response, incoming, body);
    };
    await ask(agentWith({ secret }));
    expect(checked).toBe(true);
  });

  describe('fails with a code and a sentence, and never with its own words', () => {
    it.each<[string, Answer, string]>([
      ['a status', json({ error: 'stack trace' }, 500), 'AGENT_STATUS'],
      [
        'HTML',
        (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>stack trace</h1>'),
        'AGENT_UNREADABLE',
      ],
      ['an empty object', json({}), 'AGENT_UNREADABLE'],
      [
        'content that is not right',
        json({ messages: [{ type: 'poll', question: 'stack trace' }] }),
        'AGENT_UNREADABLE',
      ],
      [
        'too many messages',
        json({ messages: Array(21).fill({ type: 'text', text: 'x' }) }),
        'AGENT_UNREADABLE',
      ],
      [
        'a redirect',
        (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
        'AGENT_STATUS',
      ],
      ['a reset', (response) => response.destroy(), 'AGENT_UNREACHABLE'],
      [
        'half a stream',
        (response) =>
          response
            .writeHead(200, { 'content-type': 'text/event-stream' })
            .end('data: {"delta": "stack trace"}\n\n'),
        'AGENT_UNREADABLE',
      ],
    ])('%s', async (_what, how, code) => {
      answer = how;
      const error = await failureOf(ask());
      expect(error.code).toBe(code);
      expect(error.message).not.toContain('stack trace');
    });

    it('silence beyond its time', async () => {
      answer = () => undefined;
      expect(await failureOf(ask(agentWith({ timeoutMs: 150 })))).toMatchObject({ code: 'AGENT_TIMEOUT' });
    });

    it('an answer that never ends its body', async () => {
      answer = (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"text": "');
      expect(await failureOf(ask(agentWith({ timeoutMs: 150 })))).toMatchObject({ code: 'AGENT_TIMEOUT' });
    });

    it('200 MB, without holding them', async () => {
      answer = (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const megabyte = Buffer.alloc(1024 * 1024, 97);
        let left = 200;
        const more = () => {
          while (left-- > 0) if (!response.write(megabyte)) return response.once('drain', more);
          return response.end();
        };
        more();
      };
      const before = process.memoryUsage().rss;
      expect(await failureOf(ask())).toMatchObject({ code: 'AGENT_TOO_LARGE' });
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    });

    it('nobody there', async () => {
      expect(await failureOf(ask(agentWith({ url: 'http://127.0.0.1:1/' })))).toMatchObject({
        code: 'AGENT_UNREACHABLE',
      });
    });

    it('the hub’s own stop', async () => {
      answer = () => undefined;
      const stop = new AbortController();
      const asked = failureOf(ask(agentWith(), undefined, stop.signal));
      stop.abort();
      expect(await asked).toMatchObject({ code: 'AGENT_STOPPED' });
    });
  });
});
