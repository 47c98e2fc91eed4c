import type { IncomingMessage } from '@omni-hub/contracts';
import { pass, stop, type Gate } from './gate';

/** Who speaks in a group speaks to the group: the instance's `groups` setting says when that includes the account. */
export const groupGate: Gate = {
  name: 'groups',
  decide({ event, instance }) {
    if (!('chat' in event) || event.chat.kind === 'direct') return pass('direct_chat', 'a direct chat');
    const policy = instance.settings.groups;
    if (policy === 'never') {
      return stop(
        'groups_never',
        'the instance answers nobody in groups',
        'set "groups" to "mention", "reply", "keyword" or "always"',
      );
    }
    if (policy === 'observe') {
      return stop(
        'group_observed',
        'the instance reads along in groups and answers nobody there',
        'set "groups" to "mention", "reply", "keyword" or "always"',
      );
    }
    if (policy === 'always') return pass('groups_always', 'the instance answers everybody in groups');
    if (event.type !== 'message') return pass('addressed', 'a button of the account was pressed');
    if (repliesToMe(event.message)) return pass('addressed', 'the message replies to the account');
    if (policy !== 'reply' && mentionsMe(event.message))
      return pass('addressed', 'the message mentions the account');
    const keyword = policy === 'keyword' ? keywordIn(event.message, instance.settings.groupKeywords) : null;
    if (keyword) return pass('group_keyword', `the message holds the keyword "${keyword}"`);
    return notAddressed[policy];
  },
};

const toEverybody = 'set "groups" to "always" on the instance to answer everybody';
const notAddressed = {
  mention: stop(
    'group_not_mentioned',
    'in a group, and the message neither mentions the account nor replies to it',
    toEverybody,
  ),
  reply: stop('group_not_reply', 'in a group, and the message does not reply to the account', toEverybody),
  keyword: stop(
    'group_no_keyword',
    'in a group, and the message holds none of groupKeywords, mentions the account nowhere and does not reply to it',
    `add a word to "groupKeywords" on the instance, or ${toEverybody}`,
  ),
};

/** The first of the words that stands in a message as a whole word, of any script and in any case. */
function keywordIn({ text }: IncomingMessage, words: readonly string[]): string | null {
  const wanted = words.map((word) =>
    word
      .normalize('NFC')
      .trim()
      .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  );
  const whole = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${wanted.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'iu');
  return whole.exec(text.normalize('NFC'))?.[0] ?? null;
}

const mentionsMe = (message: IncomingMessage) => message.mentions.some(({ isSelf }) => isSelf);
const repliesToMe = (message: IncomingMessage) => message.replyTo?.fromMe === true;
