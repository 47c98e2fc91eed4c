import { createIdCodec, RejectedError } from '@omni-hub/channel-sdk';
import type { ChatId, ChatRef, ContactId, MessageId } from '@omni-hub/contracts';
import { asId, asTs } from '../models/inbound.models';

/**
 * How Slack's ids become the hub's.
 *
 *     slack:C024BE91L                            a channel, a group, direct messages (D…)
 *     slack:C024BE91L:thread:1700000000.000100   a thread, by the time of the message that began it
 *     slack:U061F7AUR                            a person's direct messages, before their channel is known
 *     slack:C024BE91L:1700000000.000100          a message: its time is unique in its channel
 *     slack:U061F7AUR                            a contact
 */
export type Address = { channel: string; thread: string | null } | { user: string };

const codec = createIdCodec('slack');

export function chatId(channel: string, thread: string | null = null): ChatId {
  return thread === null ? codec.encode(channel) : codec.encode(channel, 'thread', thread);
}

export function contactId(user: string): ContactId {
  return codec.encode(user);
}

export function messageId(channel: string, ts: string): MessageId {
  return codec.encode(channel, ts);
}

/** The opposite of `chatId`; a contact's id is the direct messages with them. Throws RejectedError for anything else. */
export function parseChat(id: string): Address {
  const [native, scope, ts, ...rest] = codec.decode(id);
  const channel = asId(native);
  if (channel !== null && scope === undefined)
    return isUser(channel) ? { user: channel } : { channel, thread: null };
  const thread = asTs(ts);
  if (channel !== null && scope === 'thread' && thread !== null && rest.length === 0)
    return { channel, thread };
  throw new RejectedError(`"${id}" names no chat of Slack: use slack:<channel id>, as chats are listed`);
}

/** The opposite of `messageId`. Throws RejectedError for anything else. */
export function parseMessage(id: string): { channel: string; ts: string } {
  const [native, time, ...rest] = codec.decode(id);
  const [channel, ts] = [asId(native), asTs(time)];
  if (channel !== null && ts !== null && rest.length === 0) return { channel, ts };
  throw new RejectedError(`"${id}" names no message of Slack: use slack:<channel id>:<ts>`);
}

/** Who writes a native id, or one of the hub's: a person is written to directly. Null for anything else. */
export function recipient(to: string): ChatRef | null {
  const id = to.startsWith('slack:') ? to.slice('slack:'.length) : to;
  if (asId(id) !== null && /^[CDGUW]/.test(id)) return whole(id);
  const [channel, scope, ts, ...rest] = id.split(':');
  const isThread = asId(channel) !== null && scope === 'thread' && asTs(ts) !== null && rest.length === 0;
  const kind = isDirect(channel) ? 'direct' : 'thread';
  return isThread ? { id: chatId(channel, ts), kind, title: null } : null;
}

function whole(id: string): ChatRef {
  return { id: chatId(id), kind: isUser(id) || isDirect(id) ? 'direct' : 'group', title: null };
}

/** Ids of direct messages begin with D. */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

/** Ids of people begin with U, or with W in an Enterprise organization. */
function isUser(id: string): boolean {
  return /^[UW]/.test(id);
}
