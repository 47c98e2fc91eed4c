/** Slack's names of the reactions that people use most. https://docs.slack.dev/reference/methods/reactions.add */
const names: Readonly<Record<string, string>> = {
  '👍': '+1',
  '👎': '-1',
  '❤': 'heart',
  '🔥': 'fire',
  '🎉': 'tada',
  '👏': 'clap',
  '🙏': 'pray',
  '🙌': 'raised_hands',
  '👀': 'eyes',
  '👌': 'ok_hand',
  '👋': 'wave',
  '💪': 'muscle',
  '🤝': 'handshake',
  '😀': 'grinning',
  '😁': 'grin',
  '😂': 'joy',
  '🤣': 'rolling_on_the_floor_laughing',
  '🙂': 'slightly_smiling_face',
  '😉': 'wink',
  '😍': 'heart_eyes',
  '😎': 'sunglasses',
  '🤔': 'thinking_face',
  '😢': 'cry',
  '😭': 'sob',
  '😡': 'rage',
  '😱': 'scream',
  '😮': 'open_mouth',
  '🤯': 'exploding_head',
  '🥳': 'partying_face',
  '💯': '100',
  '🚀': 'rocket',
  '⭐': 'star',
  '✅': 'white_check_mark',
  '✔': 'heavy_check_mark',
  '❌': 'x',
  '⚠': 'warning',
  '❓': 'question',
  '⏳': 'hourglass_flowing_sand',
  '💡': 'bulb',
  '📌': 'pushpin',
};

const emojis = new Map(Object.entries(names).map(([emoji, name]) => [name, emoji]));

/** Other names of the same. */
const aliases: Readonly<Record<string, string>> = {
  thumbsup: '+1',
  thumbsdown: '-1',
  thinking: 'thinking_face',
};

/** An emoji for one of Slack's names; `:name:` for one that is not known, as those of a workspace. The tone of a skin is left out. */
export function fromName(name: string): string {
  const [bare] = name.split('::');
  return emojis.get(Object.hasOwn(aliases, bare) ? aliases[bare] : bare) ?? `:${bare}:`;
}

/** Slack's name of an emoji; a name is itself, with colons or without. Null for an emoji that is not known. */
export function toName(emoji: string): string | null {
  const plain = emoji.replace(/\uFE0F|[\u{1F3FB}-\u{1F3FF}]/gu, '');
  if (Object.hasOwn(names, plain)) return names[plain];
  return /^:?([a-z0-9_+'-]{1,100}):?$/.exec(plain)?.[1] ?? null;
}
