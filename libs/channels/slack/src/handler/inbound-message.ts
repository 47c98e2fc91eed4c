import { asObjects, asText, type Unchecked } from '@omni-hub/channel-sdk';
import type { IncomingMessage, MessageReceived, ReplyContext } from '@omni-hub/contracts';
import { asId, asTs, timeOf, type Context, type MessageEvent, type Reading } from '../models/inbound.models';
import { messageId } from './ids';
import { readFiles } from './inbound-files';
import { chatOf, isOwn, readAuthor } from './inbound-people';
import { readText } from './inbound-text';

/** What people and apps write; every other subtype is a notice of Slack's. https://docs.slack.dev/reference/events/message#subtypes */
const written: readonly unknown[] = [
  undefined,
  'file_share',
  'thread_broadcast',
  'bot_message',
  'me_message',
];

/** A message that is there anew, or a mention: both come of the same words, with the same id, so that they are one event. */
export function readMessage(event: Unchecked<MessageEvent>, context: Context): Reading {
  const [channel, ts] = [asId(event.channel), asTs(event.ts)];
  if (channel === null || ts === null)
    return 'The message names no channel or no time, so there is nowhere to answer. Slack always sends both';
  if (!written.includes(event.subtype))
    return `Slack's notice "${String(event.subtype)}" says nothing to the account; joining, leaving and renaming are told by events of their own`;
  const author = readAuthor(event);
  if (!author) return 'The message names no sender, so there is nobody to answer';
  return {
    type: 'message',
    eventId: `${channel}:${ts}`,
    at: timeOf(ts),
    rawKind: context.rawKind,
    ...placed(event, channel, ts),
    sender: author,
    message: readContent(event, channel, ts, context),
  };
}

/** The chat of a message: the thread that it stands in, else the channel. */
export function placed(
  message: Unchecked<MessageEvent>,
  channel: string,
  ts: string,
  channelType: unknown = message.channel_type,
): Pick<MessageReceived, 'chat'> {
  return { chat: chatOf(channel, { thread: threadOf(message, ts), type: asText(channelType) }) };
}

/** What a message says and holds. */
export function readContent(
  message: Unchecked<MessageEvent>,
  channel: string,
  ts: string,
  context: Context,
): IncomingMessage {
  const shared = asObjects<{ is_share: boolean; author_name: string; text: string; files: unknown }>(
    message.attachments,
  ).find(({ is_share }) => is_share === true);
  const raw = [asText(message.text), asText(shared?.text)].filter((text) => text !== null).join('\n');
  return {
    id: messageId(channel, ts),
    ...readText(raw, context),
    attachments: [...readFiles(message.files), ...readFiles(shared?.files)],
    replyTo: readParent(message, channel, ts, context),
    forwardedFrom: shared ? (asText(shared.author_name) ?? 'somebody') : null,
    albumId: null,
    fromMe: isOwn(message, context),
  };
}

/** The message that began a thread has the thread's own time: it stands in the channel. */
function threadOf(message: Unchecked<MessageEvent>, ts: string): string | null {
  const thread = asTs(message.thread_ts);
  return thread === ts ? null : thread;
}

/** In a thread, everything answers the message that began it. */
function readParent(
  message: Unchecked<MessageEvent>,
  channel: string,
  ts: string,
  { selves }: Context,
): ReplyContext | null {
  const thread = threadOf(message, ts);
  if (thread === null) return null;
  const fromMe = selves.includes(message.parent_user_id as string);
  return { id: messageId(channel, thread), text: null, fromMe };
}
