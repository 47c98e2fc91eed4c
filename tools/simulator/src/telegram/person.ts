import type { Message, MessageEntity, ReactionType, User } from '@grammyjs/types';
import type { Press, SimulatedBot } from './bot';
import type { Fields, SimulatedChat } from './chat';
import { mediaFields } from './checks/media';
import type { Upload } from '../multipart';
import { sampleFiles, type SampleKind } from './samples';
import { textEntities } from './text-entities';
import type { World } from './world';

/** A chat, or whoever has one: a person's direct chat, a group. */
export type InChat = SimulatedChat | { chat: SimulatedChat };

export interface SayOptions {
  /** The direct chat with the bot by default. */
  chat?: InChat;
  replyTo?: Message | number;
  /** The part of the replied message that is quoted. */
  quote?: string;
  /** A topic of a forum. */
  topic?: number;
  entities?: MessageEntity[];
  /** Fields of the message as they are: `forward_origin`, `via_bot`. */
  fields?: Fields;
}

export interface FileOptions extends SayOptions {
  caption?: string;
  file?: Partial<Upload>;
}

export const chatOf = (where: InChat): SimulatedChat => ('chat' in where ? where.chat : where);

/** Someone who uses Telegram. What they do reaches the bot as updates; methods return what was written, at once. */
export class Person {
  constructor(
    private readonly world: World,
    readonly user: User,
    readonly bot: SimulatedBot,
    /** The direct chat with the bot. */
    readonly chat: SimulatedChat,
  ) {}

  get name(): string {
    return this.user.first_name;
  }

  says(text: string, options: SayOptions = {}): Message {
    const entities = options.entities ?? textEntities(text);
    return this.sends({ text, ...(entities.length > 0 && { entities }) }, options);
  }

  /** Any content, given as fields of the Message object. Who writes to the bot may be written to. */
  sends(content: Fields, options: SayOptions = {}): Message {
    const chat = chatOf(options.chat ?? this.chat);
    if (chat === this.chat) chat.barred.delete(this.bot.id);
    return this.world.receive(chat, {
      from: this.user,
      ...context(chat, options),
      ...content,
      ...options.fields,
    });
  }

  sendsPhoto = (options?: FileOptions) => this.sendsFile('photo', options);
  sendsVoice = (options?: FileOptions) => this.sendsFile('voice', options);
  sendsAudio = (options?: FileOptions) => this.sendsFile('audio', options);
  sendsVideo = (options?: FileOptions) => this.sendsFile('video', options);
  sendsVideoNote = (options?: FileOptions) => this.sendsFile('video_note', options);
  sendsAnimation = (options?: FileOptions) => this.sendsFile('animation', options);
  sendsDocument = (options?: FileOptions) => this.sendsFile('document', options);
  sendsSticker = (options?: FileOptions & { emoji?: string }) =>
    this.sendsFile('sticker', options, { emoji: options?.emoji ?? '🙂' });

  sendsLocation(latitude: number, longitude: number, options?: SayOptions): Message {
    return this.sends({ location: { latitude, longitude } }, options);
  }

  sendsContact(phone: string, firstName: string, options?: SayOptions): Message {
    return this.sends({ contact: { phone_number: phone, first_name: firstName } }, options);
  }

  /** One message for each item, as the platform does it; nothing marks the last one. */
  sendsAlbum(
    items: { kind: 'photo' | 'video' | 'audio' | 'document'; caption?: string }[],
    options?: SayOptions,
  ) {
    const fields = { ...options?.fields, media_group_id: String(Math.floor(this.world.random() * 1e15)) };
    return items.map(({ kind, caption }) => this.sendsFile(kind, { ...options, caption, fields }));
  }

  /** Presses the newest inline button with this label. The returned press shows what the bot answers to it. */
  presses(label: string, { chat: where = this.chat as InChat } = {}): Press {
    const chat = chatOf(where);
    const entry = chat.entries.findLast(
      ({ message, deleted }) => !deleted && buttonOf(message, label) !== undefined,
    );
    const button = entry && buttonOf(entry.message, label);
    if (!entry || !button) throw new Error(`Nobody sees a button "${label}" in ${chat.title}.`);
    if (!('callback_data' in button))
      throw new Error(`The button "${label}" tells the bot nothing when it is pressed.`);
    const press: Press = {
      id: `${Math.floor(this.world.random() * 1e17)}`,
      data: button.callback_data,
      answer: null,
    };
    this.bot.presses.set(press.id, press);
    const query = {
      id: press.id,
      from: this.user,
      message: entry.message,
      chat_instance: String(chat.id),
      data: press.data,
    };
    this.bot.updates.push('callback_query', query, `${this.user.id}:callback_query`);
    return press;
  }

