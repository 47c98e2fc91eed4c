import type { AgentAttachment, AgentMessage, AgentRequest } from '@omni-hub/contracts';

/** A turn's messages as text, for agents that are told nothing else, and how their text is read. Pure. */

const quotedLength = 200;

/**
 * All messages of a turn, one after the other; in a group with who wrote each. `withLinks` names files by the links under
 * which they can be fetched.
 */
export function toldText({ chat, messages }: AgentRequest, { withLinks }: { withLinks: boolean }): string {
  return messages
    .map((message) => {
      const lines = [
        ...quote(message),
        ...(message.text ? [message.text] : []),
        ...message.attachments.map((attachment) => toldAttachment(attachment, withLinks)),
      ];
      return named(chat.kind, message.sender.name, lines.join('\n'));
    })
    .join('\n');
}

/** In a group the words are given their speaker. */
export function named(chatKind: AgentRequest['chat']['kind'], name: string | null, text: string): string {
  return chatKind === 'direct' || !name ? text : `${name}: ${text}`;
}

function quote({ replyTo }: AgentMessage): string[] {
  if (!replyTo?.text) return [];
  const text = replyTo.text.replace(/\s+/g, ' ');
  return [`[in reply to: ${text.length > quotedLength ? `${text.slice(0, quotedLength)}…` : text}]`];
}

function toldAttachment(attachment: AgentAttachment, withLinks: boolean): string {
  const { kind, filename, transcript, status, reason, url, data } = attachment;
  if (transcript) return `[${kind}] ${transcript}`;
  if (data) return `[${kind}: ${JSON.stringify(data)}]`;
  const name = filename ? ` ${filename}` : '';
  if (status === 'failed')
    return `[${kind}${name}, which is not here: ${reason ?? 'it could not be fetched'}]`;
  return `[${kind}${name}${withLinks && url ? `: ${url}` : ''}]`;
}
