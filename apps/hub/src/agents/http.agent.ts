import { createHttpClient } from '@omni-hub/channel-sdk';
import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import type { AxiosResponse } from 'axios';
import type { Readable } from 'node:stream';
import { AgentError, type Agent } from '../flow/agent';
import { Deadline } from '../flow/deadline';
import { readAnswer } from './answer';
import { signStandardWebhook } from './signature';
import { readTextStream } from './text-stream';

/** An answer beyond this is a fault of the agent, not a message. */
const maxAnswerBytes = 8 * 1024 * 1024;

export interface HttpAgentOptions {
  url: string;
  timeoutMs: number;
  apiKey?: string;
  secret?: string;
}

/** Speaks the hub's own contract: one POST for a turn, answered whole, streamed, later, or not at all. */
export class HttpAgent implements Agent {
  readonly kind = 'http';
  readonly timeoutMs: number;
  private readonly client: ReturnType<typeof createHttpClient>;

  constructor(private readonly options: HttpAgentOptions) {
    this.timeoutMs = options.timeoutMs;
    this.client = createHttpClient({
      baseURL: options.url,
      timeoutMs: options.timeoutMs,
      maxResponseBytes: maxAnswerBytes,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}),
      },
    });
  }

  async ask(
    request: AgentRequest,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<AgentAnswer> {
    const body = JSON.stringify(request);
    const deadline = new Deadline(signal, this.timeoutMs);
    let response: AxiosResponse<Readable> | null = null;
    try {
      response = await this.post(request.turnId, body, deadline.signal);
      return await this.read(response, onText);
    } catch (error) {
      response?.data.destroy();
      throw toAgentError(error, this.timeoutMs, signal, deadline);
    } finally {
      deadline.end();
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private post(turnId: string, body: string, signal: AbortSignal): Promise<AxiosResponse<Readable>> {
    const signature = this.options.secret
      ? signStandardWebhook(this.options.secret, turnId, body, new Date())
      : {};
    return this.client.post<Readable>('', body, {
      responseType: 'stream',
      signal,
      headers: { 'idempotency-key': turnId, ...signature },
    });
  }

  private async read(
    response: AxiosResponse<Readable>,
    onText: (text: string) => void,
  ): Promise<AgentAnswer> {
    const { status, data: stream } = response;
    const contentType = String(response.headers['content-type'] ?? '');
    if (status === 200 && contentType.startsWith('text/event-stream')) {
      return readTextStream(stream, maxAnswerBytes, onText);
    }
    const text = await readAll(stream, maxAnswerBytes);
    if (status === 202) return { kind: 'deferred' };
    if (status === 204) return { kind: 'silent', reason: 'the agent answered 204' };
    if (status !== 200)
      throw new AgentError('AGENT_STATUS', `the agent answered ${status}; 200, 202 or 204 is expected`);
    return readAnswer(text, contentType);
  }
}

async function readAll(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0].toString('utf8') : Buffer.concat(chunks).toString('utf8');
}

export const tooLarge = (maxBytes: number) =>
  new AgentError('AGENT_TOO_LARGE', `the agent's answer is larger than ${maxBytes} bytes`);

function toAgentError(
  error: unknown,
  timeoutMs: number,
  signal: AbortSignal,
  deadline: Deadline,
): AgentError {
  if (error instanceof AgentError) return error;
  if (signal.aborted) return new AgentError('AGENT_STOPPED', 'the hub is stopping');
  const code = (error as { code?: string }).code ?? 'unknown';
  if (deadline.passed || code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    return new AgentError(
      'AGENT_TIMEOUT',
      `the agent gave no answer within ${timeoutMs} ms: make it quicker or raise timeoutMs`,
    );
  }
  if (code === 'ERR_BAD_RESPONSE') return tooLarge(maxAnswerBytes);
  return new AgentError(
    'AGENT_UNREACHABLE',
    `the agent cannot be reached (${code}): is it running, and is its url right?`,
  );
}
