import { asList, asObject, asText, type Unchecked } from '@omni-hub/channel-sdk';
import type { AccountChanged } from '@omni-hub/contracts';
import { asId, type Context, type InnerEvent, type Reading } from '../models/inbound.models';
import { chatId } from './ids';
import { chatOf, contactOf, readUser } from './inbound-people';

type Event = Unchecked<InnerEvent>;

/** https://docs.slack.dev/reference/events/member_joined_channel */
export function readMembership(event: Event, { eventId, rawKind, at, selves }: Context): Reading {
  const [channel, user] = [asId(event.channel), asId(event.user)];
  if (channel === null || user === null) return 'Somebody came or went, but Slack does not say who or where';
  const inviter = asId((event as { inviter?: unknown }).inviter);
  return {
    type: 'membership',
    eventId,
    rawKind,
    at,
    chat: chatOf(channel),
    sender: contactOf(inviter ?? user),
    change: event.type === 'member_joined_channel' ? 'joined' : 'left',
    self: selves.includes(user),
    members: [contactOf(user)],
  };
}

/** The account was taken out of a channel. https://docs.slack.dev/reference/events/channel_left */
export function readRemoval(event: Event, { eventId, rawKind, at }: Context): Reading {
  const channel = asId(event.channel);
  if (channel === null) return 'The app was taken out of a channel, but Slack does not say of which';
  const chat = chatOf(channel);
  const actor = asId((event as { actor_id?: unknown }).actor_id);
  const sender = actor === null ? null : contactOf(actor);
  return { type: 'membership', eventId, rawKind, at, chat, sender, change: 'left', self: true, members: [] };
}

/** Events that change a channel, and what the hub calls it. */
export const channelChanges: Readonly<Record<string, string>> = {
  channel_rename: 'renamed',
  group_rename: 'renamed',
  channel_archive: 'archived',
  group_archive: 'archived',
  channel_unarchive: 'unarchived',
  group_unarchive: 'unarchived',
  channel_deleted: 'deleted',
  group_deleted: 'deleted',
};

/** https://docs.slack.dev/reference/events/channel_rename */
export function readChannelChange(event: Event, { eventId, rawKind, at }: Context): Reading {
  const named = asObject<{ id: string; name: string }>(event.channel);
  const channel = asId(named?.id) ?? asId(event.channel);
  if (channel === null) return 'A channel was changed, but Slack does not say which';
  const chat = chatOf(channel, { title: asText(named?.name) });
  const what = channelChanges[asText(event.type) ?? ''];
  return { type: 'chat', eventId, rawKind, at, chat, movedTo: null, what };
}

/** A channel has another id from now on. https://docs.slack.dev/reference/events/channel_id_changed */
export function readMove(event: Event, { eventId, rawKind, at }: Context): Reading {
  const { old_channel_id, new_channel_id } = event as Record<string, unknown>;
  const [before, after] = [asId(old_channel_id), asId(new_channel_id)];
  if (before === null || after === null) return 'A channel has another id, but Slack does not say which';
  return { type: 'chat', eventId, rawKind, at, chat: chatOf(before), movedTo: chatId(after), what: 'moved' };
}

/** https://docs.slack.dev/reference/events/user_change */
export function readPerson(event: Event, { eventId, rawKind, at }: Context): Reading {
  const contact = readUser(event.user);
  return contact ? { type: 'contact', eventId, rawKind, at, contact } : 'Slack does not say who it is about';
}

/** https://docs.slack.dev/reference/events/tokens_revoked, https://docs.slack.dev/reference/events/app_uninstalled */
export function readEnd(event: Event, context: Context): Reading {
  const tokens = asObject<{ bot: unknown }>((event as { tokens?: unknown }).tokens);
  if (event.type === 'tokens_revoked' && asList(tokens?.bot).length === 0)
    return "A person's token was revoked: the hub uses that of the bot alone";
  const detail =
    'The app was taken out of the workspace: install it again and give the instance its new token';
  return account(context, { what: 'link', detail, connection: 'unlinked' });
}

/** https://docs.slack.dev/apis/events-api#rate-limiting: more than 30,000 events an hour, the rest of which are lost. */
export function readRateLimit(context: Context): AccountChanged {
  const detail =
    'Slack keeps back events: more than 30,000 came for this workspace within an hour. Subscribe to fewer';
  return account(context, { what: 'standing', detail, connection: null });
}

function account(
  { eventId, rawKind, at }: Context,
  told: Pick<AccountChanged, 'what' | 'detail' | 'connection'>,
): AccountChanged {
  return { type: 'account', eventId, rawKind, at, ...told, restricted: null };
}
