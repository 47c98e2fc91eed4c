import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import type { Agent } from '../flow/agent';

/** Answers with what it was told: the quick start needs no agent of one's own. */
export class EchoAgent implements Agent {
  readonly kind = 'echo';
  readonly timeoutMs = 1_000;

  async ask(request: AgentRequest): Promise<AgentAnswer> {
    const lines = request.messages.flatMap((message) => [
      ...(message.text ? [message.text] : []),
      ...message.attachments.map(({ kind }) => `[${kind}]`),
    ]);
    return { kind: 'reply', content: [{ type: 'text', text: lines.join('\n') }] };
  }

  async close(): Promise<void> {}
}
