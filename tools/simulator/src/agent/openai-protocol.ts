import { jsonObject, type AgentProtocol, Refusal, sse, toTurn, unknownFields } from './protocol';

const id = 'chatcmpl-simulated';
const fields = ['model', 'messages', 'stream'];

/** Chat Completions (https://platform.openai.com/docs/api-reference/chat), as far as a chat without tools needs it. */
export const openaiProtocol: AgentProtocol = {
  name: 'openai',
  read(post) {
    const body = jsonObject(post.body);
    const problem = body ? problemOf(body) : 'We could not parse the JSON body of your request.';
    if (problem !== null || !body) return invalid(problem ?? '');
    return toTurn(post, null, textOf((body.messages as Message[]).at(-1)!), body);
  },
  wantsStream: ({ body }) => (body as { stream?: boolean }).stream === true,
  whole: (text) => ({
    id,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  }),
  stream: {
    delta: (content) => chunk({ content }, null),
    end: () => `${chunk({}, 'stop')}data: [DONE]\n\n`,
  },
  failure: (message) => {
    const body = { error: { message, type: 'server_error' } };
    return { body, event: sse(body) };
  },
};

const chunk = (delta: object, finish_reason: string | null) =>
  sse({ id, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });

const invalid = (message: string) =>
  new Refusal(400, { error: { message, type: 'invalid_request_error', param: null, code: null } });

interface Message {
  role: string;
  content: string | { type: string; text?: string; image_url?: { url?: unknown } }[];
}

function problemOf({ model, messages, stream, ...others }: Record<string, unknown>): string | null {
  const unknown = unknownFields({ model, messages, stream, ...others }, fields);
  if (unknown.length > 0) return `Unrecognized request argument supplied: ${unknown[0]}`;
  if (typeof model !== 'string' || model === '') return 'you must provide a model parameter';
  if (stream !== undefined && typeof stream !== 'boolean') return 'stream must be a boolean';
  if (!Array.isArray(messages) || messages.length === 0) return 'messages must hold a message at least';
  const wrong = (messages as unknown[]).findIndex((message) => !isMessage(message));
  if (wrong >= 0) return `messages[${wrong}] is not right`;
  const { role } = messages.at(-1) as Message;
  return role === 'user' ? null : 'the last message must be the user’s';
}

function isMessage(message: unknown): message is Message {
  const { role, content } = (message ?? {}) as Message;
  if (!['system', 'user', 'assistant'].includes(role)) return false;
  if (typeof content === 'string') return content !== '';
  return role === 'user' && Array.isArray(content) && content.length > 0 && content.every(isPart);
}

function isPart(part: unknown): boolean {
  const { type, text, image_url: image } = part as Exclude<Message['content'], string>[number];
  if (type === 'text') return typeof text === 'string' && text !== '';
  return type === 'image_url' && typeof image?.url === 'string' && URL.canParse(image.url);
}

const textOf = ({ content }: Message) =>
  typeof content === 'string'
    ? content
    : content.map(({ text, image_url: image }) => text ?? `<${String(image?.url)}>`).join('\n');
