import type { Upload } from '../multipart';
import type { CloudChat, Entry, Fields } from './chat';
import { contactOf, senderOf } from './contacts';
import type { BusinessNumber } from './number';
import { type MediaKind, sampleFiles, type SampleKind } from './samples';
import { type Label, labelsOf } from './transcript';
import type { World } from './world';

/** A chat, or whoever has one. */
export type InCloudChat = CloudChat | { chat: CloudChat };

export const chatOf = (where: InCloudChat): CloudChat => ('chat' in where ? where.chat : where);

export interface CloudSayOptions {
  /** A group; the direct chat by default. */
  chat?: InCloudChat;
  replyTo?: Entry | string;
  forwarded?: boolean;
  /** Fields of the message as they are: `referral`. */
  fields?: Fields;
}

export interface CloudFileOptions extends CloudSayOptions {
  caption?: string;
  file?: Partial<Upload>;
}

/** Someone who uses WhatsApp. What they do reaches the business by webhook; methods return what was written, at once. */
export class CloudPerson {
  constructor(
    private readonly world: World,
    /** The chat with the business. */
    readonly chat: CloudChat,
  ) {}

  get name(): string {
    return this.chat.contact.name;
  }

  get phone(): string {
    return this.chat.contact.phone;
  }

  get userId(): string {
    return this.chat.contact.userId;
  }

  get number(): BusinessNumber {
    return this.chat.number;
  }

  says(text: string, options?: CloudSayOptions): Entry {
    return this.writes('text', { text: { body: text } }, options);
  }

  /** Any message, given by its fields, `type` among them: `{ type: 'request_welcome' }`. */
  sends({ type, ...content }: Fields & { type: string }, options?: CloudSayOptions): Entry {
    return this.writes(type, content, options);
  }

  sendsImage = (options?: CloudFileOptions) => this.sendsFile('image', options);
  sendsVideo = (options?: CloudFileOptions) => this.sendsFile('video', options);
  sendsVoice = (options?: CloudFileOptions) => this.sendsFile('voice', options);
  sendsAudio = (options?: CloudFileOptions) => this.sendsFile('audio', options);
  sendsDocument = (options?: CloudFileOptions) => this.sendsFile('document', options);
  sendsSticker = (options?: CloudFileOptions & { animated?: boolean }) =>
    this.sendsFile('sticker', options, { animated: options?.animated ?? false });

  sendsLocation(
    latitude: number,
    longitude: number,
    options?: CloudSayOptions & { name?: string; address?: string },
  ) {
    const { name, address } = options ?? {};
    const location = { latitude, longitude, ...(name && { name }), ...(address && { address }) };
    return this.writes('location', { location }, options);
  }

  sendsContact(phone: string, name: string, options?: CloudSayOptions): Entry {
    const [first_name, ...rest] = name.split(' ');
    const last = rest.length > 0 ? { last_name: rest.join(' ') } : {};
    const card = {
      name: { first_name, ...last, formatted_name: name },
      phones: [{ phone, wa_id: phone.replace(/\D/g, ''), type: 'CELL' }],
    };
    return this.writes('contacts', { contacts: [card] }, options);
  }

  /** Things from the business's catalog, put into a basket. */
  orders(
    items: { id: string; quantity?: number; price?: number; currency?: string }[],
    text?: string,
  ): Entry {
    const product_items = items.map(({ id, quantity = 1, price = 1, currency = 'USD' }) => ({
      product_retailer_id: id,
      quantity,
      item_price: price,
      currency,
    }));
    const order = { catalog_id: '194836987003835', ...(text && { text }), product_items };
    return this.writes('order', { order });
  }

  /** Presses the newest button, row of a list or quick reply of a template with this label. */
  presses(label: string): Entry {
    const { entry, pressed } = this.newestLabel(label);
    const { id, title, kind, description } = pressed;
    if (kind === 'quick-reply') {
      return this.writes('button', { button: { payload: id, text: title } }, { replyTo: entry });
    }
    const interactive =
      kind === 'button'
        ? { type: 'button_reply', button_reply: { id, title } }
        : { type: 'list_reply', list_reply: { id, title, ...(description && { description }) } };
    return this.writes('interactive', { interactive }, { replyTo: entry });
  }

  /** Fills in the form of the newest flow, if there is one, and sends it. */
  submitsForm(values: Fields, name = 'flow'): Entry {
    const nfm_reply = { name, body: 'Sent', response_json: JSON.stringify(values) };
    const replyTo = this.chat.entries.findLast(
      ({ by, content }) => by === 'business' && (content.interactive as Fields | undefined)?.type === 'flow',
    );
    return this.writes('interactive', { interactive: { type: 'nfm_reply', nfm_reply } }, { replyTo });
  }

  /** Puts an emoji on a message, in place of the one before. */
  reacts(message: Entry, emoji: string): void {
    message.reactions.set(this.name, emoji);
    this.reactionChanged(message, { message_id: message.id, emoji });
  }

  /** Takes it back. The platform leaves the emoji out, or tells an empty one. */
  unreacts(message: Entry, emoji: 'absent' | 'empty' = 'absent'): void {
    message.reactions.delete(this.name);
    this.reactionChanged(message, { message_id: message.id, ...(emoji === 'empty' && { emoji: '' }) });
  }