  /** Puts these emojis on a message in place of the person's former ones; none takes them back. */
  reacts(message: Message, ...emojis: string[]): void {
    const { chat, entry } = this.locate(message);
    const types = (list: string[]) => list.map((emoji) => ({ type: 'emoji', emoji }) as ReactionType);
    const before = entry.reactions.get(this.name) ?? [];
    entry.reactions.set(this.name, emojis);
    this.world.tell({ kind: 'reacted', chat, entry });
    const date = Math.floor(Date.now() / 1000);
    const about = { chat: chat.info, message_id: message.message_id, user: this.user, date };
    this.world.push(chat, 'message_reaction', {
      ...about,
      old_reaction: types(before),
      new_reaction: types(emojis),
    });
  }

  /** Changes the text, or the caption of a message that has one. */
  edits(message: Message, text: string): Message {
    const { chat, entry } = this.locate(message);
    const { entities: _entities, caption_entities: _captionEntities, ...kept } = entry.message;
    const content = kept.caption === undefined ? { text, entities: textEntities(text) } : { caption: text };
    entry.versions.push(entry.message);
    entry.message = { ...kept, ...content, edit_date: Math.floor(Date.now() / 1000) } as Message;
    this.world.tell({ kind: 'edited', chat, entry });
    this.world.push(
      chat,
      chat.info.type === 'channel' ? 'edited_channel_post' : 'edited_message',
      entry.message,
    );
    return entry.message;
  }

  joins(group: InChat): void {
    const chat = chatOf(group);
    chat.members.set(this.user.id, this.user);
    this.world.receive(chat, { from: this.user, new_chat_members: [this.user] });
    this.memberChanged(chat, 'left', 'member');
  }

  leaves(group: InChat): void {
    const chat = chatOf(group);
    chat.members.delete(this.user.id);
    this.world.receive(chat, { from: this.user, left_chat_member: this.user });
    this.memberChanged(chat, 'member', 'left');
  }

  blocks(): void {
    this.chat.barred.set(this.bot.id, 'bot was blocked by the user');
    this.botChanged('member', 'kicked');
  }

  unblocks(): void {
    this.chat.barred.delete(this.bot.id);
    this.botChanged('kicked', 'member');
  }

  private sendsFile(kind: SampleKind, options: FileOptions = {}, more: Fields = {}): Message {
    const file = this.world.files.store(kind, { ...sampleFiles[kind], ...options.file });
    const { caption } = options;
    const entities = options.entities ?? textEntities(caption ?? '');
    const captioned = {
      ...(caption && { caption }),
      ...(entities.length > 0 && { caption_entities: entities }),
    };
    return this.sends({ ...mediaFields(kind, file, more), ...captioned }, options);
  }

  private memberChanged(chat: SimulatedChat, before: string, after: string): void {
    this.world.push(chat, 'chat_member', membership(chat, this.user, this.user, before, after));
  }

  private botChanged(before: string, after: string): void {
    this.world.push(
      this.chat,
      'my_chat_member',
      membership(this.chat, this.user, this.bot.user, before, after),
    );
  }

  private locate(message: Message) {
    const chat = this.world.findChat(this.bot, String(message.chat.id));
    const entry = chat?.find(message.message_id);
    if (!chat || !entry)
      throw new Error(`Message ${message.message_id} of chat ${message.chat.id} is not there.`);
    return { chat, entry };
  }
}

export function membership(chat: SimulatedChat, from: User, user: User, before: string, after: string) {
  const date = Math.floor(Date.now() / 1000);
  const status = (name: string) => ({ status: name, user, ...(name === 'kicked' && { until_date: 0 }) });
  return { chat: chat.info, from, date, old_chat_member: status(before), new_chat_member: status(after) };
}

/** What surrounds the content. In a topic, a message that replies to nothing "replies" to the topic's first message. */
function context(chat: SimulatedChat, { replyTo, quote, topic }: SayOptions): Fields {
  const inTopic = topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true };
  const target = chat.find(typeof replyTo === 'object' ? replyTo.message_id : (replyTo ?? topic ?? 0));
  if (!target) return inTopic;
  const { reply_to_message: _nested, ...flat } = target.message;
  const quoted = quote === undefined ? {} : { quote: { text: quote, position: 0, is_manual: true } };
  return { ...inTopic, reply_to_message: flat, ...quoted };
}

function buttonOf(message: Message, label: string) {
  return message.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
}
