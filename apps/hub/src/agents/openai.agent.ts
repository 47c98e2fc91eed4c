import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import { AgentError, type Agent, type HistoryBounds } from '../flow/agent';
import { AgentHttp, expectOk, maxAnswerBytes, type AgentResponse } from './agent-http';
import { parseObject, textAnswer } from './answer';
import { parseData, readEvents } from './events';
import { toChat } from './openai-chat';

export interface OpenaiAgentOptions {
  /** With or without the final `/v1`. */
  url: string;
  timeoutMs: number;
  model: string;
  apiKey?: string;
  systemPrompt?: string;
  stream: boolean;
  images: boolean;
  history: HistoryBounds;
}

/**
 * Asks a model by Chat Completions (https://platform.openai.com/docs/api-reference/chat), streamed or whole, without
 * tools. The model remembers nothing: what was said before goes along from the hub's store.
 */
export class OpenaiAgent implements Agent {
  readonly kind = 'openai';
  readonly timeoutMs: number;
  readonly history: HistoryBounds;
  private readonly http: AgentHttp;

  constructor(private readonly options: OpenaiAgentOptions) {
    const { url, timeoutMs, apiKey, history } = options;
    this.timeoutMs = timeoutMs;
    this.history = history;
    this.http = new AgentHttp({
      url: url.replace(/\/+$/, '').replace(/\/v1$/, ''),
      timeoutMs,
      headers: {
        'content-type': 'application/json',
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      },
    });
  }

  ask(request: AgentRequest, signal: AbortSignal, onText: (text: string) => void): Promise<AgentAnswer> {
    const { model, stream } = this.options;
    const body = JSON.stringify({ model, messages: toChat(request, this.options), stream });
    return this.http.post(
      { path: '/v1/chat/completions', turnId: request.turnId, body },
      signal,
      (response) => read(response, onText),
    );
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** By what comes, not by what was asked for: some servers cannot stream, some cannot but. */
async function read(response: AgentResponse, onText: (text: string) => void): Promise<AgentAnswer> {
  const { streamed, stream, contentType } = await expectOk(response);
  if (streamed) return readStream(stream, onText);
  return readWhole(parseObject(await response.text(), contentType));
}

interface Choice {
  message?: { content?: unknown; tool_calls?: unknown };
  delta?: { content?: unknown; tool_calls?: unknown };
  finish_reason?: unknown;
}

function readWhole(body: Record<string, unknown>): AgentAnswer {
  refuseError(body);
  const message = firstChoice(body)?.message;
  if (!message || typeof message !== 'object') {
    throw new AgentError('AGENT_UNREADABLE', 'the model’s answer has no choices[0].message');
  }
  refuseTools(message.tool_calls, message.content);
  const { content } = message;
  if (content === null || content === undefined) return textAnswer('');
  if (typeof content !== 'string') {
    throw new AgentError('AGENT_UNREADABLE', 'the model’s answer has a content that is not a text');
  }
  return textAnswer(content);
}

/** Ends at `[DONE]`, or, where a server leaves that out, at the end of a stream that told a `finish_reason`. */
async function readStream(stream: Readable, onText: (text: string) => void): Promise<AgentAnswer> {
  let text = '';
  let finished = false;
  for await (const event of readEvents(stream, maxAnswerBytes)) {
    if (event.data === '[DONE]') return textAnswer(text);
    const data = parseData(event);
    refuseError(data);
    const choice = firstChoice(data);
    if (!choice) continue;
    const content = choice.delta?.content;
    refuseTools(choice.delta?.tool_calls, text);
    if (typeof content === 'string' && content !== '') onText((text += content));
    if (typeof choice.finish_reason === 'string') finished = true;
  }
  if (finished) return textAnswer(text);
  throw new AgentError('AGENT_UNREADABLE', 'the model’s stream ended before it was finished');
}

function firstChoice({ choices }: Record<string, unknown>): Choice | null {
  const first: unknown = Array.isArray(choices) ? choices[0] : null;
  return typeof first === 'object' ? (first as Choice | null) : null;
}

function refuseError({ error }: Record<string, unknown>): void {
  if (error) throw new AgentError('AGENT_FAILED', 'the model’s server says that it failed: see its log');
}

/** None are offered; a model that calls one all the same has answered nothing. */
function refuseTools(calls: unknown, content: unknown): void {
  if (!Array.isArray(calls) || calls.length === 0 || (typeof content === 'string' && content !== '')) return;
  throw new AgentError('AGENT_UNREADABLE', 'the model called a tool; agents of kind openai have none');
}
