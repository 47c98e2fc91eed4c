import type { Account } from '@omni-hub/channel-sdk';
import type { Mention, TextEntity } from '@omni-hub/contracts';
import type { APIMessage, APIUser } from 'discord-api-types/v10';
import {
  asObject,
  asObjects,
  asSnowflake,
  asSnowflakes,
  asText,
  type Unchecked,
} from '../models/inbound.models';
import { contactId } from './ids';
import { isAccount, readUser } from './inbound-people';

export interface WrittenText {
  text: string;
  entities: TextEntity[];
  mentions: Mention[];
}

/**
 * What a message says. Markdown stays as it was typed; what Discord writes in angle brackets becomes what its apps show: `@name` for
 * a user, `:name:` for an emoji, `/name` for a command. Roles and channels have no names here and stay. Each is an entity.
 */
export function readText(message: Unchecked<APIMessage>, account: Account | null): WrittenText {
  const users = asObjects<APIUser>(message.mentions);
  return {
    ...annotated(asText(message.content) ?? '', users),
    mentions: [
      ...users.map((user) => mentionOf(user, account)).filter((mention) => mention !== null),
      ...asSnowflakes(message.mention_roles).map((role) => ofNobody(`&${role}`)),
      ...(message.mention_everyone === true ? [ofNobody('everyone')] : []),
    ],
  };
}

function mentionOf(value: Unchecked<APIUser>, account: Account | null): Mention | null {
  const user = readUser(value);
  return user && { contactId: user.id, username: user.username, isSelf: isAccount(value, account) };
}

/** Many people are meant, nobody by name. Whether the account has a role a message does not tell. */
function ofNobody(username: string): Mention {
  return { contactId: null, username, isSelf: false };
}

/** https://docs.discord.com/developers/reference#message-formatting; code holds none, as in Discord's apps. */
const tokens =
  /(```[\s\S]*?```|``[\s\S]*?``|`[^`\n]*`)|<@!?(\d{1,20})>|<@&(\d{1,20})>|<#(\d{1,20})>|<a?:(\w+):(\d{1,20})>|<(\/[^:<>]{1,100}):\d{1,20}>/g;

function annotated(content: string, users: Unchecked<APIUser>[]): Omit<WrittenText, 'mentions'> {
  const entities: TextEntity[] = [];
  let text = '';
  let done = 0;
  for (const match of content.matchAll(tokens)) {
    const [whole, code, user, role, channel, emoji, , command] = match;
    text += content.slice(done, match.index);
    done = match.index + whole.length;
    const shown = code ?? (user && `@${nameOf(user, users)}`) ?? (emoji && `:${emoji}:`) ?? command ?? whole;
    const place = { offset: text.length, length: shown.length };
    if (user) entities.push({ type: 'mention', ...place, contactId: contactId(user) });
    else if (role) entities.push({ type: 'role', ...place });
    else if (channel) entities.push({ type: 'channel', ...place });
    else if (emoji) entities.push({ type: 'custom_emoji', ...place });
    else if (command) entities.push({ type: 'bot_command', ...place });
    text += shown;
  }
  return { text: text + content.slice(done), entities };
}

function nameOf(id: string, users: Unchecked<APIUser>[]): string {
  const user = users.find((candidate) => asSnowflake(candidate.id) === id);
  const nick = asText(asObject<{ nick: string }>(asObject<{ member: unknown }>(user)?.member)?.nick);
  return nick ?? asText(user?.global_name) ?? asText(user?.username) ?? id;
}
