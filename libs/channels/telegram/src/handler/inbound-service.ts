import type { Message, WebAppData } from '@grammyjs/types';
import type { ContactRef } from '@omni-hub/contracts';
import {
  asCount,
  asInteger,
  asList,
  asObject,
  asText,
  asTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { chatId, messageId } from './ids';
import { ignoredServices } from './inbound-ignored';
import { isAccount, readPlace, readSender, readUser, type Place } from './inbound-people';

/** What is in a message because somebody wrote it. */
type WrittenField =
  | keyof Message.MediaMessage
  | (
      | 'text'
      | 'entities'
      | 'rich_message'
      | 'animation'
      | 'audio'
      | 'document'
      | 'live_photo'
      | 'paid_media'
      | 'photo'
    )
  | ('sticker' | 'story' | 'video' | 'video_note' | 'voice' | 'contact' | 'dice' | 'game' | 'poll' | 'venue')
  | ('location' | 'checklist' | 'invoice' | 'suggested_post_info');

/** Every other field of a message: Telegram tells something by it. */
export type ServiceField = Exclude<keyof Message, WrittenField>;

type Reader = (message: Unchecked<Message>, place: Place, context: Context) => Reading;

/** Changes of the chat itself: the field of the service message, and what has changed in the hub's words. */
const chatChanges = {
  new_chat_title: 'title',
  new_chat_photo: 'photo',
  delete_chat_photo: 'photo',
  group_chat_created: 'created',
  supergroup_chat_created: 'created',
  channel_chat_created: 'created',
  message_auto_delete_timer_changed: 'auto-delete timer',
  pinned_message: 'pinned message',
  chat_owner_left: 'owner',
  chat_owner_changed: 'owner',
  chat_background_set: 'background',
  forum_topic_created: 'topic created',
  forum_topic_edited: 'topic edited',
  forum_topic_closed: 'topic closed',
  forum_topic_reopened: 'topic reopened',
  general_forum_topic_hidden: 'general topic hidden',
  general_forum_topic_unhidden: 'general topic shown',
} satisfies Partial<Record<ServiceField, string>>;

/** How each service message is read, or why it is left aside. */
const readers: Record<ServiceField, Reader | string> = {
  ...ignoredServices,
  ...chatChangeReaders(),
  migrate_to_chat_id: readMigration,
  new_chat_members: (message, place, context) =>
    readMembers('joined', asList(message.new_chat_members), message, place, context),
  left_chat_member: (message, place, context) =>
    readMembers('left', [message.left_chat_member], message, place, context),
  web_app_data: readForm,
};

/** The field by which a message tells that it is a service message; null when it is an ordinary one. */
export function serviceField(message: Unchecked<Message>): ServiceField | null {
  return (
    (Object.keys(message) as ServiceField[]).find(
      (field) => Object.hasOwn(readers, field) && message[field],
    ) ?? null
  );
}

export function readService(field: ServiceField, message: Unchecked<Message>, context: Context): Reading {
  const reader = readers[field];
  if (typeof reader === 'string') return reader;
  const place = readPlace(message);
  return place
    ? reader(message, place, context)
    : `The service message ${field} names no chat, so nothing can follow from it`;
}

/** A group became a supergroup: the same people under a new id (https://core.telegram.org/bots/api#message). */
function readMigration(message: Unchecked<Message>, place: Place, context: Context): Reading {
  const newId = asInteger(message.migrate_to_chat_id);
  if (newId === null)
    return 'The group became a supergroup, but Telegram does not say which: the next message from there makes it known';
  return {
    type: 'chat',
    ...base(message, context),
    chat: place.ref,
    movedTo: chatId({ chatId: newId }),
    what: 'migrated',
  };
}

function chatChangeReaders() {
  const entries = Object.entries(chatChanges).map(([field, what]) => [field, chatChange(what)]);
  return Object.fromEntries(entries) as Record<keyof typeof chatChanges, Reader>;
}

function chatChange(what: string): Reader {
  return (message, place, context) => {
    const title = asText(message.new_chat_title) ?? place.ref.title;
    return { type: 'chat', ...base(message, context), chat: { ...place.ref, title }, movedTo: null, what };
  };
}

function readMembers(
  change: 'joined' | 'left',
  users: readonly unknown[],
  message: Unchecked<Message>,
  place: Place,
  context: Context,
): Reading {
  const members = users.map(readUser).filter((user): user is ContactRef => user !== null);
  if (members.length === 0)
    return 'Somebody joined or left, but Telegram does not say who, so nothing can follow from it';
  return {
    type: 'membership',
    ...base(message, context),
    chat: place.ref,
    sender: readSender(message),
    change,
    self: users.some((user) => isAccount(user, context.account)),
    members,
  };
}

/** A Web App sent its form. The data is the person's, not checked by Telegram. */
function readForm(message: Unchecked<Message>, place: Place, context: Context): Reading {
  const form = asObject<WebAppData>(message.web_app_data);
  const data = asText(form?.data);
  const sender = readSender(message);
  const number = asCount(message.message_id);
  if (!form || data === null) return 'A Web App sent a form without data, so there is nothing to pass on';
  if (!sender) return 'A Web App sent a form, but Telegram does not say who filled it in';
  return {
    type: 'action',
    ...base(message, context),
    chat: place.ref,
    sender,
    actionId: data,
    label: asText(form.button_text),
    messageId: number === null ? null : messageId(place.address, number),
    ackRef: null,
  };
}

function base(message: Unchecked<Message>, { eventId, rawKind }: Context) {
  return { eventId, rawKind, at: asTime(message.date) };
}
