import type { AgentAnswer, Content } from '@omni-hub/contracts';
import { AgentError } from '../flow/agent';
import { checkContent } from '../flow/content.check';

const maxMessages = 20;

/** A reply of one text; silence where there is none. */
export function textAnswer(text: string): AgentAnswer {
  if (text.trim() === '') return { kind: 'silent', reason: 'the agent answered an empty text' };
  return { kind: 'reply', content: [{ type: 'text', text }] };
}

/** Reads a whole answer: `{"text"}`, `{"messages": [Content…]}` or `{"silent": true, "reason"}`. Throws AgentError. */
export function readAnswer(body: string, contentType: string): AgentAnswer {
  const answer = parseObject(body, contentType);
  if (answer.silent === true) {
    return {
      kind: 'silent',
      reason: typeof answer.reason === 'string' ? answer.reason.slice(0, 500) : 'no reason given',
    };
  }
  if (typeof answer.text === 'string') return textAnswer(answer.text);
  if (Array.isArray(answer.messages)) return readMessages(answer.messages);
  throw new AgentError('AGENT_UNREADABLE', 'the agent’s answer has none of `text`, `messages` and `silent`');
}

/** Throws AgentError where the body is not a JSON object. */
export function parseObject(body: string, contentType: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // falls through to the one error for everything that is not a JSON object
  }
  throw new AgentError(
    'AGENT_UNREADABLE',
    `the agent answered ${contentType || 'no content type'}, not a JSON object`,
  );
}

function readMessages(messages: unknown[]): AgentAnswer {
  if (messages.length === 0) return { kind: 'silent', reason: 'the agent answered no messages' };
  if (messages.length > maxMessages) {
    throw new AgentError(
      'AGENT_UNREADABLE',
      `the agent answered ${messages.length} messages; at most ${maxMessages} are sent`,
    );
  }
  const problems = messages.flatMap((message, index) =>
    checkContent(message).map(({ field, problem }) => `messages[${index}].${field} ${problem}`),
  );
  if (problems.length > 0)
    throw new AgentError('AGENT_UNREADABLE', `the agent's answer is not right: ${problems.join('; ')}`);
  return { kind: 'reply', content: messages as Content[] };
}
