import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AgentError } from '../flow/agent';

/** One `data:` line of server-sent events, with the `event:` before it. */
export interface StreamEvent {
  name: string | null;
  data: string;
}

/**
 * Reads server-sent events. Every agent writes one `data:` line for an event, so each line is an event by itself. Ends the
 * stream when the caller stops reading. Throws AgentError beyond `maxBytes`.
 */
export async function* readEvents(stream: Readable, maxBytes: number): AsyncGenerator<StreamEvent> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  let name: string | null = null;
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    const lines = (pending + decoder.write(chunk)).split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') name = null;
      else if (line.startsWith('event:')) name = line.slice(6).trim();
      else if (line.startsWith('data:')) yield { name, data: line.slice(5).trim() };
    }
  }
}

/** The object that an event carries. Throws AgentError where it carries none. */
export function parseData({ data }: StreamEvent): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(data);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // falls through to the one error for everything that is not a JSON object
  }
  throw new AgentError('AGENT_UNREADABLE', 'the agent streamed a data line that is not a JSON object');
}

export const tooLarge = (maxBytes: number) =>
  new AgentError('AGENT_TOO_LARGE', `the agent's answer is larger than ${maxBytes} bytes`);
