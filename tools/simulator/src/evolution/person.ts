import type { Upload } from '../multipart';
import { sampleFiles } from '../telegram/samples';
import { edit, react, revoke, vote } from './changes';
import type { Entry, SimulatedChat } from './chat';
import { compose, type SayOptions } from './compose';
import type { Contact } from './contact';
import { pollOf, vcard } from './content';
import { chatOf } from './in-chat';
import type { SimulatedInstance } from './instance';
import { statusJid } from './jids';
import type { MediaFlaw, MediaKind } from './media';
import type { Fields } from './values';
import type { World } from './world';

export interface FileOptions extends SayOptions {
  caption?: string;
  file?: Partial<Upload>;
  flaws?: readonly MediaFlaw[];
  /** The length that the message claims, where it is not that of the bytes. */
  declares?: number;
  /** More fields of the content: `ptt`, `isAnimated`, `gifPlayback`. */
  fields?: Fields;
}

const samples: Record<MediaKind, Upload> = {
  image: sampleFiles.photo,
  video: sampleFiles.video,
  ptv: sampleFiles.video_note,
  audio: sampleFiles.audio,
  document: sampleFiles.document,
  sticker: sampleFiles.sticker,
};
const voiceNote: Upload = { ...sampleFiles.voice, contentType: 'audio/ogg; codecs=opus' };

/** Someone who uses WhatsApp. What they do reaches the webhook as events; methods return what was written, at once. */
export class Person {
  constructor(
    private readonly world: World,
    readonly contact: Contact,
    readonly instance: SimulatedInstance,
    /** The direct chat with the account. */
    readonly chat: SimulatedChat,
  ) {}

  get name(): string {
    return this.contact.name;
  }

  /** The address that their chat goes by. */
  get jid(): string {
    return this.contact.jid;
  }

  get phone(): string | null {
    return this.contact.phone;
  }

  says = (text: string, options?: SayOptions): Entry => this.sends({ conversation: text }, options);

  replies = (quotes: Entry, text: string, options?: SayOptions): Entry =>
    this.says(text, { ...options, quotes });

  /** Any content, given as fields of WhatsApp's `message`. */
  sends(content: Fields, options: SayOptions = {}): Entry {
    return this.write(content, options, null);
  }

  sendsImage = (options?: FileOptions) => this.sendsFile('image', options);
  sendsVideo = (options?: FileOptions) => this.sendsFile('video', options);
  /** A round video. */
  sendsVideoNote = (options?: FileOptions) => this.sendsFile('ptv', options);
  sendsAudio = (options?: FileOptions) => this.sendsFile('audio', options);
  sendsVoice = (options: FileOptions = {}) =>
    this.sendsFile('audio', {
      ...options,
      file: { ...voiceNote, ...options.file },
      fields: { ptt: true, waveform: Buffer.alloc(64, 7), ...options.fields },
    });
  sendsDocument = (options?: FileOptions) => this.sendsFile('document', options);
  sendsSticker = (options?: FileOptions) => this.sendsFile('sticker', options);

  sendsLocation(
    latitude: number,
    longitude: number,
    options?: SayOptions & { name?: string; address?: string },
  ) {
    const { name, address } = options ?? {};
    const place = {
      degreesLatitude: latitude,
      degreesLongitude: longitude,
      ...(name && { name }),
      ...(address && { address }),
    };
    return this.sends({ locationMessage: place }, options);
  }

  sendsContact(phone: string, displayName: string, options?: SayOptions): Entry {
    return this.sends({ contactMessage: { displayName, vcard: vcard(displayName, phone) } }, options);
  }

  /** An album's announcement, then one message for each item. Returns the items. */
  sendsAlbum(items: { kind: 'image' | 'video'; caption?: string }[], options?: SayOptions): Entry[] {
    const count = (wanted: string) => items.filter(({ kind }) => kind === wanted).length;
    const album = this.sends(
      { albumMessage: { expectedImageCount: count('image'), expectedVideoCount: count('video') } },
      options,
    );
    const association = { associationType: 1, parentMessageKey: album.key };
    return items.map(({ kind, caption }) =>
      this.sendsFile(
        kind,
        { ...options, caption },
        { messageContextInfo: { messageAssociation: association } },
      ),
    );
  }

  sendsPoll(name: string, choices: string[], options?: SayOptions & { selectable?: number }): Entry {
    return this.sends(pollOf(name, choices, options?.selectable ?? 1), options);
  }

