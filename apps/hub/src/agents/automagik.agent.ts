import type { AgentAnswer, AgentAttachment, AgentRequest } from '@omni-hub/contracts';
import { AgentError, type Agent } from '../flow/agent';
import { AgentHttp, expectOk, type AgentResponse } from './agent-http';
import { parseObject, textAnswer } from './answer';
import { toldText } from './told';

/** How many messages of its own memory the agent looks back. */
const messageLimit = 100;
/** People whose ids at Automagik are remembered; the one who wrote longest ago is forgotten first. */
const rememberedUsers = 10_000;

export interface AutomagikAgentOptions {
  url: string;
  timeoutMs: number;
  agent: string;
  apiKey: string;
}

/**
 * Asks an agent of Automagik: `POST {url}/api/v1/agent/{agent}/run`, answered whole. Automagik keeps the conversation under
 * `session_name` and the person under the `user_id` that it answers with.
 */
export class AutomagikAgent implements Agent {
  readonly kind = 'automagik';
  readonly timeoutMs: number;
  private readonly http: AgentHttp;
  private readonly path: string;
  private readonly userIds = new Map<string, string | number>();

  constructor({ url, timeoutMs, agent, apiKey }: AutomagikAgentOptions) {
    this.timeoutMs = timeoutMs;
    this.path = `/api/v1/agent/${encodeURIComponent(agent)}/run`;
    this.http = new AgentHttp({
      url,
      timeoutMs,
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    });
  }

  async ask(request: AgentRequest, signal: AbortSignal): Promise<AgentAnswer> {
    const person = request.sender.personId ?? request.sender.id;
    const body = JSON.stringify(toRun(request, this.userIds.get(person) ?? null));
    const { answer, userId } = await this.http.post(
      { path: this.path, turnId: request.turnId, body },
      signal,
      read,
    );
    if (userId !== null) this.remember(person, userId);
    return answer;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private remember(person: string, userId: string | number): void {
    this.userIds.delete(person);
    this.userIds.set(person, userId);
    if (this.userIds.size > rememberedUsers) this.userIds.delete(this.userIds.keys().next().value!);
  }
}

/** The body of a run; `userId` is what Automagik called the person before, or null. Pure. */
export function toRun(request: AgentRequest, userId: string | number | null): object {
  const { channel, sender, messages } = request;
  const attachments = messages.flatMap((message) => message.attachments);
  const media = attachments.flatMap(toMedia);
  return {
    message_content: toldText(request, { withLinks: false }),
    message_type: attachments[0]?.kind ?? 'text',
    ...(media.length > 0 ? { media_contents: media } : {}),
    ...(userId === null
      ? {
          user: {
            phone_number: sender.phone,
            email: null,
            user_data: { name: sender.name, username: sender.username, channel, contact_id: sender.id },
          },
        }
      : { user_id: userId }),
    session_name: sessionName(request),
    message_limit: messageLimit,
    preserve_system_prompt: false,
  };
}

/** The session in Automagik's way to write one. A group's number can be a person's too: what is not a direct chat says what it is. */
function sessionName({ sessionId, instance, chat, sender, replay }: AgentRequest): string {
  if (replay) return sessionId;
  if (sessionId === `person/${sender.personId}`) return `person_${sender.personId}`;
  const isContact = sessionId === `${instance}/${sender.id}` && sender.id !== chat.id;
  if (isContact || chat.kind === 'direct') return `${instance}_${digitsOf(isContact ? sender.id : chat.id)}`;
  return `${instance}_${chat.kind}_${digitsOf(chat.id)}`;
}

const digitsOf = (id: string) => (id.match(/\d+/g) ?? []).join('-') || id;

/** Automagik knows images, audio and documents, each by its MIME type; a video it would refuse together with the message. */
function toMedia({ mimeType, url, status, filename, size, transcript }: AgentAttachment): object[] {
  const mime = mimeType?.split(';')[0].trim() ?? '';
  if (status !== 'ready' || !url) return [];
  const media = { mime_type: mime, media_url: url };
  if (mime.startsWith('image/')) return [{ ...media, alt_text: filename }];
  if (mime.startsWith('audio/')) return [{ ...media, transcript: transcript ?? null }];
  if (/^(application|text)\//.test(mime)) return [{ ...media, name: filename, size_bytes: size }];
  return [];
}

async function read(
  response: AgentResponse,
): Promise<{ answer: AgentAnswer; userId: string | number | null }> {
  await expectOk(response);
  const body = parseObject(await response.text(), response.contentType);
  if (body.success === false) {
    throw new AgentError('AGENT_FAILED', 'Automagik says that its agent failed: see its log');
  }
  const text = body.message ?? body.text;
  if (typeof text !== 'string') {
    throw new AgentError('AGENT_UNREADABLE', 'Automagik’s answer has neither a `message` nor a `text`');
  }
  const { user_id: userId } = body;
  const known = typeof userId === 'string' || typeof userId === 'number';
  return { answer: textAnswer(text), userId: known ? userId : null };
}
