import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import { AgentError, type Agent } from '../flow/agent';
import { AgentHttp, expectOk, maxAnswerBytes, type AgentResponse } from './agent-http';
import { parseObject, textAnswer } from './answer';
import { parseData, readEvents } from './events';
import { toldText } from './told';

export interface HiveAgentOptions {
  url: string;
  timeoutMs: number;
  /** Exactly one of these two. */
  agentId?: string;
  teamId?: string;
  apiKey?: string;
  stream: boolean;
}

/**
 * Runs an agent or a team of Automagik Hive, or of any other AgentOS of Agno
 * (https://docs.agno.com/agent-os/using-the-api): a form is posted, the run is streamed or answered whole. Hive keeps the
 * conversation under `session_id`.
 */
export class HiveAgent implements Agent {
  readonly kind = 'hive';
  readonly timeoutMs: number;
  private readonly http: AgentHttp;
  private readonly path: string;

  constructor(private readonly options: HiveAgentOptions) {
    const { url, timeoutMs, agentId, teamId, apiKey } = options;
    this.timeoutMs = timeoutMs;
    this.path = teamId
      ? `/teams/${encodeURIComponent(teamId)}/runs`
      : `/agents/${encodeURIComponent(agentId ?? '')}/runs`;
    this.http = new AgentHttp({
      url,
      timeoutMs,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        // Hive reads the first, an AgentOS with a security key the second.
        ...(apiKey ? { 'x-api-key': apiKey, authorization: `Bearer ${apiKey}` } : {}),
      },
    });
  }

  ask(request: AgentRequest, signal: AbortSignal, onText: (text: string) => void): Promise<AgentAnswer> {
    const body = new URLSearchParams({
      message: toldText(request, { withLinks: true }),
      stream: String(this.options.stream),
      session_id: request.sessionId,
      // What Hive learns from a replay is nothing that it should know of the person.
      user_id: request.replay ? request.sessionId : (request.sender.personId ?? request.sender.id),
    }).toString();
    const team = this.options.teamId !== undefined;
    return this.http.post({ path: this.path, turnId: request.turnId, body }, signal, (response) =>
      read(response, team, onText),
    );
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

async function read(
  response: AgentResponse,
  team: boolean,
  onText: (text: string) => void,
): Promise<AgentAnswer> {
  const { streamed, stream, contentType } = await expectOk(response);
  if (streamed) return readRun(stream, team, onText);
  const { content, status } = parseObject(await response.text(), contentType);
  if (typeof status === 'string' && status.toUpperCase() !== 'COMPLETED') throw notCompleted();
  if (content === null) return textAnswer('');
  if (typeof content !== 'string') {
    throw new AgentError('AGENT_UNREADABLE', 'the run’s answer has no `content` that is a text');
  }
  return textAnswer(content);
}

/** Agno's events, of version 2 and, as `RunResponseContent`, of version 1. A team's own begin with `Team`; those of its members do not. */
const writes = /^(Team)?Run(Response)?Content$/;
const completes = /^(Team)?RunCompleted$/;
const fails = /^(Team)?Run(Error|Cancelled|Paused)$|^Error$/;

/** The whole text is told at the end again, and counts; what came before it has been seen. */
async function readRun(
  stream: Readable,
  team: boolean,
  onText: (text: string) => void,
): Promise<AgentAnswer> {
  let text = '';
  for await (const event of readEvents(stream, maxAnswerBytes)) {
    if (event.data === '[DONE]') return textAnswer(text);
    const data = parseData(event);
    const name = String(data.event ?? event.name ?? '');
    if (name !== 'Error' && name.startsWith('Team') !== team) continue;
    const { content } = data;
    if (fails.test(name)) throw notCompleted();
    if (completes.test(name)) return textAnswer(typeof content === 'string' && content ? content : text);
    if (writes.test(name) && typeof content === 'string' && content) onText((text += content));
  }
  throw new AgentError('AGENT_UNREADABLE', 'the run’s stream ended before the run was completed');
}

const notCompleted = () =>
  new AgentError('AGENT_FAILED', 'the run was not completed: see the log of the Hive');