  /** Changes the text, or the caption of what has one. */
  edits(message: Entry, text: string): Entry {
    message.versions.push(message.text);
    const key = message.type === 'text' ? 'body' : 'caption';
    message.content = { [message.type]: { ...(message.content[message.type] as Fields), [key]: text } };
    message.text = text;
    this.world.tell({ kind: 'edited', chat: this.chat, entry: message });
    const inner = { type: message.type, ...message.content };
    this.tells('edit', { edit: { original_message_id: message.id, message: inner } });
    return message;
  }

  /** Deletes a message for everyone. */
  revokes(message: Entry): void {
    message.deleted = true;
    this.world.tell({ kind: 'deleted', chat: this.chat, entry: message });
    this.tells('revoke', { revoke: { original_message_id: message.id } });
  }

  /** Reads all that the business wrote: a `read` status for each message that arrived. */
  readsAll(): void {
    for (const entry of this.chat.entries) {
      if (entry.by === 'business' && entry.status !== 'failed' && entry.status !== 'read') {
        this.world.statuses.tell({ chat: this.chat, entry, byPhone: true, category: 'service' }, 'read');
      }
    }
  }

  /** From now on the business is told the user id and no number. */
  hidesPhone(username = `@${this.name.toLowerCase().replace(/\W+/g, '')}`): void {
    Object.assign(this.chat.contact, { phoneHidden: true, username });
  }

  /** Moves to another number, which changes the user id too: a `system` message, and a `user_id_update`. */
  changesNumber(phone: string): void {
    const { contact } = this.chat;
    const before = { ...contact };
    Object.assign(contact, { phone, userId: this.world.newUserId() });
    this.world.refileChat(this.chat);
    const seconds = this.seconds();
    const body = `User ${this.name} changed from ${before.phone} to ${phone}`;
    const message = {
      ...senderOf(before),
      id: this.world.newMessageId(before.phone),
      timestamp: seconds,
      type: 'system',
      system: { body, wa_id: phone, user_id: contact.userId, type: 'user_changed_number' },
    };
    this.world.push(this.chat, { messages: [message] });
    const user_id = { previous: before.userId, current: contact.userId };
    const update = { wa_id: phone, detail: body, user_id, timestamp: seconds };
    this.world.push(
      this.chat,
      { contacts: [contactOf(contact)], user_id_update: [update] },
      'user_id_update',
    );
  }

  private sendsFile(kind: SampleKind, options: CloudFileOptions = {}, more: Fields = {}): Entry {
    const type: MediaKind = kind === 'voice' ? 'audio' : kind;
    const file = { ...sampleFiles[kind], ...options.file };
    const media = this.world.media.store(this.number, file, 'received');
    const { caption } = options;
    const content = {
      ...(caption && { caption }),
      ...(kind === 'document' && { filename: file.filename }),
      mime_type: media.mimeType,
      sha256: media.sha256.toString('base64'),
      id: media.id,
      url: this.world.url + this.world.media.address(media),
      ...(type === 'audio' && { voice: kind === 'voice' }),
      ...more,
    };
    return this.writes(type, { [type]: content }, options);
  }

  private writes(type: string, content: Fields, options: CloudSayOptions = {}): Entry {
    const { replyTo, forwarded, fields } = options;
    const chat = chatOf(options.chat ?? this.chat);
    const target = typeof replyTo === 'string' ? replyTo : (replyTo?.id ?? null);
    const entry = this.world.newEntry(chat, 'person', type, content, target, this.chat.contact);
    const author = target !== null && chat.find(target)?.by === 'person' ? this.phone : this.number.phone;
    const context = {
      ...(target !== null && { from: author, id: target }),
      ...(forwarded && { forwarded: true }),
    };
    chat.add(entry);
    this.world.tell({ kind: 'message', chat, entry });
    const isEmpty = Object.keys(context).length === 0;
    const told = { ...(!isEmpty && { context }), type, ...content, ...fields };
    this.world.receive(chat, entry, told, this.chat.contact);
    return entry;
  }

  /** A message that changes another one, and is none in the chat itself. */
  private tells(type: string, content: Fields): void {
    const entry = this.world.newEntry(this.chat, 'person', type, content, null);
    this.world.receive(this.chat, entry, { type, ...content });
  }

  private reactionChanged(message: Entry, reaction: Fields): void {
    this.world.tell({ kind: 'reacted', chat: this.chat, entry: message });
    this.tells('reaction', { reaction });
  }

  private newestLabel(label: string): { entry: Entry; pressed: Label } {
    for (const entry of this.chat.entries.toReversed()) {
      if (entry.by !== 'business' || entry.status === 'failed') continue;
      const pressed = labelsOf(this.number, entry.type, entry.content).find(({ title }) => title === label);
      if (pressed) return { entry, pressed };
    }
    throw new Error(`${this.name} sees no button, row or quick reply "${label}".`);
  }

  private seconds(): string {
    return String(Math.floor(this.world.clock.now() / 1000));
  }
}

/** The business types on its phone: its app tells the hub by an echo, and the window is as it was. */
export function echo(world: World, chat: CloudChat, type: string, content: Fields): Entry {
  const entry = world.newEntry(chat, 'phone-app', type, content, null);
  chat.add(entry);
  world.tell({ kind: 'message', chat, entry });
  const { phone, userId } = chat.contact;
  const message = {
    from: chat.number.phone,
    to: phone,
    to_user_id: userId,
    id: entry.id,
    timestamp: String(Math.floor(entry.at / 1000)),
    type,
    ...content,
  };
  world.push(chat, { message_echoes: [message] }, 'smb_message_echoes');
  return entry;
}
