import { asObject, asText, type Unchecked } from '@omni-hub/channel-sdk';
import {
  asId,
  asTs,
  timeOf,
  type Context,
  type InnerEvent,
  type MessageEvent,
  type Reading,
} from '../models/inbound.models';
import { fromName } from './emoji';
import { messageId } from './ids';
import { placed, readContent } from './inbound-message';
import { chatOf, contactOf, readAuthor } from './inbound-people';

/** https://docs.slack.dev/reference/events/message/message_changed */
export function readEdit(event: Unchecked<MessageEvent>, context: Context): Reading {
  const channel = asId(event.channel);
  const message = asObject<MessageEvent>(event.message);
  const ts = asTs(message?.ts);
  if (!message || channel === null || ts === null)
    return 'A message was changed, but Slack does not say which';
  if (message.subtype === 'tombstone') return deleted(message, channel, ts, event, context);
  const at = editedAt(message);
  if (at === null || at === editedAt(asObject<MessageEvent>(event.previous_message)))
    return 'Nobody edited the message: Slack added a preview or counted its replies';
  const author = readAuthor(message);
  if (!author) return 'A message was edited whose sender Slack does not tell';
  return {
    type: 'edit',
    eventId: context.eventId,
    rawKind: context.rawKind,
    at: timeOf(at),
    ...placed(message, channel, ts, event.channel_type),
    sender: author,
    message: readContent(message, channel, ts, context),
  };
}

/** https://docs.slack.dev/reference/events/message/message_deleted */
export function readDeletion(event: Unchecked<MessageEvent>, context: Context): Reading {
  const [channel, ts] = [asId(event.channel), asTs(event.deleted_ts)];
  if (channel === null || ts === null) return 'A message was deleted, but Slack does not say which';
  return deleted(asObject<MessageEvent>(event.previous_message) ?? {}, channel, ts, event, context);
}

/** https://docs.slack.dev/reference/events/reaction_added; an event tells the channel of the message, not its thread. */
export function readReaction(event: Unchecked<InnerEvent>, context: Context): Reading {
  const { item: value, reaction } = event as { item?: unknown; reaction?: unknown };
  const item = asObject<{ type: string; channel: string; ts: string }>(value);
  const [channel, ts, name, user] = [asId(item?.channel), asTs(item?.ts), asText(reaction), asId(event.user)];
  if (channel === null || ts === null || name === null)
    return 'The reaction is to something that is no message: the hub keeps those to messages';
  const emoji = fromName(name);
  const isThere = event.type === 'reaction_added';
  return {
    type: 'reaction',
    eventId: context.eventId,
    rawKind: context.rawKind,
    at: context.at,
    chat: chatOf(channel),
    sender: user === null ? null : contactOf(user),
    messageId: messageId(channel, ts),
    added: isThere ? [emoji] : [],
    removed: isThere ? [] : [emoji],
  };
}

function deleted(
  message: Unchecked<MessageEvent>,
  channel: string,
  ts: string,
  { channel_type }: Unchecked<MessageEvent>,
  { eventId, rawKind, at }: Context,
): Reading {
  const messageIds = [messageId(channel, ts)];
  return { type: 'delete', eventId, rawKind, at, ...placed(message, channel, ts, channel_type), messageIds };
}

function editedAt(message: Unchecked<MessageEvent> | null): string | null {
  return asTs(asObject<{ ts: string }>(message?.edited)?.ts);
}
