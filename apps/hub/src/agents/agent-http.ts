import { createHttpClient } from '@omni-hub/channel-sdk';
import type { AxiosResponse } from 'axios';
import type { Readable } from 'node:stream';
import { AgentError } from '../flow/agent';
import { Deadline } from '../flow/deadline';
import { tooLarge } from './events';

/** An answer beyond this is a fault of the agent, not a message. */
export const maxAnswerBytes = 8 * 1024 * 1024;

export interface AgentHttpOptions {
  url: string;
  /** For one exchange, from the request to the last byte of the answer. */
  timeoutMs: number;
  headers: Record<string, string>;
}

export interface AgentCall {
  /** Below the url; the url itself where it is empty. */
  path: string;
  /** Sent as `Idempotency-Key`: the same at every attempt. */
  turnId: string;
  body: string;
  headers?: Record<string, string>;
}

export interface AgentResponse {
  status: number;
  contentType: string;
  /** True for server-sent events: read `stream`. */
  streamed: boolean;
  stream: Readable;
  /** The whole body. Throws AgentError beyond `maxAnswerBytes`. */
  text(): Promise<string>;
}

/** The connections to one agent. Whatever goes wrong on the way is an AgentError, which holds nothing that was sent or answered. */
export class AgentHttp {
  private readonly client: ReturnType<typeof createHttpClient>;

  constructor(private readonly options: AgentHttpOptions) {
    this.client = createHttpClient({
      baseURL: options.url,
      timeoutMs: options.timeoutMs,
      maxResponseBytes: maxAnswerBytes,
      headers: { accept: 'application/json, text/event-stream', ...options.headers },
    });
  }

  /** Posts once and lets `read` have what comes, within the time of the agent and until `signal` aborts. */
  async post<Result>(
    { path, turnId, body, headers }: AgentCall,
    signal: AbortSignal,
    read: (response: AgentResponse) => Promise<Result>,
  ): Promise<Result> {
    const { timeoutMs } = this.options;
    const deadline = new Deadline(signal, timeoutMs);
    let response: AxiosResponse<Readable> | null = null;
    try {
      response = await this.client.post<Readable>(path, body, {
        responseType: 'stream',
        signal: deadline.signal,
        headers: { 'idempotency-key': turnId, ...headers },
      });
      return await read(toResponse(response));
    } catch (error) {
      response?.data.destroy();
      throw toAgentError(error, timeoutMs, signal, deadline);
    } finally {
      deadline.end();
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** The body of a 200. Throws AgentError for every other status; its body is for nobody's eyes. */
export async function expectOk(response: AgentResponse): Promise<AgentResponse> {
  const { status } = response;
  if (status === 200) return response;
  await response.text();
  throw new AgentError('AGENT_STATUS', `the agent answered ${status}, not 200${advice[status] ?? ''}`);
}

const advice: Record<number, string> = {
  401: ': is its apiKey right?',
  403: ': may its apiKey do this?',
  404: ': is its url right, and does what is named there exist?',
  429: ': it is asked more often than it allows',
};

function toResponse({ status, headers, data: stream }: AxiosResponse<Readable>): AgentResponse {
  const contentType = String(headers['content-type'] ?? '');
  return {
    status,
    contentType,
    streamed: status === 200 && contentType.startsWith('text/event-stream'),
    stream,
    text: () => readAll(stream),
  };
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw tooLarge(maxAnswerBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0].toString('utf8') : Buffer.concat(chunks).toString('utf8');
}

function toAgentError(
  error: unknown,
  timeoutMs: number,
  signal: AbortSignal,
  deadline: Deadline,
): AgentError {
  if (error instanceof AgentError) return error;
  if (signal.aborted) return new AgentError('AGENT_STOPPED', 'the hub stopped asking');
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
