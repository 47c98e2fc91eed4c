import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import { AgentError, type Agent, type HistoryBounds } from '../flow/agent';
import { AgentHttp, maxAnswerBytes, type AgentResponse } from './agent-http';
import { readAnswer } from './answer';
import { signStandardWebhook } from './signature';
import { readTextStream } from './text-stream';

export interface HttpAgentOptions {
  url: string;
  timeoutMs: number;
  apiKey?: string;
  secret?: string;
  history?: HistoryBounds;
}

/** Speaks the hub's own contract: one POST for a turn, answered whole, streamed, later, or not at all. */
export class HttpAgent implements Agent {
  readonly kind = 'http';
  readonly timeoutMs: number;
  readonly history?: HistoryBounds;
  private readonly http: AgentHttp;

  constructor(private readonly options: HttpAgentOptions) {
    const { url, timeoutMs, apiKey, history } = options;
    this.timeoutMs = timeoutMs;
    this.history = history;
    this.http = new AgentHttp({
      url,
      timeoutMs,
      headers: {
        'content-type': 'application/json',
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      },
    });
  }

  ask(request: AgentRequest, signal: AbortSignal, onText: (text: string) => void): Promise<AgentAnswer> {
    const { turnId } = request;
    const { secret } = this.options;
    const body = JSON.stringify(request);
    const headers = secret ? signStandardWebhook(secret, turnId, body, new Date()) : {};
    return this.http.post({ path: '', turnId, body, headers }, signal, (response) => read(response, onText));
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

async function read(response: AgentResponse, onText: (text: string) => void): Promise<AgentAnswer> {
  const { status, contentType, streamed, stream } = response;
  if (streamed) return readTextStream(stream, maxAnswerBytes, onText);
  const text = await response.text();
  if (status === 202) return { kind: 'deferred' };
  if (status === 204) return { kind: 'silent', reason: 'the agent answered 204' };
  if (status !== 200)
    throw new AgentError('AGENT_STATUS', `the agent answered ${status}; 200, 202 or 204 is expected`);
  return readAnswer(text, contentType);
}
