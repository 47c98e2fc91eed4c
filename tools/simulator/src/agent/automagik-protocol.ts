import { jsonObject, type AgentProtocol, Refusal, sse, toTurn, unknownFields } from './protocol';

const fields = [
  'message_content',
  'message_type',
  'media_contents',
  'user',
  'user_id',
  'session_name',
  'message_limit',
  'preserve_system_prompt',
];
const mediaTypes = /^(image|audio|application|text)\//;

/** The run of an agent of Automagik: JSON in and out, and no stream. Every person gets the same user id. */
export const automagikProtocol: AgentProtocol = {
  name: 'automagik',
  read(post) {
    if (typeof post.headers['x-api-key'] !== 'string')
      return new Refusal(401, { detail: 'x-api-key is missing in headers' });
    const body = jsonObject(post.body);
    const problem = body ? problemOf(body) : 'the body is not JSON';
    if (problem !== null || !body) return new Refusal(422, { detail: problem });
    return toTurn(post, String(body.session_name), String(body.message_content), body);
  },
  wantsStream: () => false,
  whole: (text) => ({
    message: text,
    success: true,
    session_id: 'simulated-session',
    user_id: simulatedUserId,
    tool_calls: [],
    usage: {},
  }),
  stream: null,
  failure: (message) => {
    const body = { message, success: false, session_id: null, tool_calls: [], usage: {} };
    return { body, event: sse(body) };
  },
};

export const simulatedUserId = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

function problemOf(body: Record<string, unknown>): string | null {
  const unknown = unknownFields(body, fields);
  if (unknown.length > 0) return `extra fields not permitted: ${unknown.join()}`;
  if (typeof body.message_content !== 'string') return 'message_content: field required';
  if (typeof body.session_name !== 'string') return 'session_name: field required';
  if (typeof body.user_id === 'string' ? body.user !== undefined : typeof body.user !== 'object')
    return 'either user or user_id: required';
  if (!Number.isInteger(body.message_limit)) return 'message_limit: not an integer';
  if (body.preserve_system_prompt !== false) return 'preserve_system_prompt: must be false';
  const { media_contents: media } = body;
  if (media === undefined) return null;
  const right = Array.isArray(media) && media.length > 0 && media.every(isMedia);
  return right ? null : 'media_contents: no such media';
}

function isMedia(media: unknown): boolean {
  const { mime_type: mimeType, media_url: url } = media as Record<string, unknown>;
  return (
    typeof mimeType === 'string' && mediaTypes.test(mimeType) && typeof url === 'string' && URL.canParse(url)
  );
}
