import { ComponentType, MessageFlags, MessageType } from 'discord-api-types/v10';
import type { SimulatedChannel } from './channel';
import { flatten } from './checks/components';
import { type Entry, type Fields, isLoading } from './message';
import { nameOf } from './user';

/** The channel as a person would read it aloud: `Ada: hi`, `Simulated Bot: Sure? [Yes] [No]`, `Ada: (voice.ogg) (voice)`. */
export const transcript = (channel: SimulatedChannel): string[] => channel.entries.map(line);

const systemLines: Partial<Record<MessageType, string>> = {
  [MessageType.UserJoin]: '(joined)',
  [MessageType.ThreadCreated]: '(opened a thread)',
  [MessageType.ThreadStarterMessage]: '(began the thread)',
};

export function line(entry: Entry): string {
  const { message } = entry;
  const system = systemLines[message.type as MessageType];
  const text = shownText(entry);
  const has = (flag: MessageFlags) => (message.flags & flag) !== 0;
  const parts = [
    `${nameOf(message.author)}:`,
    ...(system ? [system] : []),
    ...message.files.map(({ filename }) => `(${filename})`),
    ...message.stickers.map(({ name }) => `(sticker ${String(name)})`),
    ...(isLoading(entry) ? ['(is thinking)'] : []),
    ...(text ? [text] : []),
    ...labelsOf(message.components).map(({ label }) => `[${label}]`),
    ...(has(MessageFlags.IsVoiceMessage) ? ['(voice)'] : []),
    ...(message.snapshots ? ['(forwarded)'] : []),
    ...(entry.ephemeralFor ? ['(only for one)'] : []),
    ...(message.editedAt === null ? [] : ['(edited)']),
    ...(entry.deleted ? ['(deleted)'] : []),
    ...[...entry.reactions.values()].flatMap(({ emoji, by }) =>
      [...by.values()].map((who) => `{${who} ${emoji.name}}`),
    ),
  ];
  return parts.join(' ');
}

/** What a message says: its text, the texts of its embeds and components, its poll. */
export function shownText({ message }: Entry): string {
  const displays = flatten(message.components)
    .filter(({ component }) => component.type === ComponentType.TextDisplay)
    .map(({ component }) => String(component.content));
  const forwarded = (message.snapshots ?? []).map(({ message: one }) =>
    String((one as Fields).content ?? ''),
  );
  const texts = [
    message.content,
    ...message.embeds.flatMap(embedTexts),
    ...displays,
    ...forwarded,
    pollText(message.poll),
  ];
  return texts.filter(Boolean).join('\n');
}

export interface Label {
  label: string;
  /** The button, or the select. */
  component: Fields;
  /** Of an option. */
  value?: string;
}

/** What can be pressed or chosen below a message. */
export function labelsOf(components: Fields[]): Label[] {
  return flatten(components).flatMap(({ component }): Label[] => {
    if (component.type === ComponentType.Button) return [{ label: buttonLabel(component), component }];
    if (component.type === ComponentType.StringSelect)
      return ((component.options ?? []) as { label: string; value: string }[]).map(({ label, value }) => ({
        label,
        value,
        component,
      }));
    return [];
  });
}

const buttonLabel = ({ label, emoji }: Fields): string =>
  String(label ?? (emoji as { name?: string } | undefined)?.name ?? '');

function embedTexts({ title, description, fields, footer }: Fields): string[] {
  const pairs = ((fields ?? []) as { name: string; value: string }[]).map(
    ({ name, value }) => `${name}: ${value}`,
  );
  const below = (footer as { text?: string } | undefined)?.text;
  return [title, description, ...pairs, below].flatMap((text) => (text ? [String(text)] : []));
}

function pollText(poll: Fields | undefined): string {
  if (!poll) return '';
  const answers = (poll.answers as { poll_media?: { text?: string } }[]).map(
    ({ poll_media }) => `(${poll_media?.text ?? ''})`,
  );
  return [(poll.question as { text?: string }).text, ...answers].join(' ');
}