  /** Chooses these options of a poll in place of the former ones. Told from 2.3.7 on. */
  votes(poll: Entry, ...choices: string[]): void {
    vote(this.world, this.contact, this.chatWith(poll), poll, choices);
  }

  /** Puts this emoji on a message in place of the person's former one. */
  reacts(entry: Entry, emoji: string): void {
    react(this.world, this.contact, this.chatWith(entry), entry, emoji);
  }

  unreacts = (entry: Entry) => this.reacts(entry, '');

  /** Changes a text or a caption. */
  edits(entry: Entry, text: string): Entry {
    edit(this.world, this.chatWith(entry), entry, text);
    return entry;
  }

  /** Deletes a message for everyone. */
  revokes = (entry: Entry) => revoke(this.world, this.chatWith(entry), entry);

  /** A message whose content comes only with a second event of the same id, as after a failed decryption. */
  sendsEmptyThenReal(text: string, options: SayOptions = {}): Entry {
    const chat = chatOf(options.chat ?? this.chat);
    const content = this.compose(chat, { conversation: text }, options);
    const entry = this.world.received(chat, this.contact, {
      ...content,
      message: { messageContextInfo: {} },
    });
    entry.message = content.message;
    entry.text = text;
    this.world.tell({ kind: 'edited', chat, entry });
    this.world.events.message(chat, entry);
    return entry;
  }

  /** The same event once more: what WhatsApp repeats after a reconnect. */
  repeats = (entry: Entry) => this.world.events.message(this.chatWith(entry), entry);

  /** Types or records, or stops. */
  types(
    lastKnownPresence: 'composing' | 'recording' | 'paused' | 'available' | 'unavailable' = 'composing',
  ): void {
    const presences = { [this.jid]: { lastKnownPresence } };
    this.world.events.emit(this.instance, 'presence.update', { id: this.chat.jid, presences }, this.chat.jid);
  }

  calls({ video = false } = {}): void {
    const id = this.bytes(16).toString('hex').toUpperCase();
    const call = { chatId: this.jid, from: this.jid, id, date: new Date().toISOString(), offline: false };
    this.world.events.emit(
      this.instance,
      'call',
      { ...call, status: 'offer', isVideo: video, isGroup: false },
      this.chat.jid,
    );
  }

  /** Something for everyone to see, which is no message to the account. */
  postsStatus = (text: string): Entry =>
    this.says(text, { chat: this.world.directory.sharedChat(this.instance, statusJid) });

  /** Writes from another device: their address carries its number from now on, as it does where the server forgets to take it off. */
  changesDevice(device: number | null = 12, source: 'android' | 'ios' | 'web' = 'web'): void {
    this.contact.device = device;
    this.contact.source = source;
  }

  /** Shows the phone number that was hidden. */
  revealsPhone(phone: string): void {
    this.contact.phone = phone;
  }

  /** From now on the chat goes by the LID, or by the phone number. */
  isAddressedBy(addressing: 'lid' | 'pn'): void {
    this.contact.addressing = addressing;
  }

  renames(name: string): void {
    this.contact.name = name;
    const { id: instanceId } = this.instance;
    const contact = { remoteJid: this.jid, pushName: name, profilePicUrl: null, instanceId };
    this.world.events.emit(this.instance, 'contacts.update', contact, this.jid);
    this.world.events.emit(
      this.instance,
      'chats.upsert',
      [{ remoteJid: this.jid, name, instanceId }],
      this.jid,
    );
  }

  private sendsFile(kind: MediaKind, options: FileOptions = {}, beside: Fields = {}): Entry {
    const file = { ...samples[kind], ...options.file };
    const { media, fields } = this.world.media.store(kind, file, options.flaws, options.declares);
    const { caption } = options;
    const content = { ...fields, ...(caption && { caption }), ...options.fields };
    return this.write({ ...beside, [`${kind}Message`]: content }, options, media);
  }

  private write(content: Fields, options: SayOptions, media: Entry['media']): Entry {
    const chat = chatOf(options.chat ?? this.chat);
    return this.world.received(chat, this.contact, { ...this.compose(chat, content, options), media });
  }

  private compose(chat: SimulatedChat, content: Fields, options: SayOptions) {
    return compose(chat, this.contact, content, options, this.bytes);
  }

  private chatWith(entry: Entry): SimulatedChat {
    const found = this.instance.messages.get(entry.id);
    if (!found) throw new Error(`Message ${entry.id} is not there.`);
    return found.chat;
  }

  private readonly bytes = (count: number) => this.world.media.bytes(count);
}
