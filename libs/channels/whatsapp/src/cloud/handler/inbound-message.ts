import type {
  ActionChosen,
  ChatRef,
  ContactRef,
  IncomingMessage,
  MessageId,
  ReactionChanged,
  ReplyContext,
} from '@omni-hub/contracts';
import { codec } from '../../handler/ids';
import {
  asObject,
  asText,
  asTime,
  firstText,
  type Reading,
  type Surroundings,
  type Unchecked,
} from '../models/inbound.models';
import { readContent } from './inbound-content';
import {
  chatWith,
  contactOf,
  groupChat,
  readAddressee,
  readPhone,
  readSender,
  type Person,
} from './inbound-people';
import { readSystem } from './inbound-system';

/** What the events of a message have in common. */
interface Envelope {
  eventId: string;
  at: number;
  rawKind: string;
  chat: ChatRef;
  sender: ContactRef;
  fromMe: boolean;
}

/** One message of a person. `id` is its wamid. */
export function readMessage(message: Unchecked, id: string, surroundings: Surroundings): Reading {
  const type = asText(message.type);
  if (type === null) return 'The message names no type, so it cannot be read. Meta always sends one';
  const rawKind = `messages.${type}`;
  if (type === 'system') return readSystem(message, id, surroundings);
  const sender = readSender(message, surroundings);
  if (!sender) return 'The message names no sender, so there is nobody to answer. Meta always sends one';
  const envelope = {
    eventId: id,
    at: asTime(message.timestamp),
    rawKind,
    chat: chatOf(message, sender),
    sender: contactOf(sender),
    fromMe: false,
  };
  return readAction(type, message, envelope) ?? readSaid(type, message, envelope, surroundings);
}

/** One message that the business typed in the phone app: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_message_echoes. */
export function readEcho(message: Unchecked, id: string, surroundings: Surroundings): Reading {
  const type = asText(message.type);
  if (type === null) return 'The message names no type, so it cannot be read. Meta always sends one';
  const addressee = readAddressee(message, surroundings);
  const group = asText(message.group_id);
  const self = readPhone(message.from);
  if ((!addressee && group === null) || !self) {
    return 'The echo of a message of the phone app names no chat or no number. Meta always sends both';
  }
  const envelope = {
    eventId: id,
    at: asTime(message.timestamp),
    rawKind: `smb_message_echoes.${type}`,
    chat: group !== null ? groupChat(group) : chatWith(addressee as Person),
    sender: contactOf({ handles: [self], phone: self.digits, name: null, username: null }),
    fromMe: true,
  };
  return readSaid(type, message, envelope, surroundings);
}

function readSaid(type: string, message: Unchecked, envelope: Envelope, surroundings: Surroundings): Reading {
  const { eventId, at, rawKind, chat, sender } = envelope;
  const body = asObject(message[type]);
  if (type === 'reaction') return readReaction(body, envelope);
  if (type !== 'edit' && type !== 'revoke') {
    const written = compose(message, eventId, envelope, surroundings);
    return [{ type: 'message', eventId, at, rawKind, chat, sender, message: written }];
  }
  const original = asText(body?.original_message_id);
  if (original === null) return `The "${type}" does not say of which message. Meta always does`;
  if (type === 'revoke') {
    return [{ type: 'delete', eventId, at, rawKind, chat, messageIds: [codec.encode<MessageId>(original)] }];
  }
  const edited = asObject(body?.message);
  if (!edited) return 'A message was edited, and Meta does not say what it says now';
  const written = compose(edited, original, envelope, surroundings);
  return [{ type: 'edit', eventId, at, rawKind, chat, sender, message: written }];
}

function compose(
  message: Unchecked,
  id: string,
  { fromMe, chat }: Envelope,
  { errors, own }: Surroundings,
): IncomingMessage {
  const { text, attachments } = readContent(message, errors);
  const context = asObject(message.context);
  return {
    id: codec.encode<MessageId>(id),
    text,
    entities: [],
    attachments,
    mentions: [],
    replyTo: readReply(context, chat, own),
    forwardedFrom: context?.forwarded === true || context?.frequently_forwarded === true ? 'unknown' : null,
    albumId: null,
    fromMe,
  };
}

/** Meta names the writer of the other message by number, where it has one; between two people it is the one or the other. */
function readReply(context: Unchecked | null, chat: ChatRef, own: readonly string[]): ReplyContext | null {
  const id = asText(context?.id);
  if (id === null) return null;
  const writer = readPhone(context?.from)?.digits ?? null;
  const fromMe = writer === null ? chat.kind === 'direct' : own.includes(writer);
  return { id: codec.encode<MessageId>(id), text: null, fromMe };
}

/** A reaction is taken back by an empty emoji, or by none; which one it was is not told. */
function readReaction(body: Unchecked | null, envelope: Envelope): Reading {
  const target = asText(body?.message_id);
  if (target === null) return 'The reaction names no message';
  const emoji = asText(body?.emoji);
  const { eventId, at, rawKind, chat, sender } = envelope;
  const event: ReactionChanged = {
    type: 'reaction',
    eventId,
    at,
    rawKind,
    chat,
    sender,
    messageId: codec.encode<MessageId>(target),
    added: emoji === null ? [] : [emoji],
    removed: [],
  };
  return [event];
}

/** What a person chose; null where the message is no choice. */
function readAction(type: string, message: Unchecked, envelope: Envelope): Reading | null {
  const { eventId, at, rawKind, chat, sender } = envelope;
  const chosen = (actionId: string, label: string | null, kind = rawKind): Reading => {
    const target = asText(asObject(message.context)?.id);
    const event: ActionChosen = {
      type: 'action',
      eventId,
      at,
      rawKind: kind,
      chat,
      sender,
      actionId,
      label,
      messageId: target === null ? null : codec.encode<MessageId>(target),
      ackRef: null,
    };
    return [event];
  };
  if (type === 'request_welcome') return chosen('request_welcome', null);
  if (type === 'button') {
    const button = asObject(message.button);
    const id = firstText(button?.payload, button?.text);
    return id === null ? null : chosen(id, asText(button?.text));
  }
  if (type !== 'interactive') return null;
  const interactive = asObject(message.interactive);
  const kind = asText(interactive?.type) ?? '';
  const reply = asObject(interactive?.[kind]);
  if (!reply) return null;
  const choice = readChoice(kind, reply);
  return choice && chosen(choice.id, choice.label, `${rawKind}.${kind}`);
}

function readChoice(kind: string, reply: Unchecked): { id: string; label: string | null } | null {
  switch (kind) {
    case 'button_reply':
    case 'list_reply': {
      const id = asText(reply.id);
      return id === null ? null : { id, label: asText(reply.title) };
    }
    case 'nfm_reply':
      return readForm(reply);
    case 'call_permission_reply':
      return { id: kind, label: asText(reply.response) };
    default:
      return null;
  }
}

/** A form that was filled in: the token that it was sent with is its id, what was filled in, as JSON, its label. */
function readForm({ response_json, name, body }: Unchecked): { id: string; label: string | null } {
  const { flow_token, ...answers } = parseObject(response_json) ?? {};
  const label = Object.keys(answers).length > 0 ? JSON.stringify(answers) : asText(body);
  return { id: firstText(flow_token, name) ?? 'form', label };
}

function parseObject(json: unknown): Unchecked | null {
  try {
    return typeof json === 'string' ? asObject(JSON.parse(json)) : null;
  } catch {
    return null;
  }
}

function chatOf(message: Unchecked, sender: Person): ChatRef {
  const group = asText(message.group_id);
  return group === null ? chatWith(sender) : groupChat(group);
}
