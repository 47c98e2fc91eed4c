import type { AgentAnswer } from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AgentError } from '../flow/agent';

/**
 * Reads `data: {"delta": "…"}` … `data: {"done": true}`. A stream that ends without `done` is a failure: half an answer
 * must not pass for a whole one. Calls `onText` with the whole text so far.
 */
export async function readTextStream(
  stream: Readable,
  maxBytes: number,
  onText: (text: string) => void,
): Promise<AgentAnswer> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  let text = '';
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new AgentError('AGENT_TOO_LARGE', `the agent's answer is larger than ${maxBytes} bytes`);
    const lines = (pending + decoder.write(chunk)).split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const event = readLine(line);
      if (event?.done === true) {
        stream.destroy();
        return text.trim() === '' ? { kind: 'silent', reason: 'the agent streamed no text' } : toReply(text);
      }
      if (typeof event?.delta === 'string') onText((text += event.delta));
    }
  }
  throw new AgentError('AGENT_UNREADABLE', 'the agent’s stream ended without `data: {"done": true}`');
}

const toReply = (text: string): AgentAnswer => ({ kind: 'reply', content: [{ type: 'text', text }] });

function readLine(line: string): { delta?: unknown; done?: unknown } | null {
  if (!line.startsWith('data:')) return null;
  try {
    return JSON.parse(line.slice(5)) as { delta?: unknown; done?: unknown };
  } catch {
    throw new AgentError('AGENT_UNREADABLE', 'the agent streamed a data line that is not JSON');
  }
}
