import { setTimeout as wait } from 'node:timers/promises';
import type { Upload } from '../../multipart';
import type { SimulatedChat } from '../chat';
import { type GivenMedia, givenMedia } from '../checks/media';
import type { Schema } from '../checks/schema';
import { schemas } from '../checks/schemas';
import { needConnection, storedMessage, targetChat } from '../checks/target';
import { pollOf, quoting, reactionTo, vcard, withContext } from '../content';
import { badRequest } from '../errors';
import { createJid, isLidJid } from '../jids';
import type { MediaKind } from '../media';
import type { Fields } from '../values';
import type { Draft } from '../entries';
import type { InstanceCall, InstanceMethod, Methods } from '.';

/** What a call makes of its body; throws what is refused before anybody is looked up. */
type Compose = (call: InstanceCall) => Pick<Draft, 'message' | 'media'>;

/** Everything that puts a message into a chat. */
export const messageMethods: Methods = {
  'POST message/sendText': sends(schemas.sendText, ({ body }) => {
    const text = String(body.text);
    if (text.trim() === '') throw badRequest('Text is required');
    return { message: { conversation: text } };
  }),

  'POST message/sendMedia': sends(schemas.sendMedia, (call) => {
    const { body } = call;
    const kind = body.mediatype as MediaKind;
    const given = givenMedia(call, 'media');
    const fileName = body.fileName ?? ('bytes' in given ? given.upload?.filename : undefined);
    if (kind === 'document' && 'bytes' in given && !fileName) {
      throw badRequest('For base64 the file name must be informed.');
    }
    return media(call, kind, given, {
      ...named(fileName),
      ...(body.caption ? { caption: body.caption } : {}),
    });
  }),

  'POST message/sendWhatsAppAudio': sends(
    schemas.sendWhatsAppAudio,
    (call) =>
      media(call, 'audio', givenMedia(call, 'audio', 'File buffer, URL, or base64 audio is required'), {
        ptt: true,
        mimetype: 'audio/ogg; codecs=opus',
      }),
    { quotes: false },
  ),

  'POST message/sendSticker': sends(schemas.sendSticker, (call) =>
    media(call, 'sticker', givenMedia(call, 'sticker'), { mimetype: 'image/webp' }),
  ),

  'POST message/sendPtv': sends(schemas.sendPtv, (call) =>
    media(call, 'ptv', givenMedia(call, 'video'), { mimetype: 'video/mp4' }),
  ),

  'POST message/sendLocation': sends(schemas.sendLocation, ({ body }) => ({
    message: {
      locationMessage: {
        degreesLatitude: body.latitude,
        degreesLongitude: body.longitude,
        name: body.name,
        address: body.address,
      },
    },
  })),

  'POST message/sendContact': sends(
    schemas.sendContact,
    ({ body }) => {
      const cards = (body.contact as { fullName: string; phoneNumber: string }[]).map(
        ({ fullName, phoneNumber }) => ({
          displayName: fullName,
          vcard: vcard(fullName, phoneNumber),
        }),
      );
      if (cards.length === 1) return { message: { contactMessage: cards[0] } };
      return {
        message: { contactsArrayMessage: { displayName: `${cards.length} contacts`, contacts: cards } },
      };
    },
    { quotes: false },
  ),

  'POST message/sendPoll': sends(schemas.sendPoll, ({ body }) => ({
    message: pollOf(String(body.name), body.values as string[], Number(body.selectableCount)),
  })),

  'POST message/sendList': sends(schemas.sendList, ({ body }) => ({
    message: {
      listMessage: {
        title: body.title,
        description: body.description,
        buttonText: body.buttonText,
        footerText: body.footerText,
        listType: 1,
        sections: body.sections,
      },
    },
  })),

  'POST message/sendButtons': sends(schemas.sendButtons, ({ body }) => ({ message: buttons(body) })),

  'POST message/sendReaction': {
    of: 'instance',
    status: 201,
    schema: schemas.sendReaction,
    run: sendReaction,
  },
};

/** A call that sends: composes, looks up who it is for, waits for `delay`, posts. */
function sends(schema: Schema, compose: Compose, { quotes = true } = {}): InstanceMethod {
  return {
    of: 'instance',
    status: 201,
    schema,
    run: async (call) => {
      const composed = compose(call);
      needConnection(call);
      const { world, body } = call;
      const chat = targetChat(call, String(body.number));
      await shows(call, chat, 'audio' in body ? 'recording' : 'composing');
      const quoted = quotes ? quotedBy(call, chat) : null;
      const contextInfo = contextOf(chat, body, quoted);
      const message = withContext(composed.message, contextInfo);
      const entry = world.posted(chat, {
        message,
        media: composed.media ?? null,
        contextInfo,
        quotes: quoted ? String(quoted.stanzaId) : null,
        to: addressOf(chat, String(body.number)),
      });
      return world.prepared(chat, entry);
    },
  };
}

