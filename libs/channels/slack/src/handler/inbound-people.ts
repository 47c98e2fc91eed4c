import { asObject, asText } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef } from '@omni-hub/contracts';
import type { Unchecked } from '@omni-hub/channel-sdk';
import { asId, type Context, type MessageEvent, type UserObject } from '../models/inbound.models';
import { chatId, contactId, isDirect } from './ids';

/** Slack's own bot. */
const slackbot = 'USLACKBOT';

/** A person of whom nothing but the id is told. */
export function contactOf(id: string, known: Partial<ContactRef> = {}): ContactRef {
  return {
    id: contactId(id),
    name: null,
    username: null,
    phone: null,
    locale: null,
    isBot: id === slackbot,
    ...known,
  };
}

/** Where something happened: what is written in a thread is in a chat of its own; in direct messages it is still one person who speaks to the account. */
export function chatOf(
  channel: string,
  {
    thread = null,
    type = null,
    title = null,
  }: Partial<Record<'thread' | 'type' | 'title', string | null>> = {},
): ChatRef {
  const isOneToOne = type === 'im' || isDirect(channel);
  const kind = isOneToOne ? 'direct' : thread !== null ? 'thread' : 'group';
  return { id: chatId(channel, thread), kind, title };
}

/** Who wrote a message; null where Slack names nobody. Names come along now and then only. */
export function readAuthor(message: Unchecked<MessageEvent>): ContactRef | null {
  const [user, bot] = [asId(message.user), asId(message.bot_id)];
  const id = user ?? bot;
  if (id === null) return null;
  const profile = asObject<{ display_name: string; real_name: string; name: string }>(message.user_profile);
  const botName = asText(asObject<{ name: string }>(message.bot_profile)?.name) ?? asText(message.username);
  const name = asText(profile?.display_name) ?? asText(profile?.real_name) ?? botName;
  const isBot = bot !== null || message.subtype === 'bot_message' || id === slackbot;
  return contactOf(id, { name, username: asText(profile?.name), isBot });
}

/** Whether the account itself wrote a message: its user, its bot, or the app that the event is for. */
export function isOwn(message: Unchecked<MessageEvent>, { selves, appId }: Context): boolean {
  return (
    [message.user, message.bot_id].some((id) => selves.includes(id as string)) ||
    (appId !== null && message.app_id === appId)
  );
}

/** https://docs.slack.dev/reference/objects/user-object */
export function readUser(value: unknown): ContactRef | null {
  const user = asObject<UserObject>(value);
  const id = asId(user?.id);
  if (!user || id === null) return null;
  const profile = asObject<{ display_name: string; real_name: string }>(user.profile);
  return contactOf(id, {
    name: asText(profile?.display_name) ?? asText(profile?.real_name) ?? asText(user.real_name),
    username: asText(user.name),
    locale: asText(user.locale),
    isBot: user.is_bot === true || id === slackbot,
  });
}
