import { MessageFlags, MessageType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import { type EmojiObject, isUnicodeEmoji } from './checks/emoji';
import { changeMessage, changeReaction, deleteMessage, writeMessage } from './compose';
import { mentionsIn } from './mentions';
import type { Entry, Fields, Reference } from './message';
import type { Upload } from '../multipart';
import { forwardOf } from './rest/messages';
import { sampleFiles, type SampleKind } from './samples';
import { openThread } from './threads';
import type { UserObject } from './user';
import type { World } from './world';

/** https://docs.discord.com/developers/resources/sticker#sticker-object-sticker-format-types */
const stickerExtensions: Record<number, string> = { 1: 'png', 2: 'png', 3: 'json', 4: 'gif' };

/** A channel, or whoever has one. */
export type InDiscordChannel = SimulatedChannel | { chat: SimulatedChannel };

export const chatOf = (where: InDiscordChannel): SimulatedChannel => ('chat' in where ? where.chat : where);

export interface DiscordSayOptions {
  /** Where; the person's own place by default. */
  chat?: InDiscordChannel;
  replyTo?: Entry | string;
  /** A reply that does not ping whom it answers. */
  silent?: boolean;
  embeds?: Fields[];
  /** Fields of the message as they are. */
  fields?: Fields;
}

export interface DiscordFileOptions extends DiscordSayOptions {
  kind?: SampleKind;
  file?: Partial<Upload>;
  /** Several files in one message. */
  files?: Partial<Upload>[];
  caption?: string;
  description?: string;
}

/** What somebody writes, changes and puts on messages. Methods return what was written, at once. */
export class Writer {
  constructor(
    protected readonly world: World,
    readonly user: UserObject,
    /** The application that they write to directly. */
    readonly application: SimulatedApplication,
    /** Where they write when nothing is said: the direct channel, or the first channel of their guild. */
    readonly chat: SimulatedChannel,
  ) {}

  get id(): string {
    return this.user.id;
  }

  get name(): string {
    return this.user.global_name ?? this.user.username;
  }

  /** The direct channel with the application. */
  get direct(): SimulatedChannel {
    return this.world.directChannel(this.application, this.user);
  }

  says(content: string, options: DiscordSayOptions = {}): Entry {
    return this.writes({ content, embeds: options.embeds ?? [] }, options);
  }

  /** Writes in the direct channel. */
  dms = (content: string, options: DiscordSayOptions = {}): Entry =>
    this.says(content, { ...options, chat: this.direct });

  replies = (message: Entry, content: string, options: DiscordSayOptions = {}): Entry =>
    this.says(content, { chat: this.channelOf(message), ...options, replyTo: message });

  /** Begins with a mention: of an application, a person, a role of the guild, or everyone. */
  mentions(
    whom: { user: UserObject } | { id: string; name: string } | 'everyone',
    content: string,
    options?: DiscordSayOptions,
  ): Entry {
    const mark = whom === 'everyone' ? '@everyone' : 'user' in whom ? `<@${whom.user.id}>` : `<@&${whom.id}>`;
    return this.says(`${mark} ${content}`, options);
  }

  sendsFile({
    kind = 'document',
    file,
    files,
    caption = '',
    description,
    ...options
  }: DiscordFileOptions = {}): Entry {
    const chat = chatOf(options.chat ?? this.chat);
    const uploads = (files ?? [file ?? {}]).map((one) => ({ ...sampleFiles[kind], ...one }));
    const more = { ...(kind === 'image' && { width: 1, height: 1 }), ...(description && { description }) };
    const stored = uploads.map((upload) => this.world.files.store(chat.id, upload, more));
    return this.writes({ content: caption, files: stored }, options);
  }

  sendsVoiceMessage({
    seconds = 3,
    file,
    ...options
  }: DiscordFileOptions & { seconds?: number } = {}): Entry {
    const chat = chatOf(options.chat ?? this.chat);
    const more = { duration_secs: seconds, waveform: 'AAMPHg==' };
    const stored = this.world.files.store(chat.id, { ...sampleFiles.voice, ...file }, more);
    return this.writes({ files: [stored], flags: MessageFlags.IsVoiceMessage }, options);
  }

  /** A sticker that the applications may send from then on. */
  sendsSticker(
    name = 'Wave',
    { format = 1, file, ...options }: DiscordSayOptions & { format?: number; file?: Partial<Upload> } = {},
  ): Entry {
    const sticker = { id: this.world.newId(), name, format_type: format };
    const extension = stickerExtensions[format] ?? 'png';
    this.world.files.storeSticker(sticker.id, extension, { ...sampleFiles.image, ...file });
    this.world.stickers.set(sticker.id, sticker);
    return this.writes({ stickers: [sticker] }, options);
  }

  sendsPoll(question: string, answers: string[], options: DiscordSayOptions = {}): Entry {
    const poll = {
      question: { text: question },
      answers: answers.map((text, index) => ({ answer_id: index + 1, poll_media: { text } })),
      expiry: new Date(this.world.clock.now() + 86_400_000).toISOString(),
      allow_multiselect: false,
      layout_type: 1,
      results: { is_finalized: false, answer_counts: [] },
    };
    return this.writes({ poll }, options);
  }

  /** Chooses an answer of a poll, or takes the choice back. */
  votes(message: Entry, answer: string, isThere = true): void {
    const answers = (message.message.poll?.answers ?? []) as {
      answer_id: number;
      poll_media: { text?: string };
    }[];
    const chosen = answers.find(({ poll_media }) => poll_media.text === answer);
    if (!chosen) throw new Error(`The poll has no answer "${answer}".`);
    this.world.events.pollVote(isThere, this.channelOf(message), message, chosen.answer_id, this.user);
  }

  /** Shows a message elsewhere. */
  forwards(message: Entry, options: DiscordSayOptions = {}): Entry {
    const from = this.channelOf(message);
    const guild_id = from.guild?.id;
    const reference: Reference = {
      type: 1,
      message_id: message.message.id,
      channel_id: from.id,
      ...(guild_id && { guild_id }),
    };
    return this.writes({ reference, ...forwardOf(this.world, reference) }, options);
  }

  /** A unicode emoji, or one of the guild. */
  reacts(message: Entry, emoji: string | { id: string; name: string }): void {
    changeReaction(this.world, this.channelOf(message), message, emojiOf(emoji), this.user, true);
  }

  unreacts(message: Entry, emoji: string | { id: string; name: string }): void {
    changeReaction(this.world, this.channelOf(message), message, emojiOf(emoji), this.user, false);
  }

  edits(message: Entry, content: string): Entry {
    const channel = this.channelOf(message);
    const mentions = mentionsIn(this.world, channel, content, null, undefined);
    changeMessage(this.world, channel, message, { content, ...mentions, editedAt: this.world.clock.now() });
    return message;
  }

  /** The platform shows a link's preview later: an update without an edit. */
  unfurls(message: Entry, embed: Fields): void {
    changeMessage(this.world, this.channelOf(message), message, { embeds: [embed] });
  }

  deletes(message: Entry): void {
    deleteMessage(this.world, this.channelOf(message), message);
  }

  types({ chat }: { chat?: InDiscordChannel } = {}): void {
    this.world.events.typing(chatOf(chat ?? this.chat), this.user);
  }

  /** Opens a thread in a channel, or below a message. */
  opensThread(
    name: string,
    { chat, message }: { chat?: InDiscordChannel; message?: Entry } = {},
  ): SimulatedChannel {
    const parent = message ? this.channelOf(message) : chatOf(chat ?? this.chat);
    const options = { byBot: false, ...(message && { id: message.message.id, starter: message }) };
    return openThread(this.world, parent, this.user, name, options);
  }

  protected writes(
    parts: Partial<Entry['message']>,
    { chat, replyTo, silent, fields }: DiscordSayOptions,
  ): Entry {
    const channel = chatOf(chat ?? this.chat);
    const target = typeof replyTo === 'string' ? channel.find(replyTo) : replyTo;
    const repliedTo = target && !silent ? target.message.author : null;
    const mentions = mentionsIn(this.world, channel, parts.content ?? '', repliedTo, undefined);
    const guildId = channel.guild && { guild_id: channel.guild.id };
    const reply = target && {
      type: MessageType.Reply,
      reference: { type: 0 as const, message_id: target.message.id, channel_id: channel.id, ...guildId },
    };
    const nonce = this.world.newId();
    const content = { nonce, ...mentions, ...parts, ...reply, more: fields ?? {} };
    return writeMessage(this.world, channel, this.user, content, false);
  }

  /** Where a message is. */
  protected channelOf({ message }: Entry): SimulatedChannel {
    const channel = this.world.channels.get(message.channelId);
    if (!channel) throw new Error(`The channel ${message.channelId} is not there.`);
    return channel;
  }
}

function emojiOf(emoji: string | { id: string; name: string }): EmojiObject {
  if (typeof emoji !== 'string') return emoji;
  if (!isUnicodeEmoji(emoji)) throw new Error(`"${emoji}" is no emoji.`);
  return { id: null, name: emoji };
}