/** The kind of address that was asked for, as the person has registered it. */
function addressOf({ contact, jid }: SimulatedChat, number: string): string {
  if (!contact) return jid;
  return (isLidJid(createJid(number)) ? contact.lidJid : contact.phoneJid) ?? jid;
}

async function shows({ world, body }: InstanceCall, chat: SimulatedChat, presence: string): Promise<void> {
  const delayMs = Number(body.delay ?? 0);
  if (!(delayMs > 0)) return;
  const what = { presence, delayMs };
  if (world.keeps) chat.presences.push(what);
  world.tell({ kind: 'presence', chat, what });
  await wait(delayMs);
}

/** A message that is given is quoted as given; another is looked up, and where the server does not have it silently not quoted. */
function quotedBy({ instance, body }: InstanceCall, chat: SimulatedChat): Fields | null {
  const { quoted } = body as { quoted?: { key?: { id: string; remoteJid?: string }; message?: Fields } };
  if (!quoted?.key) return null;
  if (!quoted.message) {
    const stored = storedMessage(instance, quoted.key.id);
    return stored ? quoting(chat, stored.entry) : null;
  }
  const participant = quoted.key.remoteJid ?? chat.jid;
  return { stanzaId: quoted.key.id, participant, quotedMessage: quoted.message };
}

function contextOf(chat: SimulatedChat, body: Fields, quoted: Fields | null): Fields | null {
  const { mentioned, mentionsEveryOne } = body as { mentioned?: string[]; mentionsEveryOne?: boolean };
  if (chat.kind !== 'group') return quoted;
  const mentionedJid = mentionsEveryOne ? chat.members.map(({ jid }) => jid) : mentioned?.map(createJid);
  if (!quoted && !mentionedJid) return null;
  return { ...quoted, ...(mentionedJid && { mentionedJid }) };
}

const mimeTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
};

/** Bytes are encrypted and kept, so that they can be asked for again; a link stays a link. */
function media({ world, body }: InstanceCall, kind: MediaKind, given: GivenMedia, more: Fields) {
  const name = String(more.fileName ?? '');
  const byName = mimeTypes[/\.([a-z0-9]+)$/i.exec(name)?.[1].toLowerCase() ?? ''];
  const contentType = String(byName ?? more.mimetype ?? body.mimetype ?? 'application/octet-stream');
  const upload: Upload = {
    filename: name || `file.${kind}`,
    contentType,
    bytes: 'bytes' in given ? given.bytes : Buffer.alloc(0),
  };
  const stored = world.media.store(kind, upload);
  const content = { ...stored.fields, mimetype: contentType, ...more };
  return {
    message: { [`${kind}Message`]: 'link' in given ? { ...content, url: given.link } : content },
    media: stored.media,
  };
}

const named = (fileName: unknown) => (typeof fileName === 'string' ? { fileName } : {});

function buttons({ title, description, footer, buttons: given }: Fields): Fields {
  const list = given as { type: string; displayText?: string; id?: string }[];
  const replies = list.filter(({ type }) => type === 'reply');
  if (replies.length > 0) {
    if (list.length > 3) throw badRequest('Maximum of 3 reply buttons allowed');
    if (replies.length < list.length)
      throw badRequest('Reply buttons cannot be mixed with other button types');
  }
  const nativeFlowMessage = {
    buttons: list.map(({ type, displayText, id }) => ({
      name: type === 'reply' ? 'quick_reply' : `cta_${type}`,
      buttonParamsJson: JSON.stringify({ display_text: displayText, id }),
    })),
  };
  const text = [title && `*${String(title)}*`, description].filter(Boolean).join('\n\n');
  const interactiveMessage = { body: { text }, footer: { text: footer }, nativeFlowMessage };
  return { viewOnceMessage: { message: { interactiveMessage } } };
}

const graphemes = new Intl.Segmenter();

function sendReaction(call: InstanceCall) {
  const { world, instance, body } = call;
  const reaction = String(body.reaction);
  if (reaction !== '' && !isOneEmoji(reaction)) {
    throw badRequest('Reaction must be a single emoji or empty string');
  }
  needConnection(call);
  const key = body.key as { remoteJid: string; fromMe: boolean; id: string };
  const chat = targetChat(call, key.remoteJid);
  const stored = storedMessage(instance, key.id);
  if (stored) {
    if (reaction) stored.entry.reactions.set(instance.name, reaction);
    else stored.entry.reactions.delete(instance.name);
    world.tell({ kind: 'reacted', chat, entry: stored.entry });
  }
  return world.prepared(chat, world.postedAside(chat, reactionTo({ key }, reaction)));
}

function isOneEmoji(text: string): boolean {
  const shown = [...graphemes.segment(text)];
  return shown.length === 1 && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text);
}
