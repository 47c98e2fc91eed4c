import type { AgentAnswer } from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import { AgentError } from '../flow/agent';
import { textAnswer } from './answer';
import { parseData, readEvents } from './events';

/**
 * Reads `data: {"delta": "…"}` … `data: {"done": true}`. A stream that ends without `done` is a failure: half an answer
 * must not pass for a whole one. Calls `onText` with the whole text so far.
 */
export async function readTextStream(
  stream: Readable,
  maxBytes: number,
  onText: (text: string) => void,
): Promise<AgentAnswer> {
  let text = '';
  for await (const event of readEvents(stream, maxBytes)) {
    const { delta, done } = parseData(event);
    if (done === true) return textAnswer(text);
    if (typeof delta === 'string') onText((text += delta));
  }
  throw new AgentError('AGENT_UNREADABLE', 'the agent’s stream ended without `data: {"done": true}`');
}
