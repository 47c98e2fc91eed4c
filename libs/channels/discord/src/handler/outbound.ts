import { UnsupportedError, type OutboundMessage, type Part } from '@omni-hub/channel-sdk';
import type { MessageId, PollContent } from '@omni-hub/contracts';
import { PollLayoutType } from 'discord-api-types/v10';
import type { Call, MessageBody, NewMessageBody, Poll, Upload } from '../models/api.models';
import type { AckRef } from './ack-ref';
import { parseMessage } from './ids';
import { originalPath } from './interaction-answers';
import { toMarkdown } from './markdown';
import { nonceOf } from './nonce';
import { toButtons, toMenus } from './outbound-components';
import { toFiles } from './outbound-media';

type TextPart = Extract<Part, { type: 'text' }>;

/** Nobody is notified by what an agent writes: https://docs.discord.com/developers/resources/message#allowed-mentions-object. */
const allowed_mentions = { parse: [] };

/** A new message in a channel. Pure; throws UnsupportedError and RejectedError only. */
export function toCreation(
  channel: string,
  { deliveryId, replyTo, ...said }: Pick<OutboundMessage, 'deliveryId' | 'part' | 'files' | 'replyTo'>,
): Call {
  const { files, ...content } = toContent(said);
  const body: NewMessageBody = {
    ...content,
    nonce: nonceOf(deliveryId),
    enforce_nonce: true,
    allowed_mentions,
    message_reference: replyTo === null ? undefined : toReference(channel, replyTo),
  };
  return { method: 'POST', path: `/channels/${channel}/messages`, body, files };
}

/** The answer to a command or a form, in the place where people see that it is being written. */
export function toAnswer(ref: AckRef, said: Said): Call {
  const { files, ...content } = toContent(said);
  const body: MessageBody = { ...content, allowed_mentions };
  return { method: 'PATCH', path: originalPath(ref), body, files, authorized: false };
}

/** Takes away the message by which people see that an answer is being written. */
export function toWithdrawal(ref: AckRef): Call {
  return { method: 'DELETE', path: originalPath(ref), authorized: false };
}

/** A new text for a message that the bot sent; buttons that it had are gone. */
export function toEdit(messageId: MessageId, { body, buttons }: TextPart): Call {
  const { channel, message } = parseMessage(messageId);
  const edited: MessageBody = { content: toMarkdown(body), components: toButtons(buttons), allowed_mentions };
  return { method: 'PATCH', path: `/channels/${channel}/messages/${message}`, body: edited };
}

export function toDeletion(messageId: MessageId): Call {
  const { channel, message } = parseMessage(messageId);
  return { method: 'DELETE', path: `/channels/${channel}/messages/${message}` };
}

/** Opening what is open gives the same channel: https://docs.discord.com/developers/resources/user#create-dm. */
export function toDirectMessages(user: string): Call {
  return { method: 'POST', path: '/users/@me/channels', body: { recipient_id: user } };
}

export function toTyping(channel: string): Call {
  return { method: 'POST', path: `/channels/${channel}/typing` };
}

export function toReading(channel: string, message: string): Call {
  return { method: 'GET', path: `/channels/${channel}/messages/${message}` };
}

/** What a message says. */
type Said = Pick<OutboundMessage, 'part' | 'files'>;

function toContent({ part, files }: Said): Omit<MessageBody, 'allowed_mentions'> & { files?: Upload[] } {
  switch (part.type) {
    case 'text':
      return {
        content: toMarkdown(part.body),
        ...(part.buttons.length > 0 && { components: toButtons(part.buttons) }),
      };
    case 'media':
      return toFiles([part], files);
    case 'album':
      return toFiles(part.items, files);
    case 'list':
      return { content: toMarkdown(part.body), components: toMenus(part) };
    case 'poll':
      return { poll: toPoll(part) };
    case 'location':
    case 'contact':
    case 'template':
    case 'reaction':
    case 'edit':
    case 'delete':
      throw new UnsupportedError(`Discord has no message of the kind "${part.type}"`, `content.${part.type}`);
  }
}

/** Open for a day. */
function toPoll({ question, options, multiple }: PollContent): Poll {
  return {
    question: { text: question },
    answers: options.map((text) => ({ poll_media: { text } })),
    duration: 24,
    allow_multiselect: multiple ?? false,
    layout_type: PollLayoutType.Default,
  };
}

/** Discord answers a message only in its own channel: any other reply is sent without its reference. */
function toReference(channel: string, replyTo: MessageId) {
  const target = parseMessage(replyTo);
  if (target.channel !== channel) return undefined;
  return { message_id: target.message, fail_if_not_exists: false };
}
