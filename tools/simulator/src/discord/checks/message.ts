import { MessageFlags } from 'discord-api-types/v10';
import {
  all,
  anything,
  address,
  type Check,
  choice,
  flag,
  integer,
  list,
  number,
  object,
  snowflake,
  text,
} from '../form';
import type { Fields } from '../message';
import { messageComponents } from './components';

/** https://docs.discord.com/developers/resources/message#create-message */

const webOrAttachment = address(['http', 'https', 'attachment']);
const picture = object({
  url: webOrAttachment,
  proxy_url: anything,
  height: anything,
  width: anything,
});
const embed = object({
  title: text({ max: 256 }),
  type: anything,
  description: text({ max: 4096 }),
  url: address(['http', 'https']),
  timestamp: (value, place) => {
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
      place.refuse('DATE_TIME_TYPE_PARSE', `Could not parse ${String(value)}. Should be ISO8601.`);
  },
  color: integer({ max: 0xffffff }),
  footer: object({ text: text({ max: 2048 }), icon_url: webOrAttachment, proxy_icon_url: anything }, [
    'text',
  ]),
  image: picture,
  thumbnail: picture,
  video: anything,
  provider: anything,
  author: object(
    {
      name: text({ min: 1, max: 256 }),
      url: address(['http', 'https']),
      icon_url: webOrAttachment,
      proxy_icon_url: anything,
    },
    ['name'],
  ),
  fields: list(
    object({ name: text({ min: 1, max: 256 }), value: text({ min: 1, max: 1024 }), inline: flag }, [
      'name',
      'value',
    ]),
    { max: 25 },
  ),
});

const embeds: Check = all(list(embed, { max: 10 }), (value, place) => {
  if (Array.isArray(value) && sizeOf(value) > 6000)
    place.refuse('MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
});

interface EmbedTexts {
  title?: string;
  description?: string;
  footer?: { text?: string };
  author?: { name?: string };
  fields?: { name?: string; value?: string }[];
}

function sizeOf(list: unknown[]): number {
  const texts = list.flatMap((one) => {
    const { title, description, footer, author, fields } = (one ?? {}) as EmbedTexts;
    const pairs = Array.isArray(fields) ? fields : [];
    return [
      title,
      description,
      footer?.text,
      author?.name,
      ...pairs.flatMap((pair) => [pair?.name, pair?.value]),
    ];
  });
  return texts.reduce((sum, each) => sum + (typeof each === 'string' ? [...each].length : 0), 0);
}

const allowedMentions: Check = all(
  object({
    parse: list(choice('users', 'roles', 'everyone'), { max: 3 }),
    users: list(snowflake, { max: 100 }),
    roles: list(snowflake, { max: 100 }),
    replied_user: flag,
  }),
  (value, place) => {
    const mentions = value as { parse?: unknown; users?: unknown[]; roles?: unknown[] };
    for (const kind of ['users', 'roles'] as const) {
      const parses = Array.isArray(mentions.parse) && mentions.parse.includes(kind);
      if (parses && (mentions[kind]?.length ?? 0) > 0)
        place.refuse(
          'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
    }
  },
);

const poll = object(
  {
    question: object({ text: text({ min: 1, max: 300 }) }, ['text']),
    answers: list(
      object(
        { answer_id: anything, poll_media: object({ text: text({ min: 1, max: 55 }), emoji: anything }) },
        ['poll_media'],
      ),
      { min: 1, max: 10 },
    ),
    duration: integer({ min: 1, max: 768 }),
    allow_multiselect: flag,
    layout_type: choice(1),
  },
  ['question', 'answers'],
);

const nonce: Check = (value, place) => {
  if (!Number.isSafeInteger(value)) text({ max: 25 })(value, place);
};

const attachment = object(
  {
    id: (value, place) => {
      if (!/^\d+$/.test(String(value)))
        place.refuse('NUMBER_TYPE_COERCE', `Value "${String(value)}" is not snowflake.`);
    },
    filename: text({ min: 1, max: 1024 }),
    title: text({ max: 1024 }),
    description: text({ max: 1024 }),
    duration_secs: number,
    waveform: text({ max: 400 }),
    is_remix: flag,
    is_spoiler: flag,
    // What the platform told of an attachment may be sent back as it is.
    size: anything,
    url: anything,
    proxy_url: anything,
    content_type: anything,
    height: anything,
    width: anything,
    flags: anything,
    ephemeral: anything,
  },
  ['id'],
);

export const isVersion2 = (flags: unknown): boolean =>
  (Number(flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;

/** The fields that an edit may have too. */
const changeable = {
  content: text({ max: 2000 }),
  embeds,
  flags: integer(),
  allowed_mentions: allowedMentions,
  attachments: list(attachment, { max: 10 }),
  components: anything,
  poll,
};

const created = object({
  ...changeable,
  nonce,
  enforce_nonce: flag,
  tts: flag,
  message_reference: object(
    {
      type: choice(0, 1),
      message_id: snowflake,
      channel_id: snowflake,
      guild_id: snowflake,
      fail_if_not_exists: flag,
    },
    ['message_id'],
  ),
  sticker_ids: list(snowflake, { max: 3 }),
});

const components =
  (flags: number): Check =>
  (value, place) => {
    const body = value as Fields;
    if (body.components != null)
      messageComponents(isVersion2(flags))(body.components, place.at('components'));
    if (!isVersion2(flags)) return;
    for (const field of ['content', 'embeds', 'poll', 'sticker_ids']) {
      const given = body[field];
      const isEmpty = given == null || given === '' || (Array.isArray(given) && given.length === 0);
      if (!isEmpty)
        place
          .at(field)
          .refuse(
            'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
            `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
          );
    }
  };

/** The body of a new message. */
export const newMessage: Check = (value, place) => {
  created(value, place);
  components(Number((value as Fields).flags ?? 0))(value, place);
};

/** A message by a webhook: what follows an interaction. */
export const newFollowUp: Check = (value, place) => {
  object({
    ...changeable,
    tts: flag,
    username: text({ min: 1, max: 80 }),
    avatar_url: anything,
    thread_name: anything,
    applied_tags: anything,
  })(value, place);
  components(Number((value as Fields).flags ?? 0))(value, place);
};

/** The body of an edit of a message with these flags. The flag for components of the second version stays once it is there. */
export const changedMessage =
  (flags: number): Check =>
  (value, place) => {
    object(changeable)(value, place);
    components(flags | Number((value as Fields).flags ?? 0))(value, place);
  };
