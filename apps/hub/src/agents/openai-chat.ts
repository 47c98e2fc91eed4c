import type { AgentAttachment, AgentHistoryEntry, AgentRequest } from '@omni-hub/contracts';
import { named, toldText } from './told';

export type ChatPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | ChatPart[];
}

export interface ChatOptions {
  systemPrompt?: string;
  /** Images that are here go along by their links, for models that can see. */
  images: boolean;
}

/**
 * A turn as the messages of a chat completion: the system prompt, the past, and what is to be answered as the last user
 * message. Neighbours of one role are one message, since some models refuse two of a kind. Pure.
 */
export function toChat(request: AgentRequest, { systemPrompt, images }: ChatOptions): ChatMessage[] {
  const asked = toldText(request, { withLinks: false });
  const seen = images ? request.messages.flatMap(({ attachments }) => attachments.flatMap(imageUrl)) : [];
  const past = joinNeighbours(request.history.map((entry) => toPast(entry, request)));
  const before = past.at(-1)?.role === 'user' ? past.pop()!.content : null;
  const text = before === null ? asked : `${before}\n\n${asked}`;
  return [
    ...(systemPrompt ? [{ role: 'system', content: systemPrompt } as const] : []),
    ...past,
    { role: 'user', content: seen.length === 0 ? text : [{ type: 'text', text }, ...seen] },
  ];
}

interface PastMessage {
  role: 'user' | 'assistant';
  content: string;
}

function toPast({ role, name, text }: AgentHistoryEntry, { chat }: AgentRequest): PastMessage {
  if (role === 'agent') return { role: 'assistant', content: text };
  return { role: 'user', content: named(chat.kind, name, text) };
}

function joinNeighbours(messages: PastMessage[]): PastMessage[] {
  const joined: PastMessage[] = [];
  for (const { role, content } of messages) {
    const last = joined.at(-1);
    if (last?.role === role) last.content += `\n\n${content}`;
    else joined.push({ role, content });
  }
  return joined;
}

function imageUrl({ kind, status, url }: AgentAttachment): ChatPart[] {
  if (kind !== 'image' || status !== 'ready' || !url) return [];
  return [{ type: 'image_url', image_url: { url } }];
}
