import type { Message } from '@grammyjs/types';
import type { UpdateKind } from '../models/inbound.models';

const INLINE =
  'Inline mode is not offered: this hub answers in chats only. Turn it off with /setinline at @BotFather';
const PAYMENTS =
  'Payments are not handled by this hub: take them with a program of your own, under a bot of its own';
const BOOSTS = 'Boosts of a chat have no part in a conversation, so nobody is asked to answer';

/** The kinds of updates that are understood and left aside, and why. */
export const ignoredUpdates = {
  guest_message:
    'The bot was called as a guest into a chat that it is not in. Such a call is answered by answerGuestQuery only, which this channel does not do: add the bot to the chat, or turn guest queries off at @BotFather',
  stopped_message_generation:
    'Somebody asked to stop an answer that is being written. Previews are sent without a stop button, so there is none to stop',
  message_reaction_count:
    'Anonymous counts of reactions say neither who reacted nor to what change; reactions by people arrive as message_reaction',
  inline_query: INLINE,
  chosen_inline_result: INLINE,
  shipping_query: PAYMENTS,
  pre_checkout_query: PAYMENTS,
  purchased_paid_media: PAYMENTS,
  subscription: PAYMENTS,
  poll: 'A poll has new totals. Telegram does not say in which chat the poll is, so it belongs to no conversation',
  poll_answer:
    'Somebody voted in a poll. Telegram does not say in which chat the poll is, so it belongs to no conversation: ask with buttons where the choice matters',
  chat_join_request:
    'Somebody asks to join the chat: an administrator decides that in Telegram. The hub hears of them once they are in',
  chat_boost: BOOSTS,
  removed_chat_boost: BOOSTS,
  managed_bot:
    'Bots that are managed by this bot are not managed by this hub: make an instance for each of them',
} satisfies Partial<Record<UpdateKind, string>>;

const SUGGESTED = 'Suggested posts of a channel are approved and paid in Telegram; they ask for no answer';
const GIVEAWAY = 'Giveaways are run by Telegram; they ask for no answer';
const GIFT = 'Gifts are accepted and shown by Telegram; they ask for no answer';
const CALL = 'Video chats cannot be joined by bots, so there is nothing to answer';
const PRICE = 'The price of messages in the chat changed; that asks for no answer';
const SHARED =
  'Users and chats are shared at the press of a request button, which this channel does not send';
const POLL_OPTION = 'The options of a poll changed; that asks for no answer';
const CHECKLIST = 'A checklist changed; that asks for no answer';
const COMMUNITY = 'The community of the chat changed; that asks for no answer';

/** The service messages that are understood and left aside, and why. */
export const ignoredServices = {
  migrate_from_chat_id:
    'The supergroup was a group before. The move itself is told in the old group by migrate_to_chat_id, which is read',
  successful_payment: PAYMENTS,
  refunded_payment: PAYMENTS,
  users_shared: SHARED,
  chat_shared: SHARED,
  connected_website: 'Somebody logged in to a website with Telegram; that asks for no answer',
  write_access_allowed:
    'Somebody allowed the bot to write to them. They can be written to from now on; nothing was said yet',
  passport_data: 'Telegram Passport documents are not read by this hub',
  proximity_alert_triggered: 'Two people who share their locations came close; that asks for no answer',
  boost_added: BOOSTS,
  managed_bot_created:
    'Bots that are managed by this bot are not managed by this hub: make an instance for each of them',
  giveaway_created: GIVEAWAY,
  giveaway: GIVEAWAY,
  giveaway_winners: GIVEAWAY,
  giveaway_completed: GIVEAWAY,
  gift: GIFT,
  unique_gift: GIFT,
  gift_upgrade_sent: GIFT,
  paid_message_price_changed: PRICE,
  direct_message_price_changed: PRICE,
  video_chat_scheduled: CALL,
  video_chat_started: CALL,
  video_chat_ended: CALL,
  video_chat_participants_invited: CALL,
  suggested_post_approved: SUGGESTED,
  suggested_post_approval_failed: SUGGESTED,
  suggested_post_declined: SUGGESTED,
  suggested_post_paid: SUGGESTED,
  suggested_post_refunded: SUGGESTED,
  poll_option_added: POLL_OPTION,
  poll_option_deleted: POLL_OPTION,
  checklist_tasks_done: CHECKLIST,
  checklist_tasks_added: CHECKLIST,
  community_chat_added: COMMUNITY,
  community_chat_removed: COMMUNITY,
  community_chat_joined: COMMUNITY,
} satisfies Partial<Record<keyof Message, string>>;
