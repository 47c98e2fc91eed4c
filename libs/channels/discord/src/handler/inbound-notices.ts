import { MessageType, type GatewayMessageCreateDispatchData } from 'discord-api-types/v10';
import {
  asCount,
  asText,
  asTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { isAccount, readPlace, readUser } from './inbound-people';

type Notice = Unchecked<GatewayMessageCreateDispatchData & { channel_type: number }>;

const BOOST = 'Somebody boosted the server; that asks for no answer';
const STAGE = 'Stages are spoken; bots of this hub do not listen';
const PAID = 'Discord tells of a purchase or a subscription; that asks for no answer';
const SAFETY = 'Discord tells the server’s moderators something; that asks for no answer';
const MEMBERS = 'The members of a group of direct messages changed, which bots cannot be in';

/** Messages that Discord writes itself, which are understood and left aside, and why. */
const ignored: Partial<Record<MessageType, string>> = {
  [MessageType.RecipientAdd]: MEMBERS,
  [MessageType.RecipientRemove]: MEMBERS,
  [MessageType.Call]: 'Somebody calls. Bots of this hub do not talk',
  [MessageType.GuildBoost]: BOOST,
  [MessageType.GuildBoostTier1]: BOOST,
  [MessageType.GuildBoostTier2]: BOOST,
  [MessageType.GuildBoostTier3]: BOOST,
  [MessageType.ChannelFollowAdd]:
    'The channel follows another one now; what is published there arrives as messages',
  [MessageType.ThreadCreated]:
    'A thread was begun in the channel; it is told by THREAD_CREATE, which is read',
  [MessageType.ThreadStarterMessage]:
    'The first message of a thread repeats the one that it was begun from, which was read in its channel',
  [MessageType.GuildInviteReminder]: 'Discord reminds of invitations; that asks for no answer',
  [MessageType.AutoModerationAction]: SAFETY,
  [MessageType.RoleSubscriptionPurchase]: PAID,
  [MessageType.InteractionPremiumUpsell]: PAID,
  [MessageType.GuildApplicationPremiumSubscription]: PAID,
  [MessageType.PurchaseNotification]: PAID,
  [MessageType.StageStart]: STAGE,
  [MessageType.StageEnd]: STAGE,
  [MessageType.StageSpeaker]: STAGE,
  [MessageType.StageTopic]: STAGE,
  [MessageType.GuildIncidentAlertModeEnabled]: SAFETY,
  [MessageType.GuildIncidentAlertModeDisabled]: SAFETY,
  [MessageType.GuildIncidentReportRaid]: SAFETY,
  [MessageType.GuildIncidentReportFalseAlarm]: SAFETY,
  [MessageType.PollResult]:
    'A poll has ended. Its result asks for no answer: ask with buttons where the choice matters',
};

const changes: Partial<Record<MessageType, string>> = {
  [MessageType.ChannelNameChange]: 'title',
  [MessageType.ChannelIconChange]: 'photo',
  [MessageType.ChannelPinnedMessage]: 'pinned message',
};

/** Joins are told as messages in the channel that the server has chosen for them. */
export function readNotice(notice: Notice, { eventId, rawKind, account }: Context): Reading {
  const type = asCount(notice.type);
  if (type === null) return 'The message has no kind that could be read. Discord always sends one';
  const reason = ignored[type as MessageType];
  if (reason !== undefined) return reason;
  const chat = readPlace(notice);
  if (!chat) return 'The message names no channel, so nothing can follow from it';
  const author = readUser(notice.author, notice.member);
  const at = asTime(notice.timestamp);
  if (type === MessageType.UserJoin) {
    if (!author) return 'Somebody joined the server, but Discord does not say who';
    const self = isAccount(notice.author, account);
    return {
      type: 'membership',
      eventId,
      rawKind,
      at,
      chat,
      sender: author,
      change: 'joined',
      self,
      members: [author],
    };
  }
  const what = changes[type as MessageType];
  if (what === undefined)
    return `Discord has messages of its own of the kind ${type} that this version does not know: a newer one may read them`;
  const title = type === MessageType.ChannelNameChange ? asText(notice.content) : null;
  return { type: 'chat', eventId, rawKind, at, chat: { ...chat, title }, movedTo: null, what };
}
