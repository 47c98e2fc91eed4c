const POLLS = 'Votes in a poll ask for no answer: ask with buttons where the choice matters';
const VOICE = 'Voice channels are spoken; bots of this hub do not listen';
const SERVER = 'Something about the server itself changed that has no part in a conversation';
const THREADS = 'Who is in a thread has no part in a conversation; its messages arrive all the same';
const PAID = 'Discord tells of a purchase or a subscription; that asks for no answer';
const SAFETY = 'The rules of automatic moderation are kept by Discord; they ask for no answer';

/** The events of the gateway that are understood and left aside, and why. */
export const ignoredKinds: Record<string, string> = {
  READY: 'A new session with Discord has begun',
  RESUMED: 'The session with Discord goes on; what was missed has been told',
  TYPING_START: 'Somebody is typing; there is nothing to answer yet',
  PRESENCE_UPDATE:
    'Who is online has no part in a conversation. Take 256 out of "intents" to be spared these',
  MESSAGE_REACTION_REMOVE_ALL:
    'A moderator took back all reactions to a message, and Discord does not say which those were',
  MESSAGE_POLL_VOTE_ADD: POLLS,
  MESSAGE_POLL_VOTE_REMOVE: POLLS,
  CHANNEL_PINS_UPDATE:
    'A message was pinned or unpinned; a pin is told by a message of its own, which is read',
  THREAD_LIST_SYNC: THREADS,
  THREAD_MEMBER_UPDATE: THREADS,
  THREAD_MEMBERS_UPDATE: THREADS,
  GUILD_UPDATE: SERVER,
  GUILD_AUDIT_LOG_ENTRY_CREATE: SERVER,
  GUILD_BAN_ADD: 'Somebody was banned from the server; that they left is told by itself',
  GUILD_BAN_REMOVE: SERVER,
  GUILD_EMOJIS_UPDATE: SERVER,
  GUILD_STICKERS_UPDATE: SERVER,
  GUILD_INTEGRATIONS_UPDATE: SERVER,
  GUILD_MEMBER_UPDATE:
    'A member’s name or roles changed; their name comes with the next message that they write',
  GUILD_MEMBERS_CHUNK: SERVER,
  GUILD_ROLE_CREATE: SERVER,
  GUILD_ROLE_UPDATE: SERVER,
  GUILD_ROLE_DELETE: SERVER,
  GUILD_SCHEDULED_EVENT_CREATE: SERVER,
  GUILD_SCHEDULED_EVENT_UPDATE: SERVER,
  GUILD_SCHEDULED_EVENT_DELETE: SERVER,
  GUILD_SCHEDULED_EVENT_USER_ADD: SERVER,
  GUILD_SCHEDULED_EVENT_USER_REMOVE: SERVER,
  GUILD_SOUNDBOARD_SOUND_CREATE: SERVER,
  GUILD_SOUNDBOARD_SOUND_UPDATE: SERVER,
  GUILD_SOUNDBOARD_SOUND_DELETE: SERVER,
  GUILD_SOUNDBOARD_SOUNDS_UPDATE: SERVER,
  SOUNDBOARD_SOUNDS: SERVER,
  INTEGRATION_CREATE: SERVER,
  INTEGRATION_UPDATE: SERVER,
  INTEGRATION_DELETE: SERVER,
  INVITE_CREATE: SERVER,
  INVITE_DELETE: SERVER,
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: SERVER,
  USER_UPDATE: 'The bot’s own profile changed; the next probe tells its name',
  WEBHOOKS_UPDATE: SERVER,
  VOICE_STATE_UPDATE: VOICE,
  VOICE_SERVER_UPDATE: VOICE,
  VOICE_CHANNEL_EFFECT_SEND: VOICE,
  STAGE_INSTANCE_CREATE: VOICE,
  STAGE_INSTANCE_UPDATE: VOICE,
  STAGE_INSTANCE_DELETE: VOICE,
  AUTO_MODERATION_RULE_CREATE: SAFETY,
  AUTO_MODERATION_RULE_UPDATE: SAFETY,
  AUTO_MODERATION_RULE_DELETE: SAFETY,
  AUTO_MODERATION_ACTION_EXECUTION: SAFETY,
  ENTITLEMENT_CREATE: PAID,
  ENTITLEMENT_UPDATE: PAID,
  ENTITLEMENT_DELETE: PAID,
  SUBSCRIPTION_CREATE: PAID,
  SUBSCRIPTION_UPDATE: PAID,
  SUBSCRIPTION_DELETE: PAID,
  RATE_LIMITED: 'Discord takes requests to the gateway again later; this hub sends none that need it',
};
