import type { Ignored } from '@omni-hub/channel-sdk';
import type {
  AccountChanged,
  ActionChosen,
  ChatChanged,
  ChatRef,
  ContactChanged,
  ContactRef,
  DeliveryUpdated,
  InboundEvent,
  IncomingMessage,
  MembershipChanged,
  Mention,
  MessageDeleted,
  MessageEdited,
  MessageReceived,
  ReactionChanged,
  ReplyContext,
  TextEntity,
} from '@omni-hub/contracts';
import {
  about,
  decimal,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  oneOf,
  optional,
  text,
  word,
} from '../../document/schema';
import { attachment } from './attachments';

/** Events as they are stored and shown. */

/** What a platform tells of what it took. */
export const deliveryWord = word('accepted', 'sent', 'delivered', 'read', 'failed');
export const connectionWord = word('open', 'connecting', 'closed', 'unlinked', 'banned');

const aliases = optional(about('Other ids that the platform has for the same', list(text)));

export const chatKind = word('direct', 'group', 'thread');

const chat = named(
  'ChatRef',
  object<ChatRef>({
    id: text,
    kind: chatKind,
    title: nullable(text),
    aliases,
    address: optional(about('Where an answer goes, where that is another id', text)),
  }),
);

const contact = named(
  'ContactRef',
  object<ContactRef>({
    id: text,
    name: nullable(text),
    username: nullable(text),
    phone: nullable(text),
    locale: nullable(text),
    isBot: flag,
    aliases,
  }),
);

const entity = named(
  'TextEntity',
  object<TextEntity>({
    type: text,
    offset: about('In UTF-16 code units, as `length`', integer),
    length: integer,
    url: optional(text),
    language: optional(text),
    contactId: optional(text),
  }),
);

const mention = named(
  'Mention',
  object<Mention>({ contactId: nullable(text), username: nullable(text), isSelf: flag }),
);

const replyTo = named('ReplyContext', object<ReplyContext>({ id: text, text: nullable(text), fromMe: flag }));

const message = named(
  'IncomingMessage',
  object<IncomingMessage>({
    id: text,
    text: about('Without markup; its styles are in `entities`', text),
    entities: list(entity),
    attachments: list(attachment),
    mentions: list(mention),
    replyTo: nullable(replyTo),
    forwardedFrom: nullable(text),
    albumId: about('The same for all messages of one album', nullable(text)),
    fromMe: about('Sent by the account itself, from a phone or by another program', flag),
  }),
);

const base = {
  eventId: about('Unique for one instance, and the same at every redelivery', text),
  at: about('By the platform’s clock, epoch milliseconds', decimal),
  rawKind: about('The platform’s own name of the event', text),
};

export const inboundEvent = named(
  'InboundEvent',
  oneOf<InboundEvent, 'type'>('type', {
    message: named(
      'MessageReceived',
      object<MessageReceived>({ ...base, type: word('message'), chat, sender: contact, message }),
    ),
    edit: named(
      'MessageEdited',
      object<MessageEdited>({ ...base, type: word('edit'), chat, sender: contact, message }),
    ),
    delete: named(
      'MessageDeleted',
      object<MessageDeleted>({ ...base, type: word('delete'), chat, messageIds: list(text) }),
    ),
    reaction: named(
      'ReactionChanged',
      object<ReactionChanged>({
        ...base,
        type: word('reaction'),
        chat,
        sender: nullable(contact),
        messageId: text,
        added: list(text),
        removed: list(text),
      }),
    ),
    action: named(
      'ActionChosen',
      object<ActionChosen>({
        ...base,
        type: word('action'),
        chat,
        sender: contact,
        actionId: text,
        label: nullable(text),
        messageId: nullable(text),
        ackRef: nullable(text),
      }),
    ),
    delivery: named(
      'DeliveryUpdated',
      object<DeliveryUpdated>({
        ...base,
        type: word('delivery'),
        messageId: text,
        status: deliveryWord,
        errorCode: nullable(text),
        detail: nullable(text),
        deliveryId: nullable(text),
        restricted: flag,
      }),
    ),
    membership: named(
      'MembershipChanged',
      object<MembershipChanged>({
        ...base,
        type: word('membership'),
        chat,
        sender: nullable(contact),
        change: word('joined', 'left', 'blocked', 'unblocked', 'promoted', 'restricted'),
        self: about('Whether it is the account itself', flag),
        members: list(contact),
      }),
    ),
    chat: named(
      'ChatChanged',
      object<ChatChanged>({ ...base, type: word('chat'), chat, movedTo: nullable(text), what: text }),
    ),
    contact: named('ContactChanged', object<ContactChanged>({ ...base, type: word('contact'), contact })),
    account: named(
      'AccountChanged',
      object<AccountChanged>({
        ...base,
        type: word('account'),
        what: text,
        detail: text,
        connection: nullable(connectionWord),
        restricted: nullable(flag),
      }),
    ),
  }),
);

/** What the hub took no notice of. */
export const ignored = named(
  'Ignored',
  object<Ignored>({
    eventId: base.eventId,
    rawKind: base.rawKind,
    reason: about('Why nothing happens, and what would change that', text),
  }),
);
